"""The SQLite file of the embedded engine: the ledger's own file, or one of its own; opened, recognised, migrated.

In: a path. Out: connections in autocommit mode with explicit transactions.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from provstore import resources
from provstore.errors import BackendUnavailable, BadInput, ProvstoreError
from provstore.graph.current import require_known_schema
from provstore.graph.sqlite_rows import CODES, STEP_ROWS
from provstore.transactions import application_of, run_script, transaction

FOLDER: Final = "schema/graph/sqlite"
LEDGER_ID: Final = 1886547830  # "prov": a ledger's file, where the graph may lie beside it
GRAPH_ID: Final = 1886547815  # "prog": a file with a graph alone; also in application_id.sql
MEMORY: Final = ":memory:"


@cache
def sql(name: str) -> str:
    """The text of one of the engine's own statements."""
    return resources.text(f"{FOLDER}/statements/{name}.sql").strip()


def connect(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
    """A connection to the file at `path`, which is made when it is missing; `:memory:` is a graph in memory.

    Raises: BadInput: the file is not ours. BackendUnavailable: it cannot be opened.
    """
    with translated(path):
        _require_ours(path)
        writable = os.access(path if path.exists() else path.parent, os.W_OK)
        uri = path.resolve().as_uri() + ("?mode=rwc" if writable else "?mode=ro")
        name = MEMORY if str(path) == MEMORY else uri
        connection = sqlite3.connect(
            name, uri=True, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False
        )
        run_script(connection, sql("configure"))
        return connection


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Brings the schema to this version, rule 22's table included.

    Raises: Conflict: it is of a newer version. BackendUnavailable: it cannot be written.
    """
    known = resources.migrations(FOLDER, "sql")
    with translated(path):
        version = _version(connection)
        require_known_schema(version, known[-1][0], str(path))
        if version == known[-1][0] and _steps_current(connection):
            return
        if version == 0 and not connection.execute(sql("count_tables")).fetchone()[0]:
            connection.execute(sql("application_id"))
        connection.execute(sql("journal_mode"))
        with transaction(connection, sql):
            for number, text in known:
                if number > _version(connection):
                    run_script(connection, text)
                    _set_version(connection, number)
            _write_steps(connection)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns SQLite's and the system's errors into ours."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except (sqlite3.DatabaseError, OSError) as error:
        raise _translate(error, path) from error


def _require_ours(path: Path) -> None:
    if path.is_dir():
        raise BadInput("this is a folder, a graph is a file", where=str(path), next_step="Name a file with --graph.")
    if not path.exists():
        return
    if path.stat().st_size and application_of(path, sql) not in (LEDGER_ID, GRAPH_ID):
        raise BadInput(
            "this file is no provstore graph; it was left as it is",
            where=str(path),
            next_step="Name another file with --graph.",
        )


def _version(connection: sqlite3.Connection) -> int:
    if not connection.execute(sql("table_exists")).fetchone()[0]:
        return 0
    row = connection.execute(sql("version")).fetchone()
    return int(row[0]) if row else 0


def _set_version(connection: sqlite3.Connection, number: int) -> None:
    if connection.execute(sql("set_version"), (number,)).rowcount == 0:
        connection.execute(sql("add_version"), (number,))


def _steps_current(connection: sqlite3.Connection) -> bool:
    return tuple(connection.execute(sql("steps"))) == STEP_ROWS


def _write_steps(connection: sqlite3.Connection) -> None:
    connection.executemany(sql("add_relation"), [(code, name) for name, code in CODES.items()])
    connection.execute(sql("clear_steps"))
    connection.executemany(sql("add_step"), STEP_ROWS)


def _translate(error: sqlite3.DatabaseError | OSError, path: Path) -> ProvstoreError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return BackendUnavailable("the graph is in use by another process", where=str(path), next_step="Try again.")
    if isinstance(error, sqlite3.OperationalError | OSError):
        return BackendUnavailable(
            f"the graph cannot be read or written: {text}",
            where=str(path),
            next_step="The ledger is not touched. See to the disk, then: provstore graph catch-up",
        )
    return BackendUnavailable(
        f"the graph is damaged: {text}", where=str(path), next_step="Make it anew: provstore graph rebuild"
    )
