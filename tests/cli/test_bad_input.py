"""What bad input gets: a clear error with its place, exit code 4, nothing stored of it, and the rest goes on."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
MALFORMED = sorted(path for path in (DATA / "malformed").iterdir() if path.suffix in {".json", ".xml", ".ttl", ".rdf"})
DEMO = ROOT / "provstore" / "demo"


def shell(tmp_path, *words, **options):
    environment = os.environ | {"HOME": str(tmp_path)}
    command = [sys.executable, "-m", "provstore", *map(str, words)]
    return subprocess.Popen(
        command, cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.name)
def test_a_malformed_document_is_refused_with_its_place_and_nothing_is_stored(stored, path):
    before = stored("verify", "--json").json["sequence"]
    done = stored("ingest", path, "--json")
    assert (done.code, done.out, done.error["code"]) == (4, "", "bad-input")
    assert path.name in done.error["where"]
    assert stored("verify", "--json").json["sequence"] == before


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 20_000 + "1" + "}" * 20_000,
        '{"entity": {"ex:a": {"prov:value": ' + "9" * 100_000 + "}}}",
        "[" * 50_000,
    ],
    ids=["deep objects", "long number", "deep lists"],
)
def test_hostile_json_is_refused_without_a_bug(provstore, tmp_path, text):
    (tmp_path / "hostile.json").write_text(text)
    assert provstore("ingest", "hostile.json", "--json").code == 4


def test_a_file_that_no_importer_knows_is_refused_and_the_kinds_are_named(provstore, tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    done = provstore("import", "notes.txt", "--json")
    assert (done.code, done.error["where"]) == (4, "notes.txt")
    assert "mlflow" in done.error["next_step"]


def test_a_truncated_database_is_refused(provstore, tmp_path):
    content = (DEMO / "mlflow.db").read_bytes()
    (tmp_path / "cut.db").write_bytes(content[: len(content) // 3])
    for kind in (["mlflow"], []):
        done = provstore("import", *kind, "cut.db", "--json")
        assert (done.code, done.error["code"]) == (4, "bad-input")
        assert "cut.db" in done.error["where"]
        assert "malformed" in done.error["message"]


def test_a_part_that_is_refused_is_an_error_beside_the_receipt(provstore, tmp_path):
    (tmp_path / "events.ndjson").write_text('{"eventType": "START"}\n{bad\n')
    done = provstore("import", "openlineage", "events.ndjson", "--json")
    assert (done.code, done.json["documents"]["refused"], len(done.json["warnings"])) == (4, 2, 2)
    assert (done.error["code"], done.error["where"]) == ("bad-input", "events.ndjson")
    assert "receipt" in done.error["next_step"]
    several = provstore("import", "openlineage", "events.ndjson", "events.ndjson", "--json")
    assert len(several.err.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["import"],
        ["import", "mlflow"],
        ["import", "openlineage"],
        ["ingest"],
        ["find", "--store"],
        ["export", "csv", "-o"],
    ],
)
def test_a_path_that_is_too_long_is_bad_input(provstore, words):
    done = provstore(*words, "a" * 300, "--json")
    assert (done.code, done.error["code"]) in [(4, "bad-input"), (3, "not-found")]


@pytest.mark.parametrize("address", ["http://[", "http://127.0.0.1:99999", "http://127.0.0.1:abc", "http://\u2100/"])
def test_what_is_no_address_of_a_server_is_a_usage_error(provstore, address):
    done = provstore("import", address, "--json")
    assert (done.code, done.error["code"], done.error["where"]) == (2, "usage", address)


@pytest.mark.parametrize("address", ["http://a..b/", "http://.", f"http://{'a' * 300}/", "http://127.0.0.1:9/\u00e9"])
def test_an_address_where_nobody_is_is_told_as_that(provstore, address):
    done = provstore("import", address, "--json")
    assert (done.code, done.error["code"]) == (5, "unavailable")


def test_a_folder_that_is_no_store_is_refused(provstore, tmp_path):
    (tmp_path / "empty").mkdir()
    assert provstore("import", "mlflow", "empty", "--json").code == 4


def test_a_run_without_meta_yaml_is_told_and_the_other_runs_are_taken(provstore, tmp_path):
    (source,) = (DATA / "mlflow").glob("2.*-file/mlruns")
    shutil.copytree(source, tmp_path / "mlruns")
    whole = provstore("import", "mlflow", "mlruns", "--dry-run", "--json").json
    run = next(path for path in sorted((tmp_path / "mlruns").glob("*/*/meta.yaml")) if len(path.parent.name) == 32)
    run.unlink()
    done = provstore("import", "mlflow", "mlruns", "--json")
    assert done.code == 4
    assert done.json["documents"]["refused"] == 1
    assert run.parent.name in " ".join(done.json["warnings"])
    assert 0 < done.json["documents"]["new"] < whole["documents"]["new"]


def test_a_database_that_another_program_has_locked_is_read_or_told(provstore, tmp_path):
    shutil.copy(DEMO / "mlflow.db", tmp_path / "locked.db")
    holder = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        done = provstore("import", "mlflow", "locked.db", "--json")
    finally:
        holder.rollback()
        holder.close()
    assert done.code in (0, 4, 5)
    assert done.code == 0 or "locked" in done.err


def test_a_second_import_adds_nothing(provstore):
    first = provstore("import", DEMO / "mlflow.db", "--json").json
    second = provstore("import", DEMO / "mlflow.db", "--json").json
    assert first["documents"]["new"] > 10
    assert second["documents"]["new"] == second["new"] == 0
    assert second["documents"]["duplicate"] == first["documents"]["new"]


def test_another_store_of_the_same_tracker_needs_a_scope(provstore, tmp_path):
    shutil.copy(DEMO / "mlflow.db", tmp_path / "other.db")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("UPDATE experiments SET creation_time = creation_time + 86400000")
    connection.close()
    assert provstore("import", DEMO / "mlflow.db").code == 0
    done = provstore("import", "other.db", "--json")
    assert (done.code, done.error["code"]) == (6, "conflict")
    assert "--scope" in done.error["next_step"]
    assert provstore("import", "other.db", "--scope", "second").code == 0


def test_a_full_disk_leaves_the_store_as_it_was(provstore, tmp_path, story):
    assert provstore("ingest", story).code == 0
    size = (tmp_path / "provstore.db").stat().st_size

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 8192, size + 8192))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    process = shell(tmp_path, "import", DEMO / "mlflow.db", "--json", preexec_fn=small_files)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 5, err
    assert provstore("check", "--json").json["ok"]
    assert provstore("import", DEMO / "mlflow.db", "--json").code == 0


def _entries(provstore):
    done = provstore("graph", "status", "--json")
    return done.json["ledger_head"] if done.code == 0 else 0


def test_ctrl_c_keeps_what_was_acknowledged_and_tells_the_rest(provstore, tmp_path):
    events = [json.loads(line) for line in (DEMO / "openlineage.ndjson").read_text().splitlines()]
    with (tmp_path / "many.ndjson").open("w") as many:
        for number in range(30_000):
            event = json.loads(json.dumps(events[number % 2]))
            event["run"]["runId"] = f"00000000-0000-4000-8000-{number:012d}"
            many.write(json.dumps(event) + "\n")
    # Where the tests run in the background, the shell has them ignore ctrl-C, and what they start inherits that.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = shell(tmp_path, "import", "openlineage", "many.ndjson", preexec_fn=heeding)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and _entries(provstore) == 0:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "documents, which are stored" in err
    report = provstore("check", "--json").json
    assert report["ok"], report["findings"]
    assert report["checked"]["entries"] > 0


@pytest.mark.parametrize("records", [3, 60_000], ids=["small", "large"])
@pytest.mark.parametrize("words", [["ingest", "cut.json"], ["ingest", "-", "--format", "prov-json"]])
def test_of_a_broken_download_it_is_said_that_it_ends_too_early(tmp_path, words, records):
    # The prefixes come last, as many writers have them.
    entities = ",\n".join(f'"ex:{number}": {{"prov:label": "entity {number}"}}' for number in range(records))
    text = f'{{"entity": {{\n{entities}}},\n"prefix": {{"ex": "http://example.org/"}}}}'
    cut = text[: text.index('"prefix"') - 20]
    (tmp_path / "cut.json").write_text(cut)
    with (tmp_path / "cut.json").open() as given:
        done = shell(tmp_path, *words, "--json", stdin=given)
        out, err = done.communicate()
    error = json.loads(err)["error"]
    assert (done.returncode, out, "ends too early" in error["message"]) == (4, "", True)
    assert error["where"].endswith(f":{records + 1}:{len(cut.rpartition(chr(10))[2]) + 1}")
    assert not (tmp_path / "provstore.db").exists()
