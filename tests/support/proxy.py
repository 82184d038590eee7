"""A TCP proxy on loopback that spoils a connection once so many bytes went through it to the server.

    with Proxy(port_of_the_server) as proxy:
        proxy.arm(50_000, cut)      the request that reaches 50,000 bytes is lost, with its connection
        ... clients connect to proxy.port ...

    Proxy(port_of_the_server, pause_s=0.1)      replies come through 4 KiB at a time, each part after so long

Faults: `cut` closes the connection; `half_open(s)` lets both sides believe in it while nothing comes through, until the
server's end notices after so long; `late(released, s)` holds back what it carries until it is released, at most so
long; any function of a connection.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

_PART = 1 << 16
_SMALL_PART = 1 << 12
Lost = Literal["request", "reply"]


class Connection:
    """One connection through the proxy: the client's socket and the server's."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket):
        self.proxy, self.client, self.server = proxy, client, server
        self.silent = threading.Event()
        self.held: dict[str, tuple[threading.Event, float]] = {}

    def carry(self) -> None:
        """Carries both ways, in threads of their own."""
        for source, sink, what in ((self.client, self.server, "request"), (self.server, self.client, "reply")):
            threading.Thread(target=self._pump, args=(source, sink, what), daemon=True).start()

    def close(self) -> None:
        """Ends it for both sides at once."""
        for one in (self.client, self.server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _pump(self, source: socket.socket, sink: socket.socket, what: Lost) -> None:
        with suppress(OSError):
            while data := source.recv(_SMALL_PART if self.proxy.pause_s and what == "reply" else _PART):
                if what == "request" and (armed := self.proxy.due(len(data))):
                    fault, lost = armed
                    if lost == "reply":
                        sink.sendall(data)
                        data = b""
                    fault(self, lost)
                if held := self.held.pop(what, None):
                    held[0].wait(held[1])
                if what == "reply":
                    time.sleep(self.proxy.pause_s)
                if not self.silent.is_set():
                    sink.sendall(data)
        if not self.silent.is_set():
            with suppress(OSError):
                sink.shutdown(socket.SHUT_WR)


Fault = Callable[[Connection, Lost], None]


def cut(connection: Connection, lost: Lost) -> None:
    """The connection is closed."""
    connection.close()


def half_open(noticed_s: float) -> Fault:
    """Nothing comes through any more, and nobody is told; after `noticed_s` both ends are closed."""

    def fault(connection: Connection, lost: Lost) -> None:
        connection.silent.set()
        threading.Timer(noticed_s, connection.close).start()

    return fault


def late(released: threading.Event, most_s: float) -> Fault:
    """What is on its way, a request or a reply, waits for `released`, and all that follows it."""

    def fault(connection: Connection, lost: Lost) -> None:
        connection.held[lost] = released, most_s

    return fault


class Proxy:
    """Listens on `port` and carries to a port of 127.0.0.1; use it as a context manager."""

    def __init__(self, server_port: int, pause_s: float = 0.0):
        self._server_port = server_port
        self.pause_s = pause_s
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.sent_bytes = 0
        self._armed: tuple[int, Fault, Lost] | None = None
        self._connections: list[Connection] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for one in self._connections:
            one.close()

    def arm(self, after_bytes: int, fault: Fault, lost: Lost = "request") -> None:
        """Counts from zero; what reaches `after_bytes` meets the fault: before it is carried on, or its reply is."""
        with self._lock:
            self.sent_bytes, self._armed = 0, (after_bytes, fault, lost)

    @property
    def is_armed(self) -> bool:
        """The fault has not happened yet."""
        return self._armed is not None

    def due(self, size: int) -> tuple[Fault, Lost] | None:
        """Counts bytes to the server; the fault, when it is time for it, once."""
        with self._lock:
            self.sent_bytes += size
            if self._armed is None or self.sent_bytes < self._armed[0]:
                return None
            (_, fault, lost), self._armed = self._armed, None
            return fault, lost

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._server_port))
                except OSError:
                    client.close()
                    continue
                self._connections.append(Connection(self, client, server))
                self._connections[-1].carry()
