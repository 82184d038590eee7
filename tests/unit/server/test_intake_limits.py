"""How much a request may bring (rule 33), and what one that brings too much costs."""

from __future__ import annotations

import json

import pytest

from provstore.errors import BadInput
from provstore.server.events import reading
from provstore.server.intake import Origin
from provstore.server.problems import TooLarge
from provstore.server.refusals import refusal
from tests.support.service import serving
from tests.unit.server.test_intake import JSON, STORY, run_event


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("limits") / "s.db") as one:
        yield one


def test_a_request_takes_so_many_records_and_not_one_more(tmp_path):
    with serving(tmp_path / "s.db", max_records=3) as served:
        three, four = ({"events": [run_event(f"r{n}") for n in range(size)]} for size in (3, 4))
        assert served.admin.post("/api/v1/events", json=three).status_code == 201
        assert served.admin.post("/api/v1/events", json=four).status_code == 413
        story = {"prefix": STORY["prefix"], "entity": {f"ex:{n}": {} for n in range(3)}}
        assert served.admin.post("/api/v1/documents", json=story).status_code == 201
        assert served.admin.post("/api/v1/validate", json=story).status_code == 200
        story["entity"]["ex:3"] = {}
        assert served.admin.post("/api/v1/documents", json=story).status_code == 413
        assert served.admin.post("/api/v1/validate", json=story).status_code == 413


def test_a_record_takes_so_many_attributes_and_a_text_so_many_bytes(served):
    def entity(**attributes):
        return {"prefix": STORY["prefix"], "entity": {"ex:a": attributes}}

    def status(document):
        return served.admin.post("/api/v1/documents", json=document).status_code

    assert status(entity(**{f"ex:a{n}": "" for n in range(4_096)})) == 201
    assert status(entity(**{f"ex:a{n}": "" for n in range(4_097)})) == 413
    assert status(entity(**{"ex:t": "é" * (512 * 1024)})) == 201
    assert status(entity(**{"ex:t": "é" * (512 * 1024) + "x"})) == 413


@pytest.mark.parametrize("told", [{"name": "%s"}, {"parameters": {"p": "%s"}}, {"code": {"commit": "c", "path": "%s"}}])
def test_every_text_of_an_event_may_have_so_many_bytes(told, served):
    def status(text):
        event = json.dumps(run_event("long", **told)).replace("%s", text)
        return served.admin.post(
            "/api/v1/events", content=f'{{"events": [{event}]}}'.encode(), headers=JSON
        ).status_code

    assert [status("x" * size) for size in (2**16 + 1, 2**20)] == [201, 201]
    assert [status("é" * (2**19)), status("é" * (2**19) + "x")] == [201, 413]


@pytest.mark.parametrize(
    "event",
    [
        run_event("r", inputs=[0] * 50_000), run_event("r", points=[{}] * 50_000), [0] * 50_000,
        run_event("r") | {f"k{n}": 0 for n in range(50_000)}, run_event("r", tags={f"k{n}": [] for n in range(50_000)}),
    ],
    ids=["a list", "a list of objects", "events", "fields", "keys"],
)  # fmt: skip
def test_much_that_is_wrong_takes_no_more_than_it_is_large(event, monkeypatch):
    """Each wrong value as an error of its own takes kilobytes: 16 MiB of them would take all memory there is."""
    errors = []
    monkeypatch.setattr(reading, "refusal", lambda found, *given: errors.append(len(found)) or refusal(found, *given))
    raw = json.dumps({"events": event if isinstance(event, list) else [event]}).encode()
    with pytest.raises((BadInput, TooLarge)):
        reading.batch(raw, Origin(space="default", actor="ann"))
    assert sum(errors) < 100
