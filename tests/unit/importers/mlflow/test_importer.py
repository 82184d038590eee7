"""Bad input, hostile input, stores that move or change, and what is told besides the documents."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter

import pytest

from provstore.errors import BadInput
from provstore.importers.mlflow import MlflowImporter
from provstore.importers.mlflow.names import NAMESPACE
from provstore.model.document import content_digest
from provstore.model.terms import PROV
from tests.support.mlflow_stores import DEMO, NAMES, STORES, imported, told

NEWEST_DATABASE = STORES / "3.17.2-sqlite"
NEWEST_FILES = STORES / "3.17.2-file"


@pytest.fixture
def database(tmp_path):
    """A copy of the newest SQLite store that a test may spoil."""
    shutil.copytree(NEWEST_DATABASE, tmp_path / "store")
    return tmp_path / "store" / "mlflow.db"


@pytest.fixture
def files(tmp_path):
    """A copy of the newest file store that a test may spoil."""
    shutil.copytree(NEWEST_FILES, tmp_path / "store")
    return tmp_path / "store"


def change(database, *commands):
    connection = sqlite3.connect(database)
    for command in commands:
        connection.execute(command)
    connection.commit()
    connection.close()


def digests(found):
    return {unit: content_digest(document.assertions) for unit, document in found.documents.items()}


def a_run_of(name, run_name="child 1"):
    return next(r for r, run in told(name)["runs"].items() if run["tags"].get("mlflow.runName") == run_name)


def run_directory(files):
    return next((files / "mlruns").glob(f"*/{a_run_of(NEWEST_FILES.name)}"))


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


def test_a_table_with_a_name_that_is_no_name_is_never_put_into_a_query(database):
    change(database, 'CREATE TABLE "x"" UNION SELECT 1 --" (a)', 'INSERT INTO "x"" UNION SELECT 1 --" VALUES (1)')
    assert imported(database).findings.unmapped["table with an odd name"].count == 1


def test_traces_are_counted_as_not_mapped(database):
    change(database, "INSERT INTO trace_tags VALUES ('k', 'v', 'tr-1')")
    assert imported(database).findings.unmapped["table trace_tags"].count == 1


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
    assert len(found.findings.refused) == 1
    assert (
        Counter(u.split("/")[0] for u in found.documents)["mlflow:run"] == len(told(NEWEST_DATABASE.name)["runs"]) - 1
    )


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
    ],
)
def test_a_damaged_meta_yaml_refuses_that_run_and_runs_nothing(files, content, said, monkeypatch):
    monkeypatch.chdir(files)
    (run_directory(files) / "meta.yaml").write_bytes(content)
    refused = imported(files).findings.refused
    assert len(refused) == 1
    assert said in refused[0]
    assert not (files / "owned").exists()


@pytest.mark.parametrize("line", ["1790000000000", "then 0.5 1", "1790000000000 high 1", f"1790000000000 0.5 {2**63}"])
def test_a_damaged_metric_line_refuses_that_run_with_its_file(files, line):
    with (run_directory(files) / "metrics" / "accuracy").open("a") as metric:
        metric.write(line + "\n")
    refused = imported(files).findings.refused
    assert len(refused) == 1
    assert "accuracy" in refused[0]


def test_a_metric_line_of_mlflow_before_1_0_has_no_step(files):
    (run_directory(files) / "metrics" / "accuracy").write_text("1790000000000 0.5\n")
    found = imported(files)
    series = f"{NAMESPACE}series/{run_directory(files).name}/accuracy"
    assert found.points(series) == [[0, 1790000000000, "3fe0000000000000"]]


def test_a_tag_that_is_no_text_refuses_that_run(files):
    (run_directory(files) / "tags" / "broken").write_bytes(b"\xff")
    refused = imported(files).findings.refused
    assert len(refused) == 1
    assert refused[0].split(": ")[0].endswith("tags/broken")


def test_an_empty_metric_file_is_no_series(files):
    (run_directory(files) / "metrics" / "nothing").write_text("")
    found = imported(files)
    assert found.findings.refused == []
    assert found.facts(f"{NAMESPACE}series/{run_directory(files).name}/nothing") == {}


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


def test_the_line_end_of_a_parameter_is_not_part_of_it_that_of_a_tag_is(files):
    directory = run_directory(files)
    (directory / "params" / "two lines").write_text("a\nb\n")
    (directory / "tags" / "two lines").write_text("a\nb\n")
    facts = imported(files).facts(f"{NAMESPACE}run/{directory.name}")
    assert facts["param.two%20lines"] == {"a\nb"}
    assert facts["tag.two%20lines"] == {"a\nb\n"}


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


def test_a_time_that_is_none_is_counted_and_left_out(database):
    run = a_run_of(NEWEST_DATABASE.name)
    change(database, f"UPDATE runs SET end_time = {2**62} WHERE run_uuid = '{run}'")
    found = imported(database)
    assert found.findings.unmapped["end_time that is no time"].count == 1
    assert "http://www.w3.org/ns/prov#endTime" not in found.facts(f"{NAMESPACE}run/{run}")


def test_progress_counts_the_runs_and_knows_how_many_there_are():
    from provstore.importers.contract import Findings, Request

    seen = []
    request = Request(
        path=str(NEWEST_DATABASE), read_at="2026-11-21T12:00:00.000000Z", progress=lambda *at: seen.append(at)
    )
    list(MlflowImporter().documents(request, Findings()))
    assert seen == [(n, 9) for n in range(1, 10)]
