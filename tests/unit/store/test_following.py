"""A graph in the ledger's file is projected in the ledger's transaction; where it cannot be, it follows afterwards."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import provstore
from provstore.errors import Conflict
from provstore.graph.contract import Applied, Filter
from provstore.ledger.contract import Retraction
from provstore.settings import Settings
from provstore.store.store import Store
from tests.support.ledgers import document, entity, generated, iri, used


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with provstore.open(tmp_path / "store.db") as opened:
        yield opened
        assert opened.check()["findings"] == []


def is_current(store: Store) -> bool:
    """Asked of the engine itself, so that nothing catches up meanwhile."""
    head = store.ledger.head()
    return store.engine.applied() == Applied(head.ledger_id, head.sequence, head.root.hex())


def execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()


def commits_of(store: Store) -> list[str]:
    """The transactions that the store's connections end from now on."""
    ended: list[str] = []
    for connection in (store.ledger._writer, store.engine._connection):
        connection.set_trace_callback(lambda text: ended.append(text) if text == "COMMIT" else None)
    return ended


def test_one_commit_makes_a_document_durable_in_ledger_and_graph(store: Store) -> None:
    ended = commits_of(store)
    store.append([document("u", used("a", "e"), entity("e"))])
    assert ended == ["COMMIT"]
    assert is_current(store)
    assert store.upstream(iri("a")).iris() == {iri("a"), iri("e")}


def test_retractions_and_lists_are_followed_too(store: Store) -> None:
    (one, _) = store.append([document("u", used("a", "e")), document("v", used("a", "f"))])
    ended = commits_of(store)
    store.append([Retraction(one.document, "wrong"), document("w", generated("e", "b"))])
    assert ended == ["COMMIT"]
    assert is_current(store)
    assert store.upstream(iri("a")).iris() == {iri("a"), iri("f")}


def test_a_graph_that_lags_catches_up_with_the_next_append(store: Store) -> None:
    store.ledger.append([document("u", used("a", "e"))])
    assert not is_current(store)
    assert store._append([document("v", used("a", "f"))])[1]
    assert is_current(store)
    assert store.upstream(iri("a")).iris() == {iri("a"), iri("e"), iri("f")}


def test_a_duplicate_leaves_the_graph_where_it_is(store: Store) -> None:
    store.append([document("u", used("a", "e"))])
    assert [one.outcome for one in store.append([document("u", used("a", "e"))])] == ["duplicate"]
    assert is_current(store)


def test_two_open_stores_write_by_turns(store: Store, tmp_path: Path) -> None:
    with provstore.open(tmp_path / "store.db") as other:
        for number in range(6):
            writer = (store, other)[number % 2]
            writer.append([document(f"u{number}", used("a", f"e{number}"), entity("shared", label="x"))])
            assert is_current(store)
            assert is_current(other)
        assert len(other.upstream(iri("a")).iris()) == 7


def test_what_the_graph_refuses_the_ledger_keeps_and_the_receipt_says_so(store: Store, tmp_path: Path) -> None:
    store.append([document("u", used("a", "e"))])
    execute(store.ledger.path, "CREATE TRIGGER no BEFORE INSERT ON edge BEGIN SELECT RAISE(ABORT, 'no'); END")
    receipts, projected = store._append([document("v", used("a", "f"))])
    assert ([one.sequence for one in receipts], projected) == ([2], False)
    assert store.graph("status")["lag"] == 1
    # The same answer, from the ledger itself.
    assert store.upstream(iri("a")).iris() == {iri("a"), iri("e"), iri("f")}
    execute(store.ledger.path, "DROP TRIGGER no")
    assert store._append([document("w", used("a", "g"))])[1]
    assert is_current(store)


def test_a_conflict_of_the_ledger_stores_nothing_and_projects_nothing(store: Store) -> None:
    (one,) = store.append([document("u", used("a", "e"))])
    store.append([Retraction(one.document, "wrong")])
    with pytest.raises(Conflict):
        store.append([document("v", used("a", "f")), Retraction(one.document, "again")])
    assert store.ledger.head().sequence == 2
    assert is_current(store)
    assert store.engine.nodes(Filter()).nodes == []
    # What was rolled back left nothing in memory: the numbers that it had taken are given again.
    store.append([document("w", used("b", "g"))])
    assert store.upstream(iri("b")).iris() == {iri("b"), iri("g")}


def test_a_graph_in_a_file_of_its_own_follows_after_the_commit(tmp_path: Path) -> None:
    settings = Settings(graph=str(tmp_path / "graph.db"))
    with Store.open(tmp_path / "store.db", settings=settings) as store:
        assert store._append([document("u", used("a", "e"))])[1]
        assert is_current(store)
        assert store.upstream(iri("a")).iris() == {iri("a"), iri("e")}


def test_questions_of_another_thread_wait_for_an_append_and_see_it_whole(store: Store) -> None:
    seen: list[int] = []

    def ask() -> None:
        while not seen or seen[-1] < 41:
            seen.append(len(store.engine.nodes(Filter()).nodes))

    store.append([document("u", entity("start"))])
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    for number in range(20):
        store.append([document(f"u{number}", used(f"a{number}", f"e{number}"))])
    asking.join(timeout=30)
    assert seen[-1] == 41
    # One start, two nodes a document: never one without the other.
    assert all(count % 2 for count in seen)


def test_a_graph_of_another_ledger_is_told_before_anything_is_stored(tmp_path: Path) -> None:
    graph = Settings(store=str(tmp_path / "other.db"), graph=str(tmp_path / "graph.db"))
    with Store.open(settings=graph) as other:
        other.append([document("v", used("b", "f"))])
    with Store.open(tmp_path / "store.db", settings=graph) as wrong:
        with pytest.raises(Conflict, match="this graph was built from another ledger"):
            wrong.append([document("u", used("a", "e"))])
        assert wrong.ledger.head().sequence == 0


def test_where_the_graph_was_replaced_meanwhile_the_ledger_has_what_was_taken_in(tmp_path: Path) -> None:
    graph = Settings(store=str(tmp_path / "store.db"), graph=str(tmp_path / "graph.db"))
    with Store.open(settings=graph) as store:
        store.append([document("u", used("a", "e"))])
        with Store.open(tmp_path / "other.db", settings=graph) as other:
            other.ledger.append([document("w", used("b", "f"))])
            other.graph("rebuild")
        receipts, projected = store.deliver([document("v", used("a", "f"))])
        assert ([one.sequence for one in receipts], projected) == ([2], False)
        with pytest.raises(Conflict, match="this graph was built from another ledger"):
            store.upstream(iri("a"))
