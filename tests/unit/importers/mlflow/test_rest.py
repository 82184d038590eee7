"""A live server: the same records as from its database, page by page, whatever the server leaves out or does wrong."""

from __future__ import annotations

from base64 import b64encode

import pytest

from provstore.errors import BackendUnavailable, BadInput
from provstore.importers.mlflow.names import Names
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


def test_a_page_token_that_comes_again_does_not_go_on_for_ever_and_is_told(server):
    server._page = lambda whole, start: {**whole, "next_page_token": "1"}
    server.answer = lambda *call: (200, {"experiments": [{"experiment_id": "0", "name": "x"}], "next_page_token": "1"})
    found = imported_experiments(server.url)
    assert [next(found).id, next(found).id] == ["0", "0"]
    with pytest.raises(BadInput, match="page token that it sent before") as refused:
        next(found)
    assert refused.value.where == f"{server.url}/api/2.0/mlflow/experiments/search"


def imported_experiments(url):
    from provstore.importers.contract import Findings
    from provstore.importers.mlflow.rest import Server

    return Server(url, Findings()).experiments()


def answer_of(server, endpoint, owner=""):
    """A recorded answer that holds something: of one run, when `owner` is in its arguments."""
    return next(
        answer
        for key, answer in server.answers.items()
        if key[1] == endpoint and any(answer.values()) and owner in str(key)
    )


def a_history(server):
    """The run, the metric and the points of a recorded metric."""
    key = next(
        key for key, answer in server.answers.items() if key[1] == "metrics/get-history" and any(answer.values())
    )
    arguments = dict(key[2])
    return arguments["run_id"], arguments["metric_key"], server.answers[key]["metrics"]


@pytest.mark.parametrize("value", [10**400, False, True, "", [], {}, None, "much", "1e999", "nan", "infinity", [1]])
def test_a_metric_value_that_is_no_number_refuses_that_run_by_name(server, value):
    run, metric, points = a_history(server)
    points[0]["value"] = value
    found = imported(server.url)
    (refused,) = found.findings.refused
    assert refused.startswith(f"{server.url}: run {run}, metric {metric}: the metric value ")
    assert f"mlflow:run/{run}" not in found.documents


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", 1, 0.5, "0.5", -0.0])
def test_a_metric_value_may_be_written_as_text(server, value):
    points = a_history(server)[2]
    points[0]["value"] = value
    assert imported(server.url).findings.refused == []


def test_a_metric_value_that_is_left_out_is_zero(server):
    run, metric, points = a_history(server)
    points[:] = [{name: value for name, value in points[0].items() if name != "value"}]
    found = imported(server.url)
    series = Names("").series(run, metric)
    assert [point[2] for point in found.points(series)] == ["0" * 16]


@pytest.mark.parametrize("value", ["", False, 0, {}, "text"])
@pytest.mark.parametrize(
    ("field", "of", "endpoint", "spoil"),
    [
        ("metrics", "run", "runs/get", lambda answer, value: answer["run"]["data"].update(metrics=value)),
        ("params", "run", "runs/get", lambda answer, value: answer["run"]["data"].update(params=value)),
        ("dataset_inputs", "run", "runs/get", lambda a, value: a["run"].update(inputs={"dataset_inputs": value})),
        ("model_inputs", "run", "runs/get", lambda a, value: a["run"].update(inputs={"model_inputs": value})),
        ("model_outputs", "run", "runs/get", lambda a, value: a["run"].update(outputs={"model_outputs": value})),
        ("metrics", "logged model", "logged-models/search", lambda a, v: a["models"][0]["data"].update(metrics=v)),
        (
            "aliases",
            "registered model",
            "registered-models/search",
            lambda answer, value: answer["registered_models"][0].update(aliases=value),
        ),
    ],
)
def test_a_list_that_is_none_refuses_the_record_that_has_it(server, field, of, endpoint, spoil, value):
    spoil(answer_of(server, endpoint), value)
    (refused,) = imported(server.url).findings.refused
    assert refused.startswith(f"{server.url}: {of} ")
    assert refused.endswith(f": {field} is no list")


@pytest.mark.parametrize("value", ["", False, 0, []])
def test_a_part_of_a_run_that_is_no_object_refuses_it(server, value):
    answer = answer_of(server, "runs/get")
    answer["run"]["data"] = value
    (refused,) = imported(server.url).findings.refused
    assert refused.startswith(f"{server.url}: run {answer['run']['info']['run_id']}: ")


@pytest.mark.parametrize("value", [None, [], "", 1])
def test_an_answer_without_the_run_refuses_it_by_its_id(server, value):
    answer = answer_of(server, "runs/get")
    run = answer["run"]["info"]["run_id"]
    answer["run"] = value
    (refused,) = imported(server.url).findings.refused
    assert refused.startswith(f"{server.url}: run {run}: run is no object")


def test_lists_and_parts_that_are_left_out_or_null_are_empty(server):
    whole = answer_of(server, "runs/get")["run"]
    whole.update(data=None, inputs={"dataset_inputs": None}, outputs=None)
    assert imported(server.url).findings.refused == []


@pytest.mark.parametrize("value", ["", False, 0, {}, "text", [1]])
def test_a_page_whose_list_is_none_is_refused_and_names_it(server, value):
    answer_of(server, "runs/search")["runs"] = value
    with pytest.raises(BadInput, match="runs is no list of objects") as refused:
        imported(server.url)
    assert refused.value.where == f"{server.url}/api/2.0/mlflow/runs/search"


@pytest.mark.parametrize("token", [1, ["a"], {"a": 1}, True])
def test_a_page_token_that_is_no_text_is_refused(server, token):
    server.answer = lambda *call: (200, {"experiments": [{"experiment_id": "0"}], "next_page_token": token})
    with pytest.raises(BadInput, match="next_page_token is no text"):
        list(imported_experiments(server.url))


@pytest.mark.parametrize("token", ["", None])
def test_an_empty_page_token_ends_the_list(server, token):
    server.answer = lambda *call: (200, {"experiments": [{"experiment_id": "0"}], "next_page_token": token})
    assert len(list(imported_experiments(server.url))) == 1


@pytest.mark.parametrize(
    ("endpoint", "spoil", "place"),
    [
        ("experiments/search", lambda a: a["experiments"][0].update(creation_time="once"), "experiment 2"),
        (
            "runs/get",
            lambda a: a["run"].update(info={**a["run"]["info"], "run_id": "r1", "run_uuid": "r1", "end_time": "once"}),
            "run r1",
        ),
        (
            "logged-models/search",
            lambda a: a["models"][0]["info"].update(model_id="m-1", creation_timestamp_ms="once"),
            "logged model m-1",
        ),
        (
            "registered-models/search",
            lambda a: a["registered_models"][0].update(name="m", creation_timestamp="once"),
            "registered model m",
        ),
        (
            "model-versions/search",
            lambda a: a["model_versions"][0].update(name="m", version="7", creation_timestamp="once"),
            "model version m/7",
        ),
        (
            "runs/get",
            lambda a: a["run"].update(inputs={"model_inputs": [{}]}, info={**a["run"]["info"], "run_id": "r1"}),
            "run r1, model input",
        ),
    ],
)
def test_a_refusal_names_the_record(server, endpoint, spoil, place):
    spoil(answer_of(server, endpoint))
    (refused,) = imported(server.url).findings.refused
    assert refused.startswith(f"{server.url}: {place}: ")


def test_a_history_that_is_no_list_refuses_the_run_by_name(server):
    run, metric, _ = a_history(server)
    key = next(k for k in server.answers if k[1] == "metrics/get-history" and run in str(k) and metric in str(k))
    server.answers[key]["metrics"] = "none"
    (refused,) = imported(server.url).findings.refused
    endpoint = f"{server.url}/api/2.0/mlflow/metrics/get-history"
    assert refused == f"{server.url}: run {run}, metric {metric}: {endpoint}: metrics is no list of objects"
