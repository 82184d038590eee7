"""Answers as py2neo's Subgraph, written into a real Neo4j by py2neo and read back."""

from __future__ import annotations

import pytest
from py2neo import Graph

import provstore
from provstore.model.times import instant
from tests.docs.blocks import ROOT
from tests.support import servers
from tests.support.foreign_graphs import foreign_graph

pytestmark = pytest.mark.servers
DEMO = ROOT / "provstore" / "demo"
NOTHING = {"nodes": [], "relationships": []}


@pytest.fixture(scope="module")
def lineage(tmp_path_factory):
    with provstore.open(tmp_path_factory.mktemp("store") / "store.db") as store:
        store.import_records(DEMO / "mlflow.db")
        return store.upstream("mlflow:model/churn/3")


@pytest.fixture
def remote():
    """py2neo's view of a database that is empty."""
    with foreign_graph(NOTHING):
        found = servers.server("neo4j")
        remote = Graph(found.url, auth=("neo4j", found.password))
        yield remote
        remote.service.connector.close()


def read_back(remote):
    nodes = {row["iri"]: row["p"] for row in remote.run("MATCH (n) RETURN n.iri AS iri, properties(n) AS p").data()}
    edges = remote.run("MATCH (a)-[r]->(b) RETURN a.iri, type(r), b.iri, r.sid").to_table()
    return nodes, sorted(map(tuple, edges))


def test_what_py2neo_creates_is_the_answer(lineage, remote):
    remote.create(lineage.to_py2neo())
    nodes, edges = read_back(remote)
    assert set(nodes) == lineage.iris()
    assert edges == sorted((one.source, one.relation, one.target, one.sid) for one in lineage.edges)
    for one in lineage.nodes:
        assert nodes[one.node.iri].get("label") == one.node.label
    # As text of the server: py2neo itself reads times as binary fractions of a second.
    starts = remote.run("MATCH (n) WHERE n.start IS NOT NULL RETURN n.iri, toString(n.start)").to_table()
    assert {iri: instant(text.removesuffix("[UTC]")).utc for iri, text in starts} == {
        one.node.iri: one.node.start for one in lineage.nodes if one.node.start
    }


def test_merging_twice_adds_nothing_and_the_queries_by_hand_of_the_engine_work(lineage, remote):
    for _ in range(2):
        remote.merge(lineage.to_py2neo())
    nodes, _ = read_back(remote)
    assert len(nodes) == len(lineage.nodes)
    relations = {"used", "wasGeneratedBy", "wasDerivedFrom", "sameBytes", "bytesOf"}
    causes = remote.run(
        f"MATCH (:Element {{qname: 'mlflow:model/churn/3'}})-[:{'|'.join(relations)}*1..]->(c) RETURN DISTINCT c.iri"
    ).to_table()
    expected, near = set(), {"urn:provstore:mlflow:model/churn/3"}
    while near:
        near = {one.target for one in lineage.edges if one.source in near and one.relation in relations} - expected
        expected |= near
    assert len(expected) > 5
    assert {row[0] for row in causes} == expected
    accuracies = remote.run("MATCH (r:Run) RETURN r.ps_metric_accuracy").to_table()
    assert all(isinstance(one, float) for (one,) in accuracies if one is not None)


def test_a_page_of_nodes_can_be_created(tmp_path, remote):
    with provstore.open(tmp_path / "store.db") as store:
        store.import_records(DEMO / "mlflow.db")
        found = store.find("type = ps:Run")
    remote.create(found.to_py2neo())
    assert {row[0] for row in remote.run("MATCH (r:Run) RETURN r.iri").to_table()} == {n.iri for n in found.nodes}
