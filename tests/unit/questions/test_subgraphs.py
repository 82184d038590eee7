from __future__ import annotations

import sys

import pytest

from provstore.errors import UsageError
from provstore.questions.result import AnswerNode, Found
from tests.support.answers import EX, PREFIXES, activity, churn, edge, entity, graph


def by_iri(subgraph):
    return {node["iri"]: node for node in subgraph.nodes}


def test_a_graph_becomes_a_subgraph_with_the_labels_and_keys_of_the_neo4j_engine():
    run = activity("run", "training", "Run", **{"metric.accuracy": "0.9"})
    found = graph([(entity("model", None, "Model"), 0), (run, 1)], [edge("wasGeneratedBy", "model", "run")])
    subgraph = found.to_py2neo()
    assert set(by_iri(subgraph)[EX + "run"].labels) == {"Element", "Activity", "Run"}
    node = dict(by_iri(subgraph)[EX + "run"])
    assert (node["qname"], node["label"], node["ps_metric_accuracy"]) == ("ex:run", "training", "0.9")
    assert "exact" not in node
    (relationship,) = subgraph.relationships
    assert type(relationship).__name__ == "wasGeneratedBy"
    assert [one["iri"] for one in relationship.nodes] == [EX + "model", EX + "run"]
    assert relationship["sid"] == "a" * 64


def test_every_node_and_edge_of_an_answer_is_in_it():
    subgraph = churn().to_py2neo()
    assert len(subgraph.nodes) == len(churn().nodes)
    assert len(subgraph.relationships) == len(churn().edges)


def test_parallel_statements_stay_two_relationships():
    two = [edge("used", "run", "data", sid=name * 64) for name in "ab"]
    found = graph([(activity("run"), 0), (entity("data"), 1)], two).to_py2neo()
    assert {one["sid"] for one in found.relationships} == {"a" * 64, "b" * 64}


def test_a_node_that_something_hidden_leaves_says_so():
    found = graph([(entity("a"), 0), (entity("b"), 0)], [])
    nodes = (found.nodes[0], AnswerNode(found.nodes[1].node, 0, hidden=True))
    subgraph = graph([], []).to_py2neo()
    assert len(subgraph.nodes) == 0
    object.__setattr__(found, "nodes", nodes)
    assert {iri: node["hidden"] for iri, node in by_iri(found.to_py2neo()).items()} == {EX + "a": None, EX + "b": True}


def test_a_page_of_nodes_becomes_a_subgraph_without_relationships():
    page = Found(parameters={}, nodes=(entity("a"),), next=None, total=1, as_of=None, prefixes=PREFIXES)
    assert set(by_iri(page.to_py2neo())) == {EX + "a"}
    assert not page.to_py2neo().relationships


def test_a_missing_library_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "py2neo.data", None)
    with pytest.raises(UsageError) as raised:
        churn().to_py2neo()
    assert "provstore[py2neo]" in raised.value.next_step
