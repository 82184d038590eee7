"""SQLite files of ours: made so that only their owner may read them, removed again when nothing was stored in them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol, runtime_checkable

# Device and inode: which file it is, whatever its name.
Identity = tuple[int, int]


@runtime_checkable
class Removable(Protocol):
    """What keeps a file that it may have made itself."""

    def remove_if_unused(self) -> None:
        """After `close`: the file goes if this made it, nothing was ever stored, and nobody else has it open."""
        ...


def make_private(path: Path) -> Identity | None:
    """Makes an empty file of mode 600, which SQLite gives to the files beside it as well; None: one was there.

    Raises: OSError: it cannot be made.
    """
    try:
        # A link may lead to where the file is to be made, which O_EXCL would refuse.
        descriptor = os.open(os.path.realpath(path), os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except FileExistsError:
        return None
    try:
        return _of(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def identity(path: Path) -> Identity | None:
    """Which file that is; None: there is none."""
    try:
        return _of(path.stat())
    except FileNotFoundError:
        return None


def remove_unused(
    path: Path,
    made: Identity,
    connect: Callable[[], sqlite3.Connection],
    sql: Callable[[str], str],
    is_used: Callable[[sqlite3.Connection], bool],
) -> None:
    """Removes the file if it is the one that was `made`, nothing is stored in it, and nobody else has it open.

    Args: connect: opens it without waiting for others. sql: gives the texts of `lock_for_good`, `without_log`,
    `begin_alone`, `rollback` and `journal_mode`. is_used: whether something is stored.
    """
    with suppress(sqlite3.Error, OSError), closing(connect()) as connection:
        # Whoever reads such a file holds a lock for as long as he has it open, so this fails unless we are alone; from
        # here on nobody comes in, and closing removes no log by its name, which may then be another store's.
        connection.execute(sql("lock_for_good"))
        connection.execute(sql("without_log"))
        connection.execute(sql("begin_alone"))
        if is_used(connection):
            connection.execute(sql("rollback"))
            connection.execute(sql("journal_mode"))
        elif identity(path) == made:
            os.unlink(os.path.realpath(path))


def _of(found: os.stat_result) -> Identity:
    return found.st_dev, found.st_ino
