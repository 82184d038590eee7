"""Bad input, hostile input and records that are damaged: what is refused, by name, and that the rest goes on."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter

import pytest

from provstore.errors import BadInput
from provstore.importers.mlflow.names import NAMESPACE
from provstore.model.statement import record
from tests.support.mlflow_stores import (
    NEWEST_DATABASE,
    NEWEST_FILES,
    a_run_of,
    change,
    imported,
    run_directory,
    told,
)


def test_a_table_with_a_name_that_is_no_name_is_never_put_into_a_query(database):
    change(database, 'CREATE TABLE "x"" UNION SELECT 1 --" (a)', 'INSERT INTO "x"" UNION SELECT 1 --" VALUES (1)')
    assert imported(database).findings.unmapped["table with an odd name"].count == 1


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_truncated_database_is_refused_with_its_name(database, share):
    content = database.read_bytes()
    database.write_bytes(content[: int(len(content) * share) // 512 * 512])
    with pytest.raises(BadInput) as refused:
        imported(database)
    assert str(database) in str(refused.value)


def test_a_directory_that_is_no_store_is_refused_with_a_next_step(tmp_path):
    with pytest.raises(BadInput, match="no MLflow store") as refused:
        imported(tmp_path)
    assert "mlruns" in refused.value.next_step


def test_a_database_of_another_program_is_refused(tmp_path):
    sqlite3.connect(tmp_path / "other.db").executescript("CREATE TABLE studies (a)").close()
    with pytest.raises(BadInput, match="no table experiments"):
        imported(tmp_path / "other.db")


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\xff" * 600])
def test_a_file_that_is_no_database_is_refused(tmp_path, content):
    (tmp_path / "mlflow.db").write_bytes(content)
    with pytest.raises(BadInput):
        imported(tmp_path / "mlflow.db")


def test_a_point_that_is_no_number_refuses_that_run_only(database):
    run = a_run_of(NEWEST_DATABASE.name)
    change(database, f"UPDATE metrics SET value = 'much' WHERE run_uuid = '{run}' AND key = 'accuracy' AND step = 1")
    found = imported(database)
    assert f"mlflow:run/{run}" not in found.documents
    (refused,) = found.findings.refused
    assert f"{database}: run {run}, metric accuracy" in refused
    assert (
        Counter(u.split("/")[0] for u in found.documents)["mlflow:run"] == len(told(NEWEST_DATABASE.name)["runs"]) - 1
    )


def test_a_time_that_is_none_is_refused_with_the_run_that_has_it(database):
    run = a_run_of(NEWEST_DATABASE.name)
    change(database, f"UPDATE runs SET start_time = 'soon' WHERE run_uuid = '{run}'")
    (refused,) = imported(database).findings.refused
    assert f"{database}: run {run}" in refused
    assert "start_time" in refused


BAD = "CAST(x'ff41' AS TEXT)"


@pytest.mark.parametrize(
    ("command", "gone", "place"),
    [
        (f"UPDATE params SET value = {BAD} WHERE run_uuid = '{{run}}'", {"run/{run}"}, "run {run}"),
        (f"UPDATE runs SET name = {BAD} WHERE run_uuid = '{{run}}'", {"run/{run}"}, "run {run}"),
        (f"UPDATE metrics SET key = {BAD} WHERE key = 'accuracy' AND run_uuid = '{{run}}'", {"run/{run}"}, "run {run}"),
        (f"UPDATE experiments SET name = {BAD} WHERE experiment_id = 1", {"experiment/1"}, "experiment 1"),
        (
            f"UPDATE model_versions SET description = {BAD} WHERE name = 'churn' AND version = 1",
            {"model/churn/1", "stage/churn/1"},
            "model version churn/1",
        ),
    ],
)
def test_text_that_is_no_utf8_refuses_what_has_it_and_the_rest_goes_on(database, command, gone, place):
    run = a_run_of(NEWEST_DATABASE.name)
    before = set(imported(database).documents)
    change(database, command.format(run=run))
    found = imported(database)
    assert before - set(found.documents) == {f"mlflow:{unit.format(run=run)}" for unit in gone}
    said = f"{database}: {place.format(run=run)}: a text is no UTF-8: \\udcffA"
    assert found.findings.refused == [said]


OUTPUTS = "rowid = (SELECT min(rowid) FROM inputs WHERE source_type = 'RUN_OUTPUT')"


@pytest.mark.parametrize(
    ("table", "column", "where", "value"),
    [
        *(("logged_model_metrics", "metric_step", "rowid = 1", value) for value in (BAD, "'abc'", "'9e999'")),
        *(("logged_model_metrics", "metric_timestamp_ms", "rowid = 1", value) for value in (BAD, "'abc'", "'9e999'")),
        *(("logged_model_metrics", "metric_value", "rowid = 1", value) for value in (BAD, "'abc'")),
        *(("inputs", "step", OUTPUTS, value) for value in (BAD, "'abc'", "'9e999'")),
    ],
)
def test_a_number_that_is_none_refuses_the_model_or_run_that_has_it(database, table, column, where, value):
    before = set(imported(database).documents)
    change(database, f"UPDATE {table} SET {column} = {value} WHERE {where}")
    found = imported(database)
    (refused,) = found.findings.refused
    (gone,) = before - set(found.documents)
    kind, identifier = gone.removeprefix("mlflow:").split("/")
    assert refused.startswith(f"{database}: {kind.replace('-', ' ')} {identifier}, ")


@pytest.mark.parametrize(
    "command",
    [
        "UPDATE runs SET artifact_uri = 'file://[bad'",
        "UPDATE logged_models SET artifact_location = 'file://[bad'",
        """UPDATE datasets SET dataset_source = '{{"uri": "\\ud800"}}'""",
        """UPDATE datasets SET dataset_source = '{{"uri": "file://[bad"}}'""",
        """INSERT OR REPLACE INTO tags (key, value, run_uuid) VALUES
           ('mlflow.log-model.history', '[{{"artifact_path": "a\\ud800", "flavors": {{"b\\ud800": 1}}}}]', '{run}')""",
    ],
)
def test_what_is_recorded_as_a_place_and_is_none_is_kept_as_it_is(database, command):
    run = a_run_of(NEWEST_DATABASE.name)
    before = set(imported(database).documents)
    change(database, command.format(run=run))
    found = imported(database)
    assert (set(found.documents), found.findings.refused) == (before, [])
    for stated in found.statements():
        record(stated)


def test_a_registered_model_whose_text_is_no_utf8_is_refused_with_its_versions(database):
    before = set(imported(database).documents)
    change(database, f"UPDATE registered_models SET description = {BAD} WHERE name = 'churn'")
    found = imported(database)
    gone = before - set(found.documents)
    assert "mlflow:model/churn" in gone
    assert {unit.split("/")[1] for unit in gone} == {"churn"}
    assert [one.partition(": a text")[0] for one in found.findings.refused] == [f"{database}: registered model churn"]


def test_a_run_without_meta_yaml_is_refused_by_name_and_the_rest_goes_on(files):
    directory = run_directory(files)
    (directory / "meta.yaml").unlink()
    found = imported(files)
    assert len(found.findings.refused) == 1
    assert "meta.yaml" in found.findings.refused[0]
    assert directory.name in found.findings.refused[0]
    assert Counter(u.split("/")[0] for u in found.documents)["mlflow:run"] == len(told(NEWEST_FILES.name)["runs"]) - 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: [1, 2", "no YAML"),
        (b"!!python/object/apply:os.mkdir [owned]", "no YAML"),
        (b"just text", "names with values"),
        (b"\xff\xfe\x00", "no YAML"),
        (b"experiment_id: '1'\nstatus: 3\n", "no run_id"),
        (b"run_id: a\nexperiment_id: '1'\nstatus: soon\n", "status"),
        (b"run_id: a\nexperiment_id: '1'\nend_time: .inf\n", "end_time"),
        (b"run_id: &a [*a]\nexperiment_id: '1'\n", "alias"),
    ],
)
def test_a_damaged_meta_yaml_refuses_that_run_and_runs_nothing(files, content, said, monkeypatch):
    monkeypatch.chdir(files)
    (run_directory(files) / "meta.yaml").write_bytes(content)
    refused = imported(files).findings.refused
    assert len(refused) == 1
    assert said in refused[0]
    assert not (files / "owned").exists()


@pytest.mark.parametrize("last", ["run_name: *x9", "unknown: *x9", "<<: *m9"])
def test_aliases_that_would_fill_the_memory_refuse_that_run(files, last):
    doubled = "".join(f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 10)}]\n" for i in range(1, 10))
    merged = "".join(f"m{i}: &m{i}\n  <<: [{', '.join([f'*m{i - 1}'] * 10)}]\n" for i in range(1, 10))
    bomb = "x0: &x0 lol\nm0: &m0 {a: b}\n" + doubled + merged + last
    (run_directory(files) / "meta.yaml").write_text(bomb)
    refused = imported(files).findings.refused
    assert len(refused) == 1
    assert "aliases" in refused[0]


@pytest.mark.parametrize("line", ["1790000000000", "then 0.5 1", "1790000000000 high 1", f"1790000000000 0.5 {2**63}"])
def test_a_damaged_metric_line_refuses_that_run_with_its_file(files, line):
    with (run_directory(files) / "metrics" / "accuracy").open("a") as metric:
        metric.write(line + "\n")
    refused = imported(files).findings.refused
    assert len(refused) == 1
    assert "accuracy" in refused[0]


def test_a_version_without_meta_yaml_is_refused_by_name_and_the_rest_of_its_model_goes_on(files):
    before = imported(files).documents
    (files / "mlruns" / "models" / "churn" / "version-1" / "meta.yaml").unlink()
    found = imported(files)
    (refused,) = found.findings.refused
    assert "version-1" in refused
    assert before.keys() - found.documents.keys() == {"mlflow:model/churn/1", "mlflow:stage/churn/1"}


def test_a_name_that_is_no_utf8_is_counted_and_the_rest_goes_on(files):
    before = imported(files)
    directory = os.fsencode(run_directory(files))
    for place in (b"params", b"artifacts"):
        with open(os.path.join(directory, place, b"odd\xff"), "w") as odd:
            odd.write("1")
    found = imported(files)
    assert found.documents == before.documents
    assert found.findings.unmapped["name of a file or directory that is no UTF-8"].count == 2


def test_a_tag_that_is_no_text_refuses_that_run(files):
    (run_directory(files) / "tags" / "broken").write_bytes(b"\xff")
    refused = imported(files).findings.refused
    assert len(refused) == 1
    assert refused[0].split(": ")[0].endswith("tags/broken")


def test_a_link_out_of_the_tree_is_counted_and_not_followed(files, tmp_path):
    (tmp_path / "secret.txt").write_text("not for import")
    (run_directory(files) / "artifacts" / "leak.txt").symlink_to(tmp_path / "secret.txt")
    (run_directory(files) / "params" / "leak").symlink_to(tmp_path / "secret.txt")
    (run_directory(files) / "artifacts" / "up").symlink_to(tmp_path)
    found = imported(files)
    assert found.findings.unmapped["link not followed"].count == 3
    everything = " ".join(a.lexical for s in found.statements() for a in s.attributes)
    assert "not for import" not in everything
    assert "leak" not in everything


def test_a_time_that_is_none_is_counted_and_left_out(database):
    run = a_run_of(NEWEST_DATABASE.name)
    change(database, f"UPDATE runs SET end_time = {2**62} WHERE run_uuid = '{run}'")
    found = imported(database)
    assert found.findings.unmapped["end_time that is no time"].count == 1
    assert "http://www.w3.org/ns/prov#endTime" not in found.facts(f"{NAMESPACE}run/{run}")
