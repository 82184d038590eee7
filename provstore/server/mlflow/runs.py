"""Runs: made, added to, ended, deleted and restored; one function for each call."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from provstore.errors import BadInput, NotFound
from provstore.importers.mlflow.records import DatasetInput, ModelOutput, Run
from provstore.server.mlflow import answers, experiments, reading, searching
from provstore.server.mlflow.adding import Added, add, change, found, metric
from provstore.server.mlflow.reading import NAMES
from provstore.server.mlflow.requests import Arguments
from provstore.server.mlflow.tracking import Tracking, now_ms

_STATUSES: Final = ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")
_NAME: Final = "mlflow.runName"
_HISTORY: Final = "mlflow.log-model.history"
_MODEL_FIELDS: Final = frozenset({"artifact_path", "flavors", "utc_time_created", "run_id"})
_MAX_DATASET_NAME: Final = 500
_MAX_DATASET_DIGEST: Final = 36
_BATCH: Final = 1_000


def create(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/create`."""
    experiment = experiments.active(tracking, given.text("experiment_id") or experiments.DEFAULT_ID)
    identifier = uuid4().hex
    tags = given.pairs("tags", most=1_000)
    name = _name(given.text("run_name"), tags.get(_NAME)) or f"run-{identifier[:8]}"
    started_ms = given.integer("start_time")
    made = Run(
        id=identifier,
        experiment_id=experiment.id,
        name=name,
        status="RUNNING",
        lifecycle_stage="active",
        started_ms=now_ms() if started_ms is None else started_ms,
        ended_ms=None,
        deleted_ms=None,
        artifact_uri=f"{(experiment.artifact_location or '').rstrip('/')}/{identifier}/artifacts",
        user=given.text("user_id"),
        tags={**tags, _NAME: name},
    )
    mapping = tracking.mapping()
    with tracking.alone(NAMES.experiment(experiment.id)):
        about = mapping.experiment(experiment)
        first = [about] if experiments.is_unwritten(tracking, experiment) else []
        tracking.write(*first, mapping.run(made, summed=False))
    return {"run": answers.run(found(tracking, identifier))}


def _name(argument: str | None, tag: str | None) -> str | None:
    """The name that a new run is given. Raises: BadInput: two different ones."""
    if argument and tag and argument != tag:
        raise BadInput(
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
            f"(run_name='{argument}', mlflow.runName='{tag}').",
            where="run_name",
        )
    return argument or tag


def get(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/get`."""
    return {"run": answers.run(found(tracking, given.run_id()))}


def search(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/search`."""
    experiments_asked = dict.fromkeys(given.texts("experiment_ids"))
    listed = (one for experiment in experiments_asked for one in of_experiment(tracking, experiment))
    page, token = searching.page(searching.of_view(listed, given.text("run_view_type")), given, searching.RUNS)
    return {"runs": [answers.run(one) for one in page], **token}


def of_experiment(tracking: Tracking, experiment: str) -> Iterator[Run]:
    """All runs of an experiment that the caller's space has."""
    iri = NAMES.experiment(experiment)
    for found_iri in tracking.find(f'type = ps:Run and experiment = "{iri}"'):
        identifier = reading.last_segment(found_iri)
        if found_iri == NAMES.run(identifier):
            record = reading.run(tracking.unit(found_iri), identifier)
            if record is not None and record.experiment_id == experiment:
                yield record


def update(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/update`: status, end and name."""
    status, ended, name = given.text("status"), given.integer("end_time"), given.text("run_name")
    if status is not None and status not in _STATUSES:
        raise given.wrong("status", status, f"one of {', '.join(_STATUSES)} is expected")

    def updated(run: Run) -> Run:
        return replace(
            run,
            status=status or run.status,
            ended_ms=run.ended_ms if ended is None else ended,
            name=name or run.name,
            tags={**run.tags, _NAME: name} if name else run.tags,
        )

    return {"run_info": answers.run_info(change(tracking, given.run_id(), updated))}


def delete(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/delete`."""
    change(
        tracking, given.run_id(), lambda run: replace(run, lifecycle_stage="deleted", deleted_ms=now_ms()), deleted=True
    )
    return {}


def restore(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/restore`."""
    change(tracking, given.run_id(), lambda run: replace(run, lifecycle_stage="active", deleted_ms=None), deleted=True)
    return {}


def log_metric(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/log-metric`."""
    return _add(tracking, given, Added(metrics=(metric(given),)))


def log_parameter(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/log-parameter`."""
    return _add(tracking, given, Added(params={given.key(): given.value()}))


def set_tag(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/set-tag`."""
    return _add(tracking, given, Added(tags={given.key(): given.value()}))


def log_batch(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/log-batch`: metrics, parameters and tags, stored together or not at all."""
    listed = [(one.key(), one.value()) for one in given.each("params", 100)]
    params = dict(listed)
    if len(params) < len(listed):
        twice = [key for key, times in Counter(key for key, _ in listed).items() if times > 1]
        raise BadInput(f"Duplicate parameter keys have been submitted: {twice}", where="params")
    metrics = tuple(metric(one) for one in given.metrics())
    count = len(listed) + len(metrics) + len(given.each("tags"))
    if count > _BATCH:
        raise BadInput(f"A batch logging request can contain at most {_BATCH} metrics, params, and tags. Got {count}")
    return _add(tracking, given, Added(params=params, tags=given.pairs("tags"), metrics=metrics))


def log_inputs(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/log-inputs`: data sets and models that the run takes in."""
    datasets = []
    for one in given.each("datasets"):
        about = one.inner("dataset")
        datasets.append(
            DatasetInput(
                name=about.required("name", longest=_MAX_DATASET_NAME),
                digest=about.required("digest", longest=_MAX_DATASET_DIGEST), source_type=about.text("source_type"),
                source=about.text("source"), schema=about.text("schema"), profile=about.text("profile"),
                tags=one.pairs("tags"),
            )
        )  # fmt: skip
    models = tuple(one.required("model_id") for one in given.each("models"))
    return _add(tracking, given, Added(datasets=tuple(datasets), model_inputs=models))


def log_outputs(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/outputs`: logged models that the run puts out."""
    models = (ModelOutput(one.required("model_id"), one.integer("step") or 0) for one in given.each("models"))
    return _add(tracking, given, Added(model_outputs=tuple(models)))


def log_model(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/log-model`, as MLflow 1 and 2 send it: the models of a run stand in a tag."""
    try:
        told = json.loads(given.required("model_json"))
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise BadInput("Malformed model info: a JSON object is expected", where="model_json")
    if missing := sorted(_MODEL_FIELDS - told.keys()):
        raise BadInput(f"Model json is missing mandatory fields: {missing}", where="model_json")

    def told_of(run: Run) -> Run:
        listed = json.loads(run.tags.get(_HISTORY, "[]"))
        return replace(run, tags={**run.tags, _HISTORY: json.dumps([*listed, told])})

    change(tracking, given.run_id(), told_of)
    return {}


def delete_tag(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`runs/delete-tag`."""
    key = given.key()

    def without(run: Run) -> Run:
        if key not in run.tags:
            raise NotFound(f"No tag with name: {key} in run with id {run.id}")
        return replace(run, tags={name: value for name, value in run.tags.items() if name != key})

    change(tracking, given.run_id(), without)
    return {}


def _add(tracking: Tracking, given: Arguments, added: Added) -> dict[str, Any]:
    add(tracking, given.run_id(), added)
    return {}
