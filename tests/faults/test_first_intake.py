"""A first intake that stores nothing leaves nothing behind, and takes nothing away from anybody else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

import provstore
from provstore.cli.main import run
from provstore.ledger import database
from provstore.ledger.sqlite import SqliteLedger
from tests.support.ledgers import document, entity

ROOT = Path(__file__).parents[2]
FORK = get_context("fork")
GOOD = json.dumps({"prefix": {"ex": "http://example.org/"}, "entity": {"ex:a": {}, "ex:b": {}}})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty working directory beside one with inputs."""
    (tmp_path / "bad.json").write_text('{"entity": 1}')
    (tmp_path / "good.json").write_text(GOOD)
    (tmp_path / "both.provn").write_text(
        "document prefix ex <http://example.org/> entity(ex:x) activity(ex:x) endDocument"
    )
    (tmp_path / "events.ndjson").write_text("{}\n")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def left(folder):
    return sorted(one.name for one in folder.iterdir())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["ingest", "../bad.json"], 4),
        (["ingest", "../none.json"], 4),
        (["ingest", "../both.provn", "--validate", "refuse"], 4),
        (["import", "../bad.json"], 4),
        (["import", "openlineage", "../events.ndjson"], 4),
        (["--graph", "nosuch://x", "ingest", "../good.json"], 2),
        (["--graph", "other.db", "ingest", "../bad.json"], 4),
    ],
)
def test_a_first_intake_that_fails_leaves_no_store_behind(folder, words, code):
    assert run(words) == code
    assert left(folder) == []


def test_what_is_stored_stays_though_another_input_failed(folder):
    assert run(["ingest", "../bad.json", "../good.json"]) == 4
    assert run(["ingest", "../bad.json"]) == 4
    with provstore.open("provstore.db", create=False) as store:
        assert store.find().total == 2


@pytest.mark.parametrize("before", ["an empty file", "a store"])
def test_a_file_that_was_there_before_stays(folder, before):
    if before == "a store":
        SqliteLedger(folder / "provstore.db").close()
    else:
        (folder / "provstore.db").touch()
    assert run(["ingest", "../bad.json"]) == 4
    assert left(folder) == ["provstore.db"]


def test_a_graph_apart_is_for_its_owner_alone_and_stays_once_it_is_projected(folder):
    assert run(["--graph", "other.db", "ingest", "../good.json"]) == 0
    assert run(["--graph", "other.db", "ingest", "../bad.json"]) == 4
    assert left(folder) == ["other.db", "provstore.db"]
    assert (folder / "other.db").stat().st_mode & 0o777 == 0o600


def test_a_graph_apart_that_was_there_before_stays(folder):
    with provstore.open("elsewhere.db") as store:
        store.append([document("u", entity("e"))])
    assert run(["--store", "elsewhere.db", "--graph", "other.db", "graph", "rebuild"]) == 0
    assert run(["--graph", "other.db", "ingest", "../good.json"]) == 6  # it is another ledger's
    assert run(["--graph", "other.db", "ingest", "../bad.json"]) == 4
    assert left(folder) == ["elsewhere.db", "other.db"]


def test_a_graph_apart_that_somebody_else_opened_meanwhile_stays_his(folder):
    mine = provstore.open("mine.db", graph="other.db")
    with provstore.open("his.db", graph="other.db") as his:
        mine.close()
        for part in (mine.ledger, mine.engine):
            part.remove_if_unused()
        his.append([document("u", entity("e"))])
    assert left(folder) == ["his.db", "other.db"]
    with provstore.open("his.db", create=False, graph="other.db") as his:
        assert his.find().total == 1
        assert his.check()["ok"]


def test_a_store_is_made_where_a_link_leads_and_only_that_is_removed(folder, tmp_path):
    (folder / "provstore.db").symlink_to(tmp_path / "elsewhere.db")
    assert run(["ingest", "../bad.json"]) == 4
    assert (left(folder), (tmp_path / "elsewhere.db").exists()) == (["provstore.db"], False)
    assert run(["ingest", "../good.json"]) == 0
    assert (tmp_path / "elsewhere.db").stat().st_mode & 0o777 == 0o600
    with provstore.open("provstore.db", create=False) as store:
        assert store.find().total == 2


@pytest.fixture
def waiting(folder):
    """An `ingest` in another process that has made the store and waits for its input."""
    command = [sys.executable, "-m", "provstore", "ingest", "-", "--format", "prov-json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        deadline = time.monotonic() + 60
        while not (folder / "provstore.db").exists() or not (folder / "provstore.db").stat().st_size:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield process
        process.kill()


def test_ctrl_c_leaves_no_store_behind(folder, waiting):
    waiting.send_signal(signal.SIGINT)
    assert waiting.wait(60) == 130
    assert left(folder) == []


def test_a_store_that_somebody_else_opened_meanwhile_stays_his(folder, waiting):
    with provstore.open("provstore.db") as store:
        waiting.communicate(b"no json", timeout=60)
        assert waiting.returncode == 4
        store.append([document("u", entity("e"))])
    with provstore.open("provstore.db", create=False) as store:
        assert store.find().total == 1
        assert store.check()["ok"]


def test_what_somebody_else_stored_meanwhile_stays(folder, waiting):
    with provstore.open("provstore.db") as store:
        store.append([document("u", entity("e"))])
    waiting.communicate(b"no json", timeout=60)
    assert waiting.returncode == 4
    with provstore.open("provstore.db", create=False) as store:
        assert store.find().total == 1
        assert store.check()["ok"]


def _fails(path):
    for _ in range(8):
        ledger = SqliteLedger(path)
        ledger.close()
        ledger.remove_if_unused()


def _appends(path, number):
    time.sleep(number * 0.003)
    with SqliteLedger(path) as ledger:
        ledger.append([document(f"u{number}", entity(f"e{number}"))])


def test_nothing_that_was_acknowledged_is_lost_while_others_make_and_remove_the_file(tmp_path):
    for round_number in range(12):
        path = tmp_path / f"{round_number}.db"
        writers = [FORK.Process(target=_appends, args=(path, number)) for number in range(4)]
        everybody = [*writers, *(FORK.Process(target=_fails, args=(path,)) for _ in range(2))]
        for process in everybody:
            process.start()
        for process in everybody:
            process.join()
        assert [process.exitcode for process in everybody] == [0] * len(everybody)
        with SqliteLedger(path, create=False) as ledger:
            assert len(ledger.live()) == len(writers)


def test_whoever_waits_for_a_file_that_is_removed_makes_a_new_one(tmp_path, monkeypatch):
    path = tmp_path / "store.db"
    first = SqliteLedger(path)
    first.close()
    connects = database._connect

    def connects_and_waits(*arguments):
        monkeypatch.undo()
        connection = connects(*arguments)
        first.remove_if_unused()  # before anything is read, so before any lock is held
        assert not path.exists()
        return connection

    monkeypatch.setattr(database, "_connect", connects_and_waits)
    with SqliteLedger(path) as ledger:
        assert path.exists()
        ledger.append([document("u", entity("e"))])
    with SqliteLedger(path, create=False) as ledger:
        assert ledger.head().sequence == 1
