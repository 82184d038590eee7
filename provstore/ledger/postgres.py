"""A ledger in a PostgreSQL database, written by several processes on several machines at once.

One writer at a time: an advisory lock, taken by each transaction that writes (rule 11). Source: rules 11 to 13.
"""

from __future__ import annotations

import math
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import TransactionStatus

from provstore.errors import BackendUnavailable
from provstore.ledger.contract import Receipt
from provstore.ledger.database_ledger import DatabaseLedger, Done
from provstore.ledger.following import Follower
from provstore.ledger.postgres_server import CommitUnknown, Server, transaction
from provstore.ledger.postgres_session import Connection, MomentSession, PostgresSession, ReadingSession, sql
from provstore.ledger.reading import Reading
from provstore.ledger.submitting import Ready, Salt, fresh_salt
from provstore.model import times
from provstore.settings import Settings, load
from provstore.transactions import time_left_s

# So often a list is written again when the connection breaks; each time the server may take a while to come back.
_ATTEMPTS: Final = 4
# By how much longer than is left a statement may take.
_SLACK: Final = 1.25


class PostgresLedger(DatabaseLedger):
    """A ledger in one PostgreSQL database.

    Args: location: `postgresql://user@host:port/database`. create: the tables are made in an empty database. clock: UTC
    text of now. salt: 16 fresh random bytes at each call. Both are there for tests.
    Raises: UsageError: the location is none, or holds a password. Besides, as `Server.open`.
    """

    database_error = psycopg.Error

    def __init__(
        self,
        location: str,
        *,
        create: bool = True,
        settings: Settings | None = None,
        clock: Callable[[], str] = times.now,
        salt: Salt = fresh_salt,
    ) -> None:
        settings = settings or load()
        self.location = location
        self._server = Server(location, settings)
        self._reader = self._server.open(create=create)
        self._writer: Connection | None = None
        self._idle: list[Connection] = []
        self._deadline: float | None = None
        # How long a statement of a connection may take, in seconds; 0: for ever.
        self._limits_s: WeakKeyDictionary[Connection, float] = WeakKeyDictionary()
        self._connecting = threading.Lock()
        session = ReadingSession(self._for_reading, self._for_one_stream)
        with self._translated():
            super().__init__(session, folder=Path(tempfile.gettempdir()), settings=settings, clock=clock, salt=salt)

    def close(self) -> None:
        """Ends the connections."""
        for connection in (self._writer, self._reader, *self._idle):
            if connection is not None:
                connection.close()

    @contextmanager
    def at_one_moment(self) -> Iterator[Reading]:
        """As `DatabaseLedger.at_one_moment`."""
        with self._translated():
            opened = self._server.reconnect()
        with closing(opened) as connection:
            self._limit(connection)
            connection.execute(sql("begin_reading"))
            yield Reading(MomentSession(connection), self.ledger_id)

    def stop_reading_at(self, deadline: float | None) -> None:
        """As `Interruptible.stop_reading_at`: the server ends the statement."""
        self._deadline = deadline

    def _translated(self) -> AbstractContextManager[None]:
        return self._server.translated()

    def _store(self, ready: Sequence[Ready], follower: Follower | None) -> list[Receipt]:
        """A list that a broken connection kept from being stored is stored by another one."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._write(ready)
            except psycopg.OperationalError:
                if attempt == _ATTEMPTS or not self._is_broken(self._writer):
                    raise
        raise AssertionError

    def _write(self, ready: Sequence[Ready]) -> list[Receipt]:
        """One transaction. Raises: psycopg.Error: nothing is stored."""
        known, self._end = self._end, None
        connection = self._for_writing()
        done: Done | None = None
        try:
            with transaction(connection):
                done = self._written(PostgresSession(connection), ready, known)
        except CommitUnknown as unknown:
            assert done is not None
            if not self._has(done):
                raise unknown.__cause__ or unknown from None
        finally:
            if connection.info.transaction_status != TransactionStatus.IDLE:
                connection.close()
        self._end = done.end
        return done.receipts

    def _has(self, done: Done) -> bool:
        """True when the ledger has what a broken connection was committing.

        Under the lock, which the server takes from that transaction only when it has ended, one way or the other.
        Raises: BackendUnavailable: the server does not come back.
        """
        if not done.writing.entries:
            return True
        last = done.writing.entries[-1]
        try:
            with closing(self._server.reconnect()) as connection, transaction(connection):
                found = PostgresSession(connection).first("root_at", {"sequence": last.sequence})
        except (psycopg.Error, CommitUnknown) as error:
            raise BackendUnavailable(
                "the server went away while it committed, so it is not known whether this is stored",
                where=self.location,
                next_step="When it is back, do the same again: what is stored is not stored twice.",
            ) from error
        return found is not None and found[0] == last.root

    def _forget(self) -> None:
        """The deleted rows are removed from the tables; what the server's log and backups hold, it keeps."""
        self._for_writing().execute(sql("clean"))

    def _for_writing(self) -> Connection:
        if self._writer is None:
            self._writer = self._server.connect()
        elif self._is_broken(self._writer):
            self._writer = self._server.reconnect()
        return self._writer

    def _for_reading(self) -> Connection:
        with self._connecting:
            if self._is_broken(self._reader):
                self._reader = self._server.reconnect()
            self._reader = self._limited(self._reader)
            return self._reader

    @contextmanager
    def _for_one_stream(self) -> Iterator[Connection]:
        """A connection of its own, kept for the next stream when this one was read to its end."""
        with self._connecting:
            connection = self._idle.pop() if self._idle else None
        connection = self._limited(connection or self._server.reconnect())
        try:
            yield connection
        finally:
            with self._connecting:
                if connection.closed:
                    self._close_idle()  # what broke one broke them all
                elif connection.info.transaction_status == TransactionStatus.IDLE:
                    self._idle.append(connection)
                else:
                    connection.close()

    def _limited(self, connection: Connection) -> Connection:
        """The connection, or a new one when it turns out to be broken, on which statements end in time."""
        try:
            self._limit(connection)
        except psycopg.OperationalError:
            if not connection.closed:
                raise
            connection = self._server.reconnect()
            self._limit(connection)
        return connection

    def _limit(self, connection: Connection) -> None:
        """Lets the next statement of a connection take no longer than what is left of the time.

        Raises: BackendUnavailable: nothing is left.
        """
        now_s = self._limits_s.get(connection, 0.0)
        left_s = time_left_s(self._deadline, math.inf, where=self.location)
        # The limit is told again when it has become much too long, not at each statement.
        fits = left_s <= now_s <= left_s * _SLACK
        wanted_s = 0.0 if left_s == math.inf else now_s if fits else left_s
        if wanted_s != now_s:
            connection.execute(sql("limit"), {"timeout": f"{math.ceil(wanted_s * 1000)}ms"})
            self._limits_s[connection] = wanted_s

    def _close_idle(self) -> None:
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    @staticmethod
    def _is_broken(connection: Connection | None) -> bool:
        return connection is None or connection.closed
