"""Neo4j plans the templates' walks as breadth-first searches that visit each node once, so that they end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from neo4j import GraphDatabase

from provstore.questions.ask import Template, all_templates
from tests.support.servers import server

QUERIES = Path(__file__).parents[2] / "queries"
PRUNED = "VarLengthExpand(Pruning,BFS,All)"
# Between two given nodes; and the join that its parameter bounds in depth, five activities at most.
OTHERWISE = {"path": {"StatefulShortestPath(Into)", "ShortestPath"}, "similar_paths": {"Repeat(Trail)"}}
WALKS = {"upstream", "downstream", "impact", "shared", "recall", "leakage", "diff_elements", "direct_paths"}
VALUES: dict[str, Any] = {
    "iri": "urn:a",
    "iris": ["urn:a"],
    "string": "a",
    "attribute": ["a"],
    "integer": 1,
    "number": 1.0,
}


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    found = server("neo4j")
    authorized = GraphDatabase.driver(found.url, auth=("neo4j", found.password), notifications_min_severity="OFF")
    with authorized as driver, driver.session() as opened:
        yield opened


def operators(plan: dict[str, Any]) -> set[str]:
    mine = {re.sub("@.*", "", plan["operatorType"])}
    return mine.union(*(operators(child) for child in plan.get("children", [])))


@pytest.mark.parametrize("template", all_templates("cypher"), ids=lambda one: one.question)
def test_a_template_walks_by_pruned_searches_alone(session: Any, template: Template) -> None:
    text = (QUERIES / f"{template.place}.cypher").read_text("utf-8")
    plan = session.run(f"EXPLAIN {text}", {one.name: VALUES[one.type] for one in template.parameters}).consume().plan
    walks = {one for one in operators(plan) if re.match("VarLength|Repeat|.*Shortest|.*Trail", one)}
    assert walks <= {PRUNED} | OTHERWISE.get(template.question, set())
    assert template.question not in WALKS or walks == {PRUNED}


def test_a_walk_that_is_not_told_apart_by_its_ends_would_be_seen(session: Any) -> None:
    unpruned = (QUERIES / "segment" / "direct_paths.cypher").read_text("utf-8").replace("DISTINCT", "")
    plan = session.run(f"EXPLAIN {unpruned}", {"sources": [], "destinations": []}).consume().plan
    assert "VarLengthExpand(All)" in operators(plan)
