"""The graph beside the ledger is as durable as the ledger: at no instant has the file one of them without the other."""

from __future__ import annotations

import os
from multiprocessing import get_context

import provstore
from provstore.ledger.contract import Retraction
from tests.support.ledgers import document, entity, generated, used

FORK = get_context("fork")


def workload(store):
    store.append([document("u", entity("a"), used("r", "a"), event_time=1)])
    store.append([document("v", entity("b"), generated("b", "r")), document("w", used("r", "b"))])
    store.append([document("u", entity("a", label="x"), event_time=2)])
    store.append([document("u", entity("c"), event_time=3, mode="event")])
    store.append([Retraction(store.append([document("x", used("r", "c"))])[0].document, "wrong")])


class Dying:
    """A connection; the process ends at once in the n-th statement of all connections together."""

    left = 0

    def __init__(self, connection):
        self._connection = connection

    def __getattr__(self, name):
        if name in ("execute", "executemany"):
            Dying.left -= 1
            if Dying.left == 0:
                os._exit(9)
        return getattr(self._connection, name)


def _dies_at(path, calls):
    store = provstore.open(path)
    Dying.left = calls
    store.ledger._writer = Dying(store.ledger._writer)
    store.engine._connection = Dying(store.engine._connection)
    workload(store)
    os._exit(0)


def test_a_process_may_end_at_any_statement_and_the_graph_is_where_the_ledger_is(tmp_path):
    code, calls, seen = None, 0, set()
    while code != 0:
        calls += 1
        path = tmp_path / f"{calls}.db"
        process = FORK.Process(target=_dies_at, args=(path, calls))
        process.start()
        process.join()
        code = process.exitcode
        with provstore.open(path) as store:
            head, applied = store.ledger.head(), store.engine.applied()
            assert (applied.sequence if applied else 0) == head.sequence
            assert applied is None or applied.root == head.root.hex()
            seen.add(head.sequence)
    with provstore.open(path) as store:
        assert store.check()["findings"] == []
    assert calls > 100
    assert seen == {0, 1, 3, 4, 5, 6, 7}
