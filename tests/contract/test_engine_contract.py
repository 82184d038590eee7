"""What every graph engine must do (graph/contract.py). A new engine joins with one line in `ENGINES`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provstore.errors import Conflict, ProvstoreError
from provstore.graph.checking import check
from provstore.graph.closure import closure
from provstore.graph.contract import Applied, Edge, Engine, Filter, Node, Page, States, Walk
from provstore.graph.projector import catch_up, rebuild, repair
from provstore.graph.sqlite import SqliteEngine
from provstore.model.statement import Value
from provstore.model.terms import LABEL, STRING
from tests.oracle import lineage
from tests.oracle.ledger import OracleLedger
from tests.oracle.strategies import histories, play
from tests.oracle.view import view_of
from tests.support.engines import gremlin_engine, neo4j_engine
from tests.support.histories import OracleHistory, graph_of, oracle_graph, oracle_key, plain_key, walks

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A server takes a second for a history.
FEWER = settings(FEW, max_examples=4)
ENGINES: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "embedded": lambda: SqliteEngine(":memory:"),
    "neo4j": neo4j_engine,
    "tinkergraph": lambda: gremlin_engine("gremlin"),
    "tinkertransactiongraph": lambda: gremlin_engine("gremlin", "gtx"),
    "janusgraph": lambda: gremlin_engine("janusgraph"),
}
# The slowest of all runs by itself: `make test-cassandra`.
if os.environ.get("PROVSTORE_TEST_CASSANDRA"):
    ENGINES = {"janusgraph-cassandra": lambda: gremlin_engine("janusgraph-cassandra")}
HELD = Applied("the-ledger", 5, "ab" * 32)
DIGEST = "sha256:" + "ab" * 32


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty engine of each kind."""
    with ENGINES[request.param]() as made:
        made.migrate()
        made.drop()
        yield made


def few(name: str) -> settings:
    """How many examples an engine is tried with."""
    return FEW if name == "embedded" else FEWER


def node(iri: str, *kinds: str, **given: Any) -> Node:
    return Node(iri, kinds, True, spaces=("default",), **given)  # type: ignore[arg-type]


def edge(relation: str, source: str, target: str, number: int = 1, **given: Any) -> Edge:
    return Edge(relation, source, target, f"{number:064x}", spaces=("default",), **given)


def held(engine: Engine, *, nodes: list[Node] | None = None, edges: list[Edge] | None = None) -> None:
    engine.apply([States(5, nodes or [], edges or [], applied=HELD)])


def test_an_empty_graph_is_current_to_nothing_and_migrating_again_changes_nothing(engine: Engine) -> None:
    assert engine.applied() is None
    engine.migrate()
    assert engine.applied() is None
    assert list(engine.nodes(Filter()).nodes) == []


def test_nodes_and_edges_come_back_as_they_were_sent(engine: Engine) -> None:
    values = {LABEL: (Value(STRING, "é\u2028"),), "urn:x#y": (Value(STRING, "1"), Value(STRING, "2", "en"))}
    whole = Node(
        "urn:e", ("entity", "agent"), True, ("urn:t1", "urn:t2"), "é\u2028", "2026-01-01T00:00:00.000000Z", None,
        (DIGEST,), values, ("urn:x#y",), ("a", "b"),
    )  # fmt: skip
    full = Edge(
        "wasAssociatedWith", "urn:a", "urn:e", "cd" * 32, "urn:id", ("r1", "r2"), "2026-01-01T00:00:00.000000Z",
        ("urn:t",), values, {"plan": "urn:p"}, ("urn:b1",), ("a", "b"), False,
    )  # fmt: skip
    bare = edge("used", "urn:a", "urn:e")
    held(engine, nodes=[whole, node("urn:a", "activity")], edges=[full, bare])
    assert list(engine.nodes(Filter(iris=["urn:e"])).nodes) == [whole]
    assert sorted(engine.expand(["urn:a"], None, "out")) == sorted([full, bare])
    assert list(engine.expand(["urn:e"], ["used"], "in")) == [bare]
    assert list(engine.expand(["urn:e"], None, "out")) == []
    assert engine.applied() == HELD


def test_states_are_absolute(engine: Engine) -> None:
    held(engine, nodes=[node("urn:a", digests=(DIGEST,)), node("urn:b")], edges=[edge("used", "urn:a", "urn:b")])
    after = edge("used", "urn:a", "urn:b", roles=("r",))
    states = States(6, [node("urn:a", "activity", label="x")], [after], applied=HELD._replace(sequence=6))
    engine.apply([states])
    assert list(engine.expand(["urn:a"], None, "out")) == [after]
    assert list(engine.nodes(Filter(iris=["urn:a"])).nodes) == [node("urn:a", "activity", label="x")]
    assert list(engine.nodes(Filter(digest_prefix=DIGEST)).nodes) == []


def test_what_is_gone_is_gone(engine: Engine) -> None:
    held(engine, nodes=[node("urn:a"), node("urn:b")], edges=[edge("used", "urn:a", "urn:b", n) for n in (1, 2)])
    gone = [("urn:a", "used", "urn:b", f"{1:064x}"), ("urn:nobody", "used", "urn:b", f"{1:064x}")]
    engine.apply([States(6, gone_edges=gone)])
    assert [one.sid for one in engine.expand(["urn:a"], None, "out")] == [f"{2:064x}"]
    engine.apply([States(6, gone_edges=[("urn:a", "used", "urn:b", f"{2:064x}")]), States(6, gone_nodes=["urn:a"])])
    assert [one.iri for one in engine.nodes(Filter()).nodes] == ["urn:b"]


def test_late_states_are_refused_and_mending_ones_of_now_are_taken(engine: Engine) -> None:
    held(engine, nodes=[node("urn:a")])
    engine.apply([States(5, [node("urn:late")], applied=HELD._replace(root="00"))])
    engine.apply([States(4, [node("urn:later")], mend=True)])
    assert [one.iri for one in engine.nodes(Filter()).nodes] == ["urn:a"]
    assert engine.applied() == HELD
    engine.apply([States(5, [node("urn:mended")], mend=True)])
    assert [one.iri for one in engine.nodes(Filter()).nodes] == ["urn:a", "urn:mended"]


def test_states_of_another_ledger_are_a_conflict(engine: Engine) -> None:
    held(engine)
    with pytest.raises(Conflict):
        engine.apply([States(9, [node("urn:a")], applied=Applied("another", 9, "00"))])
    assert engine.applied() == HELD


def test_what_fails_in_the_middle_leaves_nothing_behind(engine: Engine) -> None:
    def batches() -> Iterator[States]:
        yield States(6, [node("urn:a")])
        raise RuntimeError("the reading failed")

    held(engine)
    with pytest.raises(RuntimeError):
        engine.apply(batches())
    if engine.capabilities.transactions:
        assert list(engine.nodes(Filter()).nodes) == []


def test_an_edge_without_its_nodes_is_refused(engine: Engine) -> None:
    with pytest.raises(ProvstoreError):
        engine.apply([States(1, [node("urn:a")], [edge("used", "urn:a", "urn:missing")])])


def test_batches_may_read_the_engine_while_they_are_made(engine: Engine) -> None:
    seen = []

    def batches() -> Iterator[States]:
        yield States(1, [node("urn:a")])
        seen.extend(one.iri for one in engine.nodes(Filter(iris=["urn:a"])).nodes)
        yield States(1, applied=Applied("the-ledger", 1, "00"))

    engine.apply(batches())
    assert seen == ["urn:a"]


def test_pages_are_ordered_and_go_on_where_they_ended(engine: Engine) -> None:
    held(engine, nodes=[node(f"urn:{n}", label=label) for n, label in enumerate(["b", "a", None, "a"])])  # type: ignore[arg-type]
    first = engine.nodes(Filter(), Page("label", limit=2))
    assert ([one.iri for one in first.nodes], first.total) == (["urn:1", "urn:3"], 4)
    rest = engine.nodes(Filter(), Page("label", limit=9, after=("a", "urn:3")))
    assert [one.iri for one in rest.nodes] == ["urn:0", "urn:2"]


def test_dropping_leaves_an_empty_graph(engine: Engine) -> None:
    held(engine, nodes=[node("urn:a", digests=(DIGEST,)), node("urn:b")], edges=[edge("used", "urn:a", "urn:b")])
    engine.drop()
    assert engine.applied() is None
    assert list(engine.nodes(Filter()).nodes) == []


def test_unlimited_closures_of_long_chains_and_wide_hubs_are_whole(engine: Engine) -> None:
    chain = [edge("wasDerivedFrom", f"urn:{n}", f"urn:{n + 1}", n) for n in range(3_000)]
    wide = [edge("used", f"urn:run/{n}", "urn:3000", n) for n in range(3_000)]
    iris = {end for one in chain + wide for end in (one.source, one.target)}
    held(engine, nodes=[node(iri) for iri in sorted(iris)], edges=chain + wide)
    up = engine.closure(Walk(("urn:0",), "out"))
    assert (len(up.depths), up.depths["urn:3000"], len(up.edges)) == (3_001, 3_000, 3_000)
    assert len(engine.closure(Walk(("urn:3000",), "in")).depths) == 6_001
    cut = engine.closure(Walk(("urn:3000",), "in", 1))
    assert (len(cut.depths), cut.cut, cut.remaining) == (3_002, "depth", 1)


@pytest.mark.parametrize("name", ENGINES)
def test_the_projection_is_the_oracles_view_after_every_entry(name: str) -> None:
    @few(name)
    @given(steps=histories(max_steps=6, erasures=True))
    def holds(steps: list[Any]) -> None:
        projects_as_the_oracle(ENGINES[name], steps)

    holds()


def projects_as_the_oracle(made: Callable[[], AbstractContextManager[Any]], steps: list[Any]) -> None:
    ledger = OracleLedger()
    history = OracleHistory(ledger)
    with made() as engine:
        engine.migrate()
        engine.drop()
        for number, step in enumerate(steps, start=1):
            play(ledger, step, number)
            catch_up(history, engine)
            assert graph_of(engine) == oracle_graph(view_of(ledger))
        assert check(history, engine)[0] == []
        grown = graph_of(engine)
        assert repair(history, engine) == 0
        rebuild(history, engine)
        assert graph_of(engine) == grown


@pytest.mark.parametrize("name", ENGINES)
def test_closures_are_the_oracles_and_obey_the_inverse_law(name: str) -> None:
    @few(name)
    @given(steps=histories(max_steps=4), data=st.data())
    def holds(steps: list[Any], data: st.DataObject) -> None:
        walks_as_the_oracle(ENGINES[name], steps, data)

    holds()


def walks_as_the_oracle(made: Callable[[], AbstractContextManager[Any]], steps: list[Any], data: st.DataObject) -> None:
    ledger = OracleLedger()
    for number, step in enumerate(steps, start=1):
        play(ledger, step, number)
    view = view_of(ledger)
    if not view.nodes:
        return
    start = data.draw(st.sampled_from(sorted(view.nodes)))
    depth = data.draw(st.one_of(st.none(), st.integers(0, 4)))
    with made() as engine:
        engine.migrate()
        engine.drop()
        catch_up(OracleHistory(ledger), engine)
        for direction, ask in (("out", lineage.upstream), ("in", lineage.downstream)):
            walk = replace(walks(direction, [start], depth=depth, agents=True), whole=True)  # type: ignore[arg-type]
            expected, reached = ask(view, start, depth=depth, agents=True), engine.closure(walk)
            assert (dict(reached.depths), dict(reached.via)) == (expected.nodes, expected.via)
            assert {plain_key(one) for one in reached.edges} == {oracle_key(one) for one in expected.edges}
            kinds = {iri: view.nodes[iri].kinds for iri in expected.nodes}
            assert {iri: node.kinds for iri, node in reached.nodes.items()} == kinds
            assert closure(engine, walk) == reached
        for far in engine.closure(walks("out", [start], agents=True)).depths:
            assert start in engine.closure(walks("in", [far], agents=True)).depths
