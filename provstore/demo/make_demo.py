# mypy: ignore-errors
"""Makes the records of the demo with the tools themselves; never imported by provstore.

    pip install mlflow openlineage-python
    python make_demo.py DIRECTORY

DIRECTORY (new, or empty but for this script's earlier output) receives `raw/customers.csv`, `openlineage.ndjson`,
`mlflow.db` and `artifacts/`. A real MLflow server on loopback writes the store, so artifact locations are
`mlflow-artifacts:/...`, which is relative to the server and names no machine. README.md tells the story.
"""

import csv
import hashlib
import io
import json
import math
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

os.environ.update(LOGNAME="ada", USER="ada", GIT_PYTHON_REFRESH="quiet", MLFLOW_DISABLE_TELEMETRY="true")

COMMIT = "8f4c1d0b7be6a1f2c35d9e60b4a7783c9d21e5f4"
CODE = {
    "mlflow.source.git.commit": COMMIT,
    "mlflow.source.git.repoURL": "https://git.example/retention/churn.git",
    "mlflow.source.git.branch": "main",
}
PRODUCER = "https://git.example/data/extractor"
COLUMNS = ("customer_id", "months", "calls", "monthly_fee", "churned")
LOADER = '''"""Loads the churn model: a logistic regression kept as JSON."""

import json
import math
from pathlib import Path


class Churn:
    def __init__(self, weights):
        self.weights = weights

    def predict(self, model_input, params=None):
        return [1 / (1 + math.exp(-sum(w * x for w, x in zip(self.weights, (1.0, *row))))) for row in model_input]


def _load_pyfunc(path):
    return Churn(json.loads(Path(path).read_text()))
'''


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    os.chdir(directory)
    Path("raw").mkdir()
    # MLflow records the name of the program that logs, and looks for its Git repository.
    sys.argv[0] = "churn/train.py"
    extract(Path("raw/customers.csv"))
    server, address = start_server()
    try:
        import mlflow

        mlflow.set_tracking_uri(address)
        prepared = prepare(mlflow)
        models = train(mlflow, prepared)
        register(mlflow, models)
        evaluate(mlflow, prepared, models[-1])
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)
    compact(Path("mlflow.db"))
    for leftover in (Path("churn_model.py"), Path("weights.json")):
        leftover.unlink()


def extract(raw: Path) -> None:
    """The extraction job: reads a table, writes a file, and tells so by OpenLineage events."""
    from openlineage.client import OpenLineageClient
    from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
    from openlineage.client.facet_v2 import (
        dataset_version_dataset,
        job_type_job,
        output_statistics_output_dataset,
        ownership_job,
        schema_dataset,
        source_code_location_job,
        sql_job,
    )
    from openlineage.client.transport.file import FileConfig, FileTransport
    from openlineage.client.uuid import generate_new_uuid

    client = OpenLineageClient(transport=FileTransport(FileConfig("openlineage.ndjson", append=True)))
    fields = [schema_dataset.SchemaDatasetFacetFields(name, "BIGINT") for name in COLUMNS]
    table = InputDataset(
        "postgres://crm.example:5432", "crm.public.customers", facets={"schema": schema_dataset.SchemaDatasetFacet(fields)}
    )
    run = Run(str(generate_new_uuid()))
    job = Job(
        "retention",
        "extract_customers",
        facets={
            "sql": sql_job.SQLJobFacet(f"SELECT {', '.join(COLUMNS)} FROM public.customers ORDER BY customer_id"),  # noqa: S608
            "jobType": job_type_job.JobTypeJobFacet("BATCH", "EXTRACTOR", "JOB"),
            "ownership": ownership_job.OwnershipJobFacet([ownership_job.Owner("team:data-platform", "MAINTAINER")]),
            "sourceCodeLocation": source_code_location_job.SourceCodeLocationJobFacet(
                "git", "https://git.example/data/extractor.git", version="4b1f0c9e2a7d5566c8e9f01a2b3c4d5e6f708192"
            ),
        },
    )

    def event(state, **datasets):
        now = datetime.now(UTC).isoformat()
        return RunEvent(eventTime=now, eventType=state, run=run, job=job, producer=PRODUCER, **datasets)

    client.emit(event(RunState.START, inputs=[table]))
    content = raw_content()
    raw.write_bytes(content)
    written = OutputDataset(
        "file",
        "raw/customers.csv",
        facets={
            "schema": schema_dataset.SchemaDatasetFacet(fields),
            # The version of a file is its content: the emitter hashes what it wrote.
            "version": dataset_version_dataset.DatasetVersionDatasetFacet("sha256:" + hashlib.sha256(content).hexdigest()),
        },
        outputFacets={
            "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
                rowCount=content.count(b"\n") - 1, size=len(content)
            )
        },
    )
    client.emit(event(RunState.COMPLETE, inputs=[table], outputs=[written]))
    client.close()


def raw_content() -> bytes:
    dice = random.Random(20261121)  # noqa: S311
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number in range(1001, 1049):
        months, calls, fee = dice.randint(1, 60), dice.randint(0, 9), dice.randint(10, 90)
        churned = int(calls * 8 + fee * 0.3 - months + dice.gauss(0, 8) > 20)
        writer.writerow((number, months, "" if dice.random() < 0.05 else calls, fee, churned))
    return lines.getvalue().encode()


def start_server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", "sqlite:///mlflow.db",
         "--artifacts-destination", "./artifacts", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"],
        start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(120):
        time.sleep(0.5)
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).close()  # noqa: S310
            return server, f"http://127.0.0.1:{port}"
        except OSError:
            continue
    raise SystemExit("the MLflow server did not start")


def prepare(mlflow) -> dict:
    """One failed and one finished run that clean the raw file and split it in two."""
    import pandas

    raw = pandas.read_csv("raw/customers.csv")
    given = mlflow.data.from_pandas(raw, source="raw/customers.csv", name="customers", targets="churned")
    mlflow.set_experiment("churn data preparation")
    try:
        with mlflow.start_run(run_name="prepare, first try", tags=CODE):
            mlflow.log_input(given, context="raw", tags=digest("raw/customers.csv"))
            raise ValueError("calls is empty in some rows")
    except ValueError:
        pass
    with mlflow.start_run(run_name="prepare", tags=CODE) as run:
        mlflow.log_params({"fill_calls_with": 0, "holdout_fraction": 0.25, "seed": 7})
        mlflow.log_input(given, context="raw", tags=digest("raw/customers.csv"))
        mlflow.log_artifact("raw/customers.csv", "raw")
        clean = raw.fillna({"calls": 0}).astype({"calls": int}).sample(frac=1, random_state=7)
        cut = len(clean) // 4
        for name, part in (("holdout", clean[:cut]), ("train", clean[cut:])):
            mlflow.log_text(part.to_csv(index=False, lineterminator="\n"), f"prepared/{name}.csv")
        mlflow.log_metrics({"rows/train": len(clean) - cut, "rows/holdout": cut, "filled": int(raw["calls"].isna().sum())})
    # Those who train work on a copy of the artifact, and that is what they tell MLflow.
    mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="prepared", dst_path=".")
    return {
        name: mlflow.data.from_pandas(part, source=f"prepared/{name}.csv", name=f"customers {name}", targets="churned")
        for name, part in (("holdout", clean[:cut]), ("train", clean[cut:]))
    }


def digest(path: str) -> dict:
    """The input tag by which these runs record the bytes that they read."""
    return {"sha256": hashlib.sha256(Path(path).read_bytes()).hexdigest()}


def rows(dataset):
    for _, months, calls, fee, churned in dataset.df.itertuples(index=False):
        yield (months / 60, calls / 9, fee / 90), churned


def chance(weights: list, features: tuple) -> float:
    z = sum(w * x for w, x in zip(weights, (1.0, *features), strict=True))
    return z if z != z else 0.0 if z < -700 else 1.0 if z > 700 else 1 / (1 + math.exp(-z))


def epoch(weights: list, data: list, rate: float) -> float:
    """One pass of gradient descent; the mean loss: infinite when it is surely wrong, NaN when the weights are lost."""
    loss = 0.0
    for features, churned in data:
        p = chance(weights, features)
        right = p if churned else 1 - p
        loss += right if right != right else -math.log(right) if right else math.inf
        for i, x in enumerate((1.0, *features)):
            weights[i] -= rate * (p - churned) * x
    return loss / len(data)


def train(mlflow, prepared: dict) -> list:
    """A sweep with a child per learning rate; one diverges and fails; and a run that is still going on."""
    mlflow.set_experiment("churn training")
    data, models = list(rows(prepared["train"])), []
    Path("churn_model.py").write_text(LOADER, encoding="utf-8")
    with mlflow.start_run(run_name="sweep", tags=CODE, description="Learning rates for the churn model"):
        mlflow.log_param("learning_rates", "0.005,0.01,0.1,6e+307")
        for number, rate in enumerate((0.005, 0.01, 0.1), start=1):
            with mlflow.start_run(run_name=f"rate {rate}", nested=True, tags=CODE):
                models.append(fit(mlflow, prepared, data, rate, number))
        diverge(mlflow, prepared, data)
    mlflow.tracking.MlflowClient().create_run(
        mlflow.get_experiment_by_name("churn training").experiment_id,
        tags={**CODE, "mlflow.runName": "nightly retraining", "mlflow.user": "ada", "mlflow.source.name": "churn/train.py"},
    )
    return models


def fit(mlflow, prepared, data, rate, number):
    mlflow.log_params({"learning_rate": rate, "epochs": 24, "optimizer": "sgd"})
    mlflow.log_input(prepared["train"], context="training", tags=digest("prepared/train.csv"))
    mlflow.log_input(prepared["holdout"], context="validation", tags=digest("prepared/holdout.csv"))
    weights = [0.0] * 4
    losses = [epoch(weights, data, rate) for _ in range(24)]
    # Two workers report; the second half arrives first.
    for step in (*range(12, 24), *range(12)):
        mlflow.log_metric("train/loss", losses[step], step=step)
    right = [(w > 0.5) == c for w, c in scores(weights, prepared["holdout"])]
    mlflow.log_metric("accuracy", sum(right) / len(right), step=23)
    Path("weights.json").write_text(json.dumps(weights) + "\n", encoding="utf-8")
    return mlflow.pyfunc.log_model(
        name=f"churn-{number}", loader_module="churn_model", data_path="weights.json", code_paths=["churn_model.py"],
        pip_requirements=[f"mlflow=={mlflow.__version__}"],
    )  # fmt: skip


def diverge(mlflow, prepared, data) -> None:
    try:
        with mlflow.start_run(run_name="rate 6e+307", nested=True, tags=CODE):
            mlflow.log_params({"learning_rate": 6e307, "epochs": 24, "optimizer": "sgd"})
            mlflow.log_input(prepared["train"], context="training", tags=digest("prepared/train.csv"))
            weights = [0.0] * 4
            for step in range(24):
                loss = epoch(weights, data, 6e307)
                mlflow.log_metric("train/loss", loss, step=step)
                if loss != loss:
                    raise ArithmeticError("the loss is not a number")
    except ArithmeticError:
        pass


def scores(weights: list, dataset):
    for features, churned in rows(dataset):
        yield chance(weights, features), bool(churned)


def register(mlflow, models: list) -> None:
    client = mlflow.tracking.MlflowClient()
    client.create_registered_model("churn", tags={"owner": "retention"}, description="Who leaves within the next month")
    for model in models:
        version = mlflow.register_model(f"models:/{model.model_id}", "churn")
        client.set_model_version_tag("churn", version.version, "reviewed", "yes" if version.version == "3" else "no")
    client.set_registered_model_alias("churn", "champion", "3")
    client.set_registered_model_alias("churn", "challenger", "2")
    client.transition_model_version_stage("churn", "1", "Archived")
    client.transition_model_version_stage("churn", "3", "Production")


def evaluate(mlflow, prepared, model) -> None:
    """Grace evaluates version 3 on the holdout rows."""
    from mlflow.entities import LoggedModelInput

    mlflow.set_experiment("churn evaluation")
    os.environ.update(LOGNAME="grace", USER="grace")
    with mlflow.start_run(run_name="evaluate churn 3", tags=CODE) as run:
        mlflow.log_param("threshold", 0.5)
        mlflow.log_input(prepared["holdout"], context="evaluation", tags=digest("prepared/holdout.csv"))
        mlflow.tracking.MlflowClient().log_inputs(run.info.run_id, models=[LoggedModelInput(model.model_id)])
        weights = json.loads(Path("weights.json").read_text(encoding="utf-8"))
        told = [(p > 0.5, c) for p, c in scores(weights, prepared["holdout"])]
        table = {f"{said}/{was}": told.count((said, was)) for said in (True, False) for was in (True, False)}
        mlflow.log_metric(
            "holdout/accuracy", sum(said == was for said, was in told) / len(told), step=0,
            model_id=model.model_id, dataset=prepared["holdout"],
        )  # fmt: skip
        mlflow.log_dict({"said/was": table}, "confusion.json")


def compact(database: Path) -> None:
    """An empty MLflow schema has some 200 b-trees, each at least a page: small pages keep the file small."""
    connection = sqlite3.connect(database, isolation_level=None)
    for command in ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 512", "VACUUM"):
        connection.execute(command)
    connection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
