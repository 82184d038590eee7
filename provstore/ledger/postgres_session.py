"""Sessions on a PostgreSQL server: the ledger's statements by name, through psycopg.

In: connections. Out: rows. Text goes in and comes out as it is, a NUL included, which PostgreSQL itself cannot hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import count, groupby
from typing import Any, Final, cast

import psycopg
from psycopg.abc import Buffer
from psycopg.pq import TransactionStatus
from psycopg.types.string import StrDumper, TextLoader

from provstore import resources
from provstore.ledger.session import Values

FOLDER: Final = "schema/ledger/postgres"
_ROWS_AT_ONCE: Final = 1_000
# Before version 17 the client library hands a stream over row by row.
_CHUNK: Final = _ROWS_AT_ONCE if psycopg.pq.version() >= 170000 else 1
Connection = psycopg.Connection[tuple[Any, ...]]
# A noncharacter that Unicode keeps for private use begins what stands for a NUL, and for itself.
_MARK: Final = "\ufffe"


@cache
def sql(name: str) -> str:
    """The text of one of the ledger's own statements."""
    return resources.text(f"{FOLDER}/statements/{name}.sql").strip()


class PostgresSession:
    """As `session.Session`, on one connection, which is in a transaction while a stream is read."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._streams = count(1)

    def rows(self, name: str, values: Values = ()) -> list[Any]:
        """All rows of a statement."""
        return self.connection.execute(sql(name), values or None).fetchall()

    def first(self, name: str, values: Values = ()) -> Any:
        """The first row of a statement, or None."""
        return self.connection.execute(sql(name), values or None).fetchone()

    def run(self, name: str, values: Values = ()) -> None:
        """Runs a statement that gives no rows."""
        self.connection.execute(sql(name), values or None)

    def run_many(self, name: str, rows: Iterable[Values]) -> None:
        """Runs a statement once for each row of values; or copies the rows, those that are said twice in a row once."""
        with self.connection.cursor() as cursor:
            if not sql(name).startswith("COPY"):
                cursor.executemany(sql(name), rows)
                return
            with cursor.copy(sql(name)) as copy:
                for row, _ in groupby(rows):
                    copy.write_row(cast(tuple[Any, ...], row))

    def stream(self, name: str, values: Values = ()) -> Iterator[Any]:
        """The rows of a statement, a part at a time."""
        cursor = f"stream_{next(self._streams)}"  # ends with the transaction
        self.connection.execute(sql("declare").format(cursor=cursor, statement=sql(name)), values or None)
        while rows := self.connection.execute(sql("fetch").format(cursor=cursor)).fetchall():
            yield from rows


class MomentSession(PostgresSession):
    """In a transaction that reads one state of the database; a statement that fails leaves the others their turn."""

    def rows(self, name: str, values: Values = ()) -> list[Any]:
        """All rows of a statement."""
        with self._after_failure():
            return super().rows(name, values)

    def first(self, name: str, values: Values = ()) -> Any:
        """The first row of a statement, or None."""
        return next(iter(self.rows(name, values)), None)

    def stream(self, name: str, values: Values = ()) -> Iterator[Any]:
        """The rows of a statement, a part at a time."""
        with self._after_failure():
            yield from super().stream(name, values)

    @contextmanager
    def _after_failure(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error:
            if self.connection.info.transaction_status == TransactionStatus.INERROR:
                self.run("to_savepoint")
            raise


class ReadingSession:
    """As `session.Readable`, of what is committed. A connection that broke is made anew, and what was asked is asked
    again, once.

    Args: connected: gives a connection, a new one when the last one broke. streaming: a connection for one stream.
    """

    def __init__(
        self, connected: Callable[[], Connection], streaming: Callable[[], AbstractContextManager[Connection]]
    ) -> None:
        self._connected = connected
        self._streaming = streaming

    def rows(self, name: str, values: Values = ()) -> list[Any]:
        """All rows of a statement."""
        for again in (True, False):
            connection = self._connected()
            try:
                return PostgresSession(connection).rows(name, values)
            except psycopg.OperationalError:
                if not (again and connection.closed):
                    raise
        raise AssertionError

    def first(self, name: str, values: Values = ()) -> Any:
        """The first row of a statement, or None."""
        return next(iter(self.rows(name, values)), None)

    def stream(self, name: str, values: Values = ()) -> Iterator[Any]:
        """The rows of a statement, a part at a time, on a connection of its own."""
        for again in (True, False):
            with self._streaming() as connection, connection.cursor() as cursor:
                rows = cursor.stream(sql(name), values or None, size=_CHUNK)
                try:
                    first = next(rows, None)
                except psycopg.OperationalError:
                    if again and connection.closed:
                        continue
                    raise
                if first is not None:
                    yield first
                    yield from rows
                return


class _Dumper(StrDumper):
    def dump(self, obj: str) -> Buffer | None:
        if "\0" in obj or _MARK in obj:
            obj = obj.replace(_MARK, _MARK + "1").replace("\0", _MARK + "0")
        return super().dump(obj)


class _Loader(TextLoader):
    def load(self, data: Buffer) -> str:
        found = cast(str, super().load(data))
        if _MARK in found:
            return found.replace(_MARK + "0", "\0").replace(_MARK + "1", _MARK)
        return found


def adapt(connection: Connection) -> None:
    """Makes the connection take and give any text."""
    connection.adapters.register_dumper(str, _Dumper)
    connection.adapters.register_loader("text", _Loader)
