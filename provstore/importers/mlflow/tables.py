"""Tables of MLflow's SQL store: what exists in this version, rows by owner, and what this importer does not map.

In: a connection that can only read. Out: rows. Query text: `queries/importers/mlflow/`.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set, Sized
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from provstore import resources
from provstore.errors import printable
from provstore.importers.contract import Findings, Unmapped
from provstore.importers.mlflow import revisions
from provstore.importers.redaction import redact

REQUIRED: Final = frozenset({"experiments", "runs", "metrics", "params", "tags"})
_MAPPED: Final = REQUIRED | {
    "experiment_tags", "datasets", "inputs", "input_tags", "logged_models", "logged_model_params",
    "logged_model_tags", "logged_model_metrics", "registered_models", "registered_model_tags",
    "registered_model_aliases", "model_versions", "model_version_tags",
}  # fmt: skip
# What follows from other tables, and MLflow's own housekeeping.
_NOTHING_NEW: Final = frozenset({"alembic_version", "latest_metrics", "workspaces", "job_locks", "scheduler_leases"})
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")

Row = tuple[Any, ...]


class Tables:
    """The tables of one database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.names = frozenset(str(row[0]) for row in connection.execute(query("tables")))

    def rows(self, query_name: str, table: str) -> Iterator[Row]:
        """The rows of a query, or none when this version of MLflow has no such table."""
        return self.described(query_name, table)[1]

    def described(self, query_name: str, table: str) -> tuple[list[str], Iterator[Row]]:
        """The column names of a query's result, and its rows."""
        if table not in self.names:
            return [], iter(())
        cursor = self._connection.execute(query(query_name))
        return [column[0] for column in cursor.description], cursor

    def mappings(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of the query called like the table, by column name: columns differ between versions of MLflow."""
        columns, rows = self.described(table, table)
        return (dict(zip(columns, row, strict=True)) for row in rows)

    def note_lost(self, table: str, *joined: str, findings: Findings) -> None:
        """Counts the rows of a table that a join leaves out. Args: joined: the tables that are asked besides."""
        if self.names.issuperset(joined):
            for (owner,) in self.rows(f"lost_{table}", table):
                findings.skip(lost_row(table), owner)

    def note_revision(self, findings: Findings) -> None:
        """Warns when the schema is none that this importer was written against."""
        rows = self.rows("revision", "alembic_version")
        unknown = sorted({str(row[0]) for row in rows} - revisions.KNOWN)
        if unknown:
            findings.warnings.append(
                f"the database has the schema {', '.join(unknown)}, which is none of MLflow 1.0 to"
                f" {revisions.NEWEST_MLFLOW}; what is known of it was imported, the rest is listed as not mapped"
            )

    def note_unmapped(self, findings: Findings) -> None:
        """Counts the rows of tables that are not mapped."""
        for table in sorted(self.names - _MAPPED - _NOTHING_NEW):
            if not _PLAIN_NAME.fullmatch(table):
                findings.skip("table with an odd name", table)
                continue
            # A table's name can't be bound; it is one of the database's own and plain.
            cursor = self._connection.execute(query("rest_of_table").format(table=table))
            if (row := cursor.fetchone()) is not None:
                what = f"table {table}"
                column = cursor.description[1][0]
                example = f"{column}={redact(column, printable(row[1]))[0]}"
                findings.unmapped[what] = Unmapped(what, int(row[0]), example[:120])


class Grouped:
    """Rows in the order of their owner (the first column), handed out owner by owner; owners must be asked in order.

    Rows of owners that nobody asks for are counted, and not kept. Args: table: where the rows are from, for the count.
    """

    def __init__(self, rows: Iterable[Row], table: str, findings: Findings) -> None:
        self._table, self._findings = table, findings
        self._groups = groupby(rows, itemgetter(0))
        self._group: tuple[Any, Iterator[Row]] | None = next(self._groups, None)
        self._asked: str | None = None

    def of(self, owner: str) -> Iterator[Row]:
        """The rows of `owner` that were not read yet; rows of owners before it belong to nothing."""
        # SQLite sorts NULL and numbers before text, and bytes after it.
        while self._group is not None and (not isinstance(self._group[0], str) or self._group[0] < owner):
            self._pass_over(*self._group)
        self._asked = owner
        if self._group is None or self._group[0] != owner:
            return iter(())
        return self._group[1]

    def end(self) -> None:
        """Nobody asks any more: what is left belongs to nothing."""
        while self._group is not None:
            self._pass_over(*self._group)

    def _pass_over(self, owner: object, rows: Iterator[Row]) -> None:
        # What is left of one that was asked for is refused with it.
        if not isinstance(owner, str) or owner != self._asked:
            what = lost_row(self._table) if isinstance(owner, str) else f"row of {self._table} whose owner is no text"
            for _ in rows:
                self._findings.skip(what, owner)
        self._group = next(self._groups, None)


def query(name: str) -> str:
    """The text of one query of this importer."""
    return resources.text(f"queries/importers/mlflow/{name}.sql")


def lost_row(table: str) -> str:
    """What a row of `table` is called whose owner is not there, in the count of what was not mapped."""
    return f"row of {table} that belongs to nothing"


def note_unasked(table: str, by_owner: Mapping[Any, Sized], owners: Set[Any], findings: Findings) -> None:
    """Counts the rows of a table whose owner is none of `owners`."""
    for owner, rows in by_owner.items():
        if owner not in owners:
            for _ in range(len(rows)):
                findings.skip(lost_row(table), owner[0])


def pairs(rows: Iterable[Row]) -> dict[str, str]:
    """Rows of (owner, key, value) of one owner as a mapping."""
    return {str(row[1]): "" if row[2] is None else str(row[2]) for row in rows}


def pairs_by_owner(rows: Iterable[Sequence[Any]]) -> dict[object, dict[str, str]]:
    """Rows of (owner, key, value) as a mapping per owner; an owner without rows has an empty one."""
    found: dict[object, dict[str, str]] = defaultdict(dict)
    for owner, key, value in rows:
        found[owner][str(key)] = "" if value is None else str(value)
    return found
