"""The projection, the engine and the closures agree with the oracle on random histories."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provstore.graph.checking import check
from provstore.graph.closure import closure
from provstore.graph.contract import Reader
from provstore.graph.projector import catch_up, rebuild
from provstore.graph.replay import Replay
from provstore.graph.sqlite import SqliteEngine
from tests.oracle import lineage
from tests.oracle.ledger import OracleLedger
from tests.oracle.strategies import SPACES, deliveries, histories, play
from tests.oracle.terms import day
from tests.oracle.view import view_of
from tests.support.histories import OracleHistory, engine_graph, graph_of, oracle_graph, oracle_key, plain_key, walks

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def empty_engine() -> SqliteEngine:
    engine = SqliteEngine(":memory:")
    engine.migrate()
    return engine


def replay_graph(replay: Replay) -> Any:
    return engine_graph(replay, replay.all_nodes())


@FEW
@given(histories(max_steps=7, erasures=True))
def test_the_engine_holds_the_oracles_view_after_every_entry(steps: list[Any]) -> None:
    ledger = OracleLedger()
    history = OracleHistory(ledger)
    with empty_engine() as engine:
        for number, step in enumerate(steps, start=1):
            play(ledger, step, number)
            catch_up(history, engine)
            assert graph_of(engine) == oracle_graph(view_of(ledger))
            assert check(history, engine)[0] == []


@FEW
@given(histories(max_steps=6), st.integers(0, 8), st.sets(st.sampled_from(SPACES)))
def test_replay_is_the_oracles_view_as_of_any_entry_and_for_any_spaces(
    steps: list[Any], as_of: int, spaces: set[str]
) -> None:
    ledger = OracleLedger()
    for number, step in enumerate(steps, start=1):
        play(ledger, step, number)
    assert replay_graph(Replay(OracleHistory(ledger), as_of, spaces)) == oracle_graph(view_of(ledger, spaces, as_of))


@FEW
@given(histories(max_steps=6))
def test_a_rebuilt_graph_is_the_graph_that_grew(steps: list[Any]) -> None:
    ledger = OracleLedger()
    history = OracleHistory(ledger)
    with empty_engine() as engine:
        for number, step in enumerate(steps, start=1):
            play(ledger, step, number)
            catch_up(history, engine)
        grown = graph_of(engine)
        rebuild(history, engine)
        assert graph_of(engine) == grown


@FEW
@given(histories(max_steps=6))
def test_streaming_gives_the_same_graph(steps: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("provstore.graph.projector.LARGE_STATEMENTS", 1)
        patch.setattr("provstore.graph.large._CHUNK", 2)
        ledger = OracleLedger()
        history = OracleHistory(ledger)
        with empty_engine() as engine:
            for number, step in enumerate(steps, start=1):
                play(ledger, step, number)
                catch_up(history, engine)
                assert graph_of(engine) == oracle_graph(view_of(ledger))


@FEW
@given(deliveries())
def test_the_order_and_the_number_of_deliveries_do_not_matter(delivered: Any) -> None:
    graphs = []
    for documents in delivered:
        ledger = OracleLedger()
        with empty_engine() as engine:
            for document in documents:
                ledger.append([document], clock=day(1))
                catch_up(OracleHistory(ledger), engine)
            graphs.append(graph_of(engine))
    assert graphs[0] == graphs[1]


@FEW
@given(histories(max_steps=5), st.data())
def test_lineage_is_the_oracles_at_every_depth(steps: list[Any], data: st.DataObject) -> None:
    ledger = OracleLedger()
    for number, step in enumerate(steps, start=1):
        play(ledger, step, number)
    history, view = OracleHistory(ledger), view_of(ledger)
    if not view.nodes:
        return
    start = data.draw(st.sampled_from(sorted(view.nodes)))
    given = {name: data.draw(st.booleans(), label=name) for name in ("agents", "parents")}
    given["depth"] = data.draw(st.one_of(st.none(), st.integers(0, 4)))
    with empty_engine() as engine:
        catch_up(history, engine)
        for direction, ask in (("out", lineage.upstream), ("in", lineage.downstream)):
            expected = ask(view, start, **given)
            walk = walks(direction, [start], **given)  # type: ignore[arg-type]
            for reached in (engine.closure(walk), Replay(history).closure(walk), closure(engine, walk)):
                assert dict(reached.depths) == expected.nodes
                assert dict(reached.via) == expected.via
                assert {plain_key(edge) for edge in reached.edges} == {oracle_key(edge) for edge in expected.edges}
                assert (reached.cut is not None) == expected.cut


@FEW
@given(histories(max_steps=5), st.sampled_from(SPACES), st.data())
def test_hidden_marks_are_the_oracles(steps: list[Any], space: str, data: st.DataObject) -> None:
    ledger = OracleLedger()
    for number, step in enumerate(steps, start=1):
        play(ledger, step, number)
    view, everything = view_of(ledger, {space}), view_of(ledger)
    if not view.nodes:
        return
    start = data.draw(st.sampled_from(sorted(view.nodes)))
    depth = data.draw(st.one_of(st.none(), st.integers(0, 3)))
    replay: Reader = Replay(OracleHistory(ledger), None, {space})
    for direction, ask in (("out", lineage.upstream), ("in", lineage.downstream)):
        expected = ask(view, start, depth=depth, everything=everything)
        reached = replay.closure(walks(direction, [start], depth=depth))  # type: ignore[arg-type]
        assert dict(reached.depths) == expected.nodes
        assert reached.hidden == expected.hidden
