"""Another program's SQLite file, read consistently and without touching it or its neighbours.

In: the path of a database that may be in use. Out: a connection that can only read. What is written beside a
database by merely reading it (`-shm`, `-wal`, a rolled-back journal) is avoided by reading a private copy instead.
Source: sqlite.org/wal.html#readonly, sqlite.org/uri.html.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote

from provstore import resources
from provstore.errors import BadInput
from provstore.importers.footprint import Footprint

_MAGIC: Final = b"SQLite format 3\0"
# The file format's "read version" (offset 19): 2 says that the database is in WAL mode.
_READ_VERSION_AT: Final = 19
_WAL: Final = 2
# Of the WAL's index: which frames are committed. What follows changes with every reader (sqlite.org/walformat.html).
_INDEX_HEADER_BYTES: Final = 48
_COPY_ATTEMPTS: Final = 5
_BUSY_TIMEOUT_S: Final = 5.0
_MAX_VALUE_BYTES: Final = 256 * 1024 * 1024


def is_sqlite(path: str | Path) -> bool:
    """True when `path` is a regular file that begins like a SQLite database; never raises."""
    try:
        with Path(path).open("rb") as stream:
            return Path(path).is_file() and stream.read(len(_MAGIC)) == _MAGIC
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return False


@contextmanager
def reading(path: str | Path, footprint: Footprint | None = None) -> Iterator[sqlite3.Connection]:
    """A read-only connection to the database at `path`, its WAL included; sqlite3 errors become BadInput.

    A byte of a text that is no UTF-8 is a lone surrogate (PEP 383), so that one bad value does not end the reading.

    Args: path: a SQLite file, in use or not. Its directory may be read-only. footprint: where its bytes are
    noted before they are read.
    Raises: BadInput: no SQLite file, damaged, locked, or changing all the time.
    """
    database = Path(path)
    if footprint is not None:
        _note(database, footprint)
    with (
        _explained(database),
        TemporaryDirectory(prefix="provstore-") as private,
        closing(_in_place(database) or _copied(database, Path(private))) as connection,
    ):
        yield connection


def _note(database: Path, footprint: Footprint) -> None:
    """Notes everything that decides what a reader of the database sees."""
    for suffix in ("", "-wal", "-journal"):
        footprint.whole(_beside(database, suffix))
    footprint.start(_beside(database, "-shm"), _INDEX_HEADER_BYTES)


def _in_place(database: Path) -> sqlite3.Connection | None:
    """A connection to the file itself, or None when reading there would write something beside it."""
    if not is_sqlite(database):
        said = "this is no SQLite database" if os.path.lexists(database) else "there is no such file or directory"
        raise BadInput(said, where=str(database))
    with database.open("rb") as stream:
        in_wal_mode = stream.read(_READ_VERSION_AT + 1)[-1] == _WAL
    if in_wal_mode and not (_beside(database, "-wal").exists() and _beside(database, "-shm").exists()):
        return None  # SQLite would create what is missing.
    # readonly_shm: even read marks are kept out of the other program's shared memory.
    connection = _connect(f"file:{quote(str(database.resolve()))}?mode=ro&readonly_shm=1")
    try:
        connection.execute(resources.text("schema/foreign/probe.sql")).fetchall()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            return None  # A hot journal, or a WAL whose index nobody keeps.
        raise
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _copied(database: Path, private: Path) -> sqlite3.Connection:
    """A connection to a copy in a private directory, made while nobody wrote."""
    for _ in range(_COPY_ATTEMPTS):
        before = _state(database)
        for suffix in ("", "-wal", "-journal"):
            copy = private / f"copy.db{suffix}"
            copy.unlink(missing_ok=True)
            if _beside(database, suffix).exists():
                _copy(_beside(database, suffix), copy)
        if _state(database) == before:
            return _connect(f"file:{quote(str(private / 'copy.db'))}?mode=rw")
    raise BadInput(
        "the database changes while it is read",
        where=str(database),
        next_step="Stop the program that writes it, or import a copy.",
    )


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise BadInput(
            f"no private copy could be made to read it without touching it: {error.strerror or error}",
            where=str(source),
            next_step="The copy needs the database's size in the temporary directory (TMPDIR).",
        ) from error


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
    connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    try:
        connection.executescript(resources.text("schema/foreign/read_only.sql"))
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _beside(database: Path, suffix: str) -> Path:
    return database.with_name(database.name + suffix)


def _state(database: Path) -> list[tuple[int, int, int] | None]:
    found: list[tuple[int, int, int] | None] = []
    for suffix in ("", "-wal", "-journal"):
        try:
            status = _beside(database, suffix).stat()
            found.append((status.st_size, status.st_mtime_ns, status.st_ino))
        except FileNotFoundError:
            found.append(None)
    return found


@contextmanager
def _explained(database: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        locked = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        raise BadInput(
            f"the database cannot be read: {error}",
            where=str(database),
            next_step="Another program holds it; try again when that has ended."
            if locked
            else "Is the file complete? The program that wrote it may have a way to check it.",
        ) from error
