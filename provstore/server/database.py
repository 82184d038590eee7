"""The service's own database, beside the store: tokens and the access log (rule 16). Only its owner may read it.

In: a path. Out: connections in autocommit mode, the schema brought up to date.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

from provstore import resources
from provstore.errors import BackendUnavailable, BadInput, Conflict, UsageError
from provstore.transactions import application_of, run_script, transaction

FOLDER: Final = "schema/service/sqlite"
_BUSY_TIMEOUT_S: Final = 10.0


def beside(store: str) -> Path:
    """The database of the service on the store in the file `store`: `provstore.db` has `provstore.service.db`.

    Raises: UsageError: the store is no file.
    """
    if "://" in store:
        raise UsageError(
            "a store on a server has no folder for the tokens of the service",
            where="server.database",
            next_step="Name a file: PROVSTORE_SERVER_DATABASE=/var/lib/provstore/service.db",
        )
    path = Path(store)
    return path.with_name(f"{path.stem}.service{path.suffix or '.db'}")


@cache
def sql(name: str) -> str:
    """The text of one of the service's statements."""
    return resources.text(f"{FOLDER}/statements/{name}.sql").strip()


def connect(path: Path, *, configure: str = "configure") -> sqlite3.Connection:
    """A connection to the database at `path`, which is made when it is missing.

    Args: configure: the script that says how durable its commits are.
    Raises: BadInput: the file is no database. Conflict: it is of a newer version. BackendUnavailable.
    """
    with translated(path):
        with suppress(FileExistsError):
            # Only its owner may read it; SQLite gives the files beside it the same mode.
            os.close(os.open(os.path.realpath(path), os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        if application_of(path, sql) is None:
            raise BadInput("this file is no database of the service; it was left as it is", where=str(path))
        connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        run_script(connection, sql(configure))
        _migrate(connection, path)
        return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    files = sorted(resources.directory(FOLDER).glob("[0-9]*_*.sql"))
    version = _version(connection)
    if version > len(files):
        raise Conflict(
            f"the database is of schema {version}, this provstore knows schemas up to {len(files)}",
            where=str(path),
            next_step="Install a newer provstore.",
        )
    if version == len(files):
        return
    connection.execute(sql("journal_mode"))
    with transaction(connection, sql):
        for number, file in enumerate(files, 1):
            if number > _version(connection):
                run_script(connection, resources.text(f"{FOLDER}/{file.name}"))


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute(sql("version")).fetchone()[0])


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns SQLite's and the system's errors into ours."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        raise BackendUnavailable(
            f"the service's database cannot be read or written: {error}",
            where=str(path),
            next_step="Check the disk (space, permissions), then try again.",
        ) from error
