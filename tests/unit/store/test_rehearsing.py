"""Dry runs: what they count is what the import then does (rules 8, 9 and 14), and nothing is stored."""

from __future__ import annotations

import json

import pytest

from tests.support.mlflow_stores import change
from tests.support.openlineage import dataset, event


@pytest.fixture
def database(tracker):
    return tracker / "mlflow.db"


def dry_and_real(store, path):
    """The receipts of a dry run and of the import after it, without what only a stored document has."""
    head = store.ledger.head()
    dry = store.import_records(path, dry_run=True).as_json()
    assert store.ledger.head() == head
    assert dry.pop("dry_run") is True
    real = store.import_records(path).as_json()
    for receipt in (dry, real):
        del receipt["sequence"], receipt["document"]
    return dry, real


def test_a_dry_run_counts_what_the_first_import_stores(store, database):
    dry, real = dry_and_real(store, database)
    assert dry == real
    assert dry["duplicates"] > 0


def test_a_dry_run_knows_what_is_stored_already(store, database):
    store.import_records(database)
    dry, real = dry_and_real(store, database)
    assert dry == real
    assert (dry["documents"]["new"], dry["new"]) == (0, 0)


def test_a_dry_run_counts_what_a_changed_run_supersedes(store, database):
    store.import_records(database)
    change(database, "INSERT INTO tags SELECT 'late', 'x', run_uuid FROM runs WHERE status = 'FINISHED' LIMIT 1")
    dry, real = dry_and_real(store, database)
    assert dry == real
    assert (dry["documents"]["new"], dry["documents"]["superseded"], dry["new"]) == (1, 1, 1)


def test_a_dry_run_counts_an_event_that_comes_twice_once(store, tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_text("".join(json.dumps(event(outputs=[dataset(name)])) + "\n" for name in ("a", "b", "a")))
    dry, real = dry_and_real(store, path)
    assert dry == real
    assert dry["documents"] == {"new": 2, "superseded": 0, "duplicate": 1, "refused": 0}


def test_a_dry_run_of_one_document_names_none(store, tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_text(json.dumps(event(outputs=[dataset("a")])))
    assert store.import_records(path, dry_run=True).document is None
