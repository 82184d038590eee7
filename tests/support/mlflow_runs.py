"""Runs as the service reads them back, made by hand."""

from __future__ import annotations

from array import array

from provstore.importers.mlflow.records import DatasetInput, Run, Series


def our_run(identifier, **fields):
    told = {
        "experiment_id": "1", "name": None, "status": "FINISHED", "lifecycle_stage": "active", "started_ms": 0,
        "ended_ms": None, "deleted_ms": None, "artifact_uri": "x:/",
    }  # fmt: skip
    return Run(id=identifier, **(told | fields))


def our_dataset(name, digest):
    tags = {"mlflow.data.context": name}
    return DatasetInput(name=name, digest=digest, source_type=None, source=None, schema=None, profile=None, tags=tags)


def our_series(name, value):
    return Series(name=name, steps=array("q", [0]), times_ms=array("q", [0]), values=array("d", [value]))
