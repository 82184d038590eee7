"""MLflow's records as MLflow's JSON: int64 as numbers, ids and versions as text, NaN and infinities as words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from provstore.importers.mlflow.records import (
    DatasetInput,
    Experiment,
    LoggedModel,
    ModelVersion,
    RegisteredModel,
    Run,
    Series,
)

_MODEL_STATUSES: Final = {
    "READY": "LOGGED_MODEL_READY",
    "PENDING": "LOGGED_MODEL_PENDING",
    "FAILED": "LOGGED_MODEL_UPLOAD_FAILED",
}
Json = dict[str, Any]


def experiment(record: Experiment) -> Json:
    """An Experiment."""
    return _said(
        experiment_id=record.id,
        name=record.name,
        artifact_location=record.artifact_location,
        lifecycle_stage=record.lifecycle_stage,
        creation_time=record.created_ms,
        last_update_time=record.updated_ms,
        tags=pairs(record.tags),
    )


def run_info(record: Run) -> Json:
    """A RunInfo."""
    return _said(
        run_uuid=record.id,
        run_id=record.id,
        experiment_id=record.experiment_id,
        run_name=record.name,
        user_id=record.user or "",
        status=record.status,
        start_time=record.started_ms,
        end_time=record.ended_ms,
        artifact_uri=record.artifact_uri,
        lifecycle_stage=record.lifecycle_stage,
    )


def run(record: Run) -> Json:
    """A Run."""
    return {
        "info": run_info(record),
        "data": _said(
            metrics=[point(one, -1) for one in record.series], params=pairs(record.params), tags=pairs(record.tags)
        ),
        "inputs": _said(
            dataset_inputs=[_dataset(one) for one in record.datasets],
            model_inputs=[{"model_id": one} for one in record.model_inputs],
        ),
        "outputs": _said(model_outputs=[{"model_id": one.model_id, "step": one.step} for one in record.model_outputs]),
    }


def point(series: Series, number: int) -> Json:
    """A Metric: one point of a series."""
    return {
        "key": series.name,
        "value": double(series.values[number]),
        "timestamp": series.times_ms[number],
        "step": series.steps[number],
    }


def logged_model(record: LoggedModel) -> Json:
    """A LoggedModel."""
    return {
        "info": _said(
            model_id=record.id,
            experiment_id=record.experiment_id,
            name=record.name,
            creation_timestamp_ms=record.created_ms,
            last_updated_timestamp_ms=record.updated_ms,
            artifact_uri=record.artifact_location,
            status=_MODEL_STATUSES.get(record.status, record.status),
            model_type=record.model_type,
            source_run_id=record.source_run_id,
            status_message=record.status_message,
            tags=pairs(record.tags),
        ),
        "data": _said(
            params=pairs(record.params),
            metrics=[
                _said(
                    key=one.name, value=double(one.value), timestamp=one.time_ms, step=one.step, model_id=record.id,
                    run_id=one.run_id,
                    # MLflow's client takes both or neither.
                    dataset_name=one.dataset if one.digest else None, dataset_digest=one.digest,
                )
                for one in record.metrics
            ],
        ),
    }  # fmt: skip


def model_version(name: str, record: ModelVersion, aliases: list[str]) -> Json:
    """A ModelVersion."""
    return _said(
        name=name,
        version=record.version,
        creation_timestamp=record.created_ms,
        last_updated_timestamp=record.updated_ms,
        user_id=record.user,
        current_stage=record.stage,
        description=record.description or "",
        source=record.source,
        run_id=record.run_id,
        model_id=record.model_id,
        status=record.status,
        tags=pairs(record.tags),
        aliases=aliases,
    )


def registered_model(record: RegisteredModel) -> Json:
    """A RegisteredModel, with the latest version of each stage."""
    named: dict[str, list[str]] = {}
    for alias, version in sorted(record.aliases.items()):
        named.setdefault(version, []).append(alias)
    latest = {one.stage: one for one in record.versions}
    return _said(
        name=record.name,
        creation_timestamp=record.created_ms,
        last_updated_timestamp=record.updated_ms,
        description=record.description,
        latest_versions=[model_version(record.name, one, named.get(one.version, [])) for one in latest.values()],
        tags=pairs(record.tags),
        aliases=[{"alias": alias, "version": version} for alias, version in sorted(record.aliases.items())],
    )


def pairs(values: Mapping[str, str]) -> list[Json]:
    """Keys and values."""
    return [{"key": key, "value": value} for key, value in values.items()]


def double(value: float) -> float | str:
    """A number as protobuf's JSON has it."""
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else "Infinity" if value > 0 else "-Infinity"


def _dataset(record: DatasetInput) -> Json:
    return {
        "tags": pairs(record.tags),
        "dataset": _said(
            name=record.name,
            digest=record.digest,
            source_type=record.source_type,
            source=record.source,
            schema=record.schema,
            profile=record.profile,
        ),
    }


def _said(**fields: Any) -> Json:
    """The fields that have a value; as MLflow's server, lists without items are left out."""
    return {name: value for name, value in fields.items() if value is not None and value != []}
