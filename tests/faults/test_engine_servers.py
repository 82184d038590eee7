"""Graph servers that are killed, and connections that are cut, half open or late, in the middle of a projection.

Afterwards the graph is what the ledger says, nothing is in it twice, and every acknowledged record is there. The faults
come at places that are spread over the projection, counted in bytes that go to the server.

`make test` tries a few faults twice, `make test-faults` all of them ten times, and kills Neo4j and Cassandra, too. Time
is scaled down: leases last 1 s instead of 20 s (Neo4j: 10 s), requests may take 1 s instead of 120 s (JanusGraph, which
is slower: 10 s), what is half open is noticed by the server's end after 2 s instead of hours. What is late arrives
after another writer took over and went on; on Neo4j, whose lock makes that one wait, after 2 s.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from provstore.errors import BackendUnavailable
from provstore.graph import gremlin_lease, gremlin_writing, neo4j_writing
from provstore.graph.checking import check
from provstore.graph.contract import Limits
from provstore.graph.gremlin import GremlinEngine
from provstore.graph.neo4j import Neo4jEngine
from provstore.graph.projector import catch_up
from provstore.ledger.contract import Retraction
from provstore.ledger.sqlite import SqliteLedger
from tests.support.engines import alone
from tests.support.ledgers import activity, associated, document, entity, generated, used
from tests.support.proxy import Fault, Lost, Proxy, cut, half_open, late
from tests.support.servers import KINDS, Running, own_server, server

pytestmark = pytest.mark.servers
# How many of each; where it is not set, a few of what is quick.
MANY = os.environ.get("PROVSTORE_TEST_FAULTS")
ROUNDS = int(MANY or 2)
KILLED = ["janusgraph", "neo4j", "cassandra"] if MANY else ["janusgraph"]
SHARED = {
    "neo4j": ("neo4j", ""),
    "tinkergraph": ("gremlin", "g"),
    "tinkertransactiongraph": ("gremlin", "gtx"),
    "janusgraph": ("janusgraph", "g"),
}
SPOILT = SHARED if MANY else ("neo4j", "tinkergraph", "janusgraph")
DOCUMENTS, RUNS = 6, 12
LATE_S, NOTICED_S, ARRIVES_S, TIMEOUT_S, LEASE_S = 2.0, 2.0, 0.5, 1.0, 1.0
AGAIN_S = 120
COUNTS = {
    "neo4j": ("MATCH (n:Element) RETURN count(n) AS n", "MATCH (:Element)-[e]->() RETURN count(e) AS n"),
    "gremlin": (
        "g.V().hasLabel('node').count().project('n').by(identity())",
        "g.E().count().project('n').by(identity())",
    ),
}


class Place(NamedTuple):
    """Where a graph is: its server's port, and what opens an engine there through any port."""

    port: int
    engine: Callable[..., AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def small_and_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small requests and transactions, so that faults come between them, and short leases."""
    for module, name, value in (
        (neo4j_writing, "CHUNK", 50), (neo4j_writing, "ROWS_PER_TRANSACTION", 100),
        (neo4j_writing, "LEASE_MS", int(LEASE_S * 1000)), (gremlin_writing, "CHUNK", 50),
        (gremlin_lease, "LEASE_S", LEASE_S),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    with SqliteLedger(tmp_path / "ledger.db") as made:
        yield made


def tell(ledger: SqliteLedger, part: str) -> set[str]:
    """Acknowledged documents: runs of their own over data that all of them share."""
    documents = []
    for number in range(DOCUMENTS):
        said = [entity(f"data{n}", label=f"version {part}", digest=f"sha256:{n:064x}") for n in range(4)]
        for n in range(RUNS):
            run, model = f"run/{part}/{number}/{n}", f"model/{part}/{number}/{n}"
            said += [activity(run), entity(model, label=model), used(run, f"data{n % 4}"), generated(model, run)]
            said.append(associated(run, "ann"))
        documents.append(document(f"unit/{part}/{number}", *said))
    return {receipt.document for receipt in ledger.append(documents)}


def projected(ledger: SqliteLedger, engine: Any) -> None:
    """Catches up, again when the server is not back yet."""
    deadline = time.monotonic() + AGAIN_S
    while True:
        try:
            catch_up(ledger, engine)
            return
        except BackendUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def assert_is_the_replay(ledger: SqliteLedger, engine: Any, acknowledged: set[str]) -> None:
    """Nodes and edges are counted by reading all of them: an index would hide what is there twice."""
    findings, compared = check(ledger, engine)
    assert findings == []
    language = "neo4j" if isinstance(engine, Neo4jEngine) else "gremlin"
    counted = [engine.query(text, Limits()).rows[0][0] for text in COUNTS[language]]
    assert counted == [compared["graph_nodes"], compared["graph_edges"]]
    assert acknowledged == {entry.document for entry in ledger.entries()}
    assert len(ledger.live()) * RUNS * 2 <= compared["graph_nodes"]


def neo4j_place(found: Any) -> Place:
    def opened(port: int) -> Neo4jEngine:
        return Neo4jEngine(f"bolt://127.0.0.1:{port}", user="neo4j", password=found.password)

    return Place(int(found.settings["port"]), opened)


def gremlin_place(found: Any, source: str) -> Place:
    scheme = found.url.partition(":")[0]

    def opened(port: int, timeout_s: float = 120.0) -> GremlinEngine:
        return GremlinEngine(f"{scheme}://127.0.0.1:{port}/{source}", timeout_s=timeout_s)

    return Place(int(found.settings["port"]), opened)


@contextmanager
def shared(name: str) -> Iterator[Place]:
    kind, source = SHARED[name]
    with alone(kind):
        found = server(kind)
        place = neo4j_place(found) if kind == "neo4j" else gremlin_place(found, source)
        yield place


def measured(ledger: SqliteLedger, place: Place, proxy: Proxy) -> tuple[int, set[str]]:
    """How many bytes a projection sends: of a part of the ledger that is as long as those that meet a fault."""
    acknowledged = tell(ledger, "first")
    with place.engine(proxy.port) as engine:
        engine.migrate()
        engine.drop()
        catch_up(ledger, engine)
        acknowledged |= tell(ledger, "second")
        before = proxy.sent_bytes
        catch_up(ledger, engine)
        return proxy.sent_bytes - before, acknowledged


def fault_of(fault: str, name: str, released: threading.Event) -> Fault:
    """Neo4j's writers wait for the lock of one whose request is late: that is released by itself."""
    late_s = LATE_S if name == "neo4j" else AGAIN_S
    return {"cut": cut, "half open": half_open(NOTICED_S), "late": late(released, late_s)}[fault]


@pytest.mark.parametrize("fault", ["cut", "half open", "late"])
@pytest.mark.parametrize("name", SPOILT)
def test_a_projection_over_a_bad_connection_ends_up_as_the_replay(name: str, fault: str, ledger: SqliteLedger) -> None:
    with shared(name) as place, Proxy(place.port) as proxy, place.engine(place.port) as direct:
        size, acknowledged = measured(ledger, place, proxy)
        limits = {} if name == "neo4j" else {"timeout_s": 10 * TIMEOUT_S if name == "janusgraph" else TIMEOUT_S}
        with place.engine(proxy.port, **limits) as engine:
            for number in range(ROUNDS):
                met = tell(ledger, str(number))
                acknowledged |= met
                lost: Lost = "reply" if number % 2 else "request"
                released = threading.Event()
                proxy.arm(size * (2 * number + 1) // (2 * ROUNDS), fault_of(fault, name, released), lost)
                disturbed = threading.Thread(target=tries, args=(ledger, engine))
                disturbed.start()
                while proxy.is_armed and disturbed.is_alive():
                    time.sleep(0.02)
                assert not proxy.is_armed
                # Somebody else goes on, and takes it all back, before what is late arrives.
                projected(ledger, direct)
                ledger.append([Retraction(one, "never mind", "ann") for one in met])
                projected(ledger, direct)
                disturbed.join()
                released.set()
                time.sleep(ARRIVES_S)
                assert_is_the_replay(ledger, direct, acknowledged)
                projected(ledger, engine)


def tries(ledger: SqliteLedger, engine: Any) -> None:
    with suppress(BackendUnavailable):
        catch_up(ledger, engine)


@contextmanager
def killable(name: str, folder: Path) -> Iterator[tuple[Place, Running]]:
    """A graph, and the server that is killed: for Cassandra the one below JanusGraph."""
    with ExitStack() as stack:
        killed = stack.enter_context(own_server(name, folder / name))
        if name == "cassandra":
            given = {f"needed_{key}": value for key, value in killed.settings.items()}
            janusgraph = Running(KINDS["janusgraph-cassandra"], folder / "janusgraph", given)
            stack.callback(janusgraph.stop)
            janusgraph.start()
            yield gremlin_place(janusgraph, "g"), killed
        else:
            yield (neo4j_place(killed) if name == "neo4j" else gremlin_place(killed, "g")), killed


def kill(server: Running, dead: threading.Event, *_: object) -> None:
    """A fault: the server is gone, as after kill -9."""
    server.kill()
    dead.set()


@pytest.mark.parametrize("name", KILLED)
def test_a_projection_whose_server_is_killed_ends_up_as_the_replay(
    name: str, ledger: SqliteLedger, tmp_path: Path
) -> None:
    with killable(name, tmp_path / "servers") as (place, killed), Proxy(place.port) as proxy:
        size, acknowledged = measured(ledger, place, proxy)
        for number in range(ROUNDS):
            acknowledged |= tell(ledger, str(number))
            lost: Lost = "reply" if number % 2 else "request"
            dead = threading.Event()
            proxy.arm(size * (2 * number + 1) // (2 * ROUNDS), partial(kill, killed, dead), lost)
            with place.engine(proxy.port, **({} if name == "neo4j" else {"timeout_s": 30.0})) as engine:
                tries(ledger, engine)
            assert dead.wait(30)
            killed.start()
            with place.engine(place.port) as direct:
                projected(ledger, direct)
                assert_is_the_replay(ledger, direct, acknowledged)
