"""Points of metrics, in MLflow's order and as many as were asked for."""

from __future__ import annotations

import pytest

from tests.support.mlflow_calls import Client
from tests.support.service import serving

BULK = "metrics/get-history-bulk-interval"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("histories") / "s.db") as one:
        yield Client(one.admin)


def with_points(client, points):
    """A run with points (step, time, value) of `m`."""
    run = client.run()
    metrics = [{"key": "m", "step": step, "timestamp": time, "value": value} for step, time, value in points]
    client.asked("POST", "runs/log-batch", run_id=run, metrics=metrics)
    return run


def steps(answer):
    return [point["step"] for point in answer.get("metrics", [])]


def test_a_history_is_in_the_order_of_its_times(client):
    """MLflow orders by time, step, value; a run's latest value is that of the greatest step all the same."""
    run = with_points(client, [(3, 10, 1.0), (1, 30, 2.0), (2, 20, 0.5), (2, 20, 0.25), (0, 20, 9.0)])
    points = client.asked("GET", "metrics/get-history", run_id=run, metric_key="m")["metrics"]
    assert [(point["timestamp"], point["step"], point["value"]) for point in points] == [
        (10, 3, 1.0), (20, 0, 9.0), (20, 2, 0.25), (20, 2, 0.5), (30, 1, 2.0),
    ]  # fmt: skip
    assert client.read(run)["data"]["metrics"][0]["step"] == 3
    first = client.asked("GET", "metrics/get-history", run_id=run, metric_key="m", max_results=2)
    rest = client.asked(
        "GET", "metrics/get-history", run_id=run, metric_key="m", page_token=first["next_page_token"], max_results=9
    )
    assert first["metrics"] + rest["metrics"] == points


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        # As a real server answers: the first of each of so many equal parts, and the last point in any case.
        ({"max_results": 5}, [0, 2, 4, 6, 9]),
        ({"max_results": 3}, [0, 4, 9]),
        ({"max_results": 1}, [9]),
        ({"start_step": 3, "end_step": 5}, [3, 4, 5]),
        ({"start_step": 50, "end_step": 60}, []),
    ],
)
def test_many_runs_give_points_of_each(client, asked, expected):
    runs = [with_points(client, [(step, 1, float(step)) for step in range(10)]) for _ in range(2)]
    answer = client.asked("GET", BULK, run_ids=runs, metric_key="m", **asked)
    assert steps(answer) == expected * 2
    assert [point["run_id"] for point in answer.get("metrics", [])] == [run for run in runs for _ in expected]


@pytest.mark.parametrize(
    "asked",
    [
        {"run_ids": []}, {"run_ids": ["x"] * 101}, {"metric_key": ""}, {"start_step": 1}, {"max_results": 0},
        {"start_step": 2, "end_step": 1},
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_of_many_runs_is_refused(client, asked):
    given = {"run_ids": [client.run()], "metric_key": "m"} | asked
    assert client.refused("GET", BULK, **given) == (400, "INVALID_PARAMETER_VALUE")


def test_a_run_that_is_not_there_is_told_among_many(client):
    assert client.refused("GET", BULK, run_ids=[client.run(), "0" * 32], metric_key="m")[0] == 404
