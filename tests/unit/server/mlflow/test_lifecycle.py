"""What is deleted and restored, and what goes with it."""

from __future__ import annotations

import pytest

from provstore.importers.mlflow.names import Names
from tests.support.mlflow_calls import Client
from tests.support.service import serving

GONE = (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("lifecycle") / "s.db") as one:
        yield one


@pytest.fixture
def client(served):
    return Client(served.admin)


def experiment(client, name):
    return client.asked("POST", "experiments/create", name=name)["experiment_id"]


def stages(client, runs):
    return [client.read(run)["info"]["lifecycle_stage"] for run in runs]


def test_an_experiment_takes_its_runs_with_it_and_brings_them_back(served, client):
    made = experiment(client, "all of it")
    runs = [client.run(experiment_id=made) for _ in range(3)]
    client.asked("POST", "runs/log-parameter", run_id=runs[0], key="p", value="kept")
    client.asked("POST", "runs/update", run_id=runs[1], status="FINISHED", end_time=2_000)
    client.asked("POST", "runs/delete", run_id=runs[2])
    other = client.run()
    client.asked("POST", "experiments/delete", experiment_id=made)
    assert stages(client, [*runs, other]) == ["deleted"] * 3 + ["active"]
    assert client.asked("POST", "runs/search", experiment_ids=[made]) == {"runs": []}
    assert client.refused("POST", "runs/set-tag", run_id=runs[0], key="t", value="1")[0] == 400
    names = Names("")
    with served.service.readers.store() as store:
        ended = store.show(names.record(runs[0])).as_json()
    assert any("wasInvalidatedBy" in statement["text"] for statement in ended["statements"])
    client.asked("POST", "experiments/restore", experiment_id=made)
    assert stages(client, runs) == ["active"] * 3
    assert client.read(runs[0])["data"]["params"] == [{"key": "p", "value": "kept"}]
    assert client.read(runs[1])["info"]["status"] == "FINISHED"


def test_an_experiment_is_deleted_and_restored_once(client):
    made = experiment(client, "once only")
    assert client.refused("POST", "experiments/restore", experiment_id=made) == GONE
    client.asked("POST", "experiments/delete", experiment_id=made)
    assert client.refused("POST", "experiments/delete", experiment_id=made) == GONE


def test_a_run_and_a_model_may_be_deleted_again_since_clients_ask_again(client):
    run = client.run()
    model = client.asked("POST", "logged-models", name="m", source_run_id=run)["model"]["info"]["model_id"]
    for _ in range(2):
        client.asked("POST", "runs/delete", run_id=run)
        client.asked("DELETE", f"logged-models/{model}")
    assert client.refused("GET", f"logged-models/{model}") == GONE
    assert client.asked("GET", f"logged-models/{model}", allow_deleted="true")["model"]["info"]["name"] == "m"
    assert client.refused("DELETE", "logged-models/m-none") == GONE


def test_the_default_experiment_begins_when_it_is_first_used(tmp_path):
    with serving(tmp_path / "s.db") as served:
        client = Client(served.admin)
        assert "creation_time" not in client.asked("GET", "experiments/get", experiment_id="0")["experiment"]
        client.run()
        begun = client.asked("GET", "experiments/get", experiment_id="0")["experiment"]["creation_time"]
        client.run()
        assert client.asked("GET", "experiments/get", experiment_id="0")["experiment"]["creation_time"] == begun > 0
