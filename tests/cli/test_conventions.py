"""The conventions of the command line: flags, exit codes, errors, JSON (docs/reference/ is the contract)."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys

import pytest

from provstore.cli.verbs import MODULES
from provstore.settings import load
from tests.cli.conftest import STATEMENTS

EX = "http://example.org/"


def test_help_lists_every_verb_by_theme(provstore):
    text = provstore("--help").out
    for verb in MODULES:
        assert re.search(rf"^  {re.escape(verb)} ", text, re.MULTILINE)


@pytest.mark.parametrize("verb", sorted(set(MODULES) - {"check", "importers", "demo"}))
def test_help_of_a_verb_has_an_example(provstore, verb):
    assert f"provstore {verb}" in provstore(verb, "--help").out


@pytest.mark.parametrize(("word", "said"), [("upstram", "Did you mean upstream?"), ("frobnicate", "provstore --help")])
def test_an_unknown_verb_is_a_usage_error_and_the_nearest_are_named(provstore, word, said):
    done = provstore(word)
    assert done.code == 2
    assert word in done.err
    assert said in done.err


def test_a_usage_error_with_json_is_one_object_on_stderr(provstore):
    done = provstore("--json", "upstream")
    assert (done.code, done.error["code"], done.out) == (2, "usage", "")


def test_a_question_without_a_store_is_not_found_and_makes_none(provstore, tmp_path):
    done = provstore("upstream", "ex:model", "--json")
    assert (done.code, done.error["code"]) == (3, "not-found")
    assert not (tmp_path / "provstore.db").exists()


def test_flags_stand_before_or_after_the_verb(provstore, story):
    assert provstore("--store", "a.db", "--json", "ingest", story).json["new"] == STATEMENTS
    assert provstore("ingest", story, "--store", "a.db", "--json").json["new"] == 0


def test_the_environment_names_the_store_and_a_flag_beats_it(provstore, story, monkeypatch, tmp_path):
    monkeypatch.setenv("PROVSTORE_STORE", "env.db")
    provstore("ingest", story)
    provstore("ingest", story, "--store", "flag.db")
    assert (tmp_path / "env.db").exists()
    assert (tmp_path / "flag.db").exists()
    origins = provstore("config", "show", "--origin", "--json").json
    assert origins["store"] == {"value": "env.db", "origin": "environment PROVSTORE_STORE"}


def test_the_password_of_a_graph_server_is_never_shown(provstore, monkeypatch):
    monkeypatch.setenv("PROVSTORE_GRAPH_PASSWORD", "hunter2")
    for words in ((), ("--origin",), ("--json",), ("--origin", "--json")):
        said = provstore("config", "show", *words)
        assert "***" in said.out
        assert "hunter2" not in said.out + said.err


def test_a_password_may_stand_in_a_file_which_the_environment_names(provstore, monkeypatch, tmp_path):
    (tmp_path / "password").write_text(" hunter2 \n")
    monkeypatch.setenv("PROVSTORE_STORE_PASSWORD_FILE", str(tmp_path / "password"))
    assert load().store_password == " hunter2 "
    said = provstore("config", "show", "--origin", "--json").json["store_password"]
    assert said == {"value": "***", "origin": "environment PROVSTORE_STORE_PASSWORD_FILE"}
    monkeypatch.setenv("PROVSTORE_STORE_PASSWORD", "itself")
    assert load().store_password == "itself"


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_password_that_cannot_be_read_is_bad_input_and_names_the_file(provstore, monkeypatch, tmp_path, content):
    path = tmp_path / "password"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("PROVSTORE_GRAPH_PASSWORD_FILE", str(path))
    done = provstore("config", "show", "--json")
    assert (done.code, done.error["where"]) == (4, f"PROVSTORE_GRAPH_PASSWORD_FILE={path}")


def test_a_receipt_has_the_fields_of_the_contract(provstore, story):
    receipt = provstore("ingest", story, "--json").json
    assert receipt["path"] == str(story)
    assert receipt["format"] == "prov-json"
    assert re.fullmatch("[0-9a-f]{64}", receipt["sha256"])
    assert receipt["documents"] == {"new": 1, "superseded": 0, "duplicate": 0, "refused": 0}
    assert receipt["document"].startswith("urn:provstore:document:")
    assert (receipt["statements"], receipt["new"], receipt["duplicates"]) == (STATEMENTS, STATEMENTS, 0)
    assert (receipt["elements"], receipt["sequence"], receipt["projected"]) == (9, 1, True)
    assert receipt["unmapped"] == receipt["warnings"] == []


def test_the_same_file_again_adds_nothing_and_says_so(stored, story):
    receipt = stored("ingest", story, "--json").json
    assert (receipt["new"], receipt["duplicates"], receipt["sequence"]) == (0, STATEMENTS, 1)
    assert receipt["documents"] == {"new": 0, "superseded": 0, "duplicate": 1, "refused": 0}


def test_one_bad_input_of_several_is_told_and_the_rest_goes_on(provstore, story, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text('{"entity": {"ex:a": {}}, "entity": {}}')
    done = provstore("ingest", bad, story, tmp_path / "missing.json", "--json")
    assert done.code == 4
    first, receipt, last = done.lines
    assert receipt["new"] == STATEMENTS
    assert [line["error"]["code"] for line in (first, last)] == ["bad-input", "bad-input"]
    assert str(bad) in first["error"]["where"]
    assert last["error"]["where"] == str(tmp_path / "missing.json")
    (error,) = (json.loads(line)["error"] for line in done.err.splitlines())
    assert (error["code"], error["where"]) == ("bad-input", first["error"]["where"])


def test_a_foreign_file_as_store_is_refused_and_left_as_it_was(provstore, story, tmp_path):
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = foreign.read_bytes()
    done = provstore("ingest", story, "--store", foreign, "--json")
    assert (done.code, done.error["code"]) == (4, "bad-input")
    assert foreign.read_bytes() == before


def test_an_unknown_element_is_not_found(stored):
    done = stored("upstream", "ex:nothing", "--json")
    assert (done.code, done.error["code"]) == (3, "not-found")


def test_an_ambiguous_label_lists_the_candidates(stored):
    done = stored("show", "twin", "--json")
    assert (done.code, done.error["code"]) == (3, "ambiguous")
    assert "ex:twin1" in done.error["next_step"] or EX + "twin1" in done.error["next_step"]


def test_no_path_is_exit_code_1(stored):
    assert stored("path", "ex:raw", "ex:model").code == 1
    assert stored("path", "ex:model", "ex:raw").code == 0


def test_retracting_what_is_closed_is_a_conflict(stored):
    document = stored("documents", "--json").json["rows"][0]
    iri = next(value for value in document if str(value).startswith("urn:provstore:document:"))
    assert stored("retract", iri, "--reason", "wrong").code == 0
    done = stored("retract", iri, "--reason", "wrong", "--json")
    assert (done.code, done.error["code"]) == (6, "conflict")
    assert stored("show", "ex:model").code == 3


@pytest.mark.parametrize("reason", ["", "  "])
def test_what_is_taken_back_without_a_reason_stays(stored, reason):
    document = stored("documents", "--json").json["rows"][0]
    iri = next(value for value in document if str(value).startswith("urn:provstore:document:"))
    assert stored("retract", iri, "--reason", reason).code == 2
    assert stored("show", "ex:model").code == 0


def test_a_mistake_in_an_expression_names_the_column(stored):
    done = stored("find", "kind = ", "--json")
    assert done.code == 2
    assert "column" in done.error["message"] + str(done.error["where"])


def test_check_and_verify_are_clean(stored):
    assert stored("check", "--json").json["ok"] is True
    assert stored("verify", "--json").json["ok"] is True


@pytest.fixture
def given_story(story, tmp_path):
    """Runs a command line with the story on standard input."""

    def call(*words):
        environment = os.environ | {"HOME": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-m", "provstore", *words, "--json"], input=story.read_bytes(), cwd=tmp_path,
            env=environment, capture_output=True, check=False,
        )  # fmt: skip

    return call


def test_stdin_needs_a_format_and_takes_one(given_story, tmp_path):
    for files in (["-"], ["story.json", "-"]):
        done = given_story("ingest", *files)
        error = json.loads(done.stderr)["error"]
        assert (done.returncode, done.stdout, error["code"]) == (2, b"", "usage")
        assert all(word in error["next_step"] for word in ("--format", "prov-json", "prov-n", "prov-xml", "trig"))
        assert not (tmp_path / "provstore.db").exists()
    done = given_story("ingest", "-", "--format", "prov-json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["new"] == STATEMENTS


def test_standard_input_is_read_once(given_story, tmp_path):
    done = given_story("ingest", "-", "-", "--format", "prov-json")
    assert (done.returncode, done.stdout, json.loads(done.stderr)["error"]["code"]) == (2, b"", "usage")
    assert not (tmp_path / "provstore.db").exists()


@pytest.mark.parametrize(
    ("words", "option"),
    [(["validate", "-"], "--format"), (["convert", "-", "out.provn"], "--from"), (["convert", "-", "-"], "--from")],
)
def test_so_does_that_of_other_verbs(given_story, words, option):
    done = given_story(*words)
    error = json.loads(done.stderr)["error"]
    assert (done.returncode, done.stdout, error["code"]) == (2, b"", "usage")
    assert option in error["next_step"]
    to = ["--to", "prov-n"] * (words[-1] == "-" and words[0] == "convert")
    assert given_story(*words, option, "prov-json", *to).returncode == 0


def test_two_documents_are_compared_by_what_they_begin_with(given_story):
    assert json.loads(given_story("compare", "-", "story.json").stdout)["outcome"] == "equal"


@pytest.mark.parametrize("verb", [["show"], ["upstream"], ["history"], ["path", "ex:model"], ["leakage", "ex:model"]])
def test_a_word_that_is_no_utf8_text_is_a_usage_error(stored, verb):
    done = stored(*verb, "a\udcffb", "--json")
    assert (done.code, done.error["code"], done.error["where"]) == (2, "usage", r"a\udcffb")


@pytest.mark.parametrize("words", [["ingest", "a\0b"], ["export", "prov-n", "-o", "a\0b"], ["find", "--graph", "a\0b"]])
def test_a_path_with_a_nul_is_a_usage_error(stored, words):
    assert stored(*words).code == 2


def test_a_user_whom_nobody_knows_acts_by_number(provstore, story, monkeypatch):
    def unknown(uid):
        raise KeyError(uid)

    monkeypatch.setattr("pwd.getpwuid", unknown)
    for name in ("HOME", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    assert provstore("ingest", story).code == 0
    (row,) = provstore("documents", "--json").json["rows"]
    assert row[9].startswith(f"{os.getuid()}@")


def test_json_is_utf8_whatever_the_locale_says_and_text_loses_nothing(story, tmp_path):
    text = json.loads(story.read_text())
    text["entity"]["ex:model"]["prov:label"] = "Zo\u00eb"
    (tmp_path / "named.json").write_text(json.dumps(text))
    environment = os.environ | {"HOME": str(tmp_path), "PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"}

    def call(*words):
        command = [sys.executable, "-m", "provstore", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
        return done.returncode, done.stdout

    assert call("ingest", "named.json")[0] == 0
    code, out = call("show", "ex:model", "--json")
    assert (code, json.loads(out)["label"]) == (0, "Zo\u00eb")
    assert "Zo\u00eb".encode() in out
    code, out = call("show", "ex:model")
    assert code == 0
    assert rb"Zo\xeb" in out


@pytest.mark.parametrize("words", [["find", "--json"], ["documents"], ["export", "prov-json"], ["verify", "--json"]])
def test_an_answer_that_finds_no_room_is_told(stored, tmp_path, words):
    environment = os.environ | {"HOME": str(tmp_path)}
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "provstore", *words], cwd=tmp_path, env=environment, stdout=full,
            stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert (done.returncode, b"No space left on device" in done.stderr) == (5, True)


def test_the_demo_does_not_go_among_other_records_unless_their_store_is_named(provstore, tmp_path):
    (tmp_path / "own.json").write_text('{"prefix": {"ex": "http://example.org/"}, "entity": {"ex:a": {}}}')
    assert provstore("ingest", "own.json").code == 0
    refused = provstore("demo")
    assert (refused.code, "--store demo.db" in refused.err) == (2, True)
    assert provstore("find", "--json").json["total"] == 1
    for _ in range(2):
        assert provstore("--store", "provstore.db", "demo").code == 0


@pytest.mark.parametrize("store", [None, "env.db"])
def test_the_demo_goes_into_the_store_that_the_settings_name(provstore, monkeypatch, tmp_path, store):
    if store:
        monkeypatch.setenv("PROVSTORE_STORE", store)
    assert [receipt["documents"]["refused"] for receipt in provstore("demo", "--json").lines] == [0, 0]
    assert {path.name for path in tmp_path.glob("*.db")} == {store or "provstore.db"}
    assert provstore("upstream", "mlflow:model/churn/3", "--json").json["counts"]["nodes"] > 5
