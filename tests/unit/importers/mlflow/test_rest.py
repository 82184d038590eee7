"""A live server: the same records as from its database, page by page, whatever the server leaves out or does wrong."""

from __future__ import annotations

from base64 import b64encode

import pytest

from provstore.errors import BackendUnavailable, BadInput
from tests.support.mlflow_server import simulated, without_bytes
from tests.support.mlflow_stores import STORES, imported, told


@pytest.fixture
def server(monkeypatch):
    for name in ("TOKEN", "USERNAME", "PASSWORD"):
        monkeypatch.delenv(f"MLFLOW_TRACKING_{name}", raising=False)
    with simulated() as running:
        yield running


def deleted_units():
    """What the server does not tell of: deleted versions and logged models."""
    known = told("3.17.2-sqlite")
    units = imported(STORES / "3.17.2-sqlite").documents
    models = {f"mlflow:logged-model/{m}" for m in known["logged_models"]}
    return {u for u in units if u.startswith("mlflow:logged-model/") and u not in models} | {"mlflow:model/churn/4"}


@pytest.mark.parametrize("page_items", [1, 2, 1000])
def test_a_server_gives_the_documents_that_its_database_gives(server, page_items):
    server.page_items = page_items
    live, stored = imported(server.url), imported(STORES / "3.17.2-sqlite")
    assert stored.documents.keys() - live.documents.keys() == deleted_units()
    assert live.documents.keys() <= stored.documents.keys()
    for unit, document in live.documents.items():
        theirs = [stated for _, stated in stored.documents[unit].assertions]
        assert without_bytes([stated for _, stated in document.assertions]) == without_bytes(theirs)
        assert set(document.blobs) == set(stored.documents[unit].blobs)
    assert live.findings.refused == []


def test_the_address_may_end_in_a_slash(server):
    assert imported(server.url + "/").documents.keys() == imported(server.url).documents.keys()


def test_an_older_server_without_logged_models_is_imported_without_them(server):
    server.missing = {"logged-models/"}
    units = imported(server.url).documents
    assert not [unit for unit in units if unit.startswith("mlflow:logged-model/")]
    assert "mlflow:model/churn/3" in units


def test_a_server_without_a_registry_is_imported_without_it(server):
    server.missing = {"registered-models/", "model-versions/"}
    units = imported(server.url).documents
    assert sum(unit.startswith("mlflow:run/") for unit in units) == len(told("3.17.2-sqlite")["runs"])


def test_an_address_that_is_no_mlflow_server_is_refused(server):
    server.missing = {""}
    with pytest.raises(BadInput, match="no MLflow experiment"):
        imported(server.url)


@pytest.mark.parametrize("raw", [b"<html>", b"[]", b"\xff", b'{"experiments": [1]}', b'{"experiments": [{"a": NaN}]}'])
def test_an_answer_that_is_not_mlflows_is_refused_with_the_address(server, raw):
    server.raw = raw
    with pytest.raises(BadInput, match=r"127\.0\.0\.1"):
        imported(server.url)


def test_nobody_there_is_told_as_unavailable():
    with pytest.raises(BackendUnavailable, match="does not answer"):
        imported("http://127.0.0.1:9")


def test_a_moment_of_trouble_is_tried_again(server):
    server.failures = [503, 500]
    assert "mlflow:model/churn/3" in imported(server.url).documents


def test_lasting_trouble_is_told(server):
    server.failures = [503] * 100
    with pytest.raises(BackendUnavailable, match="503"):
        imported(server.url)


def test_being_refused_names_the_variables_to_set(server):
    server.failures = [401]
    with pytest.raises(BackendUnavailable) as refused:
        imported(server.url)
    assert "MLFLOW_TRACKING_TOKEN" in refused.value.next_step


def test_a_redirect_is_not_followed(server):
    server.failures = [302]
    with pytest.raises(BackendUnavailable, match="302"):
        imported(server.url)


def test_another_refusal_is_told_with_the_servers_words(server):
    server.failures = [400]
    with pytest.raises(BadInput, match="told to fail"):
        imported(server.url)


def test_a_token_is_sent_as_mlflows_client_sends_it(server, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t0")
    imported(server.url)
    assert {headers.get("Authorization") for _, headers in server.asked} == {"Bearer t0"}


def test_a_password_in_the_address_is_used_and_never_stored(server):
    with_password = server.url.replace("//", "//ada:s3cret@")
    found = imported(with_password)
    assert server.asked[0][1]["Authorization"] == "Basic " + b64encode(b"ada:s3cret").decode()
    assert all("s3cret" not in (document.header.source or "") for document in found.documents.values())


def test_without_a_password_nothing_is_sent(server):
    imported(server.url)
    assert all("Authorization" not in headers for _, headers in server.asked)


def test_one_run_that_cannot_be_read_is_refused_and_the_rest_goes_on(server):
    broken = next(key for key in server.answers if key[1] == "runs/get")
    server.answers[broken]["run"]["info"]["start_time"] = "noon"
    found = imported(server.url)
    assert len(found.findings.refused) == 1
    assert "start_time" in found.findings.refused[0]
    assert sum(unit.startswith("mlflow:run/") for unit in found.documents) == len(told("3.17.2-sqlite")["runs"]) - 1


@pytest.mark.parametrize(
    ("endpoint", "spoil"),
    [
        ("experiments/search", lambda answer: answer["experiments"][1].update(creation_time="once")),
        ("logged-models/search", lambda answer: answer["models"][0]["info"].update(creation_timestamp_ms="once")),
        ("registered-models/search", lambda answer: answer["registered_models"][0].update(creation_timestamp="once")),
        ("model-versions/search", lambda answer: answer["model_versions"][0].update(creation_timestamp="once")),
        ("metrics/get-history", lambda answer: answer["metrics"][0].update(value="much")),
    ],
)
def test_any_one_record_that_cannot_be_read_is_refused_alone(server, endpoint, spoil):
    before = len(imported(server.url).documents)
    spoil(next(answer for key, answer in server.answers.items() if key[1] == endpoint and any(answer.values())))
    found = imported(server.url)
    assert len(found.findings.refused) == 1
    assert before > len(found.documents) > before / 2


def test_artifacts_that_the_server_cannot_reach_are_counted(server):
    reach = server.answer
    server.answer = lambda method, endpoint, arguments: (
        (400, {"message": "no credentials"}) if endpoint == "artifacts/list" else reach(method, endpoint, arguments)
    )
    found = imported(server.url)
    unmapped = found.findings.unmapped["artifacts that the server does not list"]
    assert unmapped.count == len(told("3.17.2-sqlite")["runs"])
    assert "no credentials" in unmapped.example


def test_a_page_token_that_comes_again_does_not_go_on_for_ever(server):
    server._page = lambda whole, start: {**whole, "next_page_token": "1"}
    server.answer = lambda *call: (200, {"experiments": [{"experiment_id": "0", "name": "x"}], "next_page_token": "1"})
    asked = iter(imported_experiments(server.url))
    assert len(list(asked)) == 2


def imported_experiments(url):
    from provstore.importers.contract import Findings
    from provstore.importers.mlflow.rest import Server

    return Server(url, Findings()).experiments()
