"""Makes one small MLflow store by MLflow itself, and writes what MLflow's own client reads back from it.

    python make_store.py sqlite|file DIRECTORY

Runs under MLflow 1.30, 2.22 and 3.x; what a version does not know is left out. DIRECTORY is created; artifact
locations are absolute file URIs below it, so give it a neutral name such as /stores/3.17-sqlite.
"""

import json
import os
import struct
import sys
from pathlib import Path

os.environ.update(
    MLFLOW_ALLOW_FILE_STORE="true", GIT_PYTHON_REFRESH="quiet", LOGNAME="ada", USER="ada", MLFLOW_DISABLE_TELEMETRY="true"
)

import mlflow  # noqa: E402
from mlflow.entities import Metric, RunStatus, ViewType  # noqa: E402
from mlflow.tracking import MlflowClient  # noqa: E402

MAJOR = int(mlflow.__version__.split(".")[0])
START = 1_790_000_000_000
COMMIT = "5d5be1a9c2b74f0e8a3f6d9b1c2e4f7a8b9c0d1e"
STAGED = ("Staging", "Production", "Archived")


def main(kind: str, directory: Path) -> None:
    directory.mkdir(parents=True)
    os.chdir(directory)
    uri = f"sqlite:///{directory}/mlflow.db" if kind == "sqlite" else f"file://{directory}/mlruns"
    mlflow.set_tracking_uri(uri)
    client = MlflowClient(uri)
    training = client.create_experiment("churn training", tags={"team": "retention"})
    abandoned = client.create_experiment("abandoned")
    runs = make_runs(client, training)
    client.create_run(abandoned, start_time=START, tags={"mlflow.user": "ada"})
    client.delete_experiment(abandoned)
    if kind == "sqlite" or MAJOR > 1:
        make_registry(client, runs, make_models(client, training, runs))
    expected = read_back(client, registry=kind == "sqlite" or MAJOR > 1)
    Path("expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if kind == "sqlite":
        compact(directory / "mlflow.db")


def make_runs(client, experiment) -> dict:
    runs = {}
    for number, (name, status) in enumerate(
        [("sweep", "FINISHED"), ("child 1", "FINISHED"), ("child 2", "FAILED"), ("killed", "KILLED"),
         ("still running", "RUNNING"), ("scheduled", "SCHEDULED"), ("deleted", "FINISHED"), ("empty", "FINISHED")]
    ):  # fmt: skip
        tags = {"mlflow.runName": name, "mlflow.user": "ada", "mlflow.source.name": "train.py", "mlflow.source.type": "LOCAL"}
        if name.startswith("child"):
            tags["mlflow.parentRunId"] = runs["sweep"]
        if name in ("sweep", "child 1"):
            tags["mlflow.source.git.commit"] = COMMIT
        run = client.create_run(experiment, start_time=START + 1000 * number, tags=tags)
        runs[name] = run.info.run_id
        if name not in ("empty", "sweep"):
            fill(client, run.info.run_id, number)
        finish(client, run.info.run_id, status, START + 1000 * number + 500)
    make_inputs(client, experiment, runs)
    make_artifacts(client, runs["child 1"])
    client.set_tag(runs["child 1"], "note", "gr\u00fcn \U0001f333\nsecond line")
    client.set_tag(runs["child 1"], "api_key", "not-for-everyone")
    client.set_tag(runs["child 1"], "source url", "https://bob:hunter2@data.example/x?sig=abc123")
    client.delete_run(runs["deleted"])
    return runs


def fill(client, run_id, number) -> None:
    client.log_param(run_id, "learning_rate", "1e-07")
    client.log_param(run_id, "optimizer/name", "adam")
    client.log_param(run_id, "empty", "")
    points = [(3, 30, 0.25), (1, 10, 0.75), (2, 20, 0.5), (-1, 5, 1.0), (3, 30, 0.125), (2, 25, float("nan")), (4, 40, float("inf"))]
    client.log_batch(run_id, metrics=[Metric("train/loss", v, START + t, s) for s, t, v in points])
    client.log_batch(run_id, metrics=[Metric("accuracy", 0.1 * i + number, START + i, i) for i in range(5)])
    client.log_batch(run_id, metrics=[Metric("drop", float("-inf"), START, 0), Metric("last is nan", 1.0, START, 0)])
    client.log_batch(run_id, metrics=[Metric("last is nan", float("nan"), START + 1, 1)])
    client.log_metric(run_id, "step from another zone", 1 / 3, timestamp=START + 7, step=2**40)


def finish(client, run_id, status, at) -> None:
    if status in ("FINISHED", "FAILED", "KILLED"):
        client.set_terminated(run_id, status, at)
    elif status == "SCHEDULED":
        store = client._tracking_client.store
        info = (run_id, RunStatus.from_string(status), None)
        store.update_run_info(*info) if MAJOR == 1 and store.update_run_info.__code__.co_argcount == 4 else store.update_run_info(*info, None)


def make_inputs(client, experiment, runs) -> None:
    Path("raw").mkdir()
    Path("raw/customers.csv").write_text("id,churned\n1,0\n2,1\n", encoding="utf-8")
    if MAJOR == 1:
        return
    from mlflow.entities import Dataset, DatasetInput, InputTag

    def given(name, digest, source, context):
        schema = json.dumps({"mlflow_colspec": [{"type": "long", "name": "id", "required": True}]})
        data = Dataset(name, digest, "local", json.dumps({"uri": source}), schema, json.dumps({"num_rows": 2}))
        return DatasetInput(data, [InputTag("mlflow.data.context", context), InputTag("split", "a")])

    client.log_inputs(runs["child 1"], [given("customers", "3f2a9c01", "raw/customers.csv", "training")])
    client.log_inputs(runs["child 1"], [given("holdout", "77aa01ff", "raw/not-there.csv", "evaluation")])
    client.log_inputs(runs["child 2"], [given("customers", "3f2a9c01", "raw/customers.csv", "training")])


def make_artifacts(client, run_id) -> None:
    client.log_text(run_id, "precision,recall\n0.5,0.25\n", "reports/curve.csv")
    client.log_text(run_id, "a b", "reports/with space & \u00fcmlaut.txt")
    client.log_dict(run_id, {"depth": 3}, "config.json")


def make_models(client, experiment, runs) -> dict:
    Path("weights.json").write_text('{"w": [0.5, -0.25]}\n', encoding="utf-8")
    Path("scorer.py").write_text("def _load_pyfunc(path):\n    raise NotImplementedError\n", encoding="utf-8")
    mlflow.set_experiment(experiment_id=experiment)
    name = {"name": "scorer"} if MAJOR >= 3 else {"artifact_path": "scorer"}
    with mlflow.start_run(run_id=runs["child 1"]):
        info = mlflow.pyfunc.log_model(
            loader_module="scorer", code_path=None, data_path="weights.json", pip_requirements=["mlflow"], **name
        ) if MAJOR == 1 else mlflow.pyfunc.log_model(
            loader_module="scorer", data_path="weights.json", pip_requirements=["mlflow"], **name
        )  # fmt: skip
    # Resuming moved the end; put it back where the fixture says.
    client.set_terminated(runs["child 1"], "FINISHED", START + 1500)
    models = {"uri": info.model_uri}
    if MAJOR >= 3:
        from mlflow.entities import LoggedModelInput, LoggedModelOutput, LoggedModelStatus

        models["id"] = info.model_id
        evaluated = client.create_logged_model(
            experiment, name="bare", source_run_id=runs["killed"], tags={"quality": "poor"}, params={"depth": "3"}, model_type="tree"
        )
        client.finalize_logged_model(evaluated.model_id, LoggedModelStatus.FAILED)
        client.log_outputs(runs["killed"], [LoggedModelOutput(evaluated.model_id, step=4)])
        client.log_metric(
            runs["still running"], "auc", 0.875, timestamp=START + 9, step=1, model_id=info.model_id,
            dataset_name="holdout", dataset_digest="77aa01ff",
        )  # fmt: skip
        client.log_inputs(runs["still running"], models=[LoggedModelInput(info.model_id)])
        gone = client.create_logged_model(experiment, name="gone", source_run_id=runs["sweep"])
        client.delete_logged_model(gone.model_id)
    return models


def make_registry(client, runs, models) -> None:
    client.create_registered_model("churn", tags={"owner": "ada"}, description="Who leaves next month")
    client.create_registered_model("odd name \u00fc")
    known = {"model_id": models["id"]} if MAJOR >= 3 else {}
    # Two versions that say where they come from, one that knows its run only.
    for number, description in enumerate(("first", "second", "third"), start=1):
        model = known if number != 3 or MAJOR < 3 else {}
        source = models["uri"] if number != 3 else client.get_run(runs["child 1"]).info.artifact_uri + "/reports"
        client.create_model_version(
            "churn", source, run_id=runs["child 1"], tags={"reviewed": "yes"}, description=description, **model
        )
    client.create_model_version("churn", models["uri"], run_id=runs["child 1"], **known)
    client.delete_model_version("churn", "4")
    for version, stage in zip(("1", "2"), ("Archived", "Production")):
        client.transition_model_version_stage("churn", version, stage)
    if MAJOR > 1:
        client.set_registered_model_alias("churn", "champion", "2")
        client.set_registered_model_alias("churn", "challenger", "3")


def bits(value: float) -> str:
    return struct.pack(">d", value).hex()


def read_back(client, *, registry: bool) -> dict:
    experiments = sorted(client.search_experiments(view_type=ViewType.ALL), key=lambda e: e.experiment_id)
    ids = [e.experiment_id for e in experiments]
    runs = sorted(client.search_runs(ids, run_view_type=ViewType.ALL, max_results=1000), key=lambda r: r.info.run_id)
    told = {
        "mlflow": mlflow.__version__,
        "experiments": {e.experiment_id: {
            "name": e.name, "lifecycle_stage": e.lifecycle_stage, "tags": dict(e.tags),
            "artifact_location": e.artifact_location, "creation_time": getattr(e, "creation_time", None),
            "last_update_time": getattr(e, "last_update_time", None),
        } for e in experiments},
        "runs": {r.info.run_id: one_run(client, r) for r in runs},
    }  # fmt: skip
    if registry:
        told["registered_models"] = {m.name: one_registered(client, m) for m in client.search_registered_models()}
    if MAJOR >= 3:
        models = client.search_logged_models(ids)
        told["logged_models"] = {m.model_id: one_logged(m) for m in models}
    return told


def one_run(client, run) -> dict:
    info = run.info
    told = {
        "experiment_id": info.experiment_id, "status": info.status, "lifecycle_stage": info.lifecycle_stage,
        "start_time": info.start_time, "end_time": info.end_time, "user_id": info.user_id,
        "run_name": getattr(info, "run_name", None), "artifact_uri": info.artifact_uri,
        "params": run.data.params, "tags": run.data.tags, "latest": {k: bits(v) for k, v in run.data.metrics.items()},
        "metrics": {
            key: [[m.step, m.timestamp, bits(m.value)] for m in client.get_metric_history(info.run_id, key)]
            for key in run.data.metrics
        },
    }  # fmt: skip
    if MAJOR >= 2:
        told["dataset_inputs"] = [
            {"tags": {t.key: t.value for t in i.tags}, "dataset": dict(i.dataset)} for i in run.inputs.dataset_inputs
        ]
    if MAJOR >= 3:
        told["model_inputs"] = [i.model_id for i in run.inputs.model_inputs]
        told["model_outputs"] = [[o.model_id, o.step] for o in run.outputs.model_outputs] if run.outputs else []
    told["artifacts"] = artifacts(client, info.run_id)
    return told


def artifacts(client, run_id, path=None) -> dict:
    found = {}
    try:
        listed = client.list_artifacts(run_id, path)
    except Exception:  # Runs without any artifact directory, in some versions.
        return found
    for item in listed:
        found.update(artifacts(client, run_id, item.path) if item.is_dir else {item.path: item.file_size})
    return found


def one_registered(client, model) -> dict:
    versions = client.search_model_versions("name='%s'" % model.name)
    return {
        "description": model.description, "tags": model.tags, "creation_timestamp": model.creation_timestamp,
        "aliases": dict(getattr(model, "aliases", None) or {}),
        "versions": {str(v.version): {
            "stage": v.current_stage, "source": v.source, "run_id": v.run_id, "tags": v.tags,
            "description": v.description, "status": v.status, "creation_timestamp": v.creation_timestamp,
            "model_id": getattr(v, "model_id", None), "aliases": list(getattr(v, "aliases", None) or []),
        } for v in versions},
    }  # fmt: skip


def one_logged(model) -> dict:
    return {
        "name": model.name, "experiment_id": model.experiment_id, "source_run_id": model.source_run_id,
        "status": str(model.status), "model_type": model.model_type, "params": model.params, "tags": model.tags,
        "creation_timestamp": model.creation_timestamp, "artifact_location": model.artifact_location,
        "metrics": [
            [m.key, m.step, m.timestamp, bits(m.value), m.dataset_name, m.dataset_digest, m.run_id]
            for m in model.metrics or []
        ],
    }  # fmt: skip


def compact(database: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(str(database), isolation_level=None)
    # An empty MLflow schema has some 200 b-trees, each at least a page: small pages keep the file small.
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA page_size = 512")
    connection.execute("VACUUM")
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
