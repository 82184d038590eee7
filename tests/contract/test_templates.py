"""The templates of `queries/` that `ask` runs give what the questions give."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from contextlib import nullcontext
from pathlib import Path

import pytest

import provstore
from provstore.errors import NotFound, UsageError
from provstore.graph.contract import Filter
from provstore.questions.ask import all_templates
from tests.support.engines import gremlin_settings, neo4j_settings
from tests.support.ledgers import activity, document, iri

DEMO = Path(provstore.__file__).parent / "demo"
MODEL = "urn:provstore:mlflow:model/churn/3"


ENGINES = {
    "embedded": nullcontext,
    "neo4j": neo4j_settings,
    "tinkergraph": lambda: gremlin_settings("gremlin"),
    "janusgraph": lambda: gremlin_settings("janusgraph"),
}
# As for the engines' contract: `make test-cassandra`.
if os.environ.get("PROVSTORE_TEST_CASSANDRA"):
    ENGINES = {"janusgraph-cassandra": lambda: gremlin_settings("janusgraph-cassandra")}


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("templates") / "store.db"
    with ENGINES[request.param]() as given, provstore.open(path, **(given or {})) as store:
        store.import_records(DEMO / "mlflow.db")
        store.import_records(DEMO / "openlineage.ndjson")
        yield store


@pytest.fixture(scope="module")
def everything(store):
    return store.find(limit=None).nodes


def test_the_templates_are_listed_with_their_parameters(store):
    listed = {row[0]: row[1] for row in store.templates().rows}
    assert {"upstream", "downstream", "impact", "counts", "conflicts"} <= set(listed)
    assert "start" in str(listed["upstream"])


@pytest.mark.parametrize("question", ["upstream", "downstream"])
@pytest.mark.parametrize("agents", [0, 1])
def test_a_lineage_template_reaches_what_the_question_reaches(store, everything, question, agents):
    for node in everything:
        if node.kind == "agent":
            continue
        expected = getattr(store, question)(node.iri, agents=bool(agents)).iris()
        rows = store.ask(question, {"start": node.iri, "agents": str(agents)}).rows
        assert {row[0] for row in rows} == expected


def test_impact_counts_what_downstream_finds(store, everything):
    for start in (node for node in everything if node.kind != "agent"):
        found = [one.node for one in store.downstream(start.iri).nodes if one.node.iri != start.iri]
        expected = Counter((node.kind, kind) for node in found for kind in node.types or (None,))
        rows = store.ask("impact", {"start": start.iri}).rows
        assert {(kind, type_): count for kind, type_, count in rows} == expected


def test_counts_are_those_of_the_graph(store, everything):
    rows = {(what, name): count for what, name, count in store.ask("counts").rows}
    kinds = Counter(kind for node in everything for kind in node.kinds)
    assert {name: count for (what, name), count in rows.items() if what == "node"} == kinds
    relations = Counter(edge.relation for edge in store.reader().expand([n.iri for n in everything], None, "out"))
    assert {name: count for (what, name), count in rows.items() if what == "edge"} == relations


def test_every_engine_has_every_template(store):
    assert {row[0] for row in store.templates().rows} == {one.question for one in all_templates("sql")}


def test_types_are_those_of_the_graph(store, everything):
    expected = Counter(one for node in store.reader().nodes(Filter()).nodes for one in node.types)
    assert dict(store.ask("types").rows) == expected


def test_copies_are_digests_with_several_holders_the_most_first(store):
    holders = defaultdict(list)
    for node in store.reader().nodes(Filter()).nodes:
        for digest in node.digests:
            holders[digest].append(node.iri)
    several = [(digest, len(iris), min(iris)) for digest, iris in holders.items() if len(iris) >= 2]
    assert several
    assert list(store.ask("copies").rows) == sorted(several, key=lambda row: (-row[1], row[0]))


def test_undescribed_elements_are_those_that_are_only_mentioned(store, everything):
    nodes = {node.iri: node for node in store.reader().nodes(Filter()).nodes}
    ends = Counter(
        end for edge in store.reader().expand(list(nodes), None, "out") for end in (edge.source, edge.target)
    )
    wanted = {
        (iri, ends[iri])
        for iri, node in nodes.items()
        if not node.declared and not iri.startswith("urn:provstore:content:")
    }
    assert set(store.ask("undescribed").rows) == wanted


def test_unattributed_activities_are_those_that_nobody_is_associated_with(store, everything):
    nodes = {node.iri: node for node in store.reader().nodes(Filter()).nodes if "activity" in node.kinds}
    named = {edge.source for edge in store.reader().expand(list(nodes), ["wasAssociatedWith"], "out")}
    rows = store.ask("unattributed").rows
    assert {tuple(row) for row in rows} == {
        (iri, node.label, node.start) for iri, node in nodes.items() if iri not in named
    }
    starts = [row[2] or "" for row in rows]
    assert starts == sorted(starts, reverse=True)


def test_conflicts_are_the_elements_that_sources_disagree_about(store):
    first = document("unit/1", activity("run", status="finished"))
    second = document("unit/2", activity("run", status="failed"))
    taken = store.append([first, second])
    try:
        row = (iri("run"), None, '["urn:provstore:terms#status"]')
        assert list(store.ask("conflicts").rows) == [row]
    finally:
        for receipt in taken:
            store.retract(receipt.document, reason="test")


def test_an_unknown_template_or_a_wrong_parameter_is_refused(store):
    with pytest.raises(NotFound):
        store.ask("frobnicate")
    with pytest.raises(UsageError):
        store.ask("upstream", {"start": MODEL, "agents": "7"})
    with pytest.raises(UsageError):
        store.ask("upstream", {})
