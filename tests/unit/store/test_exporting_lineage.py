"""An exported lineage, taken into an empty store, answers as the store that it came from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import provstore
from provstore.formats import registry
from provstore.model.arguments import named
from provstore.model.statement import Statement, sid
from provstore.model.terms import CONTENT, ELEMENTS
from provstore.questions.result import Graph
from provstore.store import Store

DEMO = Path(__file__).parents[3] / "provstore" / "demo"
EX = "http://example.org/"
# A plan, a starter and an activity of a derivation are reached, the agent, the trigger and nothing else besides.
THIRDS = {
    "prefix": {"ex": EX},
    "entity": {"ex:made": {}, "ex:source": {}, "ex:plan": {}, "ex:bell": {}},
    "activity": {"ex:run": {}, "ex:caller": {}, "ex:deriving": {}},
    "agent": {"ex:ada": {}, "ex:eve": {}},
    "wasGeneratedBy": {"_:1": {"prov:entity": "ex:made", "prov:activity": "ex:run"}},
    "wasDerivedFrom": {
        "_:2": {"prov:generatedEntity": "ex:made", "prov:usedEntity": "ex:source", "prov:activity": "ex:deriving"}
    },
    "wasAssociatedWith": {
        "_:3": {"prov:activity": "ex:run", "prov:agent": "ex:ada", "prov:plan": "ex:plan"},
        "_:4": {"prov:activity": "ex:run", "prov:agent": "ex:eve"},
    },
    "wasStartedBy": {"_:5": {"prov:activity": "ex:run", "prov:trigger": "ex:bell", "prov:starter": "ex:caller"}},
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[Store]:
    with provstore.open(tmp_path_factory.mktemp("demo") / "demo.db") as opened:
        opened.import_records(DEMO / "mlflow.db", kind="mlflow")
        opened.import_records(DEMO / "openlineage.ndjson", kind="openlineage")
        yield opened


@pytest.fixture(scope="module")
def events(tmp_path_factory) -> Iterator[Store]:
    with provstore.open(tmp_path_factory.mktemp("events") / "events.db") as opened:
        opened.import_records(DEMO / "openlineage.ndjson", kind="openlineage")
        yield opened


@pytest.fixture
def thirds(store, tmp_path) -> Store:
    (tmp_path / "thirds.json").write_text(json.dumps(THIRDS))
    store.ingest(tmp_path / "thirds.json")
    return store


def exported(store: Store, name: str, tmp_path: Path, **options) -> Path:
    target = tmp_path / "lineage.json"
    store.export("prov-json", target, name, **options)
    return target


def statements(path: Path) -> list[Statement]:
    with path.open("rb") as stream:
        return [one.statement for one in registry.by_name("prov-json").read(stream, source="export").assertions]


def told(graph: Graph) -> tuple[dict, dict]:
    """The nodes and edges of an answer; spaces are the store's own."""
    nodes = {one.node.iri: (one.node._replace(spaces=()), one.depth, one.hidden) for one in graph.nodes}
    return nodes, {edge[:4]: edge._replace(spaces=()) for edge in graph.edges}


def round_trips(store: Store, question: str, tmp_path: Path) -> Iterator[tuple[tuple[dict, dict], tuple[dict, dict]]]:
    """Of every element: its lineage, and the same of the export in a store of its own."""
    iris = [node.iri for node in store.find(limit=10_000).nodes if not node.iri.startswith(CONTENT)]
    assert iris
    for number, iri in enumerate(iris):
        with provstore.open(tmp_path / f"{number}.db") as fresh:
            fresh.ingest(exported(store, iri, tmp_path, **{question: True}))
            yield told(getattr(store, question)(iri)), told(getattr(fresh, question)(iri))


@pytest.mark.parametrize("source", ["demo", "events", "thirds"])
def test_what_everything_was_made_from_is_the_same_after_a_round_trip(source, request, tmp_path):
    for before, after in round_trips(request.getfixturevalue(source), "upstream", tmp_path):
        assert after == before


@pytest.mark.parametrize("source", ["demo", "events", "thirds"])
def test_what_was_made_from_it_is_the_same_after_a_round_trip_but_for_what_is_inferred(source, request, tmp_path):
    # What has its causes outside of the export is a dead end there, and stitched as such (rule 21).
    for (nodes, edges), (new_nodes, new_edges) in round_trips(request.getfixturevalue(source), "downstream", tmp_path):
        assert nodes.keys() <= new_nodes.keys()
        assert all(iri.startswith(CONTENT) for iri in new_nodes.keys() - nodes.keys())
        assert edges.items() <= new_edges.items()
        assert all(new_edges[key].inferred for key in new_edges.keys() - edges.keys())


@pytest.mark.parametrize("question", ["upstream", "downstream"])
@pytest.mark.parametrize("source", ["demo", "thirds"])
def test_nothing_outside_of_the_answer_is_described(source, question, request, tmp_path):
    store = request.getfixturevalue(source)
    for node in store.find(limit=10_000).nodes:
        answer = getattr(store, question)(node.iri)
        sids, iris = {edge.sid for edge in answer.edges}, answer.iris()
        for stated in statements(exported(store, node.iri, tmp_path, **{question: True})):
            ends = {one.iri for one in named(stated) if one.place != "third"}
            assert ends <= iris or (stated.kind not in ELEMENTS and sid(stated) in sids)


def test_the_agent_of_a_plan_is_named_and_not_described(thirds, tmp_path):
    said = json.loads(exported(thirds, "ex:made", tmp_path, upstream=True).read_text())
    assert [one["prov:agent"] for one in said["wasAssociatedWith"].values()] == ["ex:ada"]
    assert "agent" not in said


def test_what_another_space_says_of_a_plan_is_not_exported(tmp_path):
    theirs = {key: THIRDS[key] for key in ("prefix", "wasAssociatedWith")}
    ours = {key: value for key, value in THIRDS.items() if key not in theirs} | {"prefix": THIRDS["prefix"]}
    for space, said in (("ours", ours), ("theirs", theirs)):
        (tmp_path / f"{space}.json").write_text(json.dumps(said))
        with provstore.open(tmp_path / "x.db", space=space) as store:
            store.ingest(tmp_path / f"{space}.json")
    with provstore.open(tmp_path / "x.db") as store:
        assert "hadPlan" in {edge.relation for edge in store.upstream("ex:made").edges}
        written = exported(store, "ex:made", tmp_path, upstream=True, spaces=["ours"]).read_text()
        assert not any(name in written for name in ("ada", "wasAssociatedWith"))
        assert "wasAssociatedWith" in exported(store, "ex:made", tmp_path, upstream=True).read_text()
