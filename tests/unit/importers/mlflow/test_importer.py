"""What is recognized and imported as a whole: again, elsewhere, in scopes, while MLflow writes, of a newer schema."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from provstore.importers.mlflow import MlflowImporter
from provstore.importers.mlflow.names import NAMESPACE
from provstore.model.document import content_digest
from tests.support.mlflow_stores import (
    DEMO,
    NAMES,
    NEWEST_DATABASE,
    STORES,
    a_run_of,
    change,
    imported,
    told,
)


def digests(found):
    return {unit: content_digest(document.assertions) for unit, document in found.documents.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_store_is_recognized(name):
    assert MlflowImporter().recognizes(str(STORES / name))


def test_a_database_a_file_store_and_an_address_are_recognized_by_themselves(files):
    assert MlflowImporter().recognizes(str(NEWEST_DATABASE / "mlflow.db"))
    assert MlflowImporter().recognizes(str(files / "mlruns"))
    assert MlflowImporter().recognizes("http://127.0.0.1:5000")


def test_other_things_are_not_recognized(tmp_path):
    sqlite3.connect(tmp_path / "other.db").executescript("CREATE TABLE experiments (a)").close()
    for other in (tmp_path / "other.db", tmp_path, tmp_path / "missing", DEMO / "README.md"):
        assert not MlflowImporter().recognizes(str(other))


@pytest.mark.parametrize("name", NAMES)
def test_importing_again_gives_the_same_documents_in_the_same_order(name, tmp_path):
    first = imported(STORES / name)
    shutil.copytree(STORES / name, tmp_path / "elsewhere")
    second = imported(tmp_path / "elsewhere")
    assert list(first.documents) == list(second.documents)
    assert digests(first) == digests(second)


def test_naming_the_database_or_its_directory_is_the_same():
    assert digests(imported(NEWEST_DATABASE)) == digests(imported(NEWEST_DATABASE / "mlflow.db"))


def test_naming_mlruns_or_its_directory_gives_the_same_units(files):
    assert imported(files).documents.keys() == imported(files / "mlruns").documents.keys()


def test_headers_say_what_rule_7_asks():
    for unit, document in imported(NEWEST_DATABASE).documents.items():
        header = document.header
        assert (header.unit, header.mode, header.importer) == (unit, "snapshot", "mlflow")
        assert header.namespaces[None]["mlflow"] == NAMESPACE
        assert header.event_time == "2026-11-21T12:00:00.000000Z"


def test_a_scope_separates_every_unit_and_element():
    scoped, plain = imported(NEWEST_DATABASE, scope="lab"), imported(NEWEST_DATABASE)
    assert {unit.replace("mlflow:", "mlflow:lab/", 1) for unit in plain.documents} == set(scoped.documents)
    assert all(s.identifier.startswith(f"{NAMESPACE}lab/") for s in scoped.statements() if s.identifier)


def test_a_database_is_not_touched(database):
    before = {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in database.parent.rglob("*") if path.is_file()
    }
    imported(database)
    after = {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in database.parent.rglob("*") if path.is_file()
    }
    assert after == before


def test_what_a_running_mlflow_has_only_in_its_wal_is_imported(database):
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute(
        "INSERT INTO registered_models (name, workspace, creation_time) VALUES ('late', 'default', 1790000000000)"
    )
    try:
        assert "mlflow:model/late" in imported(database).documents
        assert MlflowImporter().recognizes(str(database))
    finally:
        writer.close()


def test_a_store_that_is_still_in_its_wal_altogether_is_recognized_and_imported(database, tmp_path):
    source = sqlite3.connect(database)
    writer = sqlite3.connect(tmp_path / "fresh.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    for line in source.iterdump():
        writer.execute(line)
    source.close()
    try:
        assert MlflowImporter().recognizes(str(tmp_path / "fresh.db"))
        assert imported(tmp_path / "fresh.db").documents.keys() == imported(database).documents.keys()
    finally:
        writer.close()


def test_a_run_that_went_on_gives_a_changed_document_for_its_unit_only(database):
    before = digests(imported(database))
    run = a_run_of(NEWEST_DATABASE.name, "still running")
    change(
        database,
        f"INSERT INTO metrics VALUES ('accuracy', 9.5, 1790000099000, '{run}', 5, 0)",
        f"UPDATE runs SET status = 'FINISHED', end_time = 1790000099001 WHERE run_uuid = '{run}'",
    )
    found = imported(database)
    after = digests(found)
    assert {unit for unit in after if after[unit] != before[unit]} == {f"mlflow:run/{run}"}
    assert found.one(f"{NAMESPACE}run/{run}", "metric.accuracy") == "9.5"
    assert found.one(f"{NAMESPACE}run/{run}", "status") == "finished"


def test_moving_an_alias_changes_the_documents_of_the_alias_only(database):
    before = digests(imported(database))
    change(database, "UPDATE registered_model_aliases SET version = 1 WHERE alias = 'champion'")
    found = imported(database)
    assert {u for u, d in digests(found).items() if d != before[u]} == {"mlflow:alias/churn/champion"}
    assert ("alias/churn/champion", "model/churn/1") in found.edges("hadMember")


def test_moving_a_stage_changes_the_document_of_the_stage_only(database):
    before = digests(imported(database))
    change(database, "UPDATE model_versions SET current_stage = 'Archived' WHERE name = 'churn' AND version = 2")
    assert {u for u, d in digests(imported(database)).items() if d != before[u]} == {"mlflow:stage/churn/2"}


def test_a_newer_schema_is_imported_as_far_as_it_is_known_and_the_rest_is_named(database):
    change(
        database,
        "UPDATE alembic_version SET version_num = 'fffffffffff1'",
        "ALTER TABLE runs ADD COLUMN carbon_grams INTEGER",
        "UPDATE runs SET carbon_grams = 7 WHERE status = 'FAILED'",
        "CREATE TABLE run_reviews (review_id TEXT, verdict TEXT)",
        "INSERT INTO run_reviews VALUES ('r1', 'good'), ('r2', 'bad')",
    )
    found = imported(database)
    assert {u for u in found.documents if "run/" in u} == {
        f"mlflow:run/{r}" for r in told(NEWEST_DATABASE.name)["runs"]
    }
    assert "fffffffffff1" in found.findings.warnings[0]
    assert (found.findings.unmapped["run.carbon_grams"].count, found.findings.unmapped["run.carbon_grams"].example) == (
        1,
        "7",
    )
    unmapped = found.findings.unmapped["table run_reviews"]
    assert (unmapped.count, unmapped.example) == (2, "review_id=r1")


def test_traces_are_counted_as_not_mapped(database):
    change(database, "INSERT INTO trace_tags VALUES ('k', 'v', 'tr-1')")
    assert imported(database).findings.unmapped["table trace_tags"].count == 1


def test_progress_counts_the_runs_and_knows_how_many_there_are():
    from provstore.importers.contract import Findings, Request

    seen = []
    request = Request(
        path=str(NEWEST_DATABASE), read_at="2026-11-21T12:00:00.000000Z", progress=lambda *at: seen.append(at)
    )
    list(MlflowImporter().documents(request, Findings()))
    assert seen == [(n, 9) for n in range(1, 10)]
