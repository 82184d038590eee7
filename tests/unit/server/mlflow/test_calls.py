"""Calls over HTTP without MLflow's client: what is stored, what is refused, who sees what, and who else writes."""

from __future__ import annotations

import threading

import pytest

import provstore
from provstore.importers.mlflow.names import Names
from provstore.importers.statements import Statements, ps, text
from provstore.model import times
from provstore.model.document import Document, Header
from tests.support.mlflow_calls import API, Client
from tests.support.service import serving

NAMES = Names("")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("mlflow") / "s.db") as one:
        yield one


@pytest.fixture
def client(served):
    return Client(served.admin)


def documents_of(served, unit, space="default"):
    with served.service.readers.store() as store:
        return [(one.header.mode, one) for one in store.ledger.live(unit, space)]


def unit_of(run):
    return NAMES.unit(NAMES.run(run))


def test_a_run_that_goes_on_is_a_snapshot_and_events_and_one_that_ended_is_a_snapshot_alone(served, client):
    run = client.run(run_name="a")
    client.asked("POST", "runs/log-parameter", run_id=run, key="lr", value="0.1")
    client.asked("POST", "runs/log-metric", run_id=run, key="loss", value=0.5, timestamp=2_000, step=1)
    assert [mode for mode, _ in documents_of(served, unit_of(run))].count("event") == 2
    client.asked("POST", "runs/update", run_id=run, status="FINISHED", end_time=3_000)
    assert [mode for mode, _ in documents_of(served, unit_of(run))] == ["snapshot"]
    client.asked("POST", "runs/set-tag", run_id=run, key="later", value="yes")
    assert [mode for mode, _ in documents_of(served, unit_of(run))] == ["snapshot"]
    data = client.read(run)["data"]
    assert data["params"] == [{"key": "lr", "value": "0.1"}]
    assert {"key": "later", "value": "yes"} in data["tags"]
    assert data["metrics"] == [{"key": "loss", "value": 0.5, "timestamp": 2_000, "step": 1}]


def test_a_run_is_found_by_its_metric_while_it_goes_on(served, client):
    run = client.run()
    for step, value in enumerate((0.25, 7.5)):
        client.asked("POST", "runs/log-metric", run_id=run, key="now", value=value, timestamp=1, step=step)
    with served.service.readers.store() as store:
        assert [node.iri for node in store.find("ps:metric.now = 7.5").nodes] == [NAMES.run(run)]


def test_a_call_that_is_sent_again_changes_nothing_that_is_read(client):
    run = client.run()
    point = {"key": "m", "value": 1, "timestamp": 5, "step": 0}
    batch = {"params": [{"key": "p", "value": "1"}], "tags": [{"key": "t", "value": "x"}], "metrics": [point, point]}
    for _ in range(2):
        client.asked("POST", "runs/log-batch", run_id=run, **batch)
    assert len(client.asked("GET", "metrics/get-history", run_id=run, metric_key="m")["metrics"]) == 1
    client.asked("POST", "runs/update", run_id=run, status="FINISHED")
    client.asked("POST", "runs/log-metric", run_id=run, key="m", value=1, timestamp=5, step=0)
    assert len(client.asked("GET", "metrics/get-history", run_id=run, metric_key="m")["metrics"]) == 1


def test_the_latest_metric_is_that_of_the_greatest_step_whenever_it_came(client):
    run = client.run()
    for step, value in ((3, 30.0), (1, 10.0), (2, 20.0)):
        client.asked("POST", "runs/log-metric", run_id=run, key="m", value=value, timestamp=9, step=step)
    assert client.read(run)["data"]["metrics"][0]["value"] == 30.0
    history = client.asked("GET", "metrics/get-history", run_id=run, metric_key="m")["metrics"]
    assert [point["step"] for point in history] == [1, 2, 3]


def test_numbers_that_json_has_no_word_for_are_kept(client):
    run = client.run()
    for number, word in enumerate(("NaN", "Infinity", "-Infinity")):
        client.asked("POST", "runs/log-metric", run_id=run, key=f"m{number}", value=word, timestamp=1, step=0)
    client.asked("POST", "runs/update", run_id=run, status="FINISHED")
    values = {one["key"]: one["value"] for one in client.read(run)["data"]["metrics"]}
    assert values == {"m0": "NaN", "m1": "Infinity", "m2": "-Infinity"}


def test_a_tag_that_is_deleted_is_gone_and_may_come_again(client):
    run = client.run(tags=[{"key": "t", "value": "1"}])
    client.asked("POST", "runs/log-parameter", run_id=run, key="p", value="kept")
    client.asked("POST", "runs/delete-tag", run_id=run, key="t")
    read = client.read(run)["data"]
    assert "t" not in {one["key"] for one in read["tags"]}
    assert read["params"] == [{"key": "p", "value": "kept"}]
    assert client.refused("POST", "runs/delete-tag", run_id=run, key="t") == (404, "RESOURCE_DOES_NOT_EXIST")
    client.asked("POST", "runs/set-tag", run_id=run, key="t", value="2")
    assert {"key": "t", "value": "2"} in client.read(run)["data"]["tags"]


def test_a_deleted_run_takes_nothing_until_it_is_restored(client):
    run = client.run()
    client.asked("POST", "runs/delete", run_id=run)
    assert client.read(run)["info"]["lifecycle_stage"] == "deleted"
    tag = {"run_id": run, "key": "t", "value": "1"}
    assert client.refused("POST", "runs/set-tag", **tag) == (400, "INVALID_PARAMETER_VALUE")
    client.asked("POST", "runs/restore", run_id=run)
    client.asked("POST", "runs/set-tag", **tag)
    assert client.read(run)["info"]["lifecycle_stage"] == "active"


def test_what_looks_like_a_secret_is_not_stored(served, client):
    run = client.run()
    secret = "hf_" + "a1B2" * 9
    client.asked("POST", "runs/log-parameter", run_id=run, key="note", value=secret)
    client.asked("POST", "runs/log-parameter", run_id=run, key="note", value=secret)
    assert client.read(run)["data"]["params"] == [{"key": "note", "value": "[redacted]"}]


@pytest.mark.parametrize(
    ("method", "path", "arguments", "expected"),
    [
        ("GET", "runs/get", {"run_id": "0" * 32}, (404, "RESOURCE_DOES_NOT_EXIST")),
        ("GET", "runs/get", {}, (400, "INVALID_PARAMETER_VALUE")),
        ("GET", "runs/get", {"run_id": "../x"}, (400, "INVALID_PARAMETER_VALUE")),
        ("GET", "experiments/get-by-name", {"experiment_name": "none"}, (404, "RESOURCE_DOES_NOT_EXIST")),
        ("POST", "runs/create", {"experiment_id": "12345"}, (404, "RESOURCE_DOES_NOT_EXIST")),
        ("POST", "runs/search", {"experiment_ids": ["0"], "filter": "x ="}, (400, "INVALID_PARAMETER_VALUE")),
        ("POST", "runs/search", {"experiment_ids": ["0"], "max_results": -1}, (400, "INVALID_PARAMETER_VALUE")),
        ("POST", "runs/search", {"experiment_ids": ["0"], "page_token": "x"}, (400, "INVALID_PARAMETER_VALUE")),
        ("POST", "runs/search", {"experiment_ids": ["0"], "run_view_type": "X"}, (400, "INVALID_PARAMETER_VALUE")),
        ("GET", "logged-models/m-1", {}, (404, "RESOURCE_DOES_NOT_EXIST")),
        ("GET", "registered-models/get", {"name": "none"}, (404, "RESOURCE_DOES_NOT_EXIST")),
        ("POST", "registered-models/create", {"name": "a/b"}, (400, "INVALID_PARAMETER_VALUE")),
        ("POST", "registered-models/create", {"name": "."}, (400, "INVALID_PARAMETER_VALUE")),
        ("POST", "experiments/create", {"name": 5}, (400, "INVALID_PARAMETER_VALUE")),
        (
            "POST",
            "experiments/create",
            {"name": "a", "artifact_location": "s3://b#c"},
            (400, "INVALID_PARAMETER_VALUE"),
        ),
        ("GET", "experiments/get", {"experiment_id": "abc"}, (400, "INVALID_PARAMETER_VALUE")),
        ("POST", "runs/search", {"experiment_ids": ["0"], "max_results": 0}, (400, "INVALID_PARAMETER_VALUE")),
        (
            "POST",
            "runs/create",
            {"run_name": "a", "tags": [{"key": "mlflow.runName", "value": "b"}]},
            (400, "INVALID_PARAMETER_VALUE"),
        ),
        ("POST", "model-versions/create", {"name": "none", "source": "x"}, (404, "RESOURCE_DOES_NOT_EXIST")),
        ("GET", "traces/search", {}, (404, "ENDPOINT_NOT_FOUND")),
        ("GET", "/mlflow/anything", {}, (404, "ENDPOINT_NOT_FOUND")),
    ],
)
def test_errors_have_mlflows_codes(client, method, path, arguments, expected):
    assert client.refused(method, path, **arguments) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        {"key": "m", "value": "much", "timestamp": 1},
        {"key": "m", "value": True, "timestamp": 1},
        {"key": "m", "timestamp": 1},
        {"key": "m", "value": 1, "timestamp": -1},
        {"key": "m", "value": 1},
        {"key": "m", "value": 1, "timestamp": 1, "step": 2**63},
        {"key": "m", "value": 1, "timestamp": 1, "step": 0.5},
        {"key": "m", "value": 10**400, "timestamp": 1},
        {"key": "../m", "value": 1, "timestamp": 1},
        {"key": "m?", "value": 1, "timestamp": 1},
        {"key": "m" * 251, "value": 1, "timestamp": 1},
        {"value": 1, "timestamp": 1},
    ],
)
def test_a_metric_that_is_none_is_refused_and_nothing_is_stored(client, arguments):
    run = client.run()
    assert client.refused("POST", "runs/log-metric", run_id=run, **arguments) == (400, "INVALID_PARAMETER_VALUE")
    assert "metrics" not in client.read(run)["data"]


def test_a_batch_is_stored_as_a_whole_or_not_at_all(client):
    run = client.run()
    client.asked("POST", "runs/log-parameter", run_id=run, key="p", value="1")
    batch = {"params": [{"key": "q", "value": "1"}, {"key": "p", "value": "2"}], "tags": [{"key": "t", "value": "1"}]}
    assert client.refused("POST", "runs/log-batch", run_id=run, **batch) == (400, "INVALID_PARAMETER_VALUE")
    data = client.read(run)["data"]
    assert [one["key"] for one in data["params"]] == ["p"]
    assert "t" not in {one["key"] for one in data["tags"]}


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"a": 1, "a": 2}', b"1", b"\xff"])
def test_a_body_that_is_no_object_is_refused(served, body):
    answer = served.admin.post(API + "runs/create", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", None])
def test_a_body_that_says_to_be_no_json_is_refused(served, media):
    answer = served.admin.post(API + "runs/create", content=b"{}", headers={"Content-Type": media} if media else {})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_a_name_of_an_experiment_is_given_once(client):
    made = client.asked("POST", "experiments/create", name="once")["experiment_id"]
    assert client.refused("POST", "experiments/create", name="once") == (400, "RESOURCE_ALREADY_EXISTS")
    assert client.asked("GET", "experiments/get-by-name", experiment_name="once")["experiment"]["experiment_id"] == made
    client.asked("POST", "experiments/set-experiment-tag", experiment_id=made, key="k", value="v")
    client.asked("POST", "experiments/delete", experiment_id=made)
    read = client.asked("GET", "experiments/get", experiment_id=made)["experiment"]
    assert (read["lifecycle_stage"], read["tags"]) == ("deleted", [{"key": "k", "value": "v"}])
    assert client.refused("POST", "runs/create", experiment_id=made) == (400, "INVALID_PARAMETER_VALUE")
    client.asked("POST", "experiments/restore", experiment_id=made)
    client.asked("POST", "experiments/update", experiment_id=made, new_name="twice")
    client.asked("POST", "experiments/create", name="once")


def test_the_default_experiment_is_there_before_anything_is_written(tmp_path):
    with serving(tmp_path / "s.db") as served:
        client = Client(served.admin)
        assert client.asked("GET", "experiments/get", experiment_id="0")["experiment"]["name"] == "Default"
        assert documents_of(served, "mlflow:experiment/0") == []
        client.run()
        assert len(documents_of(served, "mlflow:experiment/0")) == 1
        listed = client.asked("POST", "experiments/search", max_results=10)["experiments"]
        assert [one["experiment_id"] for one in listed] == ["0"]


def test_versions_stages_and_aliases_of_a_registered_model(client):
    client.asked("POST", "registered-models/create", name="m", description="d", tags=[{"key": "a", "value": "1"}])
    assert client.refused("POST", "registered-models/create", name="m") == (400, "RESOURCE_ALREADY_EXISTS")
    run = client.run()
    for number in ("1", "2"):
        made = client.asked("POST", "model-versions/create", name="m", source=f"runs:/{run}/model", run_id=run)
        assert made["model_version"]["version"] == number
    client.asked("POST", "registered-models/alias", name="m", alias="best", version="1")
    client.asked("POST", "registered-models/alias", name="m", alias="best", version="2")
    named = client.asked("GET", "registered-models/alias", name="m", alias="best")["model_version"]
    assert (named["version"], named["aliases"]) == ("2", ["best"])
    client.asked("POST", "model-versions/transition-stage", name="m", version="1", stage="production")
    client.asked(
        "POST", "model-versions/transition-stage", name="m", version="2", stage="Production",
        archive_existing_versions=True,
    )  # fmt: skip
    stages = {
        n: client.asked("GET", "model-versions/get", name="m", version=n)["model_version"]["current_stage"]
        for n in "12"
    }
    assert stages == {"1": "Archived", "2": "Production"}
    client.asked("DELETE", "registered-models/alias", name="m", alias="best")
    assert client.refused("GET", "registered-models/alias", name="m", alias="best") == (400, "INVALID_PARAMETER_VALUE")
    client.asked("DELETE", "model-versions/delete", name="m", version="2")
    assert client.refused("GET", "model-versions/get", name="m", version="2") == (404, "RESOURCE_DOES_NOT_EXIST")
    third = client.asked("POST", "model-versions/create", name="m", source="s3://bucket/x")["model_version"]
    assert third["version"] == "3"
    client.asked("DELETE", "registered-models/delete", name="m")
    assert client.refused("GET", "registered-models/get", name="m") == (404, "RESOURCE_DOES_NOT_EXIST")


def test_a_version_without_its_logged_model_is_refused(client):
    client.asked("POST", "registered-models/create", name="needs")
    given = {"name": "needs", "source": "models:/m-" + "0" * 32}
    assert client.refused("POST", "model-versions/create", **given) == (400, "INVALID_PARAMETER_VALUE")
    given["model_id"] = "m-" + "0" * 32
    assert client.refused("POST", "model-versions/create", **given) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_a_caller_of_some_spaces_has_these_and_no_others(served):
    one, other = (Client(served.as_role("writer", space)) for space in ("team-a", "team-b"))
    both = served.as_role("writer", "team-a", "team-b")
    made = one.asked("POST", "experiments/create", name="secret plan")["experiment_id"]
    run = one.run(experiment_id=made)
    assert other.refused("GET", "runs/get", run_id=run) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert other.refused("GET", "experiments/get", experiment_id=made) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert other.asked("POST", "runs/search", experiment_ids=[made]) == {"runs": []}
    assert [one["name"] for one in other.asked("GET", "experiments/search")["experiments"]] == ["Default"]
    other.asked("POST", "experiments/create", name="secret plan")
    assert "MLFLOW_WORKSPACE" in Client(both).raw("GET", "runs/get", run_id=run).json()["message"]
    assert Client(both).refused("GET", "runs/get", run_id=run) == (400, "INVALID_PARAMETER_VALUE")
    chosen = {"X-MLFLOW-WORKSPACE": "team-a"}
    assert Client(both, **chosen).read(run)["info"]["run_id"] == run
    assert other.http.get(API + "runs/get", params={"run_id": run}, headers=chosen).status_code == 404


def test_a_reader_writes_nothing_and_nobody_without_a_token_reads(served):
    reader, nobody = Client(served.as_role("reader")), Client(served.bearing(None))
    assert reader.refused("POST", "experiments/create", name="x") == (403, "PERMISSION_DENIED")
    assert nobody.refused("GET", "experiments/get", experiment_id="0") == (401, "UNAUTHENTICATED")
    assert nobody.refused("GET", "/mlflow/what") == (401, "UNAUTHENTICATED")


def test_what_another_process_does_to_a_run_is_seen(served, client):
    run = client.run()
    client.asked("POST", "runs/set-tag", run_id=run, key="t", value="1")
    _, last = documents_of(served, unit_of(run))[-1]
    with provstore.open(served.service.settings.store) as store:
        store.retract(last.document, reason="wrong")
    assert "t" not in {one["key"] for one in client.read(run)["data"]["tags"]}
    client.asked("POST", "runs/set-tag", run_id=run, key="u", value="1")
    assert "u" in {one["key"] for one in client.read(run)["data"]["tags"]}


def test_what_another_process_adds_to_a_run_is_seen(served, client):
    run = client.run()
    client.asked("POST", "runs/set-tag", run_id=run, key="t", value="1")
    said = Statements()
    said.activity(NAMES.run(run), [text(ps("tag.t"), "2"), text(ps("tag.other"), "3")])
    header = Header(unit=unit_of(run), mode="event", event_time="2999-01-01T00:00:00.000000Z")
    with provstore.open(served.service.settings.store) as store:
        store.append([Document(header, said.assertions())])
    tags = {one["key"]: one["value"] for one in client.read(run)["data"]["tags"]}
    assert (tags["t"], tags["other"]) == ("2", "3")
    client.asked("POST", "runs/set-tag", run_id=run, key="t", value="4")
    assert {"key": "t", "value": "4"} in client.read(run)["data"]["tags"]


def test_changes_are_in_order_when_the_clock_stands_still(tmp_path, monkeypatch):
    monkeypatch.setattr(times, "now", lambda: "2026-11-21T10:00:00.000000Z")
    with serving(tmp_path / "s.db") as served:
        client = Client(served.admin)
        run = client.run()
        for number in range(12):
            client.asked("POST", "runs/set-tag", run_id=run, key="t", value=str(number))
    with serving(tmp_path / "s.db") as served:
        assert {"key": "t", "value": "11"} in Client(served.admin).read(run)["data"]["tags"]
        with served.service.readers.store() as store:
            assert [node.iri for node in store.find('ps:tag.t = "11"').nodes] == [NAMES.run(run)]


def test_a_service_that_is_started_again_knows_what_it_knew(tmp_path):
    with serving(tmp_path / "s.db") as served:
        client = Client(served.admin)
        run = client.run()
        for step in range(3):
            client.asked("POST", "runs/log-metric", run_id=run, key="m", value=step, timestamp=1, step=step)
        before = client.read(run)
    with serving(tmp_path / "s.db") as served:
        client = Client(served.admin)
        assert client.read(run) == before
        client.asked("POST", "runs/log-metric", run_id=run, key="m", value=9, timestamp=1, step=9)
        assert client.read(run)["data"]["metrics"][0]["value"] == 9


def test_many_clients_lose_nothing_of_one_run_and_make_a_name_once(served, client):
    run = client.run()
    made, errors = [], []

    def work(number):
        own = Client(served.bearing(client.http.headers["Authorization"].removeprefix("Bearer ")))
        for step in range(10):
            place = number * 10 + step
            own.asked("POST", "runs/log-metric", run_id=run, key="m", value=place, timestamp=1, step=place)
            own.asked("POST", "runs/log-parameter", run_id=run, key=f"p{place}", value="x")
        answer = own.raw("POST", "experiments/create", name="all at once")
        (made if answer.status_code == 200 else errors).append(answer.json())

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(client.asked("GET", "metrics/get-history", run_id=run, metric_key="m")["metrics"]) == 60
    assert len(client.read(run)["data"]["params"]) == 60
    assert (len(made), {one["error_code"] for one in errors}) == (1, {"RESOURCE_ALREADY_EXISTS"})


def test_a_long_run_is_folded_into_snapshots_on_its_way(served, client):
    run = client.run()
    for step in range(150):
        client.asked("POST", "runs/log-metric", run_id=run, key="m", value=step, timestamp=1, step=step)
    assert len(documents_of(served, unit_of(run))) <= 65
    history = client.asked("GET", "metrics/get-history", run_id=run, metric_key="m", max_results=100)
    assert [one["step"] for one in history["metrics"]] == list(range(100))
    rest = client.asked(
        "GET", "metrics/get-history", run_id=run, metric_key="m", max_results=100, page_token=history["next_page_token"]
    )
    assert [one["step"] for one in rest["metrics"]] == list(range(100, 150))
    assert "next_page_token" not in rest
