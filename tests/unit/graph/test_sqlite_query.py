"""A person's own SQL reads the tables of the graph and does nothing else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from provstore.errors import UsageError
from provstore.graph.contract import Limits
from provstore.graph.sqlite_query import TABLES
from tests.support.graphs import Store
from tests.support.histories import graph_of
from tests.support.ledgers import document, entity, generated

REFUSED = (
    "DELETE FROM node",
    "INSERT INTO edge SELECT * FROM edge",
    "UPDATE node SET label = 'x' RETURNING iri",
    "DROP TABLE edge",
    "CREATE TABLE owned (x)",
    "CREATE TEMP TABLE owned AS SELECT 1",
    "ATTACH DATABASE ':memory:' AS owned",
    "DETACH DATABASE main",
    "VACUUM INTO 'owned.db'",
    "PRAGMA query_only = 0",
    "PRAGMA table_info(node)",
    "SELECT * FROM pragma_database_list",
    "SELECT count(*) FROM pragma_database_list",
    "SELECT sql FROM sqlite_master",
    "SELECT count(*) FROM sqlite_schema",
    "SELECT load_extension('owned')",
    "BEGIN",
    "COMMIT",
    "SAVEPOINT a",
    "REINDEX",
    "ANALYZE",
    "EXPLAIN DELETE FROM node",
    "SELECT 1; DELETE FROM node",
    "SELECT iri FROM node WHERE iri = :start",
    "SELECT zeroblob(100000000)",
    "SELECT group_concat(printf('%1000000d', value)) FROM json_each('[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]')",
    "SELECT",
    "",
    "-- nothing",
    "SELECT 'a\x00b'",
    "SELECT '\ud800'",
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(str(tmp_path / "store.db"))
    made.add(document("unit/1", entity("a"), entity("b"), generated("b", "run")))
    return made


def ask(store: Store, text: str, **limits: float) -> list[tuple[object, ...]]:
    return store.engine.query(text, Limits(**limits)).rows  # type: ignore[arg-type]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_reading_of_the_graph_is_refused_and_changes_nothing(store: Store, text: str) -> None:
    before = graph_of(store.engine), store.ledger.head()
    with pytest.raises(UsageError):
        ask(store, text)
    assert (graph_of(store.engine), store.ledger.head()) == before


def test_no_table_of_the_ledger_beside_it_can_be_read_or_counted(store: Store) -> None:
    with sqlite3.connect(store.ledger.path) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    others = {name for (name,) in rows} - TABLES
    assert {"document", "statement"} & others
    for name in others:
        for text in (f'SELECT * FROM "{name}"', f'SELECT count(*) FROM "{name}"', f'SELECT 1 FROM "{name.upper()}"'):
            with pytest.raises(UsageError):
                ask(store, text)


def test_every_table_of_the_graph_can_be_read(store: Store) -> None:
    for name in TABLES - {"json_each", "json_tree"}:
        ask(store, f"SELECT * FROM {name}")
    assert ask(store, "SELECT value FROM node CROSS JOIN json_each(node.spaces) LIMIT 1") == [("default",)]


def test_parts_of_a_query_have_names_of_their_own(store: Store) -> None:
    counted = "WITH few AS MATERIALIZED (SELECT 1 UNION ALL SELECT 2) SELECT count(*) FROM few"
    walked = "WITH RECURSIVE t (x) AS (SELECT 1 UNION SELECT x + 1 FROM t WHERE x < 5) SELECT max(x) FROM t"
    assert (ask(store, counted), ask(store, walked)) == ([(2,)], [(5,)])


def test_more_rows_than_asked_for_are_cut_and_that_is_told(store: Store) -> None:
    three = "SELECT iri FROM node ORDER BY iri"
    found = [store.engine.query(three, Limits(max_rows=limit)) for limit in (2, 3)]
    assert [(len(rows.rows), rows.cut) for rows in found] == [(2, True), (3, False)]


def test_what_does_not_end_is_ended(store: Store) -> None:
    with pytest.raises(UsageError, match=r"longer than 0\.05 s"):
        ask(
            store,
            "WITH RECURSIVE t (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t",
            timeout_s=0.05,
        )


def test_bytes_are_told_in_hexadecimal(store: Store) -> None:
    ((sid,),) = ask(store, "SELECT sid FROM edge LIMIT 1")
    assert len(bytes.fromhex(str(sid))) == 32


def test_the_engine_writes_again_afterwards(store: Store) -> None:
    ask(store, "SELECT 1")
    with pytest.raises(UsageError):
        ask(store, "DELETE FROM node")
    store.add(document("unit/2", entity("c")))
    assert store.node("c").kinds == ("entity",)
