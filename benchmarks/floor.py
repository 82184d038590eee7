"""The SQLite floor: the rows of a finished store written again by plain executemany, with the same settings.

No PROV, no hashing, no tree: what is left is what SQLite itself needs for these rows and their indexes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

# What tells when a row came, where it lies by a hash or a value: the number of a statement or a node.
_CAME: Final = {"sid": "statement", "mention": "statement", "digest": "node"}


class Rows(NamedTuple):
    """One table of a store: the statement that inserts a row, and all rows in the order in which they came."""

    insert: str
    rows: list[tuple[Any, ...]]


def rewrite(store: Path, target: Path, *, transactions: int = 1) -> float:
    """Seconds that the rows of `store` take in the new file `target`, with an fsync per transaction.

    Args: transactions: over how many the rows of each table are spread, as they came; in each they are sorted by key.
    """
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as source:
        schema = _schema(source)
        tables = [rows_of(source, name) for kind, name, _ in schema if kind == "table"]
        page_size = source.execute("PRAGMA page_size").fetchone()[0]
    with closing(sqlite3.connect(target, isolation_level=None)) as floor:
        for pragma in (f"page_size = {page_size}", "journal_mode = WAL", "synchronous = FULL"):
            floor.execute(f"PRAGMA {pragma}")
        for _, _, create in schema:
            floor.execute(create)
        spreads = [list(spread(table, transactions)) for table in tables]
        started = perf_counter()
        for part in zip(*spreads, strict=True):
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


def rows_of(source: sqlite3.Connection, table: str) -> Rows:
    """The rows of a table."""
    columns = [row[1] for row in source.execute(f'PRAGMA table_info("{table}")')]
    names, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    order = f'ORDER BY "{_CAME[table]}"' if table in _CAME else ""
    rows = source.execute(f'SELECT {names} FROM "{table}" {order}').fetchall()
    return Rows(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)


def spread(table: Rows, count: int) -> Iterator[Rows]:
    """The rows in so many parts, each sorted by key: SQLite is faster then."""
    size = len(table.rows)
    for part in range(count):
        yield Rows(table.insert, sorted(table.rows[part * size // count : (part + 1) * size // count]))
