"""An import is skipped exactly when reading would store nothing; then nothing is read."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import provstore
from provstore.importers.contract import Findings, Request
from provstore.importers.mlflow import MlflowImporter
from provstore.importers.openlineage import OpenLineageImporter
from provstore.model.document import Assertion, Document, Header
from provstore.model.statement import statement
from provstore.model.terms import BY_NAME
from tests.support.mlflow_stores import NEWEST_DATABASE, NEWEST_FILES
from tests.support.openlineage import dataset, event

ROOT = Path(__file__).parents[3]


class Read(Exception):
    pass


@pytest.fixture
def unreadable(monkeypatch):
    """From the call on, whoever asks an importer for documents fails."""

    def refuse(*_):
        raise Read

    def start():
        monkeypatch.setattr(MlflowImporter, "documents", refuse)
        monkeypatch.setattr(OpenLineageImporter, "documents", refuse)

    return start


def appended(store, unit, mode="event", time="2100-01-01T00:00:00Z"):
    said = statement(BY_NAME["entity"].iri, "urn:e:1", ())
    return store.append([Document(Header(unit=unit, mode=mode, event_time=time), (Assertion(None, said),))])[0]


def memories(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM remembered_import").fetchone()[0]


@pytest.mark.parametrize("path", ["mlflow.db", "", "mlruns"], ids=["a database", "its folder", "artifacts only"])
def test_the_same_again_is_not_read_and_has_the_same_receipt(store, tracker, unreadable, path):
    if path == "mlruns":
        shutil.rmtree(tracker)
        shutil.copytree(NEWEST_FILES / "mlruns", tracker / "mlruns")
    first = store.import_records(tracker / path)
    with closing(sqlite3.connect(store.location)) as connection:
        connection.execute("DELETE FROM remembered_import")
        connection.commit()
    read = store.import_records(tracker / path)
    unreadable()
    skipped = store.import_records(tracker / path)
    assert skipped.as_json() == read.as_json()
    assert skipped.text() == read.text()
    assert skipped.new_documents == skipped.new == 0
    assert skipped.total_documents == first.total_documents > 0


def test_a_sample_with_findings_gives_them_again(store, tracker, unreadable):
    with closing(sqlite3.connect(tracker / "mlflow.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'unheard-of'")
        connection.execute("UPDATE tags SET value = 'x --password=hunter2' WHERE key = 'mlflow.user'")
        connection.commit()
    first = store.import_records(tracker / "mlflow.db")
    unreadable()
    again = store.import_records(tracker / "mlflow.db")
    assert first.warnings
    assert (again.warnings, again.unmapped, again.refused) == (first.warnings, first.unmapped, first.refused)


def test_the_events_of_openlineage_are_not_read_again(store, tmp_path, unreadable):
    path = tmp_path / "events.ndjson"
    path.write_text("".join(json.dumps(event(outputs=[dataset(name)])) + "\n" for name in ("a", "b", "a")))
    first = store.import_records(path)
    assert (first.new_documents, first.duplicate_documents) == (2, 1)
    unreadable()
    again = store.import_records(path)
    assert (again.new_documents, again.duplicate_documents, again.sequence) == (0, 3, 2)


def test_a_dry_run_reads_and_remembers_nothing(store, tracker, unreadable):
    store.import_records(tracker / "mlflow.db", dry_run=True)
    store.import_records(tracker / "mlflow.db")
    assert store.import_records(tracker / "mlflow.db", dry_run=True).total_documents > 0
    unreadable()
    with pytest.raises(Read):
        store.import_records(tracker / "mlflow.db", dry_run=True)


@pytest.mark.parametrize("again", [{"scope": "lab"}, {"space": "lab"}, {"actor": "eve"}])
def test_another_scope_space_or_actor_is_another_import(tmp_path, tracker, unreadable, again):
    flags = {name: value for name, value in again.items() if name in ("space", "actor")}
    with provstore.open(tmp_path / "store.db") as store:
        store.import_records(tracker / "mlflow.db")
    unreadable()
    with provstore.open(tmp_path / "store.db", **flags) as store, pytest.raises(Read):
        store.import_records(tracker / "mlflow.db", scope=again.get("scope", ""))


def test_a_retracted_document_comes_back(store, tracker):
    first = store.import_records(tracker / "mlflow.db")
    gone = store.ledger.live()[3]
    store.retract(gone.document, reason="wrong")
    again = store.import_records(tracker / "mlflow.db")
    assert (again.new_documents, again.total_documents) == (1, first.total_documents)
    assert [entry.document for entry in store.ledger.live(gone.header.unit)] != [gone.document]


def test_an_erased_document_comes_back_and_what_quotes_it_is_gone(store, tracker):
    store.import_records(tracker / "mlflow.db")
    assert memories(store.location) == 1
    store.erase(store.ledger.live()[3].document, reason="asked for")
    assert memories(store.location) == 0
    assert store.import_records(tracker / "mlflow.db").new_documents == 1


def test_erasing_in_a_copy_forgets_too(store, tracker, tmp_path):
    store.import_records(tracker / "mlflow.db")
    store.backup(tmp_path / "copy.db")
    assert memories(tmp_path / "copy.db") == 1
    store.erase(store.ledger.live()[3].document, reason="asked for")
    provstore.copy(store.location, tmp_path / "copy.db")
    assert memories(tmp_path / "copy.db") == 0


def test_an_event_of_a_unit_makes_its_snapshot_new_again(store, tracker, unreadable):
    store.import_records(tracker / "mlflow.db")
    appended(store, store.ledger.live()[3].header.unit)
    unreadable()
    with pytest.raises(Read):
        store.import_records(tracker / "mlflow.db")


def test_a_newer_snapshot_of_a_unit_makes_the_older_content_new_again(store, tracker, unreadable):
    store.import_records(tracker / "mlflow.db")
    appended(store, store.ledger.live()[3].header.unit, mode="snapshot")
    unreadable()
    with pytest.raises(Read):
        store.import_records(tracker / "mlflow.db")


def test_what_is_stored_closed_is_not_remembered(store, tracker, unreadable):
    request = Request(path=str(tracker / "mlflow.db"), read_at="2026-11-21T10:00:00Z")
    unit = next(iter(MlflowImporter().documents(request, Findings()))).header.unit
    appended(store, unit, mode="snapshot")
    store.import_records(tracker / "mlflow.db")
    unreadable()
    with pytest.raises(Read):
        store.import_records(tracker / "mlflow.db")


def test_other_units_do_not_matter(store, tracker, unreadable):
    store.import_records(tracker / "mlflow.db")
    appended(store, "another")
    store.retract(appended(store, "a third").document, reason="wrong")
    unreadable()
    assert store.import_records(tracker / "mlflow.db").new_documents == 0


def test_a_store_that_diverged_from_the_remembered_one_reads(store, tracker, tmp_path, unreadable):
    """Two copies of one ledger give the same numbers to different documents."""
    appended(store, "before")
    store.backup(tmp_path / "other.db")
    store.import_records(tracker / "mlflow.db")
    with closing(sqlite3.connect(store.location)) as connection:
        key, memory = connection.execute("SELECT key, memory FROM remembered_import").fetchone()
    with provstore.open(tmp_path / "other.db") as other:
        for number in range(100):
            appended(other, f"unit {number}", mode="snapshot")
        with closing(sqlite3.connect(other.location)) as connection:
            connection.executescript((ROOT / "schema/imports/sqlite/create.sql").read_text())
            connection.execute("INSERT INTO remembered_import VALUES (?, ?)", (key, memory))
            connection.commit()
        unreadable()
        with pytest.raises(Read):
            other.import_records(tracker / "mlflow.db")


def test_a_damaged_memory_is_no_memory(store, tracker):
    first = store.import_records(tracker / "mlflow.db")
    with closing(sqlite3.connect(store.location)) as connection:
        connection.execute("UPDATE remembered_import SET memory = zeroblob(100)")
        connection.commit()
    assert store.import_records(tracker / "mlflow.db").duplicate_documents == first.new_documents


def test_a_path_that_looks_like_a_secret_is_not_kept(store, tracker, tmp_path):
    secret = tmp_path / "password=hunter2-never-store-this"
    tracker.rename(secret)
    store.import_records(secret / "mlflow.db")
    with closing(sqlite3.connect(store.location)) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'remembered_import'").fetchone()


def test_killed_between_the_ledger_and_the_memory_the_import_is_read_again(tmp_path, tracker):
    location = tmp_path / "store.db"
    killed = (
        "import os, sys, provstore\n"
        "from provstore.store.remembering import Memory\n"
        "Memory.remember = lambda *_: os.kill(os.getpid(), 9)\n"
        "provstore.open(sys.argv[1]).import_records(sys.argv[2])\n"
    )
    command = [sys.executable, "-c", killed, str(location), str(tracker / "mlflow.db")]
    assert subprocess.run(command, cwd=ROOT).returncode == -9
    with provstore.open(location) as store:
        sequence = store.ledger.head().sequence
        again = store.import_records(tracker / "mlflow.db")
        assert (again.new_documents, again.duplicate_documents) == (0, sequence)
        assert store.check()["ok"]


def kept(receipt):
    return [warning for warning in receipt.warnings if warning.startswith("kept: ")]


def test_what_is_gone_from_the_source_is_kept_and_counted_by_each_import(store, tracker, unreadable):
    def forget(*runs):
        with closing(sqlite3.connect(tracker / "mlflow.db")) as connection, connection:
            connection.executemany("DELETE FROM runs WHERE run_uuid = ?", [(run,) for run in runs])

    with closing(sqlite3.connect(tracker / "mlflow.db")) as connection:
        first, second, *_ = [row[0] for row in connection.execute("SELECT run_uuid FROM runs ORDER BY run_uuid")]
    assert kept(store.import_records(tracker)) == []
    assert kept(store.import_records(tracker)) == []
    forget(first)
    (told,) = kept(store.import_records(tracker))
    assert "1 record " in told
    assert f"mlflow:run/{first}" in told
    assert store.show(f"mlflow:run/{first}").node.declared
    forget(second)
    (told,) = kept(store.import_records(tracker))
    assert "2 records " in told
    store.retract(store.documents(unit=f"mlflow:run/{first}").rows[0][2], reason="not needed")
    unreadable()
    (told,) = kept(store.import_records(tracker))
    assert "1 record " in told
    assert f"mlflow:run/{second}" in told


def test_what_is_gone_is_counted_after_an_erasure_and_by_an_import_that_refuses_what_is_invalid(store, tracker):
    store.import_records(tracker)
    with closing(sqlite3.connect(tracker / "mlflow.db")) as connection, connection:
        connection.execute("DELETE FROM runs WHERE run_uuid = (SELECT max(run_uuid) FROM runs)")
    store.erase(appended(store, "u:unrelated").document, reason="asked for")
    (told,) = kept(store.import_records(tracker, dry_run=False, validate="refuse"))
    assert "1 record " in told
    assert kept(store.import_records(tracker)) == [told]


def test_the_same_words_in_another_folder_are_another_path(store, tracker, tmp_path, monkeypatch):
    other = tmp_path / "other" / "tracker"
    shutil.copytree(NEWEST_DATABASE, other)
    with closing(sqlite3.connect(other / "mlflow.db")) as connection, connection:
        connection.execute("DELETE FROM runs WHERE run_uuid = (SELECT max(run_uuid) FROM runs)")
    for folder in (tracker, other):
        monkeypatch.chdir(folder.parent)
        assert kept(store.import_records("tracker")) == []


def test_what_another_store_holds_is_not_gone_from_this_one(store, tracker, tmp_path):
    store.import_records(tracker)
    other = tmp_path / "other"
    shutil.copytree(NEWEST_DATABASE, other)
    with closing(sqlite3.connect(other / "mlflow.db")) as connection, connection:
        connection.execute("DELETE FROM runs")
    assert kept(store.import_records(other)) == []
    assert kept(store.import_records(other, scope="other")) == []
