"""An ordinary MLflow script, the same wherever it records (MLFLOW_TRACKING_URI). Prints what it reads back."""

from __future__ import annotations

import json

import mlflow
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

values = np.random.RandomState(0).rand(40, 3)
table = pd.DataFrame(values, columns=["a", "b", "c"])
labels = (values[:, 0] > 0.5).astype(int)
dataset = mlflow.data.from_pandas(table, source="data/raw.csv", name="raw")
client = mlflow.MlflowClient()
mlflow.set_experiment("churn")

with mlflow.start_run(run_name="study") as study:
    mlflow.log_params({"folds": 2, "seed": 7})
    mlflow.set_tags({"team": "risk", "draft": "yes"})
    mlflow.delete_tag("draft")
    for number in range(2):
        with mlflow.start_run(run_name=f"fold {number}", nested=True) as fold:
            mlflow.log_input(dataset, context="training")
            model = LogisticRegression(C=number + 1).fit(values, labels)
            info = mlflow.sklearn.log_model(
                model, name="clf", registered_model_name="churn", pip_requirements=["scikit-learn"]
            )
            for step in range(3):
                mlflow.log_metric("train/loss", 1 / (step + 1), step=step)
            mlflow.log_metrics({"accuracy": 0.8 + number / 10, "gap": float("nan")}, step=2)
            mlflow.log_text("all good", "notes/report.txt")
client.set_registered_model_alias("churn", "champion", "2")
client.set_model_version_tag("churn", "2", "checked", "yes")

mlflow.sklearn.autolog(log_models=False, silent=True)
with mlflow.start_run(run_name="autologged"):
    LogisticRegression(C=3).fit(values, labels)

best = mlflow.search_runs(filter_string="metrics.accuracy > 0.85", order_by=["metrics.accuracy DESC"])
version = client.get_model_version_by_alias("churn", "champion")
read = client.get_run(best.run_id[0])
print(
    json.dumps(
        {
            "runs": sorted(mlflow.search_runs().loc[:, "tags.mlflow.runName"]),
            "best": read.info.run_name,
            "status": read.info.status,
            "metrics": {name: str(value) for name, value in sorted(read.data.metrics.items())},
            "steps": [point.step for point in client.get_metric_history(read.info.run_id, "train/loss")],
            "inputs": [one.dataset.name for one in read.inputs.dataset_inputs],
            "study": sorted(client.get_run(study.info.run_id).data.tags.keys() & {"team", "draft"}),
            "version": [version.version, version.run_id == read.info.run_id, version.tags],
            "files": sorted(one.path for one in client.list_artifacts(read.info.run_id, "notes")),
            "text": mlflow.artifacts.load_text(f"runs:/{read.info.run_id}/notes/report.txt"),
            "predicted": mlflow.pyfunc.load_model("models:/churn@champion").predict(values[:4]).tolist(),
            "params": len(mlflow.search_runs(filter_string="run_name = 'autologged'").filter(like="params.").columns),
        }
    )
)
