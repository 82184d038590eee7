"""Rule 23: the projector, what it reads, and what check and repair do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from provstore.errors import Conflict, UsageError
from provstore.graph.checking import check
from provstore.graph.contract import Applied, Edge, Filter, Node, States, Walk
from provstore.graph.projector import catch_up, rebuild, repair, status
from provstore.graph.sqlite import SqliteEngine
from provstore.ledger.contract import Retraction
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.document import Document
from provstore.model.fold import Mention
from provstore.model.terms import PS
from tests.support.graphs import BYTES, CONTENT, Store
from tests.support.ledgers import (
    activity,
    agent,
    associated,
    attributed,
    document,
    entity,
    generated,
    inside,
    iri,
    member,
    name,
    relation,
    used,
)


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    made = Store(f"{tmp_path}/store.db")
    yield made
    assert check(made.ledger, made.engine)[0] == []
    made.engine.close()
    made.ledger.close()


class Counted:
    """A history that counts the mentions that are read from it."""

    def __init__(self, ledger: SqliteLedger):
        self.read = 0
        self._ledger = ledger

    def about(self, *asked: Any, **given: Any) -> Iterator[Mention]:
        for mention in self._ledger.about(*asked, **given):
            self.read += 1
            yield mention

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


def run_document(number: int, **given: Any) -> Document:
    run, model = f"run{number}", f"model{number}"
    return document(
        run,
        activity(run, status="finished"),
        used(run, "data"),
        entity("data", label="the data", digest=BYTES, type=name("ps:Dataset")),
        agent("alice", label="Alice"),
        associated(run, "alice"),
        entity(model, digest=f"sha256:{number:064x}"),
        generated(model, run),
        attributed(model, "alice"),
        **given,
    )


def test_a_run_that_uses_what_all_others_use_does_not_read_the_others(store: Store) -> None:
    store.add(*(run_document(number) for number in range(1, 301)))
    counted = Counted(store.ledger)
    store.ledger.append([run_document(301)])
    catch_up(counted, store.engine)  # type: ignore[arg-type]
    assert counted.read < 30
    # Read again with one more statement: what it says of the shared things is the same as before.
    again = run_document(301, event_time=1)
    more = document("run301", *(one.statement for one in again.assertions), used("run301", "code"), event_time=2)
    store.ledger.append([more])
    catch_up(counted, store.engine)  # type: ignore[arg-type]
    assert counted.read < 60
    assert store.edges("run301") == {
        ("used", "run301", "data"), ("used", "run301", "code"), ("wasAssociatedWith", "run301", "alice")
    }  # fmt: skip


def test_states_of_entries_that_a_graph_holds_are_refused(store: Store) -> None:
    store.add(document("u", entity("e")), document("v", entity("f")))
    held = store.engine.applied()
    assert held is not None
    store.engine.apply(
        [States(1, [Node("urn:late", (), False, spaces=("default",))], applied=Applied(held.ledger_id, 1, "00"))]
    )
    assert store.engine.nodes(Filter(iris=["urn:late"])).nodes == []
    assert store.engine.applied() == held


def test_a_graph_of_another_ledger_is_refused_and_rebuild_is_offered(store: Store, tmp_path: object) -> None:
    store.add(document("u", entity("e")))
    other = Store(f"{tmp_path}/other.db")
    other.ledger.append([document("u", entity("f"))])
    with pytest.raises(Conflict, match="provstore graph rebuild"):
        catch_up(other.ledger, store.engine)
    assert check(other.ledger, store.engine)[0][0].severity == "error"
    other.engine.close()
    other.ledger.close()


def test_check_finds_and_repair_mends_what_an_engine_lost(store: Store) -> None:
    store.add(document("u", used("a", "e", role="in"), entity("e", label="x", digest=BYTES), member("c", "e")))
    before = status(store.ledger, store.engine)
    held = store.engine.applied()
    assert held is not None
    (edge,) = store.engine.expand([iri("a")], None, "out")
    broken = Edge("used", edge.source, edge.target, edge.sid, roles=("out",), spaces=("default",))
    wrong = Node(iri("e"), ("entity",), True, label="y", spaces=("default",))
    extra = Node("urn:nobody", (), False, spaces=("default",))
    store.engine.apply([States(held.sequence, [wrong, extra], [broken], mend=True)])
    found = check(store.ledger, store.engine)[0]
    assert {finding.where for finding in found} >= {iri("e"), "urn:nobody", edge.sid}
    assert repair(store.ledger, store.engine) == 3
    assert status(store.ledger, store.engine) == before
    assert repair(store.ledger, store.engine) == 0


def test_rebuild_makes_the_same_graph_anew(store: Store) -> None:
    store.add(document("u", used("a", "e"), entity("e", digest=BYTES)), document("v", entity("f", digest=BYTES)))
    edges = store.edges(CONTENT, "in")
    assert rebuild(store.ledger, store.engine) == 2
    assert store.edges(CONTENT, "in") == edges


def test_a_graph_may_lie_in_a_file_of_its_own(store: Store, tmp_path: object) -> None:
    store.add(document("u", used("a", "e")))
    with SqliteEngine(f"{tmp_path}/graph.db") as engine:
        engine.migrate()
        assert catch_up(store.ledger, engine) == 1
        assert len(engine.nodes(Filter()).nodes) == 2


def test_templates_answer_what_the_closures_answer(store: Store) -> None:
    store.add(document("u", used("a", "d"), generated("m", "a"), associated("a", "alice", "plan")))
    for template, direction in (("upstream", "out"), ("downstream", "in")):
        for start in ("m", "d", "alice"):
            rows = store.engine.run(f"lineage/{template}", {"start": iri(start), "agents": 1, "parents": 0}).rows
            walk = Walk((iri(start),), direction, options=frozenset({"agents"}))  # type: ignore[arg-type]
            reached = store.engine.closure(walk)
            assert {row[0] for row in rows} == set(reached.depths)


def test_a_template_cannot_be_named_by_a_path_and_needs_its_parameters(store: Store) -> None:
    with pytest.raises(UsageError):
        store.engine.run("../schema/graph/sqlite/001_graph", {})
    with pytest.raises(UsageError):
        store.engine.run("lineage/upstream", {})


def test_a_later_event_of_a_unit_replaces_what_an_earlier_one_said(store: Store) -> None:
    store.add(document("u", entity("d", label="one"), mode="event", event_time=1))
    store.add(document("u", entity("d", label="two"), mode="event", event_time=2))
    assert (store.node("d").label, store.node("d").conflicts) == ("two", ())


def test_a_kind_goes_with_the_last_statement_that_gave_it(store: Store) -> None:
    store.add(document("u", used("a", "x"), event_time=1), document("v", agent("x")))
    assert store.node("x").kinds == ("entity", "agent")
    store.add(document("u", used("a", "y"), attributed("y", "x"), event_time=2))
    assert store.node("x").kinds == ("agent",)


@pytest.mark.parametrize("large", [False, True])
def test_what_an_influence_becomes_decides_whether_its_effect_is_a_dead_end(
    store: Store, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr("provstore.graph.projector.LARGE_STATEMENTS", 0)
    store.add(document("u", entity("e", digest=BYTES), relation("wasInfluencedBy", "e", "x"), agent("x")))
    assert ("sameBytes", "e", CONTENT) in store.edges("e")
    store.add(document("v", used("b", "x")))
    assert ("sameBytes", "e", CONTENT) not in store.edges("e")


def test_documents_that_come_back_together_are_folded_together_when_streamed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provstore.graph.projector.LARGE_STATEMENTS", 0)
    store.add(document("u", entity("d", label="one"), used("a", "d"), event_time=1))
    said = document("u", entity("d", note="later"), inside("bundle", used("a", "d")), mode="event", event_time=2)
    store.add(said)
    newer = store.add(document("u", entity("other"), event_time=3))
    store.ledger.append([Retraction(newer, "test")])
    catch_up(store.ledger, store.engine)
    assert store.node("d").label == "one"
    assert PS + "note" in store.node("d").attributes
    (edge,) = store.engine.expand([iri("a")], None, "out")
    assert edge.bundles == (iri("bundle"),)


def test_documents_of_two_spaces_that_are_streamed_together_share_their_edges(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provstore.graph.projector.LARGE_STATEMENTS", 3)
    big = store.add(document("big", *(entity(f"e{number}") for number in range(4))))
    both = [document("u", used("a", "d"), space=space) for space in ("one", "two")]
    store.ledger.append([*both, Retraction(big, "test")])
    catch_up(store.ledger, store.engine)
    (edge,) = store.engine.expand([iri("a")], None, "out")
    assert edge.spaces == ("one", "two")
