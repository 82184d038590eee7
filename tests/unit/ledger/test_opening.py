"""Which files are taken as a store, and how they are left."""

from __future__ import annotations

import os
import sqlite3
import stat
from multiprocessing import get_context

import pytest

from provstore.errors import BackendUnavailable, BadInput, Conflict, NotFound
from provstore.ledger import database
from provstore.ledger.checking import check
from provstore.ledger.registry import open_ledger
from provstore.ledger.sqlite import SqliteLedger
from provstore.settings import Settings
from tests.support.ledgers import document, entity


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_may_read_a_store(tmp_path):
    os.umask(0o022)
    with open_ledger(tmp_path / "store.db") as ledger:
        ledger.append([document("u", entity("e"))])
        assert {path.name: mode(path) for path in tmp_path.iterdir()} == {
            "store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600,
        }  # fmt: skip


def test_a_store_keeps_its_name_and_content(tmp_path):
    with open_ledger(tmp_path / "store.db") as ledger:
        ledger.append([document("u", entity("e"))])
        head = ledger.head()
    with open_ledger(tmp_path / "store.db", create=False) as again:
        assert again.head() == head
        again.append([document("v", entity("e"))])
        assert check(again).ok


def test_a_missing_store_is_not_found_unless_it_may_be_made(tmp_path):
    with pytest.raises(NotFound, match="no store"):
        open_ledger(tmp_path / "none.db", create=False)
    with pytest.raises(BackendUnavailable, match="folder"):
        open_ledger(tmp_path / "none" / "store.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"hello, world", b"\0" * 5_000, b"SQLite format 3\x00"])
def test_a_file_that_is_not_ours_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="no provstore store"):
        open_ledger(path)
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["other"]


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "mlflow.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE runs (id)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(BadInput, match="no provstore store"):
        open_ledger(path)
    assert path.read_bytes() == before


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(BadInput, match="folder"):
        open_ledger(tmp_path)


def test_a_store_of_a_newer_version_is_refused_politely(tmp_path):
    path = tmp_path / "store.db"
    open_ledger(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute("UPDATE ledger SET version = 99")
    newer.close()
    with pytest.raises(Conflict, match="schema 99") as caught:
        open_ledger(path)
    assert "newer provstore" in caught.value.next_step


def _use(path):
    with open_ledger(path) as ledger:
        list(ledger.about(None))
        ledger.append([document("v", entity("x"))])


def test_a_cut_store_is_told(tmp_path):
    path = tmp_path / "store.db"
    with open_ledger(path) as ledger:
        ledger.append([document("u", *[entity(f"e{n}") for n in range(2_000)])])
    whole = path.read_bytes()
    for size in (200, 4_096, len(whole) // 2):
        path.write_bytes(whole[:size])
        with pytest.raises(BackendUnavailable, match="damaged"):
            _use(path)


def test_what_others_write_is_seen(tmp_path):
    path = tmp_path / "store.db"
    with open_ledger(path) as one, open_ledger(path) as two:
        for number in range(5):
            one.append([document(f"u{number}", entity("e"))])
            two.append([document(f"v{number}", entity("e"))])
            assert one.head() == two.head()
        assert check(one).ok


def test_a_store_in_use_is_waited_for_and_then_told(tmp_path):
    path = tmp_path / "store.db"
    with open_ledger(path) as one, SqliteLedger(path, settings=Settings(busy_timeout_s=0.05)) as two:
        one._writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(BackendUnavailable, match="in use"):
            two.append([document("u", entity("e"))])
        one._writer.execute("ROLLBACK")
        assert two.append([document("u", entity("e"))])[0].outcome == "new"


def _open(path):
    open_ledger(path).close()


def test_several_processes_make_one_store_at_once(tmp_path):
    context = get_context("fork")
    for round_number in range(5):
        path = tmp_path / f"{round_number}.db"
        makers = [context.Process(target=_open, args=(path,)) for _ in range(4)]
        for maker in makers:
            maker.start()
        for maker in makers:
            maker.join()
        assert [maker.exitcode for maker in makers] == [0] * 4
        open_ledger(path, create=False).close()


def test_a_store_in_a_folder_that_cannot_be_written_can_be_read(tmp_path, monkeypatch):
    path = tmp_path / "store.db"
    with open_ledger(path) as ledger:
        ledger.append([document("u", entity("e"))])
    monkeypatch.setattr(database, "_writable", lambda path: False)
    with open_ledger(path) as ledger:
        assert ledger.head().sequence == 1
        with pytest.raises(BackendUnavailable):
            ledger.append([document("v", entity("e"))])
    assert [one.name for one in tmp_path.iterdir()] == ["store.db"]


def test_the_sql_knows_the_application_id():
    assert str(database.APPLICATION_ID) in database.sql("application_id")
