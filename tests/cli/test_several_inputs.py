"""Several inputs with --json: a line of each on stdout, in order, and one error on stderr for all that went wrong."""

from __future__ import annotations

import json
import socket

import pytest

from tests.support.mlflow_stores import STORES

GOOD = {"prefix": {"ex": "http://example.org/"}, "entity": {"ex:a": {}}}
INVALID = GOOD | {"activity": {"ex:a": {}}}


@pytest.fixture
def inputs(tmp_path):
    (tmp_path / "good.json").write_text(json.dumps(GOOD))
    (tmp_path / "bad.json").write_text(json.dumps(GOOD)[:-1])
    (tmp_path / "invalid.json").write_text(json.dumps(INVALID))


def errors(done):
    """The objects on stderr, which has nothing else."""
    return [json.loads(line)["error"] for line in done.err.splitlines()]


def test_each_input_has_its_line_and_all_of_them_one_error(provstore, inputs):
    done = provstore("ingest", "--json", "none.json", "good.json", "bad.json", "good.json")
    (error,) = errors(done)
    assert done.code == 4
    assert [line["path"] for line in done.lines] == ["none.json", "good.json", "bad.json", "good.json"]
    missing, new, cut, known = done.lines
    assert missing == {"path": "none.json", "error": missing["error"]}
    assert (missing["error"]["code"], "cannot be read" in missing["error"]["message"]) == ("bad-input", True)
    assert (new["new"], known["new"]) == (1, 0)
    assert cut["error"]["where"].startswith("bad.json:1:")
    assert set(error) == {"code", "message", "where", "next_step"}
    assert (error["code"], error["message"]) == ("bad-input", "2 of 4 inputs taken in, 2 not")


@pytest.mark.parametrize("path", ["none.json", "bad.json"])
def test_one_input_alone_has_its_error_on_stderr(provstore, inputs, path):
    done = provstore("ingest", "--json", path)
    (error,) = errors(done)
    assert (done.code, done.out) == (4, "")
    assert error["where"].startswith(path)


def test_when_all_are_taken_in_there_is_no_error(provstore, inputs):
    done = provstore("ingest", "--json", "good.json", "good.json")
    assert (done.code, len(done.lines), done.err) == (0, 2, "")


def test_people_read_each_error_and_how_many_were_taken_in(provstore, inputs):
    done = provstore("ingest", "good.json", "bad.json", "none.json")
    assert (done.code, len(done.out.splitlines()) > 0) == (4, True)
    assert done.err.count("provstore: ") == 2
    assert done.err.splitlines()[-1] == "1 of 3 inputs taken in, 2 not"


def test_what_is_refused_has_its_findings_in_its_line(provstore, inputs):
    done = provstore("ingest", "--json", "--validate", "refuse", "good.json", "invalid.json")
    assert (done.code, [error["code"] for error in errors(done)]) == (4, ["bad-input"])
    assert done.lines[1]["error"]["findings"]


def test_imports_are_told_alike(provstore, inputs, tmp_path):
    (tmp_path / "events.ndjson").write_text("{}\n")
    done = provstore("import", "--json", "openlineage", "none.ndjson", "events.ndjson")
    assert [line["path"] for line in done.lines] == ["none.ndjson", "events.ndjson"]
    assert (done.code, len(errors(done))) == (4, 1)


def test_what_was_not_tried_has_a_line_as_well(provstore):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        done = provstore("import", "--json", "mlflow", url, "mlruns", "more")
    assert done.code == 5
    assert [line["path"] for line in done.lines] == [url, "mlruns", "more"]
    assert {line["error"]["code"] for line in done.lines} == {"unavailable"}
    assert all("not tried" in line["error"]["message"] for line in done.lines[1:])
    assert [error["message"] for error in errors(done)] == ["0 of 3 inputs taken in, 3 not"]


@pytest.mark.parametrize(("more", "code"), [([], 6), (["bad.json"], 4)])
def test_the_exit_code_is_of_the_first_kind_that_applies(provstore, inputs, more, code):
    stores = [str(STORES / name) for name in ("3.17.2-sqlite", "2.22.5-sqlite")]
    done = provstore("import", "--json", *stores, *more)
    (error,) = errors(done)
    assert (done.code, error["code"]) == (code, {6: "conflict", 4: "bad-input"}[code])
    assert [line.get("error", {}).get("code") for line in done.lines[:2]] == [None, "conflict"]
