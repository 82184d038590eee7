"""A database of another program, read through one transaction that may only read; its errors as ours.

The one module of the importer that imports the driver (the extra `neo4j`). Works with Neo4j 4.4 and newer.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from types import TracebackType
from typing import Any, Final

import neo4j
from neo4j import exceptions

from provstore import resources
from provstore.errors import BackendUnavailable, BadInput, Denied, ProvstoreError, UsageError

_LOCATION: Final = re.compile(r"(?P<address>[a-z0-9+]+://[^\s/?#@]+)(/(?P<database>[\w.-]+)?)?")
_CONNECT_S: Final = 5.0
_FETCHED_ROWS: Final = 1_000
# What the driver logs is told by the error, when it comes to one; a program may still listen.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Graph:
    """The database at a location; use it as a context manager.

    User and password come from NEO4J_USERNAME and NEO4J_PASSWORD, as Neo4j's own tools take them.
    Args: location: `bolt://host:port[/database]` or `neo4j://...`, with `+s` or `+ssc` for TLS.
    Raises: UsageError: no location, or one with credentials in it. The other errors come when it is read.
    """

    def __init__(self, location: str) -> None:
        match = _LOCATION.fullmatch(location)
        if match is None:
            raise UsageError(
                "expected bolt://host:port or bolt://host:port/database, without user and password",
                # What stands before the @ may be a password.
                where=re.sub(r"(?<=//)[^/]*@", "...@", location),
                next_step="Set NEO4J_USERNAME and NEO4J_PASSWORD.",
            )
        self.location, self._database = location, match["database"]
        self._address = match["address"]
        self._until_closed = ExitStack()

    def __enter__(self) -> Graph:
        with self._translated(), ExitStack() as opened:
            driver = opened.enter_context(
                neo4j.GraphDatabase.driver(
                    self._address, auth=_credentials(), connection_timeout=_CONNECT_S, user_agent="provstore"
                )
            )
            session = opened.enter_context(
                driver.session(database=self._database, default_access_mode=neo4j.READ_ACCESS, fetch_size=_FETCHED_ROWS)
            )
            self._transaction = opened.enter_context(session.begin_transaction())
            self._until_closed = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._translated():
            self._until_closed.__exit__(kind, error, trace)

    def rows(self, name: str, **parameters: Any) -> Iterator[list[Any]]:
        """The rows of `schema/foreign/neo4j/<name>.cypher`, one after the other."""
        with self._translated():
            for record in self._transaction.run(_text(name), parameters):
                yield record.values()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (exceptions.Neo4jError, exceptions.DriverError) as error:
            raise self._translate(error) from error
        except (ValueError, OSError) as error:
            raise UsageError(f"this is no location of a Neo4j server: {error}", where=self.location) from error

    def _translate(self, error: Exception) -> ProvstoreError:
        code = getattr(error, "code", None) or ""
        reason = (getattr(error, "message", None) or str(error)).splitlines()[0].partition(" (resolved to")[0]
        if isinstance(error, exceptions.AuthError) or ".Security." in code:
            return Denied(
                f"the Neo4j server refuses the user or the password: {reason}",
                where=self.location,
                next_step="Set NEO4J_USERNAME and NEO4J_PASSWORD.",
            )
        if ".Database." in code:
            return BadInput(
                f"the Neo4j server has no such database: {reason}",
                where=self.location,
                next_step="Name it behind the port: bolt://host:port/database",
            )
        return BackendUnavailable(
            f"the Neo4j server cannot be read: {reason}",
            where=self.location,
            next_step="Is it running, and is this its Bolt port (7687 as a rule)? Nothing was stored.",
        )


def _credentials() -> tuple[str, str] | None:
    user, password = os.environ.get("NEO4J_USERNAME", ""), os.environ.get("NEO4J_PASSWORD", "")
    return (user or "neo4j", password) if user or password else None


@cache
def _text(name: str) -> str:
    return resources.text(f"schema/foreign/neo4j/{name}.cypher")
