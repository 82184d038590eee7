"""What the SQLite ledger and the SQLite graph share: a transaction under the write lock, and scripts inside it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol, runtime_checkable

# Steps of SQLite's machine between two looks at the clock.
_STEPS: Final = 1_000


@runtime_checkable
class Interruptible(Protocol):
    """What reads from SQLite, and can be told to stop."""

    def stop_reading_at(self, deadline: float | None) -> None:
        """From `deadline` on (time.monotonic) what reads is interrupted; None: never."""
        ...


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
