"""Logged models (MLflow 3): made, filled, finished, tagged, found and deleted; one function for each call.

Files and metrics that come while a model is not ready yet are events, any other change is a snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from provstore.errors import BadInput, NotFound
from provstore.importers.mlflow.mapping import Mapping as Mapped
from provstore.importers.mlflow.records import Artifact, LoggedModel, ModelMetric, Series
from provstore.model.document import Document
from provstore.server.mlflow import answers, experiments, reading, searching
from provstore.server.mlflow.reading import NAMES
from provstore.server.mlflow.requests import Arguments
from provstore.server.mlflow.tracking import Tracking, as_event, now_ms

_STATUSES: Final = {
    "LOGGED_MODEL_READY": "READY",
    "LOGGED_MODEL_PENDING": "PENDING",
    "LOGGED_MODEL_UPLOAD_FAILED": "FAILED",
}
# The client sends at most a hundred at once; MLflow's server takes any number.
_MAX_PARAMS: Final = 1_000
_BAD: Final = frozenset("/:.%\"'")


def create(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`logged-models`."""
    experiment = experiments.active(tracking, given.text("experiment_id") or experiments.DEFAULT_ID)
    identifier = f"m-{uuid4().hex}"
    name = given.text("name") or f"model-{identifier[2:10]}"
    if not _BAD.isdisjoint(name):
        raise given.wrong("name", name, "a name without / : . % and quotes is expected")
    at = now_ms()
    made = LoggedModel(
        id=identifier,
        experiment_id=experiment.id,
        name=name,
        status="PENDING",
        lifecycle_stage="active",
        model_type=given.text("model_type"),
        source_run_id=given.text("source_run_id"),
        created_ms=at,
        updated_ms=at,
        artifact_location=f"{(experiment.artifact_location or '').rstrip('/')}/models/{identifier}/artifacts",
        status_message=None,
        params=given.pairs("params", most=_MAX_PARAMS),
        tags=given.pairs("tags"),
        metrics=(),
        artifacts=(),
    )
    mapping = tracking.mapping()
    with tracking.alone(NAMES.experiment(experiment.id)):
        first = [mapping.experiment(experiment)] if experiments.is_unwritten(tracking, experiment) else []
        tracking.write(*first, mapping.logged_model(made))
    return {"model": answers.logged_model(found(tracking, identifier))}


def get(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`logged-models/{model_id}`."""
    record = found(tracking, given.required("model_id"), deleted=given.boolean("allow_deleted"))
    return {"model": answers.logged_model(_with_points(tracking, record))}


def finish(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`PATCH logged-models/{model_id}`: its status."""
    status = given.required("status")
    if status not in _STATUSES:
        raise given.wrong("status", status, f"one of {', '.join(_STATUSES)} is expected")
    changed = _change(tracking, given, lambda one: replace(one, status=_STATUSES[status]))
    return {"model": answers.logged_model(changed)}


def delete(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`DELETE logged-models/{model_id}`."""
    if found(tracking, given.required("model_id"), deleted=True).lifecycle_stage == "active":
        _change(tracking, given, lambda one: replace(one, lifecycle_stage="deleted", updated_ms=now_ms()))
    return {}


def set_tags(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`PATCH logged-models/{model_id}/tags`."""
    tags = given.pairs("tags")
    _change(tracking, given, lambda one: replace(one, tags={**one.tags, **tags}))
    return {}


def delete_tag(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`DELETE logged-models/{model_id}/tags/{tag_key}`."""
    key = given.required("tag_key")

    def without(one: LoggedModel) -> LoggedModel:
        if key not in one.tags:
            raise NotFound(f"No tag with key {key!r} for model with ID {one.id!r}")
        return replace(one, tags={name: value for name, value in one.tags.items() if name != key})

    _change(tracking, given, without)
    return {}


def log_params(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`logged-models/{model_id}/params`."""
    params = given.pairs("params", most=_MAX_PARAMS)

    def with_params(one: LoggedModel) -> LoggedModel:
        for key, value in params.items():
            if one.params.get(key, value) != value:
                raise BadInput(f"Changing param values is not allowed. Param with key='{key}'", where=key)
        return replace(one, params={**one.params, **params})

    _change(tracking, given, with_params)
    return {}


def search(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`logged-models/search`."""
    if given.each("datasets"):
        raise BadInput("Searching logged models by the data sets of their metrics is not supported", where="datasets")
    wanted = set(given.texts("experiment_ids"))
    chosen = (one for one in everything(tracking) if one.experiment_id in wanted and one.lifecycle_stage == "active")
    orders = [_order(one) for one in given.each("order_by")]
    page, token = searching.page(list(chosen), given.with_values(order_by=orders), searching.LOGGED_MODELS)
    return {"models": [answers.logged_model(_with_points(tracking, one)) for one in page], **token}


def found(tracking: Tracking, identifier: str, *, deleted: bool = False) -> LoggedModel:
    """The logged model of that id. Raises: NotFound: there is none, or it is deleted and these are not asked for."""
    record = reading.logged_model(tracking.unit(NAMES.logged_model(identifier)), identifier)
    if record is None or not (deleted or record.lifecycle_stage == "active"):
        raise NotFound(f"Logged model with ID '{identifier}' not found.")
    return record


def everything(tracking: Tracking) -> Iterator[LoggedModel]:
    """All logged models of the space."""
    for iri in tracking.find("type = ps:Model and exists source_id"):
        identifier = reading.last_segment(iri)
        if iri == NAMES.logged_model(identifier):
            record = reading.logged_model(tracking.unit(iri), identifier)
            if record is not None:
                yield record


def with_metrics(tracking: Tracking, mapping: Mapped, model: str, added: Sequence[ModelMetric]) -> Document:
    """The document of metric values that a run told of a model; the caller holds its unit."""
    record = found(tracking, model)
    if record.status == "PENDING":
        return as_event(mapping.model_addition(replace(record, artifacts=(), metrics=tuple(added))))
    return mapping.logged_model(replace(record, metrics=(*record.metrics, *added)))


def with_file(tracking: Tracking, model: str, file: Artifact) -> None:
    """Writes that a model has a file."""
    iri = NAMES.logged_model(model)
    with tracking.alone(iri):
        record = found(tracking, model)
        mapping = tracking.mapping(tracking.unit(iri))
        if record.status == "PENDING":
            tracking.write(as_event(mapping.model_addition(replace(record, artifacts=(file,), metrics=()))))
            return
        files = {one.path: one for one in (*record.artifacts, file)}
        tracking.write(mapping.logged_model(replace(record, artifacts=tuple(files[path] for path in sorted(files)))))


def _change(tracking: Tracking, given: Arguments, change: Callable[[LoggedModel], LoggedModel]) -> LoggedModel:
    identifier = given.required("model_id")
    iri = NAMES.logged_model(identifier)
    with tracking.alone(iri):
        changed = change(found(tracking, identifier))
        tracking.write(tracking.mapping(tracking.unit(iri)).logged_model(changed))
    return changed


def _with_points(tracking: Tracking, record: LoggedModel) -> LoggedModel:
    """The model with step, time and run of its metrics and the digests of their data sets, which its run has."""
    if not record.metrics or not record.source_run_id:
        return record
    run = reading.run(tracking.unit(NAMES.run(record.source_run_id)), record.source_run_id)
    if run is None:
        return record
    series = {one.name: one for one in run.series}
    digests = {one.name: one.digest for one in run.datasets}
    told = (replace(one, digest=digests.get(one.dataset or "")) for one in record.metrics)
    return replace(record, metrics=tuple(_point(one, series.get(one.name), record.source_run_id) for one in told))


def _point(metric: ModelMetric, series: Series | None, run: str) -> ModelMetric:
    for number in reversed(range(len(series.values))) if series else ():
        if series and series.values[number] == metric.value:
            return replace(metric, step=series.steps[number], time_ms=series.times_ms[number], run_id=run)
    return metric


def _order(given: Arguments) -> str:
    if given.has("dataset_name") or given.has("dataset_digest"):
        raise BadInput("Ordering logged models by the metrics of one data set is not supported", where="order_by")
    name = given.required("field_name")
    return f"{name} {'ASC' if given.raw('ascending') is not False else 'DESC'}"
