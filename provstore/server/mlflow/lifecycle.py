"""Experiments deleted and restored, and with them all of their runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from provstore.errors import NotFound
from provstore.server.mlflow import adding, experiments, runs
from provstore.server.mlflow.reading import NAMES
from provstore.server.mlflow.requests import Arguments
from provstore.server.mlflow.tracking import Tracking, now_ms


def delete(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`experiments/delete`."""
    return _move(tracking, given.required("experiment_id"), "active", "deleted")


def restore(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`experiments/restore`; it restores runs that were deleted before, too, as MLflow does."""
    return _move(tracking, given.required("experiment_id"), "deleted", "active")


def _move(tracking: Tracking, identifier: str, stage: str, to: str) -> dict[str, Any]:
    """Moves the experiment and its runs to a stage, in one transaction. Raises: NotFound: it is in another one."""
    listed = [one.id for one in runs.of_experiment(tracking, identifier)]
    iri = NAMES.experiment(identifier)
    with tracking.alone(iri, *map(NAMES.run, listed)):
        record, at = experiments.found(tracking, identifier), now_ms()
        if record.lifecycle_stage != stage:
            raise NotFound(f"No Experiment with id={identifier} exists")
        moved = replace(record, lifecycle_stage=to, updated_ms=at)
        documents = [tracking.mapping(tracking.unit(iri)).experiment(moved)]
        for run in (adding.found(tracking, one) for one in listed):
            if run.lifecycle_stage != to:
                changed = replace(run, lifecycle_stage=to, deleted_ms=at if to == "deleted" else None)
                mapping = tracking.mapping(tracking.unit(NAMES.run(run.id)))
                documents.append(adding.whole(tracking, mapping, changed))
        tracking.write(*documents)
    return {}
