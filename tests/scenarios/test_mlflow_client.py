"""MLflow's own client, in a process of its own, records to the service and reads back what it wrote."""

from __future__ import annotations

import json

import pytest

from provstore.importers.mlflow.names import Names
from tests.support.mlflow_client import OLDER, OLDER_SCRIPT, older_python, run_script
from tests.support.service import serving

NAMES = Names("")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """What the script printed, and the service that it recorded to."""
    folder = tmp_path_factory.mktemp("client")
    with serving(folder / "s.db", mlflow_artifacts=str(folder / "kept")) as served:
        printed = run_script(f"{served.url}/mlflow", folder, token=served.told[1].split()[-1])
        yield json.loads(printed), served


def test_the_script_reads_back_what_it_wrote(recorded):
    printed, _ = recorded
    params = printed.pop("params")
    predicted = printed.pop("predicted")
    assert printed == {
        "runs": ["autologged", "fold 0", "fold 1", "study"],
        "best": "fold 1",
        "status": "FINISHED",
        "metrics": {"accuracy": "0.9", "gap": "nan", "train/loss": "0.3333333333333333"},
        "steps": [0, 1, 2],
        "inputs": ["raw"],
        "study": ["team"],
        "version": ["2", True, {"checked": "yes"}],
        "files": ["notes/report.txt"],
        "text": "all good",
    }
    # As many parameters as the estimator has.
    assert params > 10
    assert set(predicted) <= {0, 1}


def test_a_script_of_mlflow_2_reads_back_what_it_wrote(tmp_path):
    with serving(tmp_path / "s.db", mlflow_artifacts=str(tmp_path / "kept")) as served:
        token = served.told[1].split()[-1]
        printed = json.loads(
            run_script(f"{served.url}/mlflow", tmp_path, token=token, python=older_python(), script=OLDER_SCRIPT)
        )
        with served.service.readers.store() as store:
            found = store.upstream(NAMES.alias("", "churn", "champion"), parents=True).as_json()["nodes"]
            assert store.check()["findings"] == []
    assert printed == {
        "version": OLDER,
        "runs": ["batch", "fold 0", "fold 1", "study"],
        "children": ["fold 0", "fold 1"],
        "best": "fold 1",
        "status": "FINISHED",
        "params": {"C": "2"},
        "metrics": {"accuracy": "0.9", "gap": "nan", "train/loss": "0.3333333333333333"},
        "steps": [0, 1, 2],
        "points": 100,
        "logged": ["model"],
        "study": ["owner"],
        "files": ["model", "notes"],
        "text": "all good",
        "weights": {"weights": [1, 2]},
        "champion": ["1", True, {"checked": "yes"}, ["champion"]],
        "staging": ["2"],
        "models": ["churn"],
        "experiment": {"team": "risk"},
    }
    assert {"churn 1", "fold 1", "study"} <= {node["label"] for node in found}


def test_the_model_that_is_in_use_comes_from_its_run_and_its_data(recorded):
    _, served = recorded
    with served.service.readers.store() as store:
        found = store.upstream(NAMES.alias("", "churn", "champion"))
        nodes = {node["iri"].removeprefix("urn:provstore:mlflow:").split("/")[0] for node in found.as_json()["nodes"]}
        labels = {node["label"] for node in found.as_json()["nodes"]}
        runs = store.find('type = ps:Run and status = "finished" and ps:metric.accuracy > 0.85').nodes
    assert {"alias", "model", "logged-model", "run", "dataset"} <= nodes
    assert {"churn 2", "fold 1", "raw"} <= labels
    assert "fold 0" not in labels
    assert len(runs) == 1
