"""The calls of MLflow's REST API 2.0 that are answered, each with what answers it.

Source: MLflow's REST API reference; service.proto and model_registry.proto of MLflow 3.17.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from provstore.server.mlflow import experiments, files, histories, lifecycle, models, registry, runs, versions
from provstore.server.mlflow.requests import Arguments
from provstore.server.mlflow.tracking import Tracking
from provstore.server.roles import Action

Answering = Callable[[Tracking, Arguments], dict[str, Any]]
API: Final = "/mlflow/api/2.0/mlflow/"
ARTIFACTS: Final = "/mlflow/api/2.0/mlflow-artifacts/artifacts"


class Call(NamedTuple):
    """One call: its methods, its path, who may make it, what answers it, and whether it reads much."""

    methods: tuple[str, ...]
    path: str
    action: Action
    answer: Answering
    is_heavy: bool = False


def _read(path: str, answer: Answering, *methods: str) -> Call:
    return Call(methods or ("GET",), path, "read", answer)


def _search(path: str, answer: Answering, *methods: str) -> Call:
    return Call(methods or ("GET",), path, "read", answer, is_heavy=True)


def _write(path: str, answer: Answering, *methods: str) -> Call:
    return Call(methods or ("POST",), path, "write", answer)


CALLS: Final = (
    _write("experiments/create", experiments.create),
    _read("experiments/get", experiments.get),
    _read("experiments/get-by-name", experiments.get_by_name),
    _search("experiments/search", experiments.search, "GET", "POST"),
    _write("experiments/update", experiments.update),
    _write("experiments/delete", lifecycle.delete),
    _write("experiments/restore", lifecycle.restore),
    _write("experiments/set-experiment-tag", experiments.set_tag),
    _write("experiments/delete-experiment-tag", experiments.delete_tag),
    _write("runs/create", runs.create),
    _read("runs/get", runs.get),
    _search("runs/search", runs.search, "POST"),
    _write("runs/update", runs.update),
    _write("runs/delete", runs.delete),
    _write("runs/restore", runs.restore),
    _write("runs/log-metric", runs.log_metric),
    _write("runs/log-parameter", runs.log_parameter),
    _write("runs/log-batch", runs.log_batch),
    _write("runs/log-inputs", runs.log_inputs),
    _write("runs/outputs", runs.log_outputs),
    _write("runs/log-model", runs.log_model),
    _write("runs/set-tag", runs.set_tag),
    _write("runs/delete-tag", runs.delete_tag),
    _read("metrics/get-history", histories.of_run),
    _search("metrics/get-history-bulk-interval", histories.of_runs),
    _read("artifacts/list", files.list_of_run),
    _write("logged-models", models.create),
    _search("logged-models/search", models.search, "POST"),
    _read("logged-models/{model_id}", models.get),
    _write("logged-models/{model_id}", models.finish, "PATCH"),
    _write("logged-models/{model_id}", models.delete, "DELETE"),
    _write("logged-models/{model_id}/params", models.log_params),
    _write("logged-models/{model_id}/tags", models.set_tags, "PATCH"),
    _write("logged-models/{model_id}/tags/{tag_key}", models.delete_tag, "DELETE"),
    _read("logged-models/{model_id}/artifacts/directories", files.list_of_model),
    _write("registered-models/create", registry.create),
    _read("registered-models/get", registry.get),
    _search("registered-models/search", registry.search),
    _write("registered-models/update", registry.update, "PATCH"),
    _write("registered-models/rename", registry.rename),
    _write("registered-models/delete", registry.delete, "DELETE"),
    _write("registered-models/set-tag", registry.set_tag),
    _write("registered-models/delete-tag", registry.delete_tag, "DELETE"),
    _read("registered-models/alias", registry.get_by_alias),
    _write("registered-models/alias", registry.set_alias),
    _write("registered-models/alias", registry.delete_alias, "DELETE"),
    _read("registered-models/get-latest-versions", versions.latest_versions, "GET", "POST"),
    _write("model-versions/create", versions.create),
    _read("model-versions/get", versions.get),
    _search("model-versions/search", versions.search),
    _read("model-versions/get-download-uri", versions.download_uri),
    _write("model-versions/update", versions.update, "PATCH"),
    _write("model-versions/delete", versions.delete, "DELETE"),
    _write("model-versions/transition-stage", versions.transition_stage),
    _write("model-versions/set-tag", versions.set_tag),
    _write("model-versions/delete-tag", versions.delete_tag, "DELETE"),
)
