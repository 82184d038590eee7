"""`validate=off|warn|refuse` on what comes in, as on the command line."""

from __future__ import annotations

import json

import pytest

from provstore.cli.main import run
from provstore.settings import Settings
from tests.support.service import serving

EX = {"ex": "http://example.org/"}
# Constraint 55: what is an entity is no activity.
ENTITY = {"prefix": EX, "entity": {"ex:a": {}}}
ACTIVITY = {"prefix": EX, "activity": {"ex:a": {}}}
BOTH = ENTITY | ACTIVITY
FINE = {"type": "run", "id": "fine", "time": "2026-11-21T12:00:00Z"}
# Constraint 42: what something is derived from was generated before it.
WRONG = {"type": "artifact", "id": "wrong", "time": "2026-11-21T12:00:00Z", "derived_from": ["wrong"]}
LINES = {"Content-Type": "application/x-ndjson"}


@pytest.fixture
def served(tmp_path):
    with serving(tmp_path / "s.db") as one:
        yield one


def send(served, document, **parameters):
    return served.admin.post("/api/v1/documents", json=document, params=parameters)


def stored(served):
    return served.admin.get("/api/v1/documents").json()["rows"]


def kept_findings(served):
    with served.service.readers.store() as store:
        table = store.findings()
    return [dict(zip(table.columns, row, strict=True))["constraint"] for row in table.rows]


def test_by_default_nothing_is_validated(served):
    answer = send(served, BOTH)
    assert (answer.status_code, answer.json()["warnings"]) == (201, [])
    assert kept_findings(served) == []


def test_what_is_refused_is_not_stored_and_the_findings_are_those_of_the_command_line(served, tmp_path, capsys):
    answer = send(served, BOTH, validate="refuse")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["where"]) == (422, "bad-input", "body")
    assert [one["constraint"] for one in error["findings"]] == [55]
    assert "?validate=warn" in error["next_step"]
    assert stored(served) == []
    (tmp_path / "both.json").write_text(json.dumps(BOTH))
    words = ["ingest", "--validate", "refuse", str(tmp_path / "both.json"), "--store", str(tmp_path / "t.db"), "--json"]
    assert run(words) == 4
    assert error["findings"] == json.loads(capsys.readouterr().err)["error"]["findings"]


def test_what_is_warned_of_is_stored_and_its_findings_are_kept(served):
    answer = send(served, BOTH, validate="warn")
    assert answer.status_code == 201
    assert ["constraint 55" in one for one in answer.json()["warnings"]] == [True]
    assert len(stored(served)) == 2
    assert kept_findings(served) == ["55"]


def test_it_is_judged_together_with_what_is_stored(served):
    assert send(served, ENTITY, validate="refuse").status_code == 201
    assert send(served, ACTIVITY, validate="refuse").status_code == 422
    assert send(served, ENTITY, validate="refuse").status_code == 200
    assert send(served, ACTIVITY, validate="off").status_code == 201


def test_the_setting_says_what_holds_when_nothing_is_asked_for(tmp_path):
    with serving(Settings(store=str(tmp_path / "s.db"), validate="refuse")) as served:
        assert send(served, BOTH).status_code == 422
        assert send(served, BOTH, validate="off").status_code == 201


def test_a_batch_with_an_event_that_is_not_valid_is_refused_as_a_whole(served):
    given = {"json": {"events": [FINE, WRONG]}, "params": {"validate": "refuse"}}
    answer = served.admin.post("/api/v1/events", **given)
    assert answer.status_code == 422
    assert [one["constraint"] for one in answer.json()["error"]["findings"]] == [42]
    assert stored(served) == []


def test_a_batch_with_an_event_that_is_not_valid_is_stored_with_a_warning(served):
    answer = served.admin.post("/api/v1/events", json={"events": [FINE, WRONG]}, params={"validate": "warn"})
    receipt = answer.json()
    assert (answer.status_code, receipt["documents"]["new"]) == (201, 2)
    assert [one.startswith("event:artifact/wrong: constraint 42") for one in receipt["warnings"]] == [True]
    assert kept_findings(served) == ["42"]


def test_of_lines_those_before_a_refused_part_are_stored_and_the_error_says_so(served):
    lines = "\n".join(json.dumps(one) for one in (*({**FINE, "id": f"r{n}"} for n in range(500)), WRONG))
    answer = served.admin.post("/api/v1/events", content=lines, headers=LINES, params={"validate": "refuse"})
    assert answer.status_code == 422
    assert answer.json()["error"]["message"].endswith("; 500 events before are stored")
    assert len(served.admin.get("/api/v1/documents", params={"limit": 1_000}).json()["rows"]) == 500


@pytest.mark.parametrize("how", ["refuse", "warn"])
def test_no_prefix_of_a_hidden_space_is_told_with_what_was_found(served, how):
    hidden = {"prefix": {"secret": EX["ex"]}, "entity": {"secret:b": {}}}
    assert send(served, hidden, space="hidden").status_code == 201
    writer = served.as_role("writer", "mine")
    answer = writer.post("/api/v1/documents", json=BOTH, params={"validate": how})
    assert "ex:a is an entity" in answer.text
    assert "secret" not in answer.text + writer.get("/api/v1/find").text


def test_another_word_is_a_wrong_parameter(served):
    answer = send(served, BOTH, validate="perhaps")
    assert (answer.status_code, answer.json()["error"]["where"]) == (400, "validate")
