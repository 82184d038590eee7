"""Rules 22 and 25: walks small enough to follow with a finger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from provstore.errors import BackendUnavailable
from provstore.graph.checking import check
from provstore.graph.contract import Filter, Walk
from provstore.graph.projector import rebuild
from provstore.graph.replay import Replay
from tests.support.graphs import Store
from tests.support.ledgers import (
    agent,
    associated,
    derived,
    document,
    entity,
    generated,
    iri,
    relation,
    specialized,
    used,
)


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    made = Store(f"{tmp_path}/store.db")
    yield made
    assert check(made.ledger, made.engine)[0] == []
    made.engine.close()
    made.ledger.close()


def test_general_things_are_reached_but_not_walked_from(store: Store) -> None:
    store.add(
        document("u", specialized("v2", "thing"), specialized("thing", "idea"), used("a", "v2"), used("b", "thing"))
    )
    store.add(document("w", generated("thing", "maker")))
    assert store.reached("a") == {"a": 0, "v2": 1, "thing": 2, "idea": 3}
    assert store.reached("idea", "in") == {"idea": 0, "thing": 1, "b": 2, "v2": 2, "a": 3}


def test_downstream_of_an_agent_is_what_it_did_and_others_did_for_it(store: Store) -> None:
    store.add(
        document(
            "u",
            associated("a", "alice"),
            relation("actedOnBehalfOf", "alice", "acme"),
            generated("m", "a"),
            agent("acme"),
        )
    )
    walk = Walk((iri("acme"),), "in")
    reached = store.engine.closure(walk)
    assert {i.removeprefix(iri("")): d for i, d in reached.depths.items()} == {"acme": 0, "a": 2, "m": 3}
    assert dict(reached.via) == {iri("alice"): 1}
    assert store.reached("m") == {"m": 0, "a": 1}
    assert store.reached("m", "out", "agents") == {"m": 0, "a": 1, "alice": 2, "acme": 3}


def test_a_whole_walk_holds_the_nodes_of_its_answer_and_no_others(store: Store) -> None:
    stated = (associated("a", "alice"), relation("actedOnBehalfOf", "alice", "acme"), generated("m", "a"))
    store.add(document("u", *stated, agent("acme", label="Acme"), entity("m", label="model"), entity("other")))
    for reader in (store.engine, Replay(store.ledger)):
        for depth in (None, 3):
            walk = Walk((iri("acme"),), "in", depth)
            found = reader.closure(replace(walk, whole=True)).nodes
            assert {one: (node.kinds, node.label) for one, node in found.items()} == {
                iri("acme"): (("agent",), "Acme"),
                iri("a"): (("activity",), None),
                iri("m"): (("entity",), "model"),
            }
            assert reader.closure(walk).nodes == {}


def test_influence_leads_on_unless_its_source_is_only_an_agent(store: Store) -> None:
    store.add(
        document("u", relation("wasInfluencedBy", "e", "alice"), agent("alice"), relation("wasInfluencedBy", "e", "x"))
    )
    assert store.reached("e") == {"e": 0, "x": 1}
    assert store.reached("e", "out", "agents") == {"e": 0, "alice": 1, "x": 1}
    store.add(document("v", used("a", "alice")))
    assert store.reached("e") == {"e": 0, "alice": 1, "x": 1}


def test_depth_n_means_n_and_a_cut_is_told(store: Store) -> None:
    store.add(document("u", used("a", "d"), generated("m", "a"), used("b", "m")))
    reached = store.engine.closure(Walk((iri("b"),), "out", 2))
    assert list(reached.depths.values()) == [0, 1, 2]
    assert (reached.cut, reached.remaining) == ("depth", 1)
    whole = store.engine.closure(Walk((iri("b"),), "out", 3))
    assert (whole.cut, whole.remaining) == (None, 0)


def test_max_nodes_keeps_the_nearest_nodes_by_iri_and_counts_the_others(store: Store) -> None:
    store.add(document("u", *(used("a", f"d{n}") for n in range(5))))
    for reader in (store.engine, Replay(store.ledger)):
        reached = reader.closure(Walk((iri("a"),), "out", max_nodes=3))
        assert list(reached.depths) == [iri("a"), iri("d0"), iri("d1")]
        assert {edge.target for edge in reached.edges} == {iri("d0"), iri("d1")}
        assert (reached.cut, reached.remaining) == ("nodes", 3)


def test_what_may_not_be_seen_is_marked_on_the_node_that_it_leaves(store: Store) -> None:
    store.add(document("u", used("a", "d"), generated("m", "a")), document("v", used("a", "secret"), space="theirs"))
    reached = Replay(store.ledger, None, ["default"]).closure(Walk((iri("m"),), "out"))
    assert set(reached.depths) == {iri("m"), iri("a"), iri("d")}
    assert reached.hidden == {iri("a")}
    assert Replay(store.ledger, None, ["theirs"]).nodes(Filter(iris=[iri("m")])).nodes == []


def test_cycles_and_diamonds_end(store: Store) -> None:
    said = [derived(f"x{n}", f"{side}{n}") for n in range(40) for side in "lr"]
    said += [derived(f"{side}{n}", f"x{n + 1}") for n in range(40) for side in "lr"]
    store.add(document("u", *said, derived("x40", "x0")))
    for depth in (None, 200):
        reached = store.engine.closure(Walk((iri("x0"),), "out", depth))
        assert len(reached.depths) == 121
        assert reached.depths[iri("x40")] == 80


def test_an_edge_whose_node_is_lost_is_said_to_be_damage_and_the_graph_can_be_made_anew(
    store: Store, tmp_path: object
) -> None:
    store.add(document("u", entity("d"), used("a", "d"), generated("m", "a")))
    with closing(sqlite3.connect(f"{tmp_path}/store.db")) as damaging, damaging:
        damaging.execute("DELETE FROM node WHERE iri = ?", (iri("d"),))
    with pytest.raises(BackendUnavailable, match="damaged"):
        store.engine.closure(Walk((iri("m"),), "out"))
    rebuild(store.ledger, store.engine)
    assert iri("d") in store.engine.closure(Walk((iri("m"),), "out")).depths
