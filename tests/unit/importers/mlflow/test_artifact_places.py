"""Artifacts and source files are found where they lie now, inside the store only."""

from __future__ import annotations

import os
import shutil

import pytest

from provstore.importers.mlflow.names import NAMESPACE
from tests.support.mlflow_stores import (
    NEWEST_DATABASE,
    a_run_of,
    change,
    imported,
    told,
)


def test_an_artifact_location_outside_the_directory_is_not_read(database, tmp_path):
    outside = tmp_path / "1" / "run" / "artifacts"
    outside.mkdir(parents=True)
    (outside / "secret.txt").write_text("x")
    run = a_run_of(NEWEST_DATABASE.name)
    for uri in (f"file://{outside}", str(outside), "../1/run/artifacts", f"{database.parent}/../1/run/artifacts"):
        change(database, f"UPDATE runs SET artifact_uri = '{uri}' WHERE run_uuid = '{run}'")
        found = imported(database)
        assert not [s for s in found.statements("entity") if s.identifier.endswith("secret.txt")]


@pytest.mark.parametrize(
    ("uri", "directory"),
    [
        ("mlflow-artifacts:/1/{run}/artifacts", "mlartifacts/1/{run}/artifacts"),
        ("mlflow-artifacts://host:5000/1/{run}/artifacts", "mlruns/1/{run}/artifacts"),
        ("./kept/{run}/artifacts", "kept/{run}/artifacts"),
        ("file:///was/somewhere/else/mlruns/1/{run}/artifacts", "mlruns/1/{run}/artifacts"),
        ("/was/mlruns/1/{run}/artifacts", "mlruns/1/{run}/artifacts"),
        ("file:///C:/was/mlruns/1/{run}/a%20b", "mlruns/1/{run}/a b"),
    ],
)
def test_artifacts_are_found_however_mlflow_recorded_their_place(database, uri, directory):
    run = a_run_of(NEWEST_DATABASE.name, "empty")
    place = database.parent / directory.format(run=run)
    place.mkdir(parents=True, exist_ok=True)
    (place / "x.txt").write_text("abc")
    change(database, f"UPDATE runs SET artifact_uri = '{uri.format(run=run)}' WHERE run_uuid = '{run}'")
    # sha256("abc"), FIPS 180-2 appendix B.1
    expected = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert imported(database).one(f"{NAMESPACE}artifact/{run}/x.txt", "digest") == expected


@pytest.mark.parametrize("uri", ["/was/elsewhere/raw", "mlflow-artifacts:/", "./", "file:///raw"])
def test_a_place_that_names_no_run_is_not_taken_for_one_of_ours(database, uri):
    run = a_run_of(NEWEST_DATABASE.name, "empty")
    change(database, f"UPDATE runs SET artifact_uri = '{uri}' WHERE run_uuid = '{run}'")
    found = imported(database)
    assert not [s for s in found.statements("entity") if s.identifier.startswith(f"{NAMESPACE}artifact/{run}/")]


def test_artifacts_in_another_system_are_counted(database):
    change(database, "UPDATE runs SET artifact_uri = 's3://bucket/1/a/artifacts'")
    runs = len(told(NEWEST_DATABASE.name)["runs"])
    assert imported(database).findings.unmapped["artifacts in another system"].count == runs


def test_a_ready_model_without_its_files_is_counted(database):
    model = next(m for m, one in told(NEWEST_DATABASE.name)["logged_models"].items() if one["name"] == "scorer")
    shutil.rmtree(next(database.parent.rglob(model)))
    assert imported(database).findings.unmapped["artifact directory that is not there"].count == 1


@pytest.mark.parametrize(("changed_ms", "known"), [(1_789_999_000_000, True), (1_790_009_000_000, False)])
def test_a_source_file_counts_as_what_the_run_read_only_when_it_is_older(database, changed_ms, known):
    raw = database.parent / "raw" / "customers.csv"
    os.utime(raw, (changed_ms / 1000, changed_ms / 1000))
    found = imported(database)
    dataset = next(s.identifier for s in found.statements("entity") if "/customers/3f2a9c01" in s.identifier)
    # sha256sum raw/customers.csv
    bytes_digest = "sha256:0bf2c6fa8a0636535577fdf5655cbabca1d5a9c9f47524eb952fe95a4fdd32c2"
    assert found.facts(dataset)["digest"] == ({"mlflow:3f2a9c01", bytes_digest} if known else {"mlflow:3f2a9c01"})


def test_the_artifacts_of_a_run_that_logged_a_model_are_missed_when_they_are_not_there(database):
    run = a_run_of(NEWEST_DATABASE.name, "empty")
    history = '[{"artifact_path": "model", "flavors": {}}]'
    change(
        database, f"INSERT INTO tags (key, value, run_uuid) VALUES ('mlflow.log-model.history', '{history}', '{run}')"
    )
    missed = imported(database).findings.unmapped["artifact directory that is not there"]
    assert missed.count == 1
    assert run in missed.example
