"""The PostgreSQL database of a ledger: reached, recognised, migrated; its errors in our words.

In: a location `postgresql://user@host:port/database`. Out: connections in autocommit mode. Credentials come from the
settings, or from where PostgreSQL's own tools have them (PGPASSWORD, ~/.pgpass); they are in no message.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from uuid import uuid4

import psycopg
from psycopg import conninfo, errors

from provstore import resources
from provstore.errors import BackendUnavailable, BadInput, Conflict, Denied, NotFound, ProvstoreError, UsageError
from provstore.ledger.postgres_session import FOLDER, Connection, adapt, sql
from provstore.settings import Settings

MIN_VERSION: Final = 150000
_LAST_PORT: Final = 65535
# As long as a server that was killed takes to recover, or a standby to take over.
RECOVERY_S: Final = 15.0
_PAUSE_S: Final = 0.1
# What a location may say otherwise. A dead peer is noticed within a minute.
_DEFAULTS: Final = {
    "connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
    "application_name": "provstore",
}  # fmt: skip
# Of a failed connection the driver gives only a text, that of libpq or of the server.
_NO_DATABASE: Final = re.compile(r'database ".*" does not exist')
_REFUSALS: Final = ("authentication failed", "no password supplied", "no pg_hba.conf entry", "permission denied")


class Server:
    """A database on a server. Args: location: a URL without a password. settings: with the password."""

    def __init__(self, location: str, settings: Settings) -> None:
        self.location = location
        self._timeout_s = settings.busy_timeout_s
        given = _parsed(location)
        secret = {"password": settings.store_password} if settings.store_password else {}
        self._given = conninfo.make_conninfo("", **{**_DEFAULTS, **given, **secret, "client_encoding": "UTF8"})

    def connect(self) -> Connection:
        """A connection. Raises: psycopg.OperationalError."""
        connection = psycopg.connect(self._given, autocommit=True)
        try:
            adapt(connection)
            connection.execute(sql("configure"))
            connection.execute(sql("set_timeout"), {"timeout": f"{int(self._timeout_s * 1000)}ms"})
        except BaseException:
            connection.close()
            raise
        return connection

    def reconnect(self) -> Connection:
        """A connection to a server that was there before, and may take a while to come back."""
        deadline = time.monotonic() + RECOVERY_S
        while True:
            try:
                return self.connect()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE_S)

    def open(self, *, create: bool) -> Connection:
        """The first connection: to a ledger, migrated to this version.

        Raises: NotFound: there is none, and `create` is false. BadInput: the database is not ours. Conflict: it is of a
        newer version. Denied: the server refuses. BackendUnavailable: it is away.
        """
        with self.translated():
            connection = self.connect()
            try:
                self._require_able(connection)
                self._migrate(connection, create)
            except BaseException:
                connection.close()
                raise
            return connection

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turns the driver's and the system's errors into ours."""
        try:
            yield
        except (psycopg.Error, OSError) as error:
            raise self.in_our_words(error) from error

    def in_our_words(self, error: psycopg.Error | OSError) -> ProvstoreError:
        """The error that the driver's means."""
        text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if isinstance(error, errors.InvalidAuthorizationSpecification | errors.InsufficientPrivilege) or any(
            one in text for one in _REFUSALS
        ):
            return Denied(
                f"the server refuses: {text}",
                where=self.location,
                next_step="Name the user in the location, the password in PROVSTORE_STORE_PASSWORD or ~/.pgpass.",
            )
        if _NO_DATABASE.search(text):
            return NotFound("there is no such database", where=self.location, next_step="Make one: createdb NAME")
        if isinstance(error, errors.LockNotAvailable):
            return BackendUnavailable(
                "the store is in use by another process", where=self.location, next_step="Try again."
            )
        if isinstance(error, psycopg.InternalError | psycopg.DataError | psycopg.ProgrammingError):
            return BackendUnavailable(
                f"the store is damaged: {text}",
                where=self.location,
                next_step="Restore a backup, or copy what can be read into a new store with `provstore copy`.",
            )
        return BackendUnavailable(
            f"the store cannot be read or written: {text}",
            where=self.location,
            next_step="What was acknowledged is kept. See to the server, then try again.",
        )

    def _require_able(self, connection: Connection) -> None:
        encoding, version = _row(connection, "encoding")
        if version < MIN_VERSION:
            raise BadInput(
                f"the server is PostgreSQL {version // 10000}; provstore needs {MIN_VERSION // 10000} or newer",
                where=self.location,
            )
        if encoding != "UTF8":
            raise BadInput(
                f"the database keeps text as {encoding}; a ledger needs UTF8",
                where=self.location,
                next_step="Make one: createdb --encoding UTF8 --template template0 NAME",
            )

    def _migrate(self, connection: Connection, create: bool) -> None:
        known = _migrations()
        version = self._version(connection, create)
        if version == known[-1][0]:
            return
        with transaction(connection):
            # Another process may have been faster.
            version = self._version(connection, create)
            if not _row(connection, "tables")[0]:
                connection.execute(sql("make_schema"))
            for number, text in known:
                if number > version:
                    connection.execute(text)
                    _set_version(connection, number)

    def _version(self, connection: Connection, create: bool) -> int:
        """The ledger's version; 0 for a database where one may be made. Raises: as `open`."""
        _, tables, is_ours, others = _row(connection, "tables")
        if is_ours:
            version, newest = int(_row(connection, "version")[0]), _migrations()[-1][0]
            if version > newest:
                raise Conflict(
                    f"the store is of schema {version}, this provstore knows schemas up to {newest}",
                    where=self.location,
                    next_step="Install a newer provstore.",
                )
            return version
        if tables or others:
            raise BadInput(
                "this database is no provstore store and holds other tables; it was left as it is",
                where=self.location,
                next_step="Give provstore a database of its own: createdb NAME",
            )
        if not create:
            raise NotFound(
                "there is no store in this database",
                where=self.location,
                next_step="Name another with --store, or ingest something.",
            )
        return 0


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """A transaction under the write lock; commits at the end, or leaves nothing behind.

    Raises: CommitUnknown: the connection broke while it committed.
    """
    try:
        connection.execute(sql("begin"))
        yield
    except BaseException:
        with suppress(psycopg.Error):  # a connection that broke has rolled back by itself
            connection.execute(sql("rollback"))
        raise
    try:
        connection.execute(sql("commit"))
    except psycopg.Error as error:
        if connection.closed:
            raise CommitUnknown from error
        raise


class CommitUnknown(Exception):
    """Nobody said whether the commit came to pass; `__cause__` is what happened instead."""


def _parsed(location: str) -> dict[str, Any]:
    try:
        given = conninfo.conninfo_to_dict(location)
        _require_ports(str(given.get("port", "")))
    except (psycopg.Error, ValueError):
        # The driver's text may quote the location, and that may hold a password.
        raise UsageError(
            "this is no location of a PostgreSQL database", next_step="Write postgresql://user@host:5432/database"
        ) from None
    if given.get("password"):
        raise UsageError(
            "a location holds no password, since locations are shown",
            next_step="Set PROVSTORE_STORE_PASSWORD, or use PGPASSWORD or ~/.pgpass.",
        )
    return given


def _require_ports(ports: str) -> None:
    """Raises: ValueError: a port, of each of several hosts, is none. Without one it is the usual port."""
    if not all(0 < int(port) <= _LAST_PORT for port in ports.split(",") if port):
        raise ValueError(ports)


def _migrations() -> list[tuple[int, str]]:
    """(version, text) of every migration, oldest first."""
    files = sorted(resources.directory(FOLDER).glob("[0-9]*_*.sql"))
    return [(int(file.name.split("_")[0]), resources.text(f"{FOLDER}/{file.name}")) for file in files]


def _row(connection: Connection, name: str) -> Any:
    return connection.execute(sql(name)).fetchone()


def _set_version(connection: Connection, number: int) -> None:
    if connection.execute(sql("set_version"), {"version": number}).rowcount == 0:
        connection.execute(sql("set_identity"), {"version": number, "id": str(uuid4())})
