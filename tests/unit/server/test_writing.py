from __future__ import annotations

import threading
import time

import pytest

from provstore.errors import BackendUnavailable, BadInput, Conflict, NotFound
from provstore.importers.statements import Statements
from provstore.model.document import Document, Header
from provstore.server.problems import Busy
from provstore.server.writing import Writer
from provstore.settings import Settings
from provstore.store import Store

TIME = "2026-11-21T10:00:00Z"


def document(name, *, key=None, time=TIME):
    said = Statements()
    said.entity(f"urn:x:{name}")
    header = Header(unit=f"u:{name}", mode="event", event_time=time, idempotency_key=key, actor="ann")
    return Document(header, said.assertions())


def long(name, count):
    said = Statements()
    for number in range(count):
        said.entity(f"urn:x:{name}{number}")
    return Document(Header(unit=f"u:{name}", mode="event", event_time=TIME), said.assertions())


@pytest.fixture
def groups():
    return []


@pytest.fixture
def writer(tmp_path, groups):
    made = Writer(
        lambda: Store.open(settings=Settings(store=str(tmp_path / "s.db"))), max_waiting=6, told=groups.append
    )
    yield made
    made.close()


class Held:
    """Keeps the writer busy until it is let go."""

    def __init__(self, writer):
        self.go_on = threading.Event()
        self.begun = threading.Event()
        self.done = writer.do(self._hold)
        assert self.begun.wait(10)

    def _hold(self, store):
        self.begun.set()
        assert self.go_on.wait(10)


def test_what_waits_is_written_in_one_group(writer, groups):
    held = Held(writer)
    waiting = [writer.append([document(name)]) for name in "abc"]
    held.go_on.set()
    assert [one.result(10).receipts[0].sequence for one in waiting] == [1, 2, 3]
    assert groups == [3]


def test_a_bad_member_of_a_group_harms_itself_alone(writer, groups):
    writer.append([document("first", key="k")]).result(10)
    held = Held(writer)
    good = writer.append([document("a"), document("b")])
    conflict = writer.append([document("other", key="k")])
    untimely = writer.append([document("c"), document("d", time="")])
    last = writer.append([document("e")])
    held.go_on.set()
    assert [one.outcome for one in good.result(10).receipts] == ["new", "new"]
    with pytest.raises(Conflict):
        conflict.result(10)
    with pytest.raises(BadInput):
        untimely.result(10)
    assert last.result(10).receipts[0].sequence == 4
    assert groups == [1, 4]


def test_work_on_the_store_keeps_its_place_between_the_groups(writer, groups):
    held = Held(writer)
    before = writer.append([document("a")])
    head = writer.do(lambda store: store.ledger.head().sequence)
    after = writer.append([document("b")])
    broken = writer.do(lambda store: store.retract("urn:nothing", reason="x"))
    held.go_on.set()
    assert (before.result(10).receipts[0].sequence, head.result(10), after.result(10).receipts[0].sequence) == (1, 1, 2)
    with pytest.raises(NotFound):
        broken.result(10)
    assert groups == [1, 1]


def test_who_gives_up_while_it_waits_harms_nobody(writer):
    held = Held(writer)
    given_up = writer.append([document("a")])
    kept = writer.append([document("b")])
    assert given_up.cancel()
    held.go_on.set()
    assert kept.result(10).receipts[0].sequence == 1
    assert writer.append([document("c")]).result(10).receipts[0].sequence == 2


def test_more_than_may_wait_is_put_off(writer):
    held = Held(writer)
    waiting = [writer.append([document(str(number))]) for number in range(6)]
    with pytest.raises(Busy):
        writer.append([document("one too many")])
    held.go_on.set()
    assert all(one.result(10) for one in waiting)


def test_closing_writes_what_waits_and_takes_no_more(tmp_path):
    writer = Writer(lambda: Store.open(settings=Settings(store=str(tmp_path / "s.db"))), max_waiting=9)
    held = Held(writer)
    waiting = writer.append([document("a")])
    closing = threading.Thread(target=writer.close)
    closing.start()
    held.go_on.set()
    closing.join(10)
    assert waiting.result(0).receipts[0].sequence == 1
    with pytest.raises(Busy):
        writer.append([document("b")])


def eventually(is_so):
    """Whether it is so within ten seconds."""
    ends = time.monotonic() + 10
    while not is_so() and time.monotonic() < ends:
        time.sleep(0.01)
    return is_so()


def test_the_graph_follows_what_was_written_while_no_service_ran(tmp_path):
    settings = Settings(store=str(tmp_path / "s.db"), graph=str(tmp_path / "g.db"))
    with Store.open(settings=settings) as store:
        store.ledger.append([document("a")])
        writer = Writer(lambda: Store.open(settings=settings), max_waiting=9)
        try:
            assert eventually(lambda: store.graph("status")["lag"] == 0)
        finally:
            writer.close()


def test_the_graph_follows_what_others_wrote_when_it_is_seen_to_be_behind(tmp_path):
    settings = Settings(store=str(tmp_path / "s.db"), graph=str(tmp_path / "g.db"))
    writer = Writer(lambda: Store.open(settings=settings), max_waiting=9)
    with Store.open(settings=settings) as store:
        try:
            writer.append([document("a")]).result(10)
            store.ledger.append([document("b")])
            assert store.graph("status")["lag"] == 1
            writer.follow()
            assert eventually(lambda: store.graph("status")["lag"] == 0)
        finally:
            writer.close()


class Away:
    """A store whose graph is away until it is told otherwise; counts how often the graph is tried."""

    def __init__(self, store):
        self._store, self.ledger = store, store.ledger
        self.tried, self.is_back = 0, threading.Event()

    @property
    def engine(self):
        self.tried += 1
        if not self.is_back.is_set():
            raise BackendUnavailable("away")
        return self._store.engine

    def deliver(self, documents):
        return self._store.deliver(documents)

    def close(self):
        self._store.close()


def test_a_graph_that_is_away_is_left_alone_for_a_while_and_then_follows(tmp_path, monkeypatch):
    monkeypatch.setattr("provstore.server.writing.RETRY_GRAPH_S", 0.5)
    away = Away(Store.open(settings=Settings(store=str(tmp_path / "s.db"))))
    writer = Writer(lambda: away, max_waiting=9)
    try:
        answers = [writer.append([document(name)]).result(10) for name in "abc"]
        assert [one.projected for one in answers] == [False] * 3
        assert [one.receipts[0].sequence for one in answers] == [1, 2, 3]
        assert away.tried == 1
        away.is_back.set()
        assert eventually(lambda: away.tried > 1)
        assert away.tried == 2
        assert writer.append([document("d")]).result(10).projected
    finally:
        writer.close()


def test_writes_take_turns_with_a_graph_that_has_much_to_catch_up_with(tmp_path, monkeypatch):
    monkeypatch.setattr("provstore.server.writing.FOLLOW_S", 0.0)
    settings = Settings(store=str(tmp_path / "s.db"))
    with Store.open(settings=settings) as store:
        # Each is as much as the graph takes at once.
        store.ledger.append([long(name, 5_000) for name in "abcdef"])
        writer = Writer(lambda: Store.open(settings=settings), max_waiting=9)
        try:
            answers = []
            for name in ("g", "h"):
                answers.append(writer.append([document(name)]).result(30))
                assert store.graph("status")["lag"] > 0
            assert [one.projected for one in answers] == [False, False]
            assert [one.receipts[0].sequence for one in answers] == [7, 8]
            assert eventually(lambda: store.graph("status")["lag"] == 0)
            assert writer.append([document("i")]).result(30).projected
        finally:
            writer.close()
        assert store.check()["ok"]


def test_nothing_is_written_beside_a_graph_that_never_was_this_ledgers(tmp_path, monkeypatch):
    monkeypatch.setattr("provstore.server.writing.RETRY_GRAPH_S", 0.1)
    with Store.open(settings=Settings(store=str(tmp_path / "other.db"), graph=str(tmp_path / "g.db"))) as other:
        other.append([document("theirs")])
    settings = Settings(store=str(tmp_path / "s.db"), graph=str(tmp_path / "g.db"))
    writer = Writer(lambda: Store.open(settings=settings), max_waiting=9)
    try:
        for _ in range(3):
            with pytest.raises(Conflict):
                writer.append([document("ours")]).result(10)
            time.sleep(0.1)
        assert writer.do(lambda store: store.ledger.head().sequence).result(10) == 0
    finally:
        writer.close()


def test_a_store_that_cannot_be_written_is_tried_once_for_all(tmp_path):
    class Full(Away):
        engine = property(lambda self: self._store.engine)

        def deliver(self, documents):
            self.tried += 1
            raise BackendUnavailable("disk full")

    full = Full(Store.open(settings=Settings(store=str(tmp_path / "s.db"))))
    writer = Writer(lambda: full, max_waiting=9)
    try:
        held = Held(writer)
        waiting = [writer.append([document(name)]) for name in "abc"]
        held.go_on.set()
        for one in waiting:
            with pytest.raises(BackendUnavailable):
                one.result(10)
        assert full.tried == 1
    finally:
        writer.close()
