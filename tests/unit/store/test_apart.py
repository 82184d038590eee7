"""The graph of a large document is made in the child that reads it, and is the one that the entries alone give."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import provstore
from provstore.errors import BadInput
from provstore.graph import projector
from provstore.graph.contract import Applied
from provstore.ledger import apart
from provstore.ledger.apart import Apart
from provstore.ledger.contract import Retraction
from provstore.model import times
from provstore.model.document import Assertion, Document, Header
from provstore.model.statement import Attribute, statement
from provstore.store.store import Store
from tests.oracle.ledger import OracleDocument, OracleLedger
from tests.oracle.strategies import histories, target_of
from tests.oracle.terms import day
from tests.oracle.view import view_of
from tests.support.columns import in_columns
from tests.support.histories import graph_of, oracle_graph
from tests.support.ledgers import agent, attributed, document, entity, folder_in_memory, generated, inside, iri, used

BYTES = "sha256:" + "ab" * 32
RUNS = [
    stated
    for n in range(40)
    for stated in (used(f"run{n}", "data"), generated(f"model{n}", f"run{n}"), attributed(f"model{n}", "alice"))
]
MANY = [Assertion(None, entity(f"model{n}", label=f"model {n}")) for n in range(40)] + [
    Assertion(None, stated) for stated in RUNS
]


@pytest.fixture(autouse=True, params=["one by one", "in columns"])
def small_batches_in_a_child(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_BATCH_STATEMENTS", 3)
    if request.param == "in columns":
        monkeypatch.setattr(Apart, "chunks", lambda given: in_columns(list(given)))
    # Clients that other tests used have idle threads in this process.
    monkeypatch.setattr(apart, "fork_is_safe", lambda: True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with provstore.open(tmp_path / "store.db") as opened:
        yield opened
        assert opened.check()["findings"] == []


def large(unit: str, said: Sequence[Assertion], **header: Any) -> Document:
    """A document that a child reads, whatever its size."""
    return Document(document(unit, **header).header, Apart(iter(said), warnings=[], size_bytes=10**9))


def is_current(store: Store) -> bool:
    head = store.ledger.head()
    return store.engine.applied() == Applied(head.ledger_id, head.sequence, head.root.hex())


def commits_of(store: Store) -> list[str]:
    """The commits of the store's connections from now on, those of temporary tables aside."""
    ended: list[str] = []
    last = {"": ""}

    def note(text: str) -> None:
        if text in ("BEGIN", "BEGIN IMMEDIATE"):
            last[""] = text
        if text == "COMMIT" and last[""] == "BEGIN IMMEDIATE":
            ended.append(text)

    for connection in (store.ledger._writer, store.engine._connection):
        connection.set_trace_callback(note)
    return ended


def grown(store: Store) -> Any:
    """The graph as it stands, which a rebuild must not change."""
    found = graph_of(store.engine)
    projector.rebuild(store.ledger, store.engine)
    assert graph_of(store.engine) == found
    return found


def test_one_commit_makes_a_large_document_durable_in_ledger_and_graph(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector, "LARGE_STATEMENTS", 10)
    ended = commits_of(store)
    store.append([large("u", MANY)])
    assert ended == ["COMMIT"]
    assert is_current(store)
    assert store.upstream(iri("model7")).iris() == {iri("model7"), iri("run7"), iri("data")}
    nodes, edges = grown(store)
    assert (len(nodes), len(edges)) == (40 + 40 + 2, 120)


def test_what_the_graph_knew_before_is_told_together_with_the_large_document(store: Store) -> None:
    store.append(
        [document("v", agent("alice", label="Alice"), RUNS[0], inside("b", RUNS[1]), entity("model3", size=3))]
    )
    ended = commits_of(store)
    store.append([large("u", MANY)])
    assert ended == ["COMMIT"]
    assert is_current(store)
    nodes, edges = grown(store)
    assert nodes[iri("alice")][1]
    assert len(nodes[iri("model3")][2]) == 2
    (bundles,) = [edge[1] for key, edge in edges.items() if key[2:] == (iri("model0"), iri("run0"))]
    assert bundles == {iri("b")}


def test_equal_bytes_are_stitched_across_a_large_document(store: Store) -> None:
    store.append([document("v", generated("copied", "r"), entity("copied", digest=BYTES))])
    store.append(
        [large("u", [*MANY, Assertion(None, entity("model5", digest=BYTES)), Assertion(None, used("z", "model5"))])]
    )
    assert is_current(store)
    assert iri("copied") in {
        edge.target for edge in store.engine.expand([f"urn:provstore:content:default:{BYTES}"], None, "out")
    }
    grown(store)


def test_a_second_large_snapshot_of_a_unit_replaces_the_first(store: Store) -> None:
    store.append([large("u", MANY)])
    store.append([large("u", MANY[20:], event_time=1)])
    assert is_current(store)
    nodes, _ = grown(store)
    assert not nodes[iri("model3")][1]


def test_a_large_repeat_changes_nothing(store: Store) -> None:
    store.append([large("u", MANY)])
    before = graph_of(store.engine)
    assert store.append([large("u", MANY)])[0].outcome == "duplicate"
    assert is_current(store)
    assert graph_of(store.engine) == before


def test_a_graph_that_lags_catches_up_after_a_large_document(store: Store) -> None:
    store.ledger.append([document("v", used("a", "e"))])
    assert store._append([large("u", MANY)])[1]
    assert is_current(store)
    grown(store)


def test_documents_beside_a_large_one_are_projected_too(store: Store) -> None:
    assert store._append([large("u", MANY), document("v", used("a", "e"))])[1]
    assert is_current(store)
    assert store.upstream(iri("a")).iris() == {iri("a"), iri("e")}
    grown(store)


def test_a_mistake_late_in_a_large_document_leaves_nothing(store: Store) -> None:
    def reading() -> Iterator[Assertion]:
        yield from MANY
        raise BadInput("here it ends", where="file:9:1")

    with pytest.raises(BadInput, match="here it ends"):
        store.append([large("u", reading())])  # type: ignore[arg-type]
    assert (store.ledger.head().sequence, store.engine.applied()) == (0, None)
    assert graph_of(store.engine) == ({}, {})
    tables = store.ledger._writer.execute("SELECT name FROM temp.sqlite_schema").fetchall()
    assert tables == []


def test_damage_to_the_graph_does_not_keep_the_ledger_from_a_large_document(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with provstore.open(path) as store:
        connection = sqlite3.connect(path)
        connection.execute("DROP TABLE edge")
        connection.close()
        receipts, projected = store._append([large("u", MANY)])
        assert (receipts[0].new, projected) == (160, False)
        assert list(store.ledger.document(receipts[0].document).assertions) == MANY


def given_apart(one: OracleDocument) -> Document:
    """A document of the oracle, to be read in a child."""
    said = [
        Assertion(bundle, statement(s.kind, s.identifier, map(Attribute._make, s.attributes)))
        for bundle, s in one.assertions
    ]
    header = Header(
        unit=one.unit, mode=one.mode, event_time=times.text(one.event_time), space=one.space, actor=one.actor
    )  # fmt: skip
    return Document(header, Apart(iter(said), warnings=[], size_bytes=10**9))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(histories(max_steps=4), st.booleans())
def test_large_documents_in_any_history_give_the_oracles_graph(steps: list[Any], streamed: bool) -> None:
    with pytest.MonkeyPatch.context() as patch, folder_in_memory() as folder:
        patch.setattr(projector, "LARGE_STATEMENTS", 1 if streamed else 10_000)
        model, iris = OracleLedger(), {}
        with provstore.open(Path(folder) / "store.db") as store:
            for number, step in enumerate(steps, start=1):
                if step[0] == "append":
                    for one in step[1]:
                        (theirs,) = model.append([one], clock=day(number))
                        (ours,) = store.append([given_apart(one)])
                        iris.setdefault(theirs.document_id, ours.document)
                elif (target := target_of(model, step)) is not None:
                    model.retract(target, "r", clock=day(number))
                    store.append([Retraction(iris[target], "r")])
                assert graph_of(store.engine) == oracle_graph(view_of(model))
            assert is_current(store)
            assert store.check()["findings"] == []
