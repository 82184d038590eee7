"""The SQLite file of a ledger: made, recognised, migrated; its statements by name, its errors in our words.

In: a path. Out: connections, each in autocommit mode with explicit transactions. Source: rules 11 and 12.
"""

from __future__ import annotations

import os
import shlex
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from provstore import private_files, resources
from provstore.errors import BackendUnavailable, BadInput, Conflict, NotFound, ProvstoreError
from provstore.ledger.preparing import key
from provstore.ledger.session import Values
from provstore.private_files import Identity, identity
from provstore.transactions import application_of, run_script, transaction

FOLDER = "schema/ledger/sqlite"
APPLICATION_ID = 1886547830  # "prov" in ASCII; also in application_id.sql
_ROWS_AT_ONCE = 1_000
_LAST = 2**62


@cache
def sql(name: str) -> str:
    """The text of one of the ledger's own statements."""
    return resources.text(f"{FOLDER}/statements/{name}.sql").strip()


class SqliteSession:
    """As `session.Session`, on a connection to a ledger's file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, name: str, values: Values = ()) -> list[Any]:
        """All rows of a statement."""
        return self._connection.execute(sql(name), values).fetchall()

    def first(self, name: str, values: Values = ()) -> Any:
        """The first row of a statement, or None."""
        return self._connection.execute(sql(name), values).fetchone()

    def run(self, name: str, values: Values = ()) -> None:
        """Runs a statement that gives no rows."""
        self._connection.execute(sql(name), values)

    def run_many(self, name: str, rows: Iterable[Values]) -> None:
        """Runs a statement once for each row of values."""
        self._connection.executemany(sql(name), rows)

    def stream(self, name: str, values: Values = ()) -> Iterator[Any]:
        """The rows of a statement, a part at a time."""
        cursor = self._connection.execute(sql(name), values)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from rows


class Opened(NamedTuple):
    """A connection to a ledger's file, and which file that is when this call made it."""

    connection: sqlite3.Connection
    made: Identity | None


def open_database(path: Path, *, create: bool, busy_timeout_s: float) -> Opened:
    """A connection to the ledger at `path`, migrated to this version.

    Raises: NotFound: nothing is there and `create` is false. BadInput: it is no provstore store. Conflict: it is of a
    newer version. BackendUnavailable: it cannot be opened, is damaged, or is of an older version and cannot be written.
    """
    with translated(path):
        while True:
            with ExitStack() as undo:
                made = None if path.exists() else _make_file(path, create)
                if made:
                    undo.callback(remove_unused, path, made)
                _require_ours(path)
                before = identity(path)
                connection = undo.enter_context(closing(connect(path, busy_timeout_s)))
                _migrate(connection, path, busy_timeout_s)
                # Who made it may have removed it (`remove_unused`) before we read from it; from then on it stays.
                if identity(path) == before:
                    undo.pop_all()
                    return Opened(connection, made)


def remove_unused(path: Path, made: Identity) -> None:
    """Removes the file that was made here if nothing was ever stored in it and nobody else has it open."""
    private_files.remove_unused(path, made, lambda: _connect(path, 0.0), sql, _has_entries)


def _has_entries(connection: sqlite3.Connection) -> bool:
    return bool(_version(connection) and connection.execute(sql("head"), {"sequence": _LAST}).fetchone())


def connect(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
    """A further connection to a ledger that is open already. Raises: BackendUnavailable."""
    with translated(path):
        connection = _connect(path, busy_timeout_s)
        try:
            run_script(connection, sql("configure"))
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns SQLite's and the system's errors into ours."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        raise _translate(error, path) from error


def migrations() -> list[tuple[int, str]]:
    """(version, text) of every migration, oldest first."""
    return resources.migrations(FOLDER, "sql")


def _make_file(path: Path, create: bool) -> Identity | None:
    """Makes an empty file; None: another process was first."""
    if not create:
        raise NotFound(
            "there is no store", where=str(path), next_step="Name another with --store, or ingest something."
        )
    try:
        return private_files.make_private(path)
    except FileNotFoundError:
        raise BackendUnavailable(
            "the folder of the store does not exist", where=str(path), next_step="Make the folder, or name another."
        ) from None


def _require_ours(path: Path) -> None:
    """Refuses what is no ledger, before anything is written to it or beside it."""
    if path.is_dir():
        raise BadInput("this is a folder, a store is a file", where=str(path), next_step="Name a file with --store.")
    if path.stat().st_size and application_of(path, sql) != APPLICATION_ID:
        raise BadInput(
            "this file is no provstore store; it was left as it is",
            where=str(path),
            next_step="Name another file with --store.",
        )


def _connect(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
    uri = path.resolve().as_uri() + ("?mode=rw" if _writable(path) else _reading_mode(path))
    return sqlite3.connect(
        uri, uri=True, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False, cached_statements=256
    )


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _reading_mode(path: Path) -> str:
    """Without a log beside it nobody can be writing, and SQLite needs to be told that it need not lock."""
    log = path.with_name(path.name + "-wal")
    return "?mode=ro" if log.exists() and log.stat().st_size else "?mode=ro&immutable=1"


def _migrate(connection: sqlite3.Connection, path: Path, busy_timeout_s: float) -> None:
    known = migrations()
    version = _version(connection)
    if version > known[-1][0]:
        raise Conflict(
            f"the store is of schema {version}, this provstore knows schemas up to {known[-1][0]}",
            where=str(path),
            next_step="Install a newer provstore.",
        )
    if version == known[-1][0]:
        return
    if version and not _writable(path):
        raise BackendUnavailable(
            f"the store is of schema {version} and has to be migrated to schema {known[-1][0]} before it is read, but"
            " the file or its folder cannot be written",
            where=str(path),
            next_step=f"Copy it to where you may write, and open the copy: cp {shlex.quote(str(path))} copy.db;"
            " provstore --store copy.db documents",
        )
    if version == 0:
        connection.execute(sql("application_id"))
        _use_write_ahead_log(connection, busy_timeout_s)
    connection.create_function("index_key", 1, key, deterministic=True)
    with transaction(connection, sql):
        for number, text in known:
            if number > _version(connection):
                run_script(connection, text)
                _set_version(connection, number)


def _version(connection: sqlite3.Connection) -> int:
    if not connection.execute(sql("version_table")).fetchone()[0]:
        return 0
    return int(connection.execute(sql("version")).fetchone()[0])


def _set_version(connection: sqlite3.Connection, number: int) -> None:
    if connection.execute(sql("set_version"), {"version": number}).rowcount == 0:
        connection.execute(sql("set_identity"), {"version": number, "id": str(uuid4())})


def _use_write_ahead_log(connection: sqlite3.Connection, busy_timeout_s: float) -> None:
    """SQLite does not wait for others at this one statement, so we do."""
    deadline = time.monotonic() + busy_timeout_s
    while True:
        try:
            connection.execute(sql("journal_mode"))
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _translate(error: sqlite3.DatabaseError | OSError, path: Path) -> ProvstoreError:
    text = str(error)
    if isinstance(error, (sqlite3.OperationalError, OSError)):
        if "locked" in text or "busy" in text:
            return BackendUnavailable("the store is in use by another process", where=str(path), next_step="Try again.")
        return BackendUnavailable(
            f"the store cannot be read or written: {text}",
            where=str(path),
            next_step="What was acknowledged is kept. Check the disk (space, permissions), then try again.",
        )
    return BackendUnavailable(
        f"the store is damaged: {text}",
        where=str(path),
        next_step="Restore a backup, or copy what can be read into a new store with `provstore copy`.",
    )
