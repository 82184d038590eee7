"""The SQLite file of the embedded engine: the ledger's own file, or one of its own; opened, recognised, migrated.

In: a path. Out: connections in autocommit mode with explicit transactions.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from provstore import private_files, resources
from provstore.errors import BackendUnavailable, BadInput, ProvstoreError
from provstore.graph.conditions import register
from provstore.graph.current import require_known_schema
from provstore.graph.sqlite_rows import CODES, STEP_ROWS
from provstore.private_files import Identity, make_private
from provstore.transactions import application_of, run_script, transaction

FOLDER: Final = "schema/graph/sqlite"
LEDGER_ID: Final = 1886547830  # "prov": a ledger's file, where the graph may lie beside it
GRAPH_ID: Final = 1886547815  # "prog": a file with a graph alone; also in application_id.sql
MEMORY: Final = ":memory:"


@cache
def sql(name: str) -> str:
    """The text of one of the engine's own statements."""
    return resources.text(f"{FOLDER}/statements/{name}.sql").strip()


class Opened(NamedTuple):
    """A connection to a graph's file, and which file that is when this call made it."""

    connection: sqlite3.Connection
    made: Identity | None


def connect(path: Path, busy_timeout_s: float) -> Opened:
    """A connection to the file at `path`, which is made when it is missing; `:memory:` is a graph in memory.

    Raises: BadInput: the file is not ours. BackendUnavailable: it cannot be opened.
    """
    in_memory = str(path) == MEMORY
    with translated(path), ExitStack() as undo:
        if not in_memory:
            _require_ours(path)
        made = None if in_memory or path.exists() else make_private(path)
        if made:
            undo.callback(remove_unused, path, made)
        connection = undo.enter_context(closing(_connect(MEMORY if in_memory else _uri(path), busy_timeout_s)))
        run_script(connection, sql("configure"))
        register(connection)
        undo.pop_all()
        return Opened(connection, made)


def remove_unused(path: Path, made: Identity) -> None:
    """Removes the file that was made here if nothing was projected into it and nobody else has it open."""
    private_files.remove_unused(path, made, lambda: _connect(_uri(path), 0.0), sql, _is_current_to_something)


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


def _uri(path: Path) -> str:
    return path.resolve().as_uri() + ("?mode=rw" if os.access(path, os.W_OK) else "?mode=ro")


def _connect(name: str, busy_timeout_s: float) -> sqlite3.Connection:
    return sqlite3.connect(name, uri=True, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)


def _is_current_to_something(connection: sqlite3.Connection) -> bool:
    return bool(_version(connection) and connection.execute(sql("applied")).fetchone())


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
            next_step="The ledger is not touched. Check the disk, then: provstore graph catch-up",
        )
    return BackendUnavailable(
        f"the graph is damaged: {text}", where=str(path), next_step="Make it anew: provstore graph rebuild"
    )
