"""Records that are older, newer, incomplete or unusual."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from provstore.importers.mlflow.names import NAMESPACE
from provstore.model.terms import LABEL, PROV, TYPE
from tests.support.mlflow_stores import NEWEST_DATABASE, STORES, change, imported, run_directory, told


@pytest.fixture
def old_database(tmp_path):
    shutil.copytree(STORES / "1.30.1-sqlite", tmp_path / "old")
    return tmp_path / "old" / "mlflow.db"


def test_what_mlflow_1_kept_in_columns_is_read_where_no_tag_says_it(old_database):
    run = next(iter(told("1.30.1-sqlite")["runs"]))
    change(
        old_database,
        f"DELETE FROM tags WHERE run_uuid = '{run}'",
        f"UPDATE runs SET name = 'old', user_id = 'eve', source_name = 'a.py', entry_point_name = 'main',"
        f" source_version = 'c0ffee' WHERE run_uuid = '{run}'",
    )
    found = imported(old_database)
    facts = found.facts(f"{NAMESPACE}run/{run}")
    assert (facts[LABEL], facts["source"], facts["entry_point"]) == ({"old"}, {"a.py"}, {"main"})
    assert (f"run/{run}", "user/eve") in found.edges("wasAssociatedWith")
    assert (f"run/{run}", "code/c0ffee") in found.edges("used")


def test_a_run_of_nobody_has_no_association(old_database):
    run = next(iter(told("1.30.1-sqlite")["runs"]))
    change(old_database, f"DELETE FROM tags WHERE run_uuid = '{run}'", "UPDATE runs SET user_id = '', name = ''")
    found = imported(old_database)
    assert not [ends for ends in found.edges("wasAssociatedWith") if ends[0] == f"run/{run}"]
    assert LABEL not in found.facts(f"{NAMESPACE}run/{run}")


def test_a_database_without_a_revision_is_imported(old_database):
    change(old_database, "DROP TABLE alembic_version")
    assert imported(old_database).findings.warnings == []


def test_a_database_without_a_registry_is_imported(old_database):
    change(old_database, "DROP TABLE registered_models")
    assert not [unit for unit in imported(old_database).documents if unit.startswith("mlflow:model/")]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("UPDATE experiments SET creation_time = 'once' WHERE experiment_id = 1", "creation_time"),
        ("UPDATE logged_models SET status = 'x' WHERE name = 'scorer'", "status"),
        ("UPDATE registered_models SET creation_time = 'x' WHERE name = 'churn'", "creation_time"),
        ("UPDATE model_versions SET creation_time = 'x' WHERE version = 2", "creation_time"),
    ],
)
def test_one_record_that_cannot_be_read_is_refused_and_the_rest_goes_on(database, spoil, said):
    before = len(imported(database).documents)
    change(database, spoil)
    found = imported(database)
    assert len(found.findings.refused) == 1
    assert said in found.findings.refused[0]
    assert str(database) in found.findings.refused[0]
    assert before > len(found.documents) > before / 2


def test_a_prompt_is_a_prompt_not_a_model(database):
    change(database, "INSERT INTO registered_model_tags VALUES ('mlflow.prompt.is_prompt', 'true', 'churn', 'default')")
    assert imported(database).facts(f"{NAMESPACE}model/churn")[TYPE] == {"urn:provstore:terms#Prompt"}


def test_a_model_of_another_workspace_is_another_model(database):
    change(
        database,
        "INSERT INTO registered_models (name, workspace, creation_time) VALUES ('churn', 'lab', 1790000000000)",
        "INSERT INTO model_versions (name, version, workspace, source, creation_time)"
        " VALUES ('churn', 1, 'lab', 's3://elsewhere/model', 1790000000000)",
        "INSERT INTO registered_model_aliases (name, alias, version, workspace) VALUES ('churn', 'champion', 1, 'lab')",
    )
    found = imported(database)
    assert ("model/lab/churn/1", "model/lab/churn") in found.edges("specializationOf")
    assert ("alias/lab/churn/champion", "model/lab/churn/1") in found.edges("hadMember")
    assert ("alias/churn/champion", "model/churn/2") in found.edges("hadMember")


def test_a_version_of_which_only_the_run_is_known_was_generated_by_it(database):
    run = next(iter(told(NEWEST_DATABASE.name)["runs"]))
    change(database, f"UPDATE model_versions SET source = 's3://elsewhere/model', run_id = '{run}' WHERE version = 2")
    found = imported(database)
    assert ("model/churn/2", f"run/{run}") in found.edges("wasGeneratedBy")


def test_a_version_of_which_nothing_is_known_has_no_origin(database):
    change(database, "UPDATE model_versions SET source = 'models:/other/1', run_id = NULL WHERE version = 2")
    assert imported(database).upstream("model/churn/2") == set()


def test_a_logged_model_without_a_run_is_kept(database):
    model = next(m for m, one in told(NEWEST_DATABASE.name)["logged_models"].items() if one["name"] == "scorer")
    change(database, "UPDATE logged_models SET source_run_id = NULL", "DELETE FROM inputs")
    found = imported(database)
    assert f"mlflow:logged-model/{model}" in found.documents
    assert not [ends for ends in found.edges("wasGeneratedBy") if model in ends[0]]


def test_parameters_of_a_run_that_is_gone_belong_to_nobody(database):
    change(
        database,
        "PRAGMA foreign_keys = OFF",
        "INSERT INTO params VALUES ('lost', '1', '00000000000000000000000000000000')",
        "INSERT INTO params VALUES ('lost', '1', 'zzzz')",
    )
    assert "param.lost" not in " ".join(a.name for s in imported(database).statements() for a in s.attributes)


def test_every_name_survives_as_part_of_a_term(database):
    run = next(iter(told(NEWEST_DATABASE.name)["runs"]))
    change(database, f"INSERT INTO params VALUES ('a b:c/d\u00e9%', 'x', '{run}')")
    # PROV-N allows `/` and letters in local names; blank, colon and percent sign are percent-encoded (rule 30).
    assert imported(database).facts(f"{NAMESPACE}run/{run}")["param.a%20b%3Ac/d\u00e9%25"] == {"x"}


@pytest.mark.parametrize("form", ["{root}/raw/customers.csv", "file://{root}/raw/customers.csv", "./raw/customers.csv"])
def test_a_source_file_is_found_by_any_path_that_leads_into_the_store(database, form):
    os.utime(database.parent / "raw" / "customers.csv", (1, 1))
    source = json.dumps({"uri": form.format(root=database.parent)})
    change(database, f"UPDATE datasets SET dataset_source = '{source}' WHERE name = 'customers'")
    facts = imported(database).facts(f"{NAMESPACE}dataset/customers/3f2a9c01")
    assert "sha256:0bf2c6fa8a0636535577fdf5655cbabca1d5a9c9f47524eb952fe95a4fdd32c2" in facts["digest"]


@pytest.mark.parametrize(
    "source", ['{"uri": "s3://b/c.csv"}', '{"uri": "/etc/hostname"}', '{"path": "x"}', "[1]", "no json", '{"uri": 3}']
)
def test_a_source_elsewhere_gives_no_digest(database, source):
    change(database, f"UPDATE datasets SET dataset_source = '{source}' WHERE name = 'customers'")
    assert imported(database).facts(f"{NAMESPACE}dataset/customers/3f2a9c01")["digest"] == {"mlflow:3f2a9c01"}


def test_a_source_that_leads_out_of_the_store_is_not_read(database):
    outside = database.parent.parent / "outside.csv"
    outside.write_text("x")
    os.utime(outside, (1, 1))
    change(database, "UPDATE datasets SET dataset_source = '{\"uri\": \"../outside.csv\"}' WHERE name = 'customers'")
    assert imported(database).facts(f"{NAMESPACE}dataset/customers/3f2a9c01")["digest"] == {"mlflow:3f2a9c01"}


def test_times_of_a_deletion_are_those_that_mlflow_keeps(database):
    run = next(
        r for r, one in told(NEWEST_DATABASE.name)["runs"].items() if one["tags"].get("mlflow.runName") == "deleted"
    )
    change(database, f"UPDATE runs SET deleted_time = 1790000000000 WHERE run_uuid = '{run}'")
    stated = next(
        s
        for s in imported(database).statements("wasInvalidatedBy")
        if s.argument(f"{PROV}entity").endswith(f"record/{run}")
    )
    # date -u -d @1790000000
    assert stated.argument(f"{PROV}time") == "2026-09-21T14:13:20.000000Z"


def test_a_metric_line_of_mlflow_before_1_0_has_no_step(files):
    (run_directory(files) / "metrics" / "accuracy").write_text("1790000000000 0.5\n")
    found = imported(files)
    series = f"{NAMESPACE}series/{run_directory(files).name}/accuracy"
    assert found.points(series) == [[0, 1790000000000, "3fe0000000000000"]]


def test_an_empty_metric_file_is_no_series(files):
    (run_directory(files) / "metrics" / "nothing").write_text("")
    found = imported(files)
    assert found.findings.refused == []
    assert found.facts(f"{NAMESPACE}series/{run_directory(files).name}/nothing") == {}


def test_line_ends_of_parameters_and_tags_are_part_of_them_as_for_mlflows_client(files):
    directory = run_directory(files)
    (directory / "params" / "two lines").write_text("a\nb\n")
    (directory / "tags" / "two lines").write_text("a\nb\n")
    facts = imported(files).facts(f"{NAMESPACE}run/{directory.name}")
    assert facts["param.two%20lines"] == {"a\nb\n"}
    assert facts["tag.two%20lines"] == {"a\nb\n"}


def test_a_run_that_does_not_tell_its_status_has_an_unknown_one(files):
    meta = run_directory(files) / "meta.yaml"
    meta.write_text(
        "".join(line for line in meta.read_text().splitlines(keepends=True) if not line.startswith("status:"))
    )
    facts = imported(files).facts(f"{NAMESPACE}run/{run_directory(files).name}")
    assert (facts["status"], facts["source_status"]) == ({"unknown"}, {"UNKNOWN"})
