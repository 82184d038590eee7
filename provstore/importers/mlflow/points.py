"""Metric points of a file or a server as ordered columns (rule 17)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from provstore.errors import BadInput
from provstore.importers.mlflow.records import Series


def ordered(name: str, points: Iterable[tuple[int, int, float]], *, where: str) -> Series:
    """The series of (step, time in ms, value), at least one, in MLflow's order: its latest value comes last.

    MLflow compares step, time, value, and puts NaN where 0 would be.
    Raises: BadInput: a step or time is no 64-bit integer.
    """
    in_order = sorted(points, key=lambda point: (point[0], point[1], point[2] if point[2] == point[2] else 0.0))
    steps, times_ms, values = zip(*in_order, strict=True)
    try:
        return Series(name=name, steps=array("q", steps), times_ms=array("q", times_ms), values=array("d", values))
    except OverflowError as error:
        raise BadInput(f"a step or time of the metric {name!r} is out of range", where=where) from error
