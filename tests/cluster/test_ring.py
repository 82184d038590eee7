"""JanusGraph on three nodes of Cassandra (three replicas, QUORUM), which are killed while clients write and ask."""

from __future__ import annotations

import time

import pytest

from provstore.errors import BackendUnavailable
from provstore.store import Store
from tests.cluster.conftest import Note
from tests.cluster.load import RUNS, Load, Span, made_from, told
from tests.support.ledgers import iri
from tests.support.servers import Running

pytestmark = [pytest.mark.servers, pytest.mark.cluster]
BEFORE_S, DURING_S, AFTER_S = 20, 40, 20
# However slow the machine is, a part of the time lasts until something was projected and answered in it.
RETURNED_S = PATIENCE_S = 180


def noted(note: Note, what: str, span: Span) -> None:
    note(f"{what}: documents acknowledged", span.acknowledged)
    note(f"{what}: of them projected at once", span.projected)
    note(f"{what}: statements projected a second", span.projected * (2 + 5 * RUNS) / span.seconds)
    note(f"{what}: longest wait for a projection, s", span.longest_gap_s)
    note(f"{what}: questions answered, by the graph", f"{span.answers}, {span.answered_by_graph}")


def went_on(load: Load, least_s: float) -> None:
    """Waits so long, and until a document was projected and a question answered by the graph that began meanwhile."""
    began = time.monotonic()
    time.sleep(least_s)
    while time.monotonic() - began < PATIENCE_S:
        span = load.span(began, time.monotonic())
        if span.projected and span.answered_by_graph:
            return
        time.sleep(1)
    raise AssertionError(f"nothing was projected, or nothing answered by the graph, in {PATIENCE_S} s: {load.errors}")


def assert_whole(store: Store, acknowledged: set[str], note: Note, what: str) -> None:
    """The ledger has all that was acknowledged, and the graph is the replay of the ledger, wherever one looks."""
    assert acknowledged <= {entry.document for entry in store.ledger.entries()}
    report = store.check()
    note(f"{what}: documents acknowledged in all, findings of check", f"{len(acknowledged)}, {len(report['findings'])}")
    assert report["findings"] == []
    scanned = store.ask_text("gremlin", "g.V().hasLabel('node').count().project('n').by(identity())").rows
    assert scanned[0][0] == report["checked"]["graph_nodes"]


@pytest.mark.parametrize("place", [0, 2], ids=["the-first", "the-last"])
def test_writing_and_asking_go_on_while_a_node_is_killed_and_comes_back(
    place: int, janusgraph: Running, store: Store, note: Note
) -> None:
    node, what = janusgraph.below[place], f"node {place + 1} of 3 killed"
    load = Load(store.ledger.path, janusgraph.url, f"one{place}")
    with load.running():
        began = time.monotonic()
        went_on(load, BEFORE_S)
        killed = time.monotonic()
        node.kill()
        went_on(load, DURING_S)
        returning = time.monotonic()
        node.start()
        returned = time.monotonic()
        went_on(load, AFTER_S)
        ended = time.monotonic()
    spans = {
        "before": load.span(began, killed), "while it is away": load.span(killed, returning),
        "while it starts": load.span(returning, returned), "afterwards": load.span(returned, ended),
    }  # fmt: skip
    note(f"{what}: s until it is back", returned - returning)
    for when, span in spans.items():
        noted(note, f"{what}, {when}", span)
    assert load.errors == []
    assert load.wrong == []
    assert_whole(store, load.documents, note, what)


def test_without_two_nodes_the_ledger_goes_on_and_the_graph_follows_when_they_are_back(
    janusgraph: Running, store: Store, note: Note
) -> None:
    acknowledged = {one.document for one in store.append([told("two", number) for number in range(3)])}
    applied = store.engine.applied()
    for node in janusgraph.below[1:]:
        node.kill()
    for number in range(3, 6):
        began = time.monotonic()
        receipts, projected = store.deliver([told("two", number)])
        note("two nodes killed: s until an append is acknowledged", time.monotonic() - began)
        assert not projected
        acknowledged |= {one.document for one in receipts}
        # What the graph cannot answer now the ledger answers.
        found = store.upstream(iri(f"model/two/{number}/0"))
        assert {one.node.iri for one in found.nodes} == made_from("two", number, 0)
    with pytest.raises(BackendUnavailable):
        store.engine.applied()
    began = time.monotonic()
    for node in janusgraph.below[1:]:
        node.start()
    note("two nodes killed: s until both are back", time.monotonic() - began)
    assert projected_in_time(store, acknowledged)
    note("two nodes killed: s from their start to a projection", time.monotonic() - began)
    assert store.engine.applied() != applied
    assert store.graph("status")["lag"] == 0
    assert_whole(store, acknowledged, note, "two nodes killed")


def projected_in_time(store: Store, acknowledged: set[str]) -> bool:
    """Appends until a receipt says that the graph has it; nobody calls catch-up."""
    deadline, number = time.monotonic() + RETURNED_S, 6
    while time.monotonic() < deadline:
        receipts, projected = store.deliver([told("two", number)])
        acknowledged |= {one.document for one in receipts}
        if projected:
            return True
        number += 1
        time.sleep(1)
    return False
