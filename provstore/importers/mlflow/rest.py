"""The records of a live MLflow server, read page by page.

In: answers of the REST API (`api`). Out: records; artifacts with sizes, without digests, since their bytes stay there.
Source: MLflow REST API 2.0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from provstore.errors import BadInput
from provstore.importers.contract import Findings
from provstore.importers.mlflow.api import Api, path_segment
from provstore.importers.mlflow.building import REST, Builder
from provstore.importers.mlflow.fields import Fields, pairs
from provstore.importers.mlflow.points import ordered
from provstore.importers.mlflow.records import (
    Artifact,
    DatasetInput,
    Experiment,
    LoggedModel,
    ModelMetric,
    ModelOutput,
    ModelVersion,
    RegisteredModel,
    Run,
    Series,
)

_PAGE: Final = 500
_POINTS: Final = 25_000
_MAX_DEPTH: Final = 64
# The server's words for what MLflow's own entities call READY, PENDING, FAILED.
_STATUSES: Final = {
    "LOGGED_MODEL_READY": "READY",
    "LOGGED_MODEL_PENDING": "PENDING",
    "LOGGED_MODEL_UPLOAD_FAILED": "FAILED",
    "": "UNSPECIFIED",
}


class Server:
    """The records of one server; a `Source`.

    Raises: BackendUnavailable: from its methods, when the server does not answer or lets nobody in.
    """

    def __init__(self, url: str, findings: Findings) -> None:
        self._api, self._findings = Api(url), findings
        self._builder = Builder(REST, findings)

    def count(self) -> int | None:
        """Unknown before the end."""
        return None

    def experiments(self) -> Iterator[Experiment | BadInput]:
        """All experiments, deleted ones included."""
        for answer in self._experiments():
            try:
                yield self._experiment(answer)
            except BadInput as error:
                yield error

    def runs(self) -> Iterator[Run | BadInput]:
        """All runs, experiment by experiment."""
        for experiment in self._experiment_ids():
            runs = self._api.pages(
                "POST", "runs/search", "runs", experiment_ids=[experiment], run_view_type="ALL",
                max_results=_PAGE, order_by=["attributes.start_time ASC"],
            )  # fmt: skip
            for answer in runs:
                try:
                    yield self._run(self._whole(answer))
                except BadInput as error:
                    yield error

    def logged_models(self) -> Iterator[LoggedModel | BadInput]:
        """All logged models that the server tells of; an older one knows none."""
        for experiment in self._experiment_ids():
            models = self._api.pages(
                "POST", "logged-models/search", "models", experiment_ids=[experiment], max_results=50
            )
            for answer in models:
                try:
                    yield self._logged_model(answer)
                except BadInput as error:
                    yield error

    def registered_models(self) -> Iterator[RegisteredModel | BadInput]:
        """All registered models with their versions."""
        versions: dict[str, list[ModelVersion]] = defaultdict(list)
        for answer in self._api.pages("GET", "model-versions/search", "model_versions", max_results=_PAGE):
            try:
                versions[str(answer.get("name"))].append(self._version(answer))
            except BadInput as error:
                yield error
        for answer in self._api.pages("GET", "registered-models/search", "registered_models", max_results=_PAGE):
            try:
                yield self._registered_model(answer, versions)
            except BadInput as error:
                yield error

    def _experiments(self) -> Iterator[dict[str, Any]]:
        found = self._api.pages("POST", "experiments/search", "experiments", view_type="ALL", max_results=_PAGE)
        first = next(found, None)
        if first is None:
            raise BadInput(
                "this server tells of no MLflow experiment",
                where=self._api.address,
                next_step="Name the address that MLflow calls its tracking URI.",
            )
        yield first
        yield from found

    def _experiment_ids(self) -> Iterator[str]:
        return (self._fields("experiment", answer).required("experiment_id") for answer in self._experiments())

    def _whole(self, found: object) -> object:
        """The run in full: what a search finds leaves out the models that it took in."""
        identifier = self._fields("run", self._fields("run", found).inner("info")).required("run_id", "run_uuid")
        answer = self._api.get("runs/get", run_id=identifier, run_uuid=identifier)
        return found if answer is None else answer.get("run")

    def _fields(self, what: str, answer: object) -> Fields:
        return Fields(what, answer, where=self._api.address)

    def _pairs(self, listed: object) -> dict[str, str]:
        return pairs(listed, where=self._api.address)

    def _experiment(self, answer: object) -> Experiment:
        fields = self._fields("experiment", answer)
        identifier = fields.required("experiment_id")
        return self._builder.experiment(fields, identifier, self._pairs(fields.inner("tags")))

    def _run(self, answer: object) -> Run:
        whole = self._fields("run", answer)
        info = self._fields("run", whole.inner("info"))
        data = self._fields("run data", whole.inner("data") or {})
        inputs = self._fields("run inputs", whole.inner("inputs") or {})
        outputs = self._fields("run outputs", whole.inner("outputs") or {})
        identifier = info.required("run_id", "run_uuid")
        metrics = [self._fields("metric", one).required("key") for one in _listed(data.inner("metrics"))]
        datasets = [self._dataset(one) for one in _listed(inputs.inner("dataset_inputs"))]
        models = [self._fields("model input", one) for one in _listed(inputs.inner("model_inputs"))]
        made_models = [self._fields("model output", one) for one in _listed(outputs.inner("model_outputs"))]
        made = Run(
            id=identifier,
            experiment_id=info.required("experiment_id"),
            name=info.text("run_name"),
            status=info.text("status") or "UNKNOWN",
            lifecycle_stage=info.text("lifecycle_stage") or "active",
            started_ms=info.integer("start_time"),
            ended_ms=info.integer("end_time"),
            deleted_ms=info.integer("deleted_time"),
            artifact_uri=info.text("artifact_uri"),
            user=info.text("user_id"),
            params=self._pairs(data.inner("params")),
            tags=self._pairs(data.inner("tags")),
            series=tuple(self._series(identifier, metrics)),
            datasets=tuple(sorted(datasets, key=lambda one: (one.name, one.digest, sorted(one.tags.items())))),
            model_inputs=tuple(sorted(one.required("model_id") for one in models)),
            model_outputs=tuple(ModelOutput(one.required("model_id"), one.integer("step") or 0) for one in made_models),
            artifacts=tuple(self._artifacts("artifacts/list", "path", run_id=identifier)),
        )
        for fields in (whole, info, data, inputs, outputs):
            fields.count_rest(self._findings)
        return made

    def _series(self, run: str, metrics: list[str]) -> Iterator[Series]:
        for name in sorted(metrics):
            history = self._api.pages(
                "GET", "metrics/get-history", "metrics", run_id=run, run_uuid=run, metric_key=name, max_results=_POINTS
            )
            points = [_point(one, self._api.address) for one in history]
            if points:
                yield ordered(name, points, where=f"{self._api.address} run {run}")

    def _dataset(self, answer: object) -> DatasetInput:
        whole = self._fields("data set input", answer)
        fields = self._fields("data set", whole.inner("dataset"))
        return self._builder.dataset(fields, self._pairs(whole.inner("tags")), lambda _: None)

    def _artifacts(self, endpoint: str, at: str, path: str = "", depth: int = 0, **owner: str) -> Iterator[Artifact]:
        """The files that the server lists below `path`, with their sizes; `at` is the path's parameter."""
        try:
            listed = list(self._api.pages("GET", endpoint, "files", **owner, **({at: path} if path else {})))
        except BadInput as error:
            # The run is there; that the server can't reach its files is no reason to refuse it.
            self._findings.skip("artifacts that the server does not list", error.message)
            return
        for one in sorted(listed, key=lambda file: str(file.get("path"))):
            fields = self._fields("artifact", one)
            name = fields.required("path")
            if not fields.inner("is_dir"):
                yield Artifact(name, fields.integer("file_size"), None)
            elif depth < _MAX_DEPTH and name.startswith(path):
                yield from self._artifacts(endpoint, at, name, depth + 1, **owner)

    def _logged_model(self, answer: object) -> LoggedModel:
        whole = self._fields("logged model", answer)
        info = self._fields("logged model", whole.inner("info"))
        data = self._fields("logged model data", whole.inner("data") or {})
        identifier = info.required("model_id")
        info.drop("registrations", "status_code")
        listing = f"logged-models/{path_segment(identifier)}/artifacts/directories"
        metrics = [self._model_metric(one) for one in _listed(data.inner("metrics"))]
        status = info.text("status") or ""
        made = self._builder.logged_model(
            info,
            identifier,
            status=_STATUSES.get(status, status),
            location=info.text("artifact_uri"),
            params=self._pairs(data.inner("params")),
            tags=self._pairs(info.inner("tags")),
            metrics=tuple(sorted(metrics, key=lambda one: (one.name, one.dataset or "", one.step, one.time_ms))),
            artifacts=tuple(self._artifacts(listing, "artifact_directory_path")),
        )
        for fields in (whole, data):
            fields.count_rest(self._findings)
        return made

    def _model_metric(self, answer: object) -> ModelMetric:
        fields = self._fields("model metric", answer)
        return ModelMetric(
            fields.required("key"),
            fields.integer("step") or 0,
            fields.integer("timestamp") or 0,
            _value(fields, self._api.address),
            fields.text("run_id"),
            fields.text("dataset_name"),
        )

    def _registered_model(self, answer: dict[str, Any], versions: Mapping[str, list[ModelVersion]]) -> RegisteredModel:
        fields = self._fields("registered model", answer)
        fields.drop("latest_versions")
        aliases = [self._fields("alias", one) for one in _listed(fields.inner("aliases"))]
        of_this = versions.get(str(answer.get("name")), ())
        return self._builder.registered_model(
            fields,
            tags=self._pairs(fields.inner("tags")),
            aliases={one.required("alias"): one.required("version") for one in aliases},
            versions=tuple(sorted(of_this, key=lambda one: (len(one.version), one.version))),
        )

    def _version(self, answer: object) -> ModelVersion:
        fields = self._fields("model version", answer)
        fields.drop("aliases")
        return self._builder.version(fields, self._pairs(fields.inner("tags")))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _point(answer: object, where: str) -> tuple[int, int, float]:
    fields = Fields("metric", answer, where=where)
    return fields.integer("step") or 0, fields.integer("timestamp") or 0, _value(fields, where)


def _value(fields: Fields, where: str) -> float:
    """The value of a metric: a number, or `NaN`, `Infinity`, `-Infinity` as text."""
    value = fields.inner("value")
    try:
        return float(value or 0.0)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise BadInput(f"the metric value {value!r} is no number", where=where) from error
