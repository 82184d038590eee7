"""What events become: worked by hand."""

from __future__ import annotations

import json

import pytest

import provstore
from provstore.errors import BadInput
from provstore.formats.prov_n.text import provn_text
from provstore.model.names import Prefixes
from provstore.server.events.reading import batch
from provstore.server.intake import Origin
from provstore.validation import validate
from tests.docs.blocks import ROOT

ORIGIN = Origin(space="default", actor="ann")
TIME = "2026-11-21T10:00:00Z"
NAMES = Prefixes({"event": "urn:provstore:event:", "x": "urn:x:"})
FULL = ROOT / "schema" / "events" / "samples" / "valid" / "all-kinds.json"


def documents(*events):
    return batch(json.dumps({"events": list(events)}).encode(), ORIGIN)[0]


def said(event):
    [document] = documents(event)
    return {provn_text(one.statement, NAMES) for one in document.assertions}


def run(**told):
    return {"type": "run", "id": "r 1", "time": TIME} | told


def artifact(**told):
    return {"type": "artifact", "id": "a", "time": TIME} | told


def test_a_run_is_an_activity_with_its_facts():
    told = said(
        run(
            name="nightly",
            status="failed",
            start="2026-11-21T11:00:00+02:00",
            parameters={"lr": 0.5, "n": 3, "b": True},
            metrics={"acc": 1, "gap": "-INF"},
            tags={"why": "test"},
            attributes={"queue": "gpu"},
        )
    )
    assert told == {
        "activity(event:run/r%201, 2026-11-21T09:00:00.000000Z, -, [prov:label=\"nightly\", prov:type='ps:Run', "
        'ps:metric.acc="1.0" %% xsd:double, ps:metric.gap="-INF" %% xsd:double, ps:param.b="true" %% xsd:boolean, '
        'ps:param.lr="0.5" %% xsd:double, ps:param.n=3, ps:queue="gpu", ps:source_id="r 1", '
        'ps:status="failed", ps:tag.why="test"])'
    }


def test_inputs_are_used_and_outputs_generated_in_their_roles():
    told = said(run(inputs=[{"id": "in", "role": "train"}, {"iri": "urn:x:y"}], outputs=["out"]))
    assert {
        'used(event:run/r%201, event:artifact/in, -, [prov:role="train"])',
        "used(event:run/r%201, x:y, -)",
        "wasGeneratedBy(event:artifact/out, event:run/r%201, -)",
    } <= told


def test_an_artifact_that_is_known_by_its_bytes_alone_is_named_by_them():
    digest = "SHA256:" + "AB" * 32
    told = said(run(inputs=[{"digest": digest, "kind": "dataset", "size": 5, "path": "/data"}]))
    name = "event:artifact/sha256%3A" + "ab" * 32
    assert any(one.startswith(f"used(event:run/r%201, {name}") for one in told)
    entity = next(one for one in told if one.startswith(f"entity({name}"))
    assert f'ps:digest="sha256:{"ab" * 32}"' in entity
    assert "ps:size=5" in entity
    assert "prov:type='ps:Dataset'" in entity


def test_the_code_is_used_and_the_plan_of_the_association():
    told = said(run(code={"commit": "c0ffee", "dirty": True}, agent={"name": "ann", "on_behalf_of": "team"}))
    assert 'used(event:run/r%201, event:code/c0ffee/dirty, -, [prov:role="code"])' in told
    assert "wasAssociatedWith(event:run/r%201, event:agent/ann, event:code/c0ffee/dirty)" in told
    assert "actedOnBehalfOf(event:agent/ann, event:agent/team)" in told
    assert any(one.startswith("agent(event:agent/team") and "prov:Organization" in one for one in told)


def test_equal_environments_are_one_and_others_are_not():
    def environment(**told):
        return next(one for one in said(run(environment=told)) if "ps:Environment" in one).split(",")[0]

    one = environment(python="3.11", packages={"a": "1", "b": "2"})
    assert one == environment(packages={"b": "2", "a": "1"}, python="3.11")
    assert one != environment(python="3.11", packages={"a": "1", "b": "3"})


def test_a_parent_and_what_a_run_waited_for_are_communications():
    told = said(run(parent="whole", informed_by=["before"]))
    assert "wasInformedBy(event:run/r%201, event:run/whole, [prov:type='ps:partOf'])" in told
    assert "wasInformedBy(event:run/r%201, event:run/before)" in told


def test_an_artifact_has_versions_members_and_a_maker():
    told = said(
        artifact(
            kind="model", version="4", version_of="m", revision_of="m-3", members=["x"], generated_by="r 1",
            derived_from=["d"], agent={"name": "bot", "kind": "software"},
        )
    )  # fmt: skip
    assert {
        "specializationOf(event:artifact/a, event:artifact/m)",
        "wasDerivedFrom(event:artifact/a, event:artifact/m-3, [prov:type='prov:Revision'])",
        "wasDerivedFrom(event:artifact/a, event:artifact/d)",
        "hadMember(event:artifact/a, event:artifact/x)",
        "wasGeneratedBy(event:artifact/a, event:run/r%201, -)",
        "wasAttributedTo(event:artifact/a, event:agent/bot)",
    } <= told
    assert any(one.startswith("agent(event:agent/bot") and "prov:SoftwareAgent" in one for one in told)


def test_what_the_samples_become_is_valid_prov():
    for document in batch(FULL.read_bytes(), ORIGIN)[0]:
        assert validate(document.assertions).valid


def test_every_event_is_one_document_of_its_run_or_artifact():
    made = documents(run(), {**run(), "type": "transformation", "id": "t"}, artifact())
    headers = [(one.header.unit, one.header.mode, one.header.event_time, one.header.actor) for one in made]
    time = "2026-11-21T10:00:00.000000Z"
    assert headers == [
        ("event:run/r%201", "event", time, "ann"),
        ("event:run/t", "event", time, "ann"),
        ("event:artifact/a", "event", time, "ann"),
    ]


@pytest.mark.parametrize(
    "event", [run(time="soon"), run(start="1.1.2026"), run(points=[{"metric": "m", "value": 1, "time": "x"}])]
)
def test_a_time_that_is_none_is_refused_with_its_place(event):
    with pytest.raises(BadInput, match=r"/events/0/"):
        documents(event)


def test_secrets_are_taken_out():
    made, redacted = batch(
        json.dumps({"events": [run(parameters={"api_key": "abc", "url": "https://u:p@host/x"})]}).encode(), ORIGIN
    )
    text = " ".join(provn_text(one.statement, NAMES) for one in made[0].assertions)
    assert redacted == 2
    assert "abc" not in text
    assert "u:p@" not in text


def test_parts_of_a_run_fold_in_any_order(tmp_path):
    parts = [
        run(time="2026-11-21T10:00:00Z", status="running", start="2026-11-21T10:00:00Z", parameters={"lr": 0.1}),
        run(
            time="2026-11-21T10:01:00Z",
            points=[
                {"metric": "loss", "value": 0.9, "step": 1, "time": "2026-11-21T10:00:30Z"},
                {"metric": "loss", "value": "NaN", "step": 2, "time": "2026-11-21T10:01:00Z"},
            ],
        ),
        run(
            time="2026-11-21T10:02:00Z",
            points=[{"metric": "loss", "value": 0.2, "step": 3, "time": "2026-11-21T10:02:00Z"}],
        ),
        run(time="2026-11-21T10:03:00Z", status="finished", end="2026-11-21T10:03:00Z", metrics={"acc": 0.9}),
    ]
    answers = []
    for name, order in (("a", parts), ("b", parts[::-1]), ("c", [*parts, *parts])):
        with provstore.open(tmp_path / f"{name}.db") as store:
            for part in order:
                store.append(documents(part))
            shown = store.show("event:run/r%201").as_json()
            attributes = {k: v for k, v in shown["attributes"].items() if k.startswith("ps:")}
            points = store.series("event:series/r%201/loss").rows
            answers.append((attributes, points))
    assert answers[0] == answers[1] == answers[2]
    attributes, points = answers[0]
    assert attributes == {
        "ps:metric.acc": 0.9, "ps:metric.loss": 0.2, "ps:param.lr": 0.1, "ps:source_id": "r 1", "ps:status": "finished",
    }  # fmt: skip
    ms = 1795255200000  # 2026-11-21T10:00:00Z
    assert points == ((1, ms + 30_000, 0.9), (2, ms + 60_000, "NaN"), (3, ms + 120_000, 0.2))
