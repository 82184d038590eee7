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
from provstore.importers.mlflow.answers import Answer, place
from provstore.importers.mlflow.api import Api, path_segment
from provstore.importers.mlflow.building import REST, Builder
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
        return (self._named("experiment", one, "name").required("experiment_id") for one in self._experiments())

    def _named(self, what: str, answer: object, *names: str) -> Answer:
        """The fields of a record. Args: names: the fields that tell which one it is, the first that has a value."""
        return Answer(what, answer, where=place(self._api.address, what, answer, *names))

    def _whole(self, found: dict[str, Any]) -> dict[str, Any]:
        """The run in full: what a search finds leaves out the models that it took in."""
        identifier = self._named("run", found).part("run", "info").required("run_id", "run_uuid")
        answer = self._api.get("runs/get", run_id=identifier, run_uuid=identifier)
        whole = found if answer is None else answer.get("run")
        if not isinstance(whole, dict):
            raise BadInput("run is no object in the server's answer", where=f"{self._api.address}: run {identifier}")
        return whole

    def _experiment(self, answer: object) -> Experiment:
        fields = self._named("experiment", answer, "experiment_id", "name")
        identifier = fields.required("experiment_id")
        return self._builder.experiment(fields, identifier, fields.pairs("tags"))

    def _run(self, answer: dict[str, Any]) -> Run:
        where = place(self._api.address, "run", answer.get("info"), "run_id", "run_uuid", "run_name")
        whole = Answer("run", answer, where=where)
        info, data = whole.part("run", "info"), whole.part("run data", "data")
        inputs, outputs = whole.part("run inputs", "inputs"), whole.part("run outputs", "outputs")
        identifier = info.required("run_id", "run_uuid")
        metrics = [one.required("key") for one in data.parts("metric", "metrics")]
        datasets = [self._dataset(one) for one in inputs.parts("data set input", "dataset_inputs")]
        models = inputs.parts("model input", "model_inputs")
        made_models = outputs.parts("model output", "model_outputs")
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
            params=data.pairs("params"),
            tags=data.pairs("tags"),
            series=tuple(self._series(identifier, metrics, where)),
            datasets=tuple(sorted(datasets, key=lambda one: (one.name, one.digest, sorted(one.tags.items())))),
            model_inputs=tuple(sorted(one.required("model_id") for one in models)),
            model_outputs=tuple(ModelOutput(one.required("model_id"), one.integer("step") or 0) for one in made_models),
            artifacts=tuple(self._artifacts("artifacts/list", "path", where, run_id=identifier)),
        )
        for fields in (whole, info, data, inputs, outputs):
            fields.count_rest(self._findings)
        return made

    def _series(self, run: str, metrics: list[str], where: str) -> Iterator[Series]:
        for name in sorted(metrics):
            history = self._api.pages(
                "GET", "metrics/get-history", "metrics", run_id=run, run_uuid=run, metric_key=name, max_results=_POINTS
            )
            of_metric = f"{where}, metric {name}"
            try:
                points = [_point(one, of_metric) for one in history]
            except BadInput as error:
                # An answer that is none names the endpoint only.
                if error.where != of_metric:
                    error.where = f"{of_metric}: {error.where}"
                raise
            if points:
                yield ordered(name, points, where=of_metric)

    def _dataset(self, whole: Answer) -> DatasetInput:
        return self._builder.dataset(whole.part("data set", "dataset"), whole.pairs("tags"), lambda _: None)

    def _artifacts(
        self, endpoint: str, at: str, where: str, path: str = "", depth: int = 0, **owner: str
    ) -> Iterator[Artifact]:
        """The files that the server lists below `path`, with their sizes; `at` is the path's parameter."""
        try:
            listed = list(self._api.pages("GET", endpoint, "files", **owner, **({at: path} if path else {})))
        except BadInput as error:
            # The run is there; that the server can't reach its files is no reason to refuse it.
            self._findings.skip("artifacts that the server does not list", error.message)
            return
        for one in sorted(listed, key=lambda file: str(file.get("path"))):
            fields = Answer("artifact", one, where=f"{where}, artifact")
            name = fields.required("path")
            if not fields.inner("is_dir"):
                yield Artifact(name, fields.integer("file_size"), None)
            elif depth < _MAX_DEPTH and name.startswith(path):
                yield from self._artifacts(endpoint, at, where, name, depth + 1, **owner)

    def _logged_model(self, answer: dict[str, Any]) -> LoggedModel:
        where = place(self._api.address, "logged model", answer.get("info"), "model_id", "name")
        whole = Answer("logged model", answer, where=where)
        info, data = whole.part("logged model", "info"), whole.part("logged model data", "data")
        identifier = info.required("model_id")
        info.drop("registrations", "status_code")
        listing = f"logged-models/{path_segment(identifier)}/artifacts/directories"
        metrics = [_model_metric(one) for one in data.parts("model metric", "metrics")]
        status = info.text("status") or ""
        made = self._builder.logged_model(
            info,
            identifier,
            status=_STATUSES.get(status, status),
            location=info.text("artifact_uri"),
            params=data.pairs("params"),
            tags=info.pairs("tags"),
            metrics=tuple(sorted(metrics, key=lambda one: (one.name, one.dataset or "", one.step, one.time_ms))),
            artifacts=tuple(self._artifacts(listing, "artifact_directory_path", whole.where)),
        )
        for fields in (whole, data):
            fields.count_rest(self._findings)
        return made

    def _registered_model(self, answer: dict[str, Any], versions: Mapping[str, list[ModelVersion]]) -> RegisteredModel:
        fields = self._named("registered model", answer, "name")
        fields.drop("latest_versions")
        aliases = fields.parts("alias", "aliases")
        of_this = versions.get(str(answer.get("name")), ())
        return self._builder.registered_model(
            fields,
            tags=fields.pairs("tags"),
            aliases={one.required("alias"): one.required("version") for one in aliases},
            versions=tuple(sorted(of_this, key=lambda one: (len(one.version), one.version))),
        )

    def _version(self, answer: dict[str, Any]) -> ModelVersion:
        where = place(self._api.address, "model version", answer, "name")
        fields = Answer("model version", answer, where=f"{where}/{answer.get('version')}")
        fields.drop("aliases")
        return self._builder.version(fields, fields.pairs("tags"))


def _model_metric(fields: Answer) -> ModelMetric:
    return ModelMetric(
        fields.required("key"),
        fields.integer("step") or 0,
        fields.integer("timestamp") or 0,
        fields.number("value"),
        fields.text("run_id"),
        fields.text("dataset_name"),
    )


def _point(answer: object, where: str) -> tuple[int, int, float]:
    fields = Answer("metric", answer, where=where)
    return fields.integer("step") or 0, fields.integer("timestamp") or 0, fields.number("value")
