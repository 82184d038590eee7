"""Rows of a SQLite store that belong to nobody or whose keys are no text: counted, and the rest goes on."""

from __future__ import annotations

import sqlite3

import pytest

from tests.support.mlflow_stores import NEWEST_DATABASE, a_run_of, change, imported

OWNERS = [
    ("params", "run_uuid"),
    ("tags", "run_uuid"),
    ("metrics", "run_uuid"),
    ("logged_model_params", "model_id"),
    ("logged_model_tags", "model_id"),
    ("logged_model_metrics", "model_id"),
    ("inputs", "destination_id"),
]
NO_TEXT = "row of {table} whose owner is no text"
OF_NOTHING = "row of {table} that belongs to nothing"


def counted(found):
    """The rows that were counted as not mapped, and how often."""
    return {what: one.count for what, one in found.findings.unmapped.items() if what.startswith("row of ")}


def rows_of(database, query):
    connection = sqlite3.connect(database)
    (row,) = connection.execute(query).fetchall()
    connection.close()
    return row[0]


@pytest.mark.parametrize(("table", "column"), OWNERS)
@pytest.mark.parametrize("value", ["x'ff00fe'", "CAST({column} AS BLOB)"])
def test_a_row_whose_owner_is_no_text_is_counted_and_the_rest_goes_on(database, table, column, value):
    before = imported(database)
    change(database, f"UPDATE {table} SET {column} = {value.format(column=column)} WHERE rowid = 1")
    found = imported(database)
    assert (found.documents.keys(), found.findings.refused) == (before.documents.keys(), [])
    expected = {NO_TEXT.format(table=table): 1}
    if table == "inputs":  # The input's tags go with it.
        expected[NO_TEXT.format(table="input_tags")] = 2
    assert counted(found) == expected


@pytest.mark.parametrize("table", ["params", "tags", "metrics"])
def test_a_row_without_an_owner_is_counted_and_the_rest_goes_on(database, table):
    before = imported(database)
    change(
        database,
        f"CREATE TABLE copy AS SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE copy RENAME TO {table}",
        f"UPDATE {table} SET run_uuid = NULL WHERE rowid = 1",
    )
    found = imported(database)
    assert (found.documents.keys(), found.findings.refused) == (before.documents.keys(), [])
    assert counted(found) == {NO_TEXT.format(table=table): 1}


@pytest.mark.parametrize("source_type", ["RUN_INPUT", "RUN_OUTPUT"])
@pytest.mark.parametrize(("column", "whose"), [("source_id", "owner"), ("destination_id", "model")])
def test_a_link_to_a_model_that_is_no_text_is_counted(database, source_type, column, whose):
    before = imported(database)
    where = f"rowid = (SELECT min(rowid) FROM inputs WHERE source_type = '{source_type}')"
    change(database, f"UPDATE inputs SET {column} = CAST({column} AS BLOB) WHERE {where}")
    found = imported(database)
    assert (found.documents.keys(), found.findings.refused) == (before.documents.keys(), [])
    assert counted(found) == {f"row of inputs whose {whose} is no text": 1}
    for relation in ("used", "wasGeneratedBy"):
        assert found.edges(relation) <= before.edges(relation)


def test_an_alias_that_is_no_text_is_counted_and_the_others_come(database):
    before = imported(database)
    change(database, "UPDATE registered_model_aliases SET alias = x'ff' WHERE rowid = 1")
    found = imported(database)
    (gone,) = before.documents.keys() - found.documents.keys()
    assert gone.startswith("mlflow:alias/")
    assert not found.documents.keys() - before.documents.keys()
    assert (counted(found), found.findings.refused) == (
        {"row of registered_model_aliases whose alias is no text": 1},
        [],
    )


@pytest.mark.parametrize(
    ("table", "column", "kind", "what"),
    [
        ("runs", "run_uuid", "run", "run"),
        ("runs", "name", "run", "run"),
        ("runs", "artifact_uri", "run", "run"),
        ("logged_models", "model_id", "logged-model", "logged model"),
        ("experiments", "name", "experiment", "experiment"),
    ],
)
def test_bytes_where_text_belongs_refuse_that_record_alone(database, table, column, kind, what):
    before = imported(database)
    change(database, f"UPDATE {table} SET {column} = CAST({column} AS BLOB) WHERE rowid = 1")
    found = imported(database)
    (gone,) = before.documents.keys() - found.documents.keys()
    assert gone.startswith(f"mlflow:{kind}/")
    assert not found.documents.keys() - before.documents.keys()
    (refused,) = found.findings.refused
    assert refused.startswith(f"{database}: {what} ")
    assert f"{column} of the {what} is no text: " in refused


def test_a_run_without_an_id_is_refused(database):
    before = imported(database)
    change(
        database,
        "CREATE TABLE copy AS SELECT * FROM runs",
        "DROP TABLE runs",
        "ALTER TABLE copy RENAME TO runs",
        "INSERT INTO runs (name, experiment_id) VALUES ('nameless', 1)",
    )
    found = imported(database)
    assert found.documents.keys() == before.documents.keys()
    assert found.findings.refused == [f"{database}: run None: the record of run has no run_uuid"]


@pytest.mark.parametrize(("table", "column"), OWNERS)
@pytest.mark.parametrize("owner", ["0-first", "zz-last"])
def test_a_row_whose_owner_is_not_there_is_counted_wherever_it_sorts(database, table, column, owner):
    before = imported(database)
    change(database, f"UPDATE {table} SET {column} = '{owner}' WHERE rowid = 1")
    found = imported(database)
    assert (found.documents.keys(), found.findings.refused) == (before.documents.keys(), [])
    expected = {OF_NOTHING.format(table=table): 1}
    if table == "inputs":  # The input's tags go with it.
        expected[OF_NOTHING.format(table="input_tags")] = 2
    assert counted(found) == expected
    assert found.findings.unmapped[OF_NOTHING.format(table=table)].example == owner


def test_what_belongs_to_a_run_that_is_not_there_is_counted_by_row(database):
    run = a_run_of(NEWEST_DATABASE.name)
    of_run = f"WHERE run_uuid = '{run}'"
    expected = {
        OF_NOTHING.format(table=table): rows_of(database, f"SELECT count(*) FROM {table} {of_run}")
        for table in ("params", "tags", "metrics")
    }
    change(database, f"DELETE FROM runs {of_run}")
    rows = counted(imported(database))
    assert {what: n for what, n in rows.items() if "input" not in what} == expected


def test_what_belongs_to_a_refused_run_is_refused_with_it_and_not_counted(database):
    change(database, f"UPDATE runs SET end_time = 'soon' WHERE run_uuid = '{a_run_of(NEWEST_DATABASE.name)}'")
    found = imported(database)
    assert len(found.findings.refused) == 1
    assert counted(found) == {}


def test_what_belongs_to_a_refused_logged_model_is_refused_with_it_and_not_counted(database):
    change(database, "UPDATE logged_models SET status = 'soon'")
    found = imported(database)
    assert len(found.findings.refused) == 3
    assert counted(found) == {}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("UPDATE experiment_tags SET experiment_id = 77", {"experiment_tags": 1}),
        ("UPDATE model_version_tags SET version = 77 WHERE rowid = 1", {"model_version_tags": 1}),
        ("UPDATE registered_model_tags SET name = 'gone'", {"registered_model_tags": 1}),
        ("UPDATE registered_model_tags SET name = x'ff'", {"registered_model_tags": 1}),
        ("UPDATE registered_model_aliases SET name = 'gone' WHERE rowid = 1", {"registered_model_aliases": 1}),
        (
            "UPDATE model_versions SET name = 'gone' WHERE name = 'churn' AND version = 3",
            {"model_versions": 1, "model_version_tags": 1},
        ),
        ("DELETE FROM datasets", {"inputs": 3}),
        ("UPDATE input_tags SET input_uuid = 'gone' WHERE rowid = 1", {"input_tags": 1}),
    ],
)
def test_rows_that_belong_to_nothing_are_counted(database, command, expected):
    change(database, command)
    found = imported(database)
    assert found.findings.refused == []
    assert counted(found) == {OF_NOTHING.format(table=table): n for table, n in expected.items()}


def test_a_refused_registered_model_tells_what_went_with_it(database):
    before = set(imported(database).documents)
    change(database, "UPDATE registered_models SET creation_time = 'soon' WHERE name = 'churn'")
    found = imported(database)
    versions = {unit for unit in before - set(found.documents) if unit.startswith("mlflow:model/churn/")}
    aliases = {unit for unit in before - set(found.documents) if unit.startswith("mlflow:alias/churn/")}
    (refused,) = found.findings.refused
    assert refused.startswith(
        f"{database}: registered model churn: creation_time of the registered model is no integer"
    )
    assert f"; with it went versions: {len(versions)}, aliases: {len(aliases)}" in refused
    assert counted(found) == {}


def test_a_place_of_artifacts_with_a_name_that_no_file_system_takes_is_none_here(database):
    before = imported(database)
    change(database, "UPDATE runs SET artifact_uri = '/' || printf('%.400c', 'a') || '/b/c'")
    found = imported(database)
    assert (found.documents.keys(), found.findings.refused) == (before.documents.keys(), [])
