"""Whole ledgers: a backup into a file while it is in use, and a copy, entry by entry, into any other ledger."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

from provstore.errors import BackendUnavailable, Conflict
from provstore.ledger.contract import Entry, Head, Ledger, Replica, StoredDocument
from provstore.ledger.database import connect, translated
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.sqlite import SqliteLedger

_STATEMENTS_AT_ONCE = 5_000


class Source(Protocol):
    """What a copy is made of: a ledger, or a ledger as it is at one moment."""

    def head(self, as_of: int | str | None = None) -> Head:
        """As `Ledger.head`."""
        ...

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """As `Ledger.entries`."""
        ...

    def document(self, document: str) -> StoredDocument:
        """As `Ledger.document`."""
        ...

    def blob(self, sha256: str) -> bytes:
        """As `Ledger.blob`."""
        ...


def backup(ledger: DatabaseLedger, target: Path) -> Head:
    """Writes a consistent copy of the store to the file `target` while others go on writing; returns its head.

    A store in a file is copied as it is, with the graph when it lies there; a ledger on a server entry by entry, into a
    SQLite ledger. Only its owner may read the copy.
    Raises: Conflict: `target` exists. BackendUnavailable: it cannot be written; nothing of it is left.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise Conflict("the file exists; a backup overwrites nothing", where=str(target)) from None
    except OSError as error:
        raise BackendUnavailable(f"the backup cannot be written: {error.strerror}", where=str(target)) from error
    try:
        with translated(target):
            if isinstance(ledger, SqliteLedger):
                _copy_pages(ledger.path, target)
                with SqliteLedger(target, create=False) as copied:
                    return copied.head()
            with ledger.at_one_moment() as source, SqliteLedger(target) as copied:
                return copy(source, copied)
    except BaseException:
        for ending in ("", "-wal", "-shm", "-journal"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        raise


def copy(source: Source, target: Ledger) -> Head:
    """Repeats every entry of `source` in `target`, salts included, so that the roots are equal; returns its head.

    A copy that was broken off goes on where it ended.
    Raises: Conflict: `target` holds something else, or an entry is not what its root says.
    """
    held = target.head()
    if held.sequence and source.head(held.sequence).root != held.root:
        raise Conflict("the target holds another ledger", where=held.ledger_id, next_step="Copy into a new store.")
    batch: list[Replica] = []
    size = 0
    for entry in source.entries(held.sequence):
        batch.append(replica(source, entry))
        size += 1 + entry.statements
        if size >= _STATEMENTS_AT_ONCE:
            target.append(batch)
            batch, size = [], 0
    target.append(batch)
    return target.head()


def replica(source: Source, entry: Entry) -> Replica:
    """The submission that repeats `entry` elsewhere; without content when it was erased."""
    if entry.kind != "append" or entry.salt is None:
        return Replica(entry, ())
    blobs: Iterator[bytes] = (source.blob(digest) for digest in entry.blobs)
    return Replica(entry, source.document(entry.document).assertions, tuple(blobs))


def _copy_pages(source: Path, target: Path) -> None:
    """All pages in one step, so that it is one state and no writer makes it begin again."""
    with closing(connect(source, 60.0)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
