"""What a Gremlin server's errors, and the lack of an answer, mean in our words."""

from __future__ import annotations

import json
import re
from typing import Final

from gremlin_python.driver.protocol import GremlinServerError

from provstore.errors import BackendUnavailable, Denied, ProvstoreError

_UNAUTHENTICATED: Final = 401
_FORBIDDEN: Final = 403
_SERVER_TIMEOUT: Final = 598
# What servers say when two transactions got in each other's way: JanusGraph, BerkeleyDB, TinkerTransactionGraph.
CONFLICT: Final = re.compile(
    r"Could not (commit|rollback after)|LockingException|[Ll]ock expired|Deadlock|modified in another|Conflict"
)
# What JanusGraph says when its storage is away, too much of it to answer, or BerkeleyDB's must be started again.
_AWAY: Final = re.compile(
    r"\.(TemporaryBackendException|NoNodeAvailableException|AllNodesFailedException|ThreadInterruptedException"
    r"|(Read|Write|Driver)TimeoutException|UnavailableException|OverloadedException|BootstrappingException)$"
)
# Cassandra had to read past more deleted cells than it is willing to.
_UNREAD: Final = "com.datastax.oss.driver.api.core.servererrors.ReadFailureException"
# BerkeleyDB gave up waiting for what an open transaction has read or written.
_WAITED: Final = "com.sleepycat.je.LockTimeoutException"


class Refused(ProvstoreError):
    """The server cannot do what it was asked; `message` is what it said."""

    code = BackendUnavailable.code
    exit_code = BackendUnavailable.exit_code


class TooSlow(BackendUnavailable):
    """The server is there, and did not answer within the time of a request."""


def refusal(where: str, error: GremlinServerError) -> ProvstoreError:
    """What the server's error means. Args: where: its address."""
    status, said = error.status_code, _first_line(error.status_message)
    causes = (error.status_attributes or {}).get("exceptions", ())
    if status in (_UNAUTHENTICATED, _FORBIDDEN):
        return denied(where, "refuses these credentials")
    if status == _SERVER_TIMEOUT:
        return unavailable(where, "did not answer in time", kind=TooSlow)
    if _WAITED in causes:
        return unavailable(
            where,
            f"waited in vain for somebody's open transaction ({said})",
            "End that transaction: a console or a session keeps it open until it commits or rolls back",
        )
    if CONFLICT.search(str(error)):
        return unavailable(where, f"could not commit what others change, too ({said})")
    if _UNREAD in causes:
        return unavailable(
            where,
            f"could not read all of its storage ({said})",
            "Cassandra's log says why. If it names tombstones, lower gc_grace_seconds of the tables that it names",
        )
    if any(map(_AWAY.search, causes)):
        return unavailable(where, f"cannot reach its storage ({said})")
    return Refused(
        f"the graph server cannot do this: {said}",
        where=where,
        next_step="See its log. The ledger is not touched; the graph can be made anew: provstore graph rebuild",
    )


def unavailable(
    where: str, what: str, advice: str = "See to the server", kind: type[BackendUnavailable] = BackendUnavailable
) -> BackendUnavailable:
    """That the server cannot be used now."""
    return kind(
        f"the graph server {what}",
        where=where,
        next_step=f"The ledger is not touched. {advice}, then: provstore graph catch-up",
    )


def denied(where: str, what: str) -> Denied:
    """That the server wants other credentials."""
    return Denied(
        f"the graph server {what}",
        where=where,
        next_step="Set PROVSTORE_GRAPH_USER and PROVSTORE_GRAPH_PASSWORD.",
    )


def _first_line(message: object) -> str:
    line = str(message or "no reason given").splitlines()[0]
    return json.dumps(line[:300], ensure_ascii=False)[1:-1]
