"""What stands on and beside the edges of a run: steps, tags of inputs, digests, users, files of a model."""

from __future__ import annotations

import pytest

from provstore.importers.mlflow.names import NAMESPACE
from provstore.model.terms import PROV
from tests.support.mlflow_stores import (
    NAMES,
    STORES,
    a_run_of,
    change,
    imported,
)


@pytest.mark.parametrize("name", ["3.17.2-sqlite", "3.17.2-file"])
def test_the_step_at_which_a_model_was_put_out_is_on_the_edge(name):
    steps = {
        (s.argument(f"{PROV}activity").removeprefix(f"{NAMESPACE}run/"), s.argument("urn:provstore:terms#step"))
        for s in imported(STORES / name).statements("wasGeneratedBy")
    }
    assert {(run, step) for run, step in steps if step} == {(a_run_of(name, "killed"), "4")}


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("1.")])
def test_other_tags_of_an_input_are_on_the_edge(name):
    used = [s for s in imported(STORES / name).statements("used") if ":dataset/" in s.argument(f"{PROV}entity")]
    assert [s.argument("urn:provstore:terms#tag.split") for s in used] == ["a"] * 3


def test_a_version_is_attributed_to_its_user(database):
    change(database, "UPDATE model_versions SET user_id = 'grace' WHERE version = 2")
    assert imported(database).edges("wasAttributedTo") == {("model/churn/2", "user/grace")}


def test_a_digest_that_an_input_tag_gives_is_taken_as_it_is(database):
    digest = "AB" * 32
    change(
        database,
        f"INSERT INTO input_tags SELECT input_uuid, 'sha256', '{digest}' FROM inputs WHERE source_type = 'DATASET'",
        "INSERT INTO input_tags SELECT input_uuid, 'md5', 'short' FROM inputs WHERE source_type = 'DATASET'",
    )
    found = imported(database)
    dataset = next(s.identifier for s in found.statements("entity") if "/holdout/77aa01ff" in s.identifier)
    assert found.facts(dataset)["digest"] == {"mlflow:77aa01ff", "sha256:" + "ab" * 32}


def test_a_model_that_mlflow_2_logged_is_a_collection_of_its_files():
    found = imported(STORES / "2.22.5-sqlite")
    run = a_run_of("2.22.5-sqlite")
    model = f"artifact/{run}/scorer"
    assert "urn:provstore:terms#Model" in found.facts(NAMESPACE + model)["http://www.w3.org/ns/prov#type"]
    members = {member for whole, member in found.edges("hadMember") if whole == model}
    assert f"{model}/MLmodel" in members
    assert (model, f"run/{run}") in found.edges("wasGeneratedBy")
    assert ("model/churn/1", model) in found.edges("wasDerivedFrom")


@pytest.mark.parametrize("version", [1, 3])
def test_the_run_of_a_version_is_told_where_another_made_what_was_registered(database, version):
    other = a_run_of("3.17.2-sqlite", "killed")
    edge = (f"model/churn/{version}", f"run/{other}")
    before = imported(database).edges("wasGeneratedBy")
    change(database, f"UPDATE model_versions SET run_id = '{other}' WHERE version = {version}")
    found = imported(database)
    assert found.edges("wasGeneratedBy") - before == {edge}
    assert "model version.run_id" not in found.findings.unmapped


def test_the_run_of_a_version_of_a_model_that_is_not_there_is_counted(database):
    assert "model version.run_id" not in imported(database).findings.unmapped
    change(database, "UPDATE model_versions SET source = 'models:/m-' || hex(zeroblob(16)) WHERE version = 1")
    assert imported(database).findings.unmapped["model version.run_id"].count == 1
