"""A person's own SQL over the tables of the graph, which are often in the ledger's file: it reads those and no others.

In: a connection, the text of a query, limits. Out: rows. SQLite itself asks for each thing that a statement is about to
do, before it is run. Source: https://www.sqlite.org/c3ref/set_authorizer.html, /c3ref/progress_handler.html.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from provstore.errors import UsageError
from provstore.graph.contract import Limits, Rows
from provstore.graph.sqlite_file import sql

TABLES: Final = frozenset({"graph", "node", "edge", "relation", "scope", "step", "digest", "json_each", "json_tree"})
_ALWAYS: Final = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE})
_NEVER_CALLED: Final = frozenset({"load_extension", "fts3_tokenizer"})
# Tables that SQLite has everywhere.
_BUILT_IN: Final = re.compile("pragma_|sqlite_|dbstat|bytecode|tables_used|fts")
_STEPS: Final = 1_000
# Of one text, so that no function makes a larger one.
_MAX_BYTES: Final = 10_000_000
_INTERRUPTED: Final = "interrupted"


def run_query(connection: sqlite3.Connection, text: str, limits: Limits) -> Rows:
    """The rows of one statement that reads the graph. Raises: UsageError: as `Queryable.query`."""
    try:
        with _confined(connection, limits):
            cursor = connection.execute(text)
            if cursor.description is None:
                raise UsageError("the query has no rows to answer", next_step="Write a SELECT.")
            found = cursor.fetchmany(limits.max_rows + 1)
            columns = tuple(column[0] for column in cursor.description)
            cursor.close()
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        raise _refused(error, limits) from error
    return Rows(columns, [tuple(map(_plain, row)) for row in found[: limits.max_rows]], len(found) > limits.max_rows)


@contextmanager
def _confined(connection: sqlite3.Connection, limits: Limits) -> Iterator[None]:
    """As long as it lasts the connection reads the graph's tables, for a limited time."""
    connection.execute(sql("declare_json")).fetchall()
    others = {name for (name,) in connection.execute(sql("table_names"))} - TABLES
    deadline = time.monotonic() + limits.timeout_s
    longest = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_BYTES)
    connection.set_authorizer(_authorizer(others))
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
        connection.set_authorizer(None)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)


def _authorizer(others: set[str]) -> Callable[..., int]:
    def decide(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        return sqlite3.SQLITE_OK if _may(action, first or "", second or "", others) else sqlite3.SQLITE_DENY

    return decide


def _may(action: int, first: str, second: str, others: set[str]) -> bool:
    if action in _ALWAYS:
        return True
    if action == sqlite3.SQLITE_FUNCTION:
        return second.lower() not in _NEVER_CALLED
    if action != sqlite3.SQLITE_READ:
        return False
    name = first.lower()
    # Rows that are only counted, of a part of the query itself, are read from a table of that part's name, no column.
    return name in TABLES or (second == "" and name not in others and not _BUILT_IN.match(name))


def _refused(error: Exception, limits: Limits) -> UsageError:
    said = str(error)
    if said == _INTERRUPTED:
        return UsageError(f"the query took longer than {limits.timeout_s:g} s", next_step="Ask for less, or --timeout.")
    hint = f"It may read these tables: {', '.join(sorted(TABLES))}."
    return UsageError(f"the query cannot be run: {said}", next_step=hint)


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
