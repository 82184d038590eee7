"""The connection to a Gremlin Server or JanusGraph Server: traversals go out as bytecode, plain values come back.

Every request has a deadline and a limit on its answer, which this side keeps, since JanusGraph does not. What is sent
here may be sent twice (reads, and writes that say how things are to be), so a request whose outcome is unknown is
repeated. While the server carries out a write the next one is made. Source: TinkerPop reference, "Gremlin Server" and
"GraphBinary".
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from queue import Queue
from threading import RLock, local
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import uuid4

from gremlin_python.driver.protocol import ConfigurationError, GremlinServerError, GremlinServerWSProtocol
from gremlin_python.driver.request import RequestMessage
from gremlin_python.driver.resultset import ResultSet
from gremlin_python.driver.serializer import GraphBinarySerializersV1

from provstore.errors import BackendUnavailable, ProvstoreError
from provstore.graph import silence
from provstore.graph.gremlin_errors import CONFLICT, TooSlow, denied, refusal, unavailable
from provstore.graph.gremlin_keys import source
from provstore.graph.gremlin_transport import BROKEN, Address, Budget, TooLarge, Transport
from provstore.graph.silence import Silence
from provstore.transactions import time_left_s

_MORE: Final = 206
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


class _Lost(Exception):
    """The connection broke; whether the request was carried out is unknown."""


class _Message(NamedTuple):
    """A request as it goes over the wire, the number that its answer has, and whether its time is that of each part."""

    number: str
    text: bytes
    is_scan: bool = False


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
        self._budget = Budget()
        self._silence = Silence(str(address))
        # A request had no answer in time: before the next one it is asked whether anybody answers at all.
        self._is_doubted = False
        self._serializer = GraphBinarySerializersV1()
        self._transport: Transport | None = None
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
                    self._silence.require_over()
                    left_s = time_left_s(self.deadline, self._timeout_s, where=str(self.address))
                    return self._thread.submit(self._exchange, message, left_s).result()
            except GremlinServerError as error:
                if attempt == _ATTEMPTS or not CONFLICT.search(str(error)):
                    raise refusal(str(self.address), error) from error
            except _Lost as error:
                if attempt == _ATTEMPTS:
                    raise unavailable(str(self.address), f"closed the connection ({error})") from error
            time.sleep(pause_s * random.uniform(0.5, 1.5))  # noqa: S311
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        raise AssertionError("the last attempt returns or raises")

    def _exchange(self, message: Callable[[float], _Message], timeout_s: float) -> list[Any]:
        self._budget.deadline = time.monotonic() + timeout_s
        self._budget.bytes_left = self._max_bytes
        protocol = self._connected(timeout_s)
        try:
            self._require_word(protocol, timeout_s)
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
            self._is_doubted = True
            raise unavailable(str(self.address), f"did not answer within {timeout_s:.3g} s", kind=TooSlow) from error
        except (TooLarge, ConfigurationError) as error:
            self._drop()
            raise self._given_up(error) from error
        except BROKEN as error:
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

    def _require_word(self, protocol: GremlinServerWSProtocol, timeout_s: float) -> None:
        """Raises: BackendUnavailable: the server, which was silent once, says nothing still."""
        if not self._is_doubted:
            return
        first_word_s = min(silence.FIRST_WORD_S, timeout_s)
        self._budget.deadline = time.monotonic() + first_word_s
        asked = self._message("traversal", "bytecode", {"gremlin": source().inject(1).bytecode}, first_word_s)
        try:
            self._answer(protocol, asked)
        except TimeoutError as error:
            raise self._wordless(timeout_s) from error
        self._is_doubted = False
        self._budget.deadline = time.monotonic() + timeout_s

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
                    raise TooLarge
                found.extend([getattr(one, "object", one)] * several)
        return found

    def _connected(self, timeout_s: float) -> GremlinServerWSProtocol:
        if self._protocol is None:
            transport = Transport(self._budget, write_timeout=self._timeout_s, max_msg_size=self._max_bytes)
            protocol = GremlinServerWSProtocol(self._serializer, self.address.user, self.address.password)
            try:
                transport.connect(self.address.url)
            except TimeoutError as error:
                transport.close()
                raise self._wordless(timeout_s) from error
            except BROKEN as error:
                transport.close()
                raise unavailable(str(self.address), f"cannot be reached ({_reason(error)})") from error
            protocol.connection_made(transport)
            self._transport, self._protocol = transport, protocol
        return self._protocol

    def _wordless(self, timeout_s: float) -> BackendUnavailable:
        """The server did not say its first word; it is called silent when it was waited for long enough."""
        if timeout_s >= silence.FIRST_WORD_S:
            return self._silence.met(silence.FIRST_WORD_S)
        return unavailable(str(self.address), f"did not answer within {timeout_s:.3g} s")

    def _drop(self) -> None:
        transport, self._transport, self._protocol = self._transport, None, None
        if transport is not None:
            with suppress(*BROKEN, TimeoutError):
                transport.close()

    def _given_up(self, error: Exception) -> ProvstoreError:
        if isinstance(error, TooLarge):
            return BackendUnavailable(
                f"the answer of the graph server is larger than {self._max_bytes:,} bytes",
                where=str(self.address),
                next_step="Ask for less, for example with --depth, --max-nodes or --limit.",
            )
        return denied(str(self.address), "asks for credentials")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
