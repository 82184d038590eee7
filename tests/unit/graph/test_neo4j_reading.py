"""Which plans and texts of a person's own Cypher pass: those that read the graph, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from provstore.errors import UsageError
from provstore.graph.neo4j_query import require_reading

ROOT = Path(__file__).parents[3]
READ = "MATCH (n:Element) RETURN n.iri AS iri"
TEXTS = [path.read_text("utf-8") for path in sorted((ROOT / "queries").rglob("*.cypher"))] + [
    found
    for path in sorted((ROOT / "docs").rglob("*.md"))
    for found in re.findall(r"```cypher\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
]


def explained(*operators: str, query_type: str = "r") -> Any:
    """The summary of a plan, each operator below the one before."""
    plan: dict[str, Any] = {}
    for name in reversed(operators):
        plan = {"operatorType": f"{name}@neo4j", "children": [plan] if plan else []}
    return SimpleNamespace(plan=plan, query_type=query_type)


@pytest.mark.parametrize(
    "name",
    ["NodeUniqueIndexSeek", "VarLengthExpand(Pruning,BFS,All)", "PartitionedAllNodesScan", "Repeat(Trail)",
     "DirectedUnionRelationshipTypesScan", "PartitionedUndirectedRelationshipIndexSeekByRange"],
)  # fmt: skip
def test_what_reads_the_graph_passes(name: str) -> None:
    require_reading(READ, explained("ProduceResults", "Filter", name))


@pytest.mark.parametrize(
    "name",
    ["ShowTransactions", "TerminateTransactions", "ShowSettings", "ProcedureCall", "LoadCSV", "AdministrationCommand",
     "Create", "RunQueryAt", "TransactionForeach", "OfAnotherCentury"],
)  # fmt: skip
def test_any_other_operator_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        require_reading(READ, explained("ProduceResults", "Apply", name))


def test_what_is_no_reading_query_is_refused() -> None:
    with pytest.raises(UsageError):
        require_reading(READ, explained("ProduceResults", query_type="rw"))


@pytest.mark.parametrize(
    "hidden",
    ["CALL db.labels() YIELD label", "optional call/* */\n`db`.labels()", "load csv FROM 'file:///a' AS label",
     "SHOW SETTINGS YIELD name AS label", "TERMINATE TRANSACTIONS 'a' YIELD message AS label",
     r"C\u0041LL db.labels()", "USE `system` MATCH (n) RETURN n AS label",
     "WITH 1 AS by CALL db.labels() YIELD label", "WITH * CALL db.labels() YIELD label"],
)  # fmt: skip
def test_what_a_plan_does_not_show_is_refused(hidden: str) -> None:
    with pytest.raises(UsageError):
        require_reading(f"RETURN [x IN [1] | COLLECT {{ {hidden} RETURN label }}] AS found", explained("Projection"))


@pytest.mark.parametrize(
    "text",
    ["MATCH (n) CALL { WITH n RETURN n.iri AS a } RETURN a", "MATCH (n) CALL (n) { RETURN 1 AS a } RETURN a",
     "RETURN 'CALL db.labels()' AS a // SHOW USERS", "MATCH (n:Show) RETURN n.load AS load, n.call AS `SHOW a`",
     "MATCH (n:!load AND Element)-[use]->(m) WHERE m.x = $use AND n.y IN [use IN [1] WHERE true] RETURN n, use",
     "MATCH (n) RETURN n.iri AS `load` ORDER BY `load` DESC",
     "/* LOAD CSV */ MATCH (n {label: \"it's\"}) RETURN n.show ORDER BY n.show DESC"],
)  # fmt: skip
def test_words_that_command_nothing_pass(text: str) -> None:
    require_reading(text, explained("ProduceResults"))


def test_what_is_written_in_our_queries_and_pages_passes() -> None:
    assert len(TEXTS) > 50
    for text in TEXTS:
        require_reading(text, explained("ProduceResults"))
