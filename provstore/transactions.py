"""What stores share: a question's deadline; of all SQLite files, how one is recognised, the write lock, and scripts."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from provstore.errors import BackendUnavailable

# Steps of SQLite's machine between two looks at the clock.
_STEPS: Final = 1_000
# How long the emptying of a log waits for readers.
FOLD_WAIT_S: Final = 3.0


@runtime_checkable
class Interruptible(Protocol):
    """What reads, and can be told to stop."""

    def stop_reading_at(self, deadline: float | None) -> None:
        """From `deadline` on (time.monotonic) what reads is ended, on a server too; None: never."""
        ...


@runtime_checkable
class Caching(Protocol):
    """What reads, and keeps what it read in memory."""

    def shrink(self) -> None:
        """Lets go of it. Whatever another connection writes makes a cache of SQLite's void, so that little is lost."""
        ...


@runtime_checkable
class Forgetful(Protocol):
    """What deletes, and has a log beside its file in which the deleted stays for a while."""

    def forget(self) -> bool:
        """Folds the log into the file and empties it; False: somebody still reads what was there before."""
        ...


def application_of(path: Path, sql: Callable[[str], str]) -> int | None:
    """The application id of the SQLite file at `path`, 0 when it has none or is empty; None: it is no SQLite file.

    SQLite itself reads it: when a process closes any descriptor of a file, the system drops all its locks on that file,
    and another process that closes the file takes itself for the last one and removes the log that we write to. SQLite
    keeps such a descriptor open until its own locks are gone.
    Args: sql: gives the text of `application`.
    Source: SQLite, "How To Corrupt An SQLite Database File", section 2.2; POSIX, fcntl.
    """
    try:
        # Immutable: nothing is locked, rolled back or made beside it.
        return _application(path, "?mode=ro&immutable=1", sql)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            return None
        if error.sqlite_errorcode != sqlite3.SQLITE_CORRUPT:
            raise
    # It looks so, too, while another process writes it: once more, with locks.
    return _application(path, "?mode=rw", sql)


def _application(path: Path, how: str, sql: Callable[[str], str]) -> int:
    with closing(sqlite3.connect(path.resolve().as_uri() + how, uri=True)) as connection:
        return int(connection.execute(sql("application")).fetchone()[0])


def time_left_s(deadline: float | None, longest_s: float, *, where: str) -> float:
    """How long one request to a server may take: `longest_s`, and not beyond the deadline (time.monotonic).

    Raises: BackendUnavailable: the deadline has passed.
    """
    if deadline is None:
        return longest_s
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise BackendUnavailable("the time for this question is up", where=where, next_step="Ask for less.")
    return min(longest_s, left_s)


@contextmanager
def transaction(connection: sqlite3.Connection, sql: Callable[[str], str]) -> Iterator[None]:
    """Takes the write lock; commits at the end, or leaves nothing behind.

    Args: sql: gives the texts of `begin`, `commit` and `rollback`.
    """
    connection.execute(sql("begin"))
    try:
        yield
        connection.execute(sql("commit"))
    except BaseException:
        if connection.in_transaction:
            connection.execute(sql("rollback"))
        raise


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Each statement of a script, inside the open transaction (`executescript` would commit it)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def stop_at(connection: sqlite3.Connection, deadline: float | None) -> None:
    """From `deadline` on (time.monotonic) statements of the connection are interrupted; None: never."""
    connection.set_progress_handler(None if deadline is None else lambda: time.monotonic() > deadline, _STEPS)
