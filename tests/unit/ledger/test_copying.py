"""Backups while in use, and copies entry by entry."""

from __future__ import annotations

import stat
from contextlib import ExitStack
from dataclasses import replace

import pytest

from provstore.errors import BackendUnavailable, Conflict
from provstore.ledger.checking import check
from provstore.ledger.contract import Erasure, Replica, Retraction
from provstore.ledger.copying import backup, copy
from provstore.ledger.postgres_server import transaction
from provstore.ledger.sqlite import SqliteLedger
from tests.support.ledgers import document, entity, inside, used


@pytest.fixture
def full(ledger):
    """A ledger with everything in it: bundles, blobs, retraction, erasure, stored closed."""
    first, second, *_ = ledger.append([
        document("u", entity("a"), used("r", "a"), event_time=1, blobs=[b"x"], namespaces={None: {"e": "http://e/"}}),
        document("u", entity("b"), inside("i", entity("b")), event_time=2, idempotency_key="k"),
        document("u", entity("c"), event_time=0),
        document("v", entity("a"), mode="event", space="s", event_time=3),
        document("w", derived=True, mode="event"),
    ])  # fmt: skip
    ledger.append([Retraction(second.document, "wrong"), Erasure(first.document, "private")])
    return ledger


def test_a_copy_has_the_same_entries_and_root(full, tmp_path):
    with SqliteLedger(tmp_path / "copy.db") as target:
        head = copy(full, target)
        assert (head.root, head.sequence) == (full.head().root, 7)
        assert list(target.entries()) == list(full.entries())
        assert [e.sequence for e in target.live()] == [e.sequence for e in full.live()]
        for entry in full.entries():
            if entry.kind == "append":
                assert list(target.document(entry.document).assertions) == list(
                    full.document(entry.document).assertions
                )
        assert check(target).ok
        more = document("x", entity("z"))
        target.append([more])
        assert check(target).ok


def test_a_copy_goes_on_where_it_ended(full, tmp_path):
    with SqliteLedger(tmp_path / "copy.db") as target:
        copy(full, target)
        full.append([document("x", entity("z"))])
        assert copy(full, target).root == full.head().root


def test_a_copy_over_something_else_is_refused(full, tmp_path):
    with SqliteLedger(tmp_path / "copy.db") as target:
        target.append([document("x", entity("z"))])
        with pytest.raises(Conflict, match="another ledger"):
            copy(full, target)


def test_a_replica_that_was_changed_is_refused(ledger, tmp_path):
    (receipt,) = ledger.append([document("u", entity("a"))])
    (entry,) = ledger.entries()
    assertions = ledger.document(receipt.document).assertions
    with SqliteLedger(tmp_path / "copy.db") as target:
        for changed in (
            Replica(replace(entry, actor="mallory"), assertions),
            Replica(entry, document("u", entity("b")).assertions),
            Replica(replace(entry, sequence=2), assertions),
        ):
            with pytest.raises(Conflict):
                target.append([changed])
        assert target.head().sequence == 0
        assert target.append([Replica(entry, assertions)])[0].outcome == "new"


def test_a_backup_is_whole_and_private_while_others_write(full, kind, tmp_path):
    target = tmp_path / "backup.db"
    full.head()
    with ExitStack() as others:
        if kind == "sqlite":
            other = others.enter_context(SqliteLedger(full.path))
            other._writer.execute("BEGIN IMMEDIATE")
            others.callback(other._writer.execute, "ROLLBACK")
        else:
            others.enter_context(transaction(others.enter_context(full._server.connect())))
        head = backup(full, target)
    assert (head.sequence, head.root) == (full.head().sequence, full.head().root)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    full.append([document("x", entity("z"))])
    with SqliteLedger(target, create=False) as restored:
        assert restored.head() == head
        assert restored.ledger_id == full.ledger_id or kind == "postgres"  # a copy by entries is a ledger of its own
        assert check(restored).ok


def test_a_backup_overwrites_nothing_and_leaves_nothing_half_done(full, tmp_path):
    (tmp_path / "there").write_text("x")
    with pytest.raises(Conflict, match="exists"):
        backup(full, tmp_path / "there")
    with pytest.raises(BackendUnavailable):
        backup(full, tmp_path / "none" / "backup.db")
    assert (tmp_path / "there").read_text() == "x"
