"""The default ledger: one SQLite file, written by several processes at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from pathlib import Path

from provstore.errors import ProvstoreError
from provstore.ledger.apart import ApartSpool, Scratch
from provstore.ledger.contract import Receipt, Submission
from provstore.ledger.database import SqliteSession, connect, open_database, remove_unused, sql, translated
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.following import Follower, Written
from provstore.ledger.reading import Reading
from provstore.ledger.submitting import Ready, Salt, fresh_salt
from provstore.model import times
from provstore.settings import Settings, load
from provstore.transactions import FOLD_WAIT_S, stop_at, transaction


class SqliteLedger(DatabaseLedger):
    """A ledger in one SQLite file. `path` is the file.

    Args: create: the file is made when it is missing. clock: UTC text of now. salt: 16 fresh random bytes at each call.
    Both are there for tests.
    Raises: NotFound: nothing is there. BadInput: the file is not ours. Conflict: it is of a newer version.
    BackendUnavailable: it cannot be opened, is damaged, or is of an older version and cannot be written.
    """

    database_error = sqlite3.DatabaseError

    def __init__(
        self,
        location: str | Path,
        *,
        create: bool = True,
        settings: Settings | None = None,
        clock: Callable[[], str] = times.now,
        salt: Salt = fresh_salt,
    ) -> None:
        self.path = Path(location)
        settings = settings or load()
        self._writer, self._made = open_database(self.path, create=create, busy_timeout_s=settings.busy_timeout_s)
        with ExitStack() as undo:
            undo.callback(self.remove_if_unused)
            undo.callback(self._writer.close)
            self._reader = undo.enter_context(closing(connect(self.path, settings.busy_timeout_s)))
            self._deadline: float | None = None
            super().__init__(
                SqliteSession(self._reader), folder=self.path.parent, settings=settings, clock=clock, salt=salt
            )
            self._scratch = Scratch(self._writer, self.path)
            undo.pop_all()

    def close(self) -> None:
        """Closes the file; the last one to close it folds SQLite's log into it."""
        self._reader.close()
        self._writer.close()

    def remove_if_unused(self) -> None:
        """As `Removable.remove_if_unused`."""
        if self._made is not None:
            remove_unused(self.path, self._made)

    @contextmanager
    def at_one_moment(self) -> Iterator[Reading]:
        """As `DatabaseLedger.at_one_moment`."""
        with closing(connect(self.path, 60.0)) as connection:
            stop_at(connection, self._deadline)
            connection.execute(sql("begin_reading"))
            yield Reading(SqliteSession(connection), self.ledger_id)

    def stop_reading_at(self, deadline: float | None) -> None:
        """From `deadline` on (time.monotonic) what reads is interrupted and raises BackendUnavailable; None: never."""
        self._deadline = deadline
        stop_at(self._reader, deadline)

    def shrink(self) -> None:
        """As `Caching.shrink`."""
        self._reader.execute(sql("shrink"))

    def _translated(self) -> AbstractContextManager[None]:
        return translated(self.path)

    def _ready(self, submission: Submission, stack: ExitStack, follower: Follower | None) -> Ready:
        scratch = self._scratch
        ready = super()._ready(submission, stack, follower)
        if isinstance(ready.spool, ApartSpool):  # one document at a time can have it
            self._scratch = None
            stack.callback(setattr, self, "_scratch", scratch)
        return ready

    def _store(self, ready: Sequence[Ready], follower: Follower | None) -> list[Receipt]:
        """When it fails because of the follower, which has damage of its own, it is done without."""
        if follower is not None:
            with suppress(_NotFollowed), follower.joined(self._writer):
                return self._write(ready, follower)
        return self._write(ready, None)

    def _write(self, ready: Sequence[Ready], follower: Follower | None) -> list[Receipt]:
        """What was known of the ledger's end is forgotten when the transaction fails."""
        known, self._end = self._end, None
        session = SqliteSession(self._writer)
        with transaction(self._writer, sql):
            before, end, writing, receipts = self._written(session, ready, known)
            if follower is not None:
                _follow(follower, Written(session, before, writing.entries, writing.documents))
        self._end = end
        return receipts

    def forget(self) -> bool:
        """As `Forgetful.forget`; it waits some seconds for readers."""
        with translated(self.path), closing(connect(self.path, FOLD_WAIT_S)) as connection:
            return not connection.execute(sql("checkpoint")).fetchone()[0]

    def _forget(self) -> None:
        self.forget()


class _NotFollowed(Exception):
    """The follower could not project; nothing is committed."""


def _follow(follower: Follower, written: Written) -> None:
    try:
        follower.follow(written)
    except ProvstoreError as error:
        raise _NotFollowed from error
