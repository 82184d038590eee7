"""From OpenLineage events to lineage answers, with and without versions, in any order and repeated."""

import json
import random

import pytest

import provstore
from tests.support.openlineage import NAMESPACE, dataset, event, short


def run(number, *, event_type="COMPLETE", inputs=(), outputs=()):
    """An event of one run; the hour is its number."""
    made = event(eventType=event_type, eventTime=f"2026-01-01T{number:02}:00:00Z", inputs=inputs, outputs=outputs)
    made["run"]["runId"] = f"r{number}"
    return made


def version(name, number):
    return dataset(name, facets={"version": {"datasetVersion": str(number)}})


@pytest.fixture
def store(tmp_path):
    with provstore.open(tmp_path / "s.db") as opened:
        yield opened


def take_in(store, tmp_path, events):
    path = tmp_path / "events.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in events))
    return store.import_records(path)


def reached(answer):
    return {short(node["iri"]) for node in answer.as_json()["nodes"]}


UNVERSIONED = [
    run(1, inputs=[dataset("raw")], outputs=[dataset("clean")]),
    run(2, inputs=[dataset("clean")], outputs=[dataset("features")]),
]


def test_runs_that_name_no_versions_are_linked_by_the_dataset(store, tmp_path):
    take_in(store, tmp_path, UNVERSIONED)
    assert reached(store.upstream(NAMESPACE + "dataset/a/features/run/r2")) >= {
        "run/r2",
        "dataset/a/clean",
        "dataset/a/clean/run/r1",
        "run/r1",
        "dataset/a/raw",
    }
    assert "dataset/a/features" in reached(store.downstream(NAMESPACE + "dataset/a/raw"))


def test_the_whole_dataset_leads_to_all_its_versions(store, tmp_path):
    take_in(store, tmp_path, UNVERSIONED)
    assert {"run/r2", "run/r1", "dataset/a/raw"} <= reached(store.upstream(NAMESPACE + "dataset/a/features"))


def test_one_nights_table_has_no_other_nights_run_upstream(store, tmp_path):
    nights = [run(n, inputs=[dataset("raw")], outputs=[dataset("report")]) for n in (1, 2)]
    take_in(store, tmp_path, nights)
    found = reached(store.upstream(NAMESPACE + "dataset/a/report/run/r1"))
    assert "run/r1" in found
    assert "run/r2" not in found


def test_a_named_version_leads_to_that_version_alone(store, tmp_path):
    events = [run(n, outputs=[version("d", n)]) for n in (1, 2)] + [run(3, inputs=[version("d", 1)])]
    take_in(store, tmp_path, events)
    found = reached(store.upstream(NAMESPACE + "run/r3"))
    assert {"dataset/a/d/1", "run/r1"} <= found
    assert found.isdisjoint({"dataset/a/d/2", "run/r2"})


def test_a_reader_without_version_leads_to_every_version(store, tmp_path):
    events = [run(n, outputs=[version("d", n)]) for n in (1, 2)] + [run(3, inputs=[dataset("d")])]
    take_in(store, tmp_path, events)
    assert {"run/r1", "run/r2"} <= reached(store.upstream(NAMESPACE + "run/r3"))


def test_events_in_any_order_and_repeated_give_the_same_run(store, tmp_path):
    events = [
        run(1, event_type="START", inputs=[dataset("raw")]),
        run(2, event_type="RUNNING"),
        run(3, event_type="COMPLETE", outputs=[dataset("out")]),
        run(4, event_type="OTHER"),
    ]
    for one in events:
        one["run"]["runId"] = "r"
    repeated = events * 3
    random.Random(7).shuffle(repeated)
    receipt = take_in(store, tmp_path, repeated)
    assert (receipt.new_documents, receipt.duplicate_documents) == (4, 8)
    node = next(n for n in store.upstream(NAMESPACE + "run/r", depth=0).as_json()["nodes"])
    attributes = node["attributes"]
    assert attributes["ps:status"] == "finished"
    assert attributes["prov:startTime"]["value"].startswith("2026-01-01T01:00")
    assert attributes["prov:endTime"]["value"].startswith("2026-01-01T03:00")


def test_importing_again_from_another_place_adds_nothing(store, tmp_path):
    take_in(store, tmp_path, UNVERSIONED)
    (tmp_path / "elsewhere").mkdir()
    again = take_in(store, tmp_path / "elsewhere", UNVERSIONED)
    assert (again.new_documents, again.new) == (0, 0)
