"""A Neo4j server as the engine sees it: transactions that read, transactions that write, and its errors as ours.

The one module that imports the driver (the extra `neo4j`). Query text comes from files; what the placeholders `<name>`
in it stand for comes from closed tables, all values are bound.
"""

from __future__ import annotations

import logging
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, TypeVar

import neo4j
from neo4j import exceptions

from provstore import resources
from provstore.errors import BackendUnavailable, Denied, ProvstoreError, UsageError
from provstore.graph import silence
from provstore.graph.silence import Silence
from provstore.transactions import time_left_s

FOLDER: Final = "schema/graph/neo4j"
Answer = TypeVar("Answer")
Rows = list[list[Any]]
_LOCATION: Final = re.compile(
    r"(?P<address>[a-z0-9+]+://([^\s/?#@:\[\]]+|\[[0-9a-fA-F:.]+\])(:(?P<port>\d{1,5}))?)(/(?P<database>[\w.-]+)?)?"
)
_LAST_PORT: Final = 65535
_WORD: Final = re.compile(r"\w+")
# A connection that was left over from before a restart is replaced, by the one retry that this leaves room for; a
# server that is away is told soon. What took longer to fail is not tried again.
_RETRY_AFTER_S: Final = 0.5
_CONNECT_S: Final = 5.0
# What the driver logs of its retries is told by the error, when it comes to one; a program may still listen.
logging.getLogger("neo4j").addHandler(logging.NullHandler())
_TIMED_OUT: Final = ("TransactionTimedOut", "TransactionTimedOutClientConfiguration")


class TooSlow(UsageError):
    """A query took longer than it may."""


class Server:
    """A server at a location, which is not contacted before something is asked of it.

    Args: location: `neo4j://host:port[/database]`, or `bolt`, with `+s` or `+ssc` for TLS. query_timeout_s: how long a
    reading transaction may take. `deadline` (time.monotonic): until when, besides.
    Raises: UsageError: this is no location.
    """

    def __init__(self, location: str, user: str, password: str, query_timeout_s: float):
        address, self.database = _parts(location)
        self.location = location
        self.deadline: float | None = None
        self._silence = Silence(location)
        self._timeout_s = query_timeout_s
        try:
            self._driver = neo4j.GraphDatabase.driver(
                address,
                auth=(user, password) if user or password else None,
                connection_timeout=_CONNECT_S,
                # A connection that was idle for so long is asked for a word, too.
                liveness_check_timeout=silence.FIRST_WORD_S,
                notifications_min_severity="OFF",
                user_agent="provstore",
            )
        except (exceptions.ConfigurationError, ValueError) as error:
            raise UsageError(f"this is no location of a Neo4j server: {error}", where=location) from error

    def close(self) -> None:
        """Closes every connection."""
        self._driver.close()

    def read(self, work: Callable[[neo4j.Transaction], Answer], *, timeout_s: float | None = None) -> Answer:
        """What `work` makes of a transaction that may only read; it is done again when a connection was lost.

        Args: timeout_s: how long it may take, if not as long as others.
        Raises: BackendUnavailable: it cannot be used, or the deadline has passed. Denied. UsageError: the query is
        wrong, or takes too long.
        """
        longest_s = timeout_s or self._timeout_s
        left_s = time_left_s(self.deadline, longest_s, where=self.location)
        with (
            self._in_time(left_s < longest_s),
            self.translated(left_s),
            self._session(neo4j.READ_ACCESS, left_s) as session,
        ):
            began = time.monotonic()
            try:
                return self._once(session, work, left_s)
            except (exceptions.Neo4jError, exceptions.DriverError) as error:
                left_s -= time.monotonic() - began + _RETRY_AFTER_S
                if not error.is_retryable() or time.monotonic() - began > _CONNECT_S or left_s <= 0:
                    raise
            time.sleep(_RETRY_AFTER_S)
            return self._once(session, work, left_s)

    def _once(self, session: neo4j.Session, work: Callable[[neo4j.Transaction], Answer], timeout_s: float) -> Answer:
        # The server looks every two seconds for what is to be ended (db.transaction.monitor.check.interval).
        with self.begun(session, timeout_s) as transaction:
            return work(transaction)

    def begun(self, session: neo4j.Session, timeout_s: float | None = None) -> neo4j.Transaction:
        """A transaction, and with it a connection. Raises: BackendUnavailable: the server says nothing."""
        self._silence.require_over()
        began = time.monotonic()
        try:
            return session.begin_transaction(timeout=timeout_s)
        except exceptions.DriverError as error:
            waited_s = time.monotonic() - began
            if waited_s < _CONNECT_S:
                raise
            raise self._silence.met(waited_s) from error

    @contextmanager
    def _in_time(self, ends_by_deadline: bool) -> Iterator[None]:
        """Makes of what took too long because of the deadline that the deadline has passed."""
        try:
            yield
        except TooSlow as error:
            if not ends_by_deadline:
                raise
            raise BackendUnavailable(error.message, where=error.where, next_step=error.next_step) from error

    @contextmanager
    def writing(self) -> Iterator[neo4j.Session]:
        """A session for transactions that write."""
        with self.translated(), self._session(neo4j.WRITE_ACCESS) as session:
            yield session

    def _session(self, access: str, timeout_s: float = math.inf) -> neo4j.Session:
        return self._driver.session(
            connection_acquisition_timeout=min(silence.FIRST_WORD_S, timeout_s),
            database=self.database,
            default_access_mode=access,
            # In a cluster a reader sees what this process wrote.
            bookmark_manager=self._driver.execute_query_bookmark_manager,
            fetch_size=10_000,
        )

    @contextmanager
    def translated(self, timeout_s: float | None = None) -> Iterator[None]:
        """Turns the driver's errors into ours."""
        try:
            yield
        except (exceptions.Neo4jError, exceptions.DriverError) as error:
            raise self._translate(error, timeout_s or self._timeout_s) from error

    def _translate(self, error: Exception, timeout_s: float) -> ProvstoreError:
        code = getattr(error, "code", None) or ""
        reason = getattr(error, "message", None) or str(error)
        if isinstance(error, exceptions.AuthError) or ".Security." in code:
            return Denied(
                "the graph server refuses the user or the password",
                where=self.location,
                next_step="Set PROVSTORE_GRAPH_USER and PROVSTORE_GRAPH_PASSWORD.",
            )
        if code.endswith(_TIMED_OUT):
            return TooSlow(
                f"the query took longer than {timeout_s:g} s and was ended",
                where=self.location,
                next_step="Ask for less: a limit, a depth, fewer starts.",
            )
        if isinstance(error, exceptions.ClientError) and (".Statement." in code or ".Database." in code):
            return UsageError(f"the graph server refuses this: {reason}", where=self.location)
        return BackendUnavailable(
            f"the graph server cannot be used: {reason.splitlines()[0].partition(' (resolved to')[0]}",
            where=self.location,
            next_step="The ledger is not touched. When the server is back: provstore graph catch-up",
        )


@lru_cache(maxsize=1024)
def text(path: str, **names: tuple[str, ...]) -> str:
    """The text of `<path>.cypher` without comments, `<name>` replaced by labels or relations of a closed table.

    Args: path: below the query or schema folder. names: per placeholder its labels (joined by `:`) or relations (`|`).
    """
    found = _without_comments(resources.text(f"{path}.cypher"))
    for name, words in names.items():
        if not all(map(_WORD.fullmatch, words)):
            raise ProvstoreError(f"{words} are no names of a closed table")
        found = found.replace(f"<{name}>", (":" if name.endswith("labels") else "|").join(words))
    return found


def statement(name: str, **names: tuple[str, ...]) -> str:
    """The text of one of the engine's own statements."""
    return text(f"{FOLDER}/statements/{name}", **names)


def statements_of(script: str) -> list[str]:
    """The statements of a script, without comments."""
    return [one for one in _without_comments(script).split(";") if one.strip()]


def _without_comments(script: str) -> str:
    return "\n".join(line for line in script.splitlines() if not line.startswith("//"))


def rows(transaction: Any, query: str, parameters: Mapping[str, Any] | None = None) -> Rows:
    """The rows of a query, as lists."""
    found: Rows = transaction.run(query, dict(parameters or {})).values()
    return found


def _parts(location: str) -> tuple[str, str | None]:
    """The address without the database, and the database."""
    match = _LOCATION.fullmatch(location)
    if match is None or not 0 < int(match["port"] or 1) <= _LAST_PORT:
        raise UsageError("expected neo4j://host:port or neo4j://host:port/database", where=location)
    return match["address"], match["database"]
