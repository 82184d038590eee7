"""An ordinary script for MLflow 2, with the skinny client alone. Prints what it reads back."""

from __future__ import annotations

import json
import time
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.models import Model

client = MlflowClient()
mlflow.set_experiment("churn")
mlflow.set_experiment_tag("team", "risk")

with mlflow.start_run(run_name="study") as study:
    mlflow.log_params({"folds": 2, "seed": 7})
    mlflow.set_tags({"owner": "ann", "draft": "yes"})
    mlflow.delete_tag("draft")
    for number in range(2):
        with mlflow.start_run(run_name=f"fold {number}", nested=True) as fold:
            mlflow.log_param("C", number + 1)
            for step in range(3):
                mlflow.log_metric("train/loss", 1 / (step + 1), step=step)
            mlflow.log_metrics({"accuracy": 0.8 + number / 10, "gap": float("nan")}, step=2)
            mlflow.log_text("all good", "notes/report.txt")
            mlflow.log_dict({"weights": [1, 2]}, "model/weights.json")
            client._record_logged_model(fold.info.run_id, Model(artifact_path="model", run_id=fold.info.run_id))

with mlflow.start_run(run_name="batch") as batch:
    now = int(time.time() * 1000)
    points = [Metric("m", n / 2, now + n, n) for n in range(100)]
    client.log_batch(batch.info.run_id, points, [Param("p", "1")], [RunTag("t", "2")])
with mlflow.start_run(run_name="thrown away") as gone:
    pass
client.delete_run(gone.info.run_id)

found = client.search_runs(
    [study.info.experiment_id], "metrics.accuracy > 0.85 and params.C = '2'", order_by=["metrics.accuracy DESC"]
)
best = client.get_run(found[0].info.run_id)
client.create_registered_model("churn", description="Who leaves.")
for run in (fold, batch):
    client.create_model_version("churn", f"{run.info.artifact_uri}/model", run.info.run_id)
client.set_registered_model_alias("churn", "champion", "1")
client.set_model_version_tag("churn", "1", "checked", "yes")
client.transition_model_version_stage("churn", "2", "Staging")
champion = client.get_model_version_by_alias("churn", "champion")
path = mlflow.artifacts.download_artifacts(f"runs:/{best.info.run_id}/model/weights.json")
print(
    json.dumps(
        {
            "version": mlflow.__version__,
            "runs": sorted(one.info.run_name for one in client.search_runs([study.info.experiment_id])),
            "children": sorted(
                one.info.run_name
                for one in client.search_runs(
                    [study.info.experiment_id], f"tags.mlflow.parentRunId = '{study.info.run_id}'"
                )
            ),
            "best": best.info.run_name,
            "status": best.info.status,
            "params": best.data.params,
            "metrics": {name: str(value) for name, value in sorted(best.data.metrics.items())},
            "steps": [point.step for point in client.get_metric_history(best.info.run_id, "train/loss")],
            "points": len(client.get_metric_history(batch.info.run_id, "m")),
            "logged": [one["artifact_path"] for one in json.loads(best.data.tags["mlflow.log-model.history"])],
            "study": sorted(client.get_run(study.info.run_id).data.tags.keys() & {"owner", "draft"}),
            "files": sorted(one.path for one in client.list_artifacts(best.info.run_id)),
            "text": mlflow.artifacts.load_text(f"runs:/{best.info.run_id}/notes/report.txt"),
            "weights": json.loads(Path(path).read_text()),
            "champion": [champion.version, champion.run_id == best.info.run_id, champion.tags, list(champion.aliases)],
            "staging": [one.version for one in client.get_latest_versions("churn", ["Staging"])],
            "models": [one.name for one in client.search_registered_models("name LIKE 'ch%'")],
            "experiment": client.get_experiment_by_name("churn").tags,
        }
    )
)
