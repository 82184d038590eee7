"""The connection to a Gremlin Server or JanusGraph Server: traversals go out as bytecode, plain values come back.

Every request has a deadline and a limit on its answer, which this side keeps, since JanusGraph does not. What is sent
here may be sent twice (reads, and writes that say how things are to be), so a request whose outcome is unknown is
repeated. While the server carries out a write the next one is made. Source: TinkerPop reference, "Gremlin Server" and
"GraphBinary".
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import random
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Queue
from threading import RLock, local
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import uuid4

from aiohttp import ClientError, ClientSession
from gremlin_python.driver.aiohttp.transport import AiohttpTransport
from gremlin_python.driver.protocol import ConfigurationError, GremlinServerError, GremlinServerWSProtocol
from gremlin_python.driver.request import RequestMessage
from gremlin_python.driver.resultset import ResultSet
from gremlin_python.driver.serializer import GraphBinarySerializersV1

from provstore.errors import BackendUnavailable, Denied, ProvstoreError
from provstore.transactions import time_left_s

_MORE: Final = 206
_UNAUTHENTICATED: Final = 401
_FORBIDDEN: Final = 403
_SERVER_TIMEOUT: Final = 598
# What servers say when two transactions got in each other's way: JanusGraph, BerkeleyDB, TinkerTransactionGraph.
_CONFLICT: Final = re.compile(
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
_NOT_TO_BE_INTERRUPTED: Final = "berkeleyje"
_ATTEMPTS: Final = 8
# What a result takes here at least.
_LEAST_BYTES: Final = 8
# What waits for an answer: everything that was asked for, or what was met instead is raised.
Answer = Callable[[], list[Any]]
_FIRST_PAUSE_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 2.0

# It prints whole requests and answers, values included; what matters of an error is raised.
logging.getLogger("gremlinpython").setLevel(logging.CRITICAL)


class Refused(ProvstoreError):
    """The server cannot do what it was asked; `message` is what it said."""

    code = BackendUnavailable.code
    exit_code = BackendUnavailable.exit_code


class _TooLarge(Exception):
    """An answer went over its limit."""


class _Lost(Exception):
    """The connection broke; whether the request was carried out is unknown."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens, which of its traversal sources to ask, and as whom."""

    host: str
    port: int
    source: str = "g"
    user: str = ""
    password: str = ""

    @property
    def url(self) -> str:
        """What the driver connects to."""
        return f"ws://{self.host}:{self.port}/gremlin"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{self.source}"


class _Message(NamedTuple):
    """A request as it goes over the wire, the number that its answer has, and whether its time is that of each part."""

    number: str
    text: bytes
    is_scan: bool = False


@dataclass(slots=True)
class _Budget:
    """What is left of a request's time and of its answer's size."""

    deadline: float = 0.0
    bytes_left: int = 0

    def seconds(self) -> float:
        return max(0.001, self.deadline - time.monotonic())


class _Transport(AiohttpTransport):  # type: ignore[misc]
    """The driver's transport, within a budget."""

    def __init__(self, budget: _Budget, **given: Any) -> None:
        super().__init__(**given)
        self._budget = budget

    def connect(self, url: str, headers: Any = None) -> None:
        """As the driver does, which waits 5 minutes for a server that says nothing."""

        async def opened() -> None:
            self._client_session = ClientSession()
            self._websocket = await self._client_session.ws_connect(url, headers=headers, **self._aiohttp_kwargs)

        self._loop.run_until_complete(asyncio.wait_for(opened(), self._budget.seconds()))

    def read(self) -> Any:
        self._read_timeout = self._budget.seconds()
        try:
            data = super().read()
        except RuntimeError as error:
            # Of one message that is too large the driver makes the same error as of a broken connection.
            if "exceeds limit" in str(error):
                raise _TooLarge from error
            raise
        self._budget.bytes_left -= len(data or b"")
        if self._budget.bytes_left < 0:
            raise _TooLarge
        return data


class Link:
    """A connection that is made when it is first needed, and again when it broke; one request at a time.

    Args: address: of the server. timeout_s: for one request with its whole answer. max_bytes: of one answer.
    `deadline`: until when (time.monotonic) there are answers, besides.
    storage: the script that says in what storage the graph lies, for servers that have several.
    """

    def __init__(self, address: Address, *, timeout_s: float, max_bytes: int, storage: str | None = None) -> None:
        self.address = address
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self.deadline: float | None = None
        self._storage_script = storage
        self._may_interrupt = True
        self._budget = _Budget()
        self._serializer = GraphBinarySerializersV1()
        self._transport: _Transport | None = None
        self._protocol: GremlinServerWSProtocol | None = None
        # The driver runs an event loop of its own, which it may not where one runs already (notebooks).
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="provstore-gremlin")
        self._lock = RLock()
        # Another one, of each thread that writes: what it sent, and what is to be done with the answer.
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="provstore-gremlin-sender")
        self._sent = local()

    def close(self) -> None:
        """Closes the connection for good."""
        self._sender.shutdown()
        with self._lock:
            self._thread.submit(self._drop).result()
            self._thread.shutdown()

    def ask(self, traversal: Any) -> list[Any]:
        """Everything that a traversal yields, after what this thread sent.

        Raises: BackendUnavailable: the server is away, or over the time or the size. Denied: it refuses the
        credentials. Refused: it cannot do this.
        """
        self.settle()
        return self._repeated(partial(self._message, "traversal", "bytecode", {"gremlin": traversal.bytecode}))

    def scan(self, traversal: Any) -> list[Any]:
        """As `ask`, of a whole graph: each part of the answer may take as long as the whole of another one."""
        self.settle()
        arguments = {"gremlin": traversal.bytecode}
        return self._repeated(partial(self._message, "traversal", "bytecode", arguments, is_scan=True))

    def send(self, traversal: Any, then: Callable[[Answer], None]) -> None:
        """Asks without waiting: before this thread's next request, `then` is called with what waits for the answer.

        Raises: as `ask`, of what was sent before.
        """
        message = self._message("traversal", "bytecode", {"gremlin": traversal.bytecode}, self._timeout_s)
        self.settle()
        self._sent.last = self._sender.submit(self._repeated, lambda _: message), then

    def settle(self) -> None:
        """Waits for what this thread sent, if anything. Raises: as `ask`."""
        sent, self._sent.last = self._last(), None
        if sent:
            future, then = sent
            then(future.result)

    def forget(self) -> None:
        """Waits for what this thread sent, if anything, whatever becomes of it."""
        sent, self._sent.last = self._last(), None
        if sent:
            wait([sent[0]])

    def _last(self) -> tuple[Future[list[Any]], Callable[[Answer], None]] | None:
        return getattr(self._sent, "last", None)

    def manage(self, script: str, bindings: Mapping[str, Any] = MappingProxyType({})) -> list[Any]:
        """What a fixed script of `schema/` returns, with values bound. Raises: as `ask`."""
        self.settle()
        arguments: dict[str, Any] = {"gremlin": script, "language": "gremlin-groovy"}
        if bindings:
            arguments["bindings"] = dict(bindings)
        return self._repeated(partial(self._message, "", "eval", arguments))

    def _repeated(self, message: Callable[[float], _Message]) -> list[Any]:
        """Asks until there is an answer, a refusal, or too many attempts; `message` makes it, given its time."""
        pause_s = _FIRST_PAUSE_S
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._lock:
                    left_s = time_left_s(self.deadline, self._timeout_s, where=str(self.address))
                    return self._thread.submit(self._exchange, message, left_s).result()
            except GremlinServerError as error:
                if attempt == _ATTEMPTS or not _CONFLICT.search(str(error)):
                    raise self._refusal(error) from error
            except _Lost as error:
                if attempt == _ATTEMPTS:
                    raise self._unavailable(f"closed the connection ({error})") from error
            time.sleep(pause_s * random.uniform(0.5, 1.5))  # noqa: S311
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        raise AssertionError("the last attempt returns or raises")

    def _exchange(self, message: Callable[[float], _Message], timeout_s: float) -> list[Any]:
        self._budget.deadline = time.monotonic() + timeout_s
        self._budget.bytes_left = self._max_bytes
        protocol = self._connected()
        try:
            self._look_at_storage(protocol, timeout_s)
            return self._answer(protocol, message(timeout_s))
        except BackendUnavailable:
            self._drop()
            raise
        except GremlinServerError as error:
            # The driver makes this of a message without content: the server hung up.
            if not error.status_attributes and "disconnected" in str(error):
                self._drop()
                raise _Lost("the server hung up") from error
            raise
        except TimeoutError as error:
            self._drop()
            raise self._unavailable(f"did not answer within {timeout_s:.3g} s") from error
        except (_TooLarge, ConfigurationError) as error:
            self._drop()
            raise self._given_up(error) from error
        except (OSError, ClientError, RuntimeError) as error:
            self._drop()
            raise _Lost(_reason(error)) from error

    def _message(
        self, processor: str, operation: str, arguments: dict[str, Any], timeout_s: float, *, is_scan: bool = False
    ) -> _Message:
        if is_scan:
            timeout_s = time_left_s(self.deadline, math.inf, where=str(self.address))
        interrupted_ms = math.ceil(timeout_s * 1000) if self._may_interrupt and timeout_s < math.inf else 0  # 0: never
        common = {"aliases": {"g": self.address.source}, "evaluationTimeout": interrupted_ms}
        number = str(uuid4())
        request = RequestMessage(processor, operation, arguments | common)
        return _Message(number, self._serializer.serialize_message(number, request), is_scan)

    def _look_at_storage(self, protocol: GremlinServerWSProtocol, timeout_s: float) -> None:
        """A request that the server interrupts makes BerkeleyDB unusable until it is started again: ours may not be.

        Source: Berkeley DB Java Edition, ThreadInterruptedException.
        """
        if self._storage_script is None:
            return
        arguments = {"gremlin": self._storage_script, "language": "gremlin-groovy"}
        asked = self._message("", "eval", arguments, timeout_s)
        try:
            self._may_interrupt = self._answer(protocol, asked) != [_NOT_TO_BE_INTERRUPTED]
        except GremlinServerError as error:
            if not error.status_attributes:
                raise
        self._storage_script = None

    def _answer(self, protocol: GremlinServerWSProtocol, message: _Message) -> list[Any]:
        assert self._transport is not None
        results = ResultSet(Queue(), message.number)
        self._transport.write(message.text)
        while protocol.data_received(self._transport.read(), {message.number: results}) == _MORE:
            if message.is_scan:
                left_s = time_left_s(self.deadline, self._timeout_s, where=str(self.address))
                self._budget.deadline = time.monotonic() + left_s
        found: list[Any] = []
        while not results.stream.empty():
            for one in results.stream.get_nowait():
                # Equal results come once, with their number.
                several = getattr(one, "bulk", 1)
                if (len(found) + several) * _LEAST_BYTES > self._max_bytes:
                    raise _TooLarge
                found.extend([getattr(one, "object", one)] * several)
        return found

    def _connected(self) -> GremlinServerWSProtocol:
        if self._protocol is None:
            transport = _Transport(self._budget, write_timeout=self._timeout_s, max_msg_size=self._max_bytes)
            protocol = GremlinServerWSProtocol(self._serializer, self.address.user, self.address.password)
            try:
                transport.connect(self.address.url)
            except (OSError, ClientError, RuntimeError, TimeoutError) as error:
                transport.close()
                raise self._unavailable(f"cannot be reached ({_reason(error)})") from error
            protocol.connection_made(transport)
            self._transport, self._protocol = transport, protocol
        return self._protocol

    def _drop(self) -> None:
        transport, self._transport, self._protocol = self._transport, None, None
        if transport is not None:
            with suppress(OSError, ClientError, RuntimeError, TimeoutError):
                transport.close()

    def _given_up(self, error: Exception) -> ProvstoreError:
        if isinstance(error, _TooLarge):
            return BackendUnavailable(
                f"the answer of the graph server is larger than {self._max_bytes:,} bytes",
                where=str(self.address),
                next_step="Ask for less, for example with --depth, --max-nodes or --limit.",
            )
        return self._denied("asks for credentials")

    def _refusal(self, error: GremlinServerError) -> ProvstoreError:
        status, said = error.status_code, _first_line(error.status_message)
        causes = (error.status_attributes or {}).get("exceptions", ())
        if status in (_UNAUTHENTICATED, _FORBIDDEN):
            return self._denied("refuses these credentials")
        if status == _SERVER_TIMEOUT:
            return self._unavailable("did not answer in time")
        if _WAITED in causes:
            return self._unavailable(
                f"waited in vain for somebody's open transaction ({said})",
                "End that transaction: a console or a session keeps it open until it commits or rolls back",
            )
        if _CONFLICT.search(str(error)):
            return self._unavailable(f"could not commit what others change, too ({said})")
        if _UNREAD in causes:
            return self._unavailable(
                f"could not read all of its storage ({said})",
                "Cassandra's log says why. If it names tombstones, lower gc_grace_seconds of the tables that it names",
            )
        if any(map(_AWAY.search, causes)):
            return self._unavailable(f"cannot reach its storage ({said})")
        return Refused(
            f"the graph server cannot do this: {said}",
            where=str(self.address),
            next_step="See its log. The ledger is not touched; the graph can be made anew: provstore graph rebuild",
        )

    def _unavailable(self, what: str, advice: str = "See to the server") -> BackendUnavailable:
        return BackendUnavailable(
            f"the graph server {what}",
            where=str(self.address),
            next_step=f"The ledger is not touched. {advice}, then: provstore graph catch-up",
        )

    def _denied(self, what: str) -> Denied:
        return Denied(
            f"the graph server {what}",
            where=str(self.address),
            next_step="Set PROVSTORE_GRAPH_USER and PROVSTORE_GRAPH_PASSWORD.",
        )


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _first_line(message: object) -> str:
    line = str(message or "no reason given").splitlines()[0]
    return json.dumps(line[:300], ensure_ascii=False)[1:-1]
