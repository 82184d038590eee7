"""A graph server that takes connections and says nothing is away: told soon, and waited for once."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import provstore
from provstore.errors import BackendUnavailable, UsageError
from provstore.graph import neo4j_server, silence
from provstore.graph.contract import Limits
from provstore.graph.gremlin import GremlinEngine
from provstore.graph.gremlin_errors import TooSlow
from provstore.graph.gremlin_keys import source
from provstore.graph.gremlin_link import Link
from provstore.graph.gremlin_transport import Address
from tests.support.ledgers import derived, document

FIRST_WORD_S = 0.5
# Of WebSocket (RFC 6455, section 1.3).
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "FIRST_WORD_S", FIRST_WORD_S)
    monkeypatch.setattr(neo4j_server, "_CONNECT_S", FIRST_WORD_S / 2)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that is stopped: the system takes connections for it."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        listener.setblocking(False)
        yield listener


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def taken(listener: socket.socket) -> int:
    """How many connections the system took."""
    count = 0
    with suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "gremlin", "janusgraph"])
def test_a_store_waits_once_for_a_silent_server_and_answers_from_the_ledger(
    scheme: str, silent: socket.socket, tmp_path: Path
) -> None:
    with provstore.open(tmp_path / "store.db", graph=f"{scheme}://127.0.0.1:{port_of(silent)}") as store:
        for number in range(3):
            assert store._append([document(f"unit/{number}", derived(f"d{number + 1}", f"d{number}"))])[1] is False
        assert "http://example.org/d0" in store.upstream("http://example.org/d3").iris()
        for action in ("status", "catch-up", "rebuild"):
            with pytest.raises(BackendUnavailable, match="nothing comes back"):
                store.graph(action)
    assert taken(silent) == 1


@pytest.fixture
def polite() -> Iterator[int]:
    """The port of a server that opens WebSockets, and answers no request."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_open_all, args=(listener,), daemon=True).start()
        yield port_of(listener)


def _open_all(listener: socket.socket) -> None:
    opened = []
    with suppress(OSError):
        while True:
            opened.append(listener.accept()[0])
            found = re.search(rb"Sec-WebSocket-Key: (\S+)", opened[-1].recv(65536))
            assert found
            accepted = base64.b64encode(hashlib.sha1(found[1] + _MAGIC, usedforsecurity=False).digest())
            answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            opened[-1].sendall(answer + b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n")


def test_after_a_request_without_an_answer_the_next_one_has_no_such_budget(polite: int) -> None:
    link = Link(Address("127.0.0.1", polite), timeout_s=4 * FIRST_WORD_S, max_bytes=1 << 20)
    took = []
    try:
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises(BackendUnavailable) as told:
                link.ask(source().V().count())
            took.append((time.monotonic() - began) / FIRST_WORD_S)
            assert isinstance(told.value, TooSlow) is (len(took) == 1)
    finally:
        link.close()
    assert took[0] >= 4 > took[1] >= 1 > took[2]


def test_who_had_no_time_to_wait_calls_nobody_silent(silent: socket.socket) -> None:
    link = Link(Address("127.0.0.1", port_of(silent)), timeout_s=FIRST_WORD_S / 10, max_bytes=1 << 20)
    try:
        for _ in range(2):
            with pytest.raises(BackendUnavailable, match=r"did not answer within 0\.05 s"):
                link.ask(source().V().count())
    finally:
        link.close()


def test_a_person_s_own_query_that_is_too_slow_is_no_outage(polite: int) -> None:
    with (
        GremlinEngine(f"gremlin://127.0.0.1:{polite}") as engine,
        pytest.raises(UsageError, match=r"the query took longer than 0\.6 s"),
    ):
        engine.query("g.V().count().project('n').by(identity())", Limits(timeout_s=0.6))
