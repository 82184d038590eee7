"""The SQLite floor: the rows of a finished store written again by plain executemany, with the same settings.

No PROV, no hashing, no tree: what is left is what SQLite itself needs for these rows and their indexes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple


class Rows(NamedTuple):
    """One table of a store: the statement that inserts a row, and all rows in the order of their keys."""

    insert: str
    rows: list[tuple[Any, ...]]


def rewrite(store: Path, target: Path, *, transactions: int = 1) -> float:
    """Seconds that the rows of `store` take in the new file `target`, with an fsync per transaction.

    Args: transactions: over how many the rows of each table are spread, in order.
    """
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as source:
        schema = _schema(source)
        tables = [_rows(source, name) for kind, name, _ in schema if kind == "table"]
        page_size = source.execute("PRAGMA page_size").fetchone()[0]
    with closing(sqlite3.connect(target, isolation_level=None)) as floor:
        for pragma in (f"page_size = {page_size}", "journal_mode = WAL", "synchronous = FULL"):
            floor.execute(f"PRAGMA {pragma}")
        for _, _, create in schema:
            floor.execute(create)
        parts = [list(_parts(table, transactions)) for table in tables]
        started = perf_counter()
        for part in zip(*parts, strict=True):
            floor.execute("BEGIN IMMEDIATE")
            for insert, rows in part:
                floor.executemany(insert, rows)
            floor.execute("COMMIT")
        return perf_counter() - started


def _schema(source: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Tables, then indexes; a trigger would do work that the rows show already."""
    found = source.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('table', 'index')"
        " AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, rowid"
    )
    return [tuple(row) for row in found]


def _rows(source: sqlite3.Connection, table: str) -> Rows:
    columns = [row[1] for row in source.execute(f'PRAGMA table_info("{table}")')]
    names, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    rows = source.execute(f'SELECT {names} FROM "{table}"').fetchall()
    return Rows(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)


def _parts(table: Rows, count: int) -> Iterator[Rows]:
    size = len(table.rows)
    for part in range(count):
        yield Rows(table.insert, table.rows[part * size // count : (part + 1) * size // count])
