"""Answers that are those of MLflow's own server, and what it refuses."""

from __future__ import annotations

import pytest

from tests.support.mlflow_calls import Client
from tests.support.service import serving


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("compatible") / "s.db") as one:
        yield Client(one.admin)


def pairs(count, **fields):
    return [{"key": f"k{number}", **fields} for number in range(count)]


@pytest.mark.parametrize(
    "batch",
    [
        {"params": [{"key": "d", "value": "1"}, {"key": "d", "value": "1"}]},
        {"params": [{"key": "d", "value": 0}]},
        {"params": pairs(100, value="1"), "tags": pairs(100, value="1"), "metrics": pairs(801, value=1, timestamp=1)},
    ],
)
def test_a_batch_that_mlflow_refuses_is_refused(client, batch):
    run = client.run()
    assert client.refused("POST", "runs/log-batch", run_id=run, **batch) == (400, "INVALID_PARAMETER_VALUE")
    assert "params" not in client.read(run)["data"]


def test_a_number_may_come_as_its_text(client):
    """Protobuf's JSON accepts both."""
    run = client.run()
    for number, written in enumerate(("1.5", "-2", "1e3")):
        client.asked("POST", "runs/log-metric", run_id=run, key=f"m{number}", value=written, timestamp="7", step="8")
    points = [(one["value"], one["timestamp"], one["step"]) for one in client.read(run)["data"]["metrics"]]
    assert points == [(1.5, 7, 8), (-2.0, 7, 8), (1000.0, 7, 8)]


def test_a_models_metric_names_its_data_set_with_its_digest_or_not_at_all(client):
    """MLflow's client refuses a name without a digest."""
    run = client.run()
    about = {"name": "holdout", "digest": "77aa01ff", "source_type": "local", "source": "{}"}
    model = client.asked("POST", "logged-models", name="m", source_run_id=run)["model"]["info"]["model_id"]
    point = {"key": "acc", "value": 0.5, "timestamp": 7, "step": 2, "model_id": model}
    point |= {"dataset_name": "holdout", "dataset_digest": "77aa01ff"}
    client.asked("POST", "runs/log-batch", run_id=run, metrics=[point])

    def told():
        found = client.asked("POST", "logged-models/search", experiment_ids=["0"], filter=f"model_id = '{model}'")
        assert found["models"] == [client.asked("GET", f"logged-models/{model}")["model"]]
        return found["models"][0]["data"]["metrics"]

    plain = {"key": "acc", "value": 0.5, "timestamp": 7, "step": 2, "model_id": model, "run_id": run}
    assert told() == [plain]
    client.asked("POST", "runs/log-inputs", run_id=run, datasets=[{"tags": [], "dataset": about}])
    assert told() == [plain | {"dataset_name": "holdout", "dataset_digest": "77aa01ff"}]


def test_an_experiment_that_is_named_twice_is_searched_once(client):
    made = client.asked("POST", "experiments/create", name="twice named")["experiment_id"]
    client.run(experiment_id=made)
    assert len(client.asked("POST", "runs/search", experiment_ids=[made, made])["runs"]) == 1


def test_experiments_are_listed_newest_first(client):
    made = [client.asked("POST", "experiments/create", name=f"in order {n}")["experiment_id"] for n in range(3)]
    client.asked("POST", "experiments/set-experiment-tag", experiment_id=made[0], key="k", value="v")
    listed = client.asked("POST", "experiments/search", max_results=9, filter="name LIKE 'in order%'")["experiments"]
    assert [one["experiment_id"] for one in listed] == made[::-1]


def test_a_run_may_begin_in_1970(client):
    run = client.asked("POST", "runs/create", start_time=0)["run"]["info"]
    assert run["start_time"] == 0


def test_a_version_without_a_description_has_an_empty_one(client):
    client.asked("POST", "registered-models/create", name="plain")
    made = client.asked("POST", "model-versions/create", name="plain", source="s3://b/x")["model_version"]
    assert made["description"] == ""
    assert client.asked("GET", "model-versions/get", name="plain", version="1")["model_version"]["description"] == ""
