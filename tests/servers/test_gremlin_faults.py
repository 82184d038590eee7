"""The engine for TinkerPop graphs on real servers: other writers, what was cut short, servers that are away."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from gremlin_python.driver.client import Client

import provstore
from provstore.errors import BackendUnavailable, Conflict, Denied, UsageError
from provstore.graph.checking import check
from provstore.graph.contract import Applied, Filter, Limits, Node, States
from provstore.graph.gremlin import GremlinEngine
from provstore.graph.gremlin_keys import NODE, source
from provstore.graph.projector import catch_up
from tests.support.engines import gremlin_engine
from tests.support.histories import graph_of
from tests.support.ledgers import (
    document,
    entity,
)
from tests.support.proxy import Proxy
from tests.support.servers import KINDS, Running, Server, own_server, require, server

pytestmark = pytest.mark.servers


HELD = Applied("the-ledger", 5, "ab" * 32)


def test_a_graph_server_that_was_away_is_told_and_found_again(tmp_path: Path) -> None:
    with own_server("gremlin", tmp_path) as running, GremlinEngine(running.url) as engine:
        engine.apply([States(5, [Node("urn:a", (), True)], applied=HELD)])
        running.kill()
        with pytest.raises(BackendUnavailable):
            engine.applied()
        running.start()
        # A TinkerGraph keeps nothing.
        assert engine.applied() is None
        engine.apply([States(5, [Node("urn:a", (), True)], applied=HELD)])
        assert engine.applied() == HELD


def test_a_projection_that_was_killed_with_its_server_is_mended_by_the_next(
    tmp_path: Path, store: provstore.Store
) -> None:
    expected = graph_of(store.engine)
    with own_server("janusgraph", tmp_path / "server") as running, GremlinEngine(running.url) as engine:
        for delay_s in (0.4, 1.5):
            engine.drop()
            timer = threading.Timer(delay_s, running.kill)
            timer.start()
            with suppress(BackendUnavailable):
                catch_up(store.ledger, engine)
            timer.join()
            running.start()
            with GremlinEngine(running.url) as other:
                catch_up(store.ledger, other)
                assert graph_of(other) == expected
                assert check(store.ledger, other)[0] == []


def test_what_was_cut_short_is_compared_with_the_history_before_it_goes_on(
    location: str, store: provstore.Store
) -> None:
    def cut() -> Iterator[States]:
        yield States(99, [Node("http://example.org/data1", ("agent",), True), Node("urn:wrong", (), True)])
        raise RuntimeError("the reading failed")

    with GremlinEngine(location) as engine:
        catch_up(store.ledger, engine)
        with pytest.raises(RuntimeError):
            engine.apply(cut())
        assert next(one.what for one in check(store.ledger, engine)[0]) == "a write was cut short"
        store.append([document("unit/more", entity("late"))])
        catch_up(store.ledger, engine)
        assert graph_of(engine) == graph_of(store.engine)
        assert check(store.ledger, engine)[0] == []


def test_what_was_cut_short_in_an_empty_graph_leaves_nothing(location: str, store: provstore.Store) -> None:
    def cut() -> Iterator[States]:
        yield States(1, [Node("urn:wrong", (), True)])
        raise RuntimeError("the reading failed")

    with GremlinEngine(location) as engine:
        with pytest.raises(RuntimeError):
            engine.apply(cut())
        assert engine.applied() is None
        catch_up(store.ledger, engine)
        assert graph_of(engine) == graph_of(store.engine)


def test_two_projectors_at_once_do_no_harm(location: str, store: provstore.Store) -> None:
    failed: list[Exception] = []

    def project() -> None:
        try:
            with GremlinEngine(location) as engine:
                catch_up(store.ledger, engine)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=project) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []
    with GremlinEngine(location) as engine:
        assert graph_of(engine) == graph_of(store.engine)
        assert check(store.ledger, engine)[0] == []


def test_whoever_lost_the_lease_writes_nothing_any_more(location: str) -> None:
    def slow() -> Iterator[States]:
        yield States(6, [Node("urn:a", ("entity",), True)])
        engine._link.ask(engine._keys.meta().property("until", 0).count())
        other.apply([States(7, [Node("urn:a", ("agent",), True)], applied=HELD._replace(sequence=7))])
        yield States(6, [Node("urn:a", ("activity",), True), Node("urn:b", (), True)])

    with GremlinEngine(location) as engine, GremlinEngine(location) as other:
        engine.apply([States(5, applied=HELD)])
        with pytest.raises(BackendUnavailable, match="took over"):
            engine.apply(slow())
        assert [(one.iri, one.kinds) for one in other.nodes(Filter()).nodes] == [("urn:a", ("agent",))]
        assert other.applied() == HELD._replace(sequence=7)


def test_a_writer_waits_for_another_and_says_so_when_that_does_not_end(location: str) -> None:
    def waiting() -> Iterator[States]:
        with GremlinEngine(location, wait_s=0.5) as other, pytest.raises(BackendUnavailable, match="another process"):
            other.apply([States(9, applied=HELD)])
        yield States(6, applied=HELD._replace(sequence=6))

    with GremlinEngine(location) as engine:
        engine.apply(waiting())
        assert engine.applied() == HELD._replace(sequence=6)


def test_whoever_waits_in_vain_for_an_open_transaction_is_told_to_end_it() -> None:
    changed = States(6, [Node("urn:a", ("agent",), True)], applied=HELD._replace(sequence=6))
    with gremlin_engine("janusgraph") as engine:
        engine.apply([States(5, [Node("urn:a", (), True)], applied=HELD)])
        with session(server("janusgraph")) as console:
            # What a serializable transaction has read nobody else may change.
            console.submit("g.V().has('meta', 'provstore').valueMap().toList().size()").all().result()
            with pytest.raises(BackendUnavailable, match="waited in vain for somebody's open transaction") as told:
                engine.apply([changed])
            assert "commits or rolls back, then: provstore graph catch-up" in str(told.value.next_step)
        engine.apply([changed])
        assert engine.applied() == changed.applied


@contextmanager
def session(running: Server) -> Iterator[Client]:
    """A console on JanusGraph whose transaction stays open from one line to the next, until the end."""
    console = Client(f"ws://127.0.0.1:{running.settings['port']}/gremlin", "g", session="a-console")
    try:
        yield console
    finally:
        console.submit("g.tx().rollback()").all().result()
        console.close()


def test_the_graph_of_another_ledger_is_refused(location: str, store: provstore.Store) -> None:
    with GremlinEngine(location) as engine:
        engine.apply([States(5, [Node("urn:a", (), True)], applied=HELD)])
        with pytest.raises(Conflict, match="the-ledger"):
            catch_up(store.ledger, engine)
        assert [one.iri for one in engine.nodes(Filter()).nodes] == ["urn:a"]


def test_a_graph_of_a_newer_schema_is_refused(location: str) -> None:
    with GremlinEngine(location) as engine:
        engine._link.ask(engine._keys.meta().property("schema", 99).count())
        try:
            with pytest.raises(Conflict, match="99"):
                engine.migrate()
        finally:
            engine._lease.mark(1)


def test_a_scheme_of_another_kind_of_graph_is_refused_and_changes_nothing(
    location: str, store: provstore.Store, tmp_path: Path
) -> None:
    own, rest = location.split("://")
    other = {"gremlin": "janusgraph", "janusgraph": "gremlin"}[own]
    with GremlinEngine(location) as engine:
        catch_up(store.ledger, engine)
        with pytest.raises(UsageError, match=f"{other}://") as told:
            provstore.open(tmp_path / "other.db", graph=f"{other}://{rest}")
        assert location in str(told.value.next_step)
        with GremlinEngine(f"{other}://{rest}") as wrong:
            for act in (wrong.drop, lambda: wrong.apply([States(5, applied=HELD)])):
                with pytest.raises(UsageError):
                    act()
        assert graph_of(engine) == graph_of(store.engine)
        assert check(store.ledger, engine)[0] == []


def test_a_silent_server_is_left_when_the_time_is_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        location = f"gremlin://127.0.0.1:{silent.getsockname()[1]}"
        with GremlinEngine(location, timeout_s=1) as engine, pytest.raises(BackendUnavailable):
            engine.applied()


def test_what_a_whole_graph_answers_may_take_longer_than_one_request(location: str) -> None:
    iris = sorted(f"urn:{number:04}{'x' * 60}" for number in range(1_500))
    with GremlinEngine(location) as engine:
        engine.apply([States(5, [Node(iri, (), True) for iri in iris], applied=HELD)])
        assert engine.applied() == HELD
    with through_a_slow_line(location) as engine:  # 1,500 IRIs take two seconds and a half at the least
        assert engine._reading.iris() == iris
    with through_a_slow_line(location) as engine, pytest.raises(BackendUnavailable, match="within 2 s"):
        engine._link.ask(source().V().has_label(NODE).values("iri"))
    with through_a_slow_line(location) as engine:
        engine.stop_reading_at(time.monotonic() + 1)
        with pytest.raises(BackendUnavailable):
            engine._reading.iris()


@contextmanager
def through_a_slow_line(location: str) -> Iterator[GremlinEngine]:
    port = urlsplit(location).port
    assert port
    with (
        Proxy(port, pause_s=0.1) as proxy,
        GremlinEngine(location.replace(f":{port}/", f":{proxy.port}/"), timeout_s=2) as engine,
    ):
        yield engine


def test_a_query_that_took_too_long_leaves_berkeleydb_usable(tmp_path: Path, store: provstore.Store) -> None:
    # It reads the storage again and again for hours, were it let.
    endless = ".".join(["g", *["V().hasLabel('node').as('a')"] * 12, "count().project('n').by(identity())"])
    with own_server("janusgraph", tmp_path / "server") as running, GremlinEngine(running.url) as engine:
        catch_up(store.ledger, engine)
        for _ in range(2):
            with pytest.raises(UsageError, match="took longer than 1 s"):
                engine.query(endless, Limits(timeout_s=1))
        assert check(store.ledger, engine)[0] == []


def test_a_server_that_asks_for_credentials_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    require("gremlin")
    running = Running(replace(KINDS["gremlin"], probe=_listens), tmp_path, {})
    conf = tmp_path / "conf" / "server.yaml"
    authenticator = "org.apache.tinkerpop.gremlin.server.auth.SimpleAuthenticator"
    users = "conf/tinkergraph.properties"
    conf.write_text(
        conf.read_text().replace("WsAndHttpChannelizer", "WebSocketChannelizer")
        + f"authentication: {{ authenticator: {authenticator}, config: {{ credentialsDb: {users} }} }}\n"
    )
    running.start()
    try:
        for given in ({}, {"user": "ann", "password": "wrong"}):
            with GremlinEngine(running.url, **given) as engine, pytest.raises(Denied, match="credentials"):
                engine.migrate()
    finally:
        running.stop()


def _listens(settings: Any) -> None:
    with socket.create_connection(("127.0.0.1", int(settings["port"])), timeout=1):
        pass
