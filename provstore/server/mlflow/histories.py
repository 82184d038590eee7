"""The points of metrics: of one run, page by page, and of many runs, as many of each as are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from provstore.errors import BadInput
from provstore.importers.mlflow.records import Series
from provstore.server.mlflow import answers, searching
from provstore.server.mlflow.adding import found
from provstore.server.mlflow.requests import Arguments
from provstore.server.mlflow.tracking import Tracking

_POINTS: Final = 25_000
_RUNS: Final = 100
_OF_EACH_RUN: Final = 2_500


def of_run(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`metrics/get-history`: the points of one metric in the order of their times."""
    series = _series(tracking, given.run_id(), given.required("metric_key"))
    if series is None:
        return {}
    start, end, token = searching.slice_of(len(series.steps), given, _POINTS)
    return {"metrics": [answers.point(series, number) for number in _by_time(series)[start:end]], **token}


def of_runs(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`metrics/get-history-bulk-interval`: points of one metric of several runs, by step, perhaps not all of them."""
    key, runs = given.required("metric_key"), given.texts("run_ids")
    first, last, most = given.integer("start_step"), given.integer("end_step"), given.page(_OF_EACH_RUN)
    if not runs or len(runs) > _RUNS:
        raise given.wrong("run_ids", len(runs), f"1 to {_RUNS} of them are expected")
    if (first is None) != (last is None):
        raise BadInput("If either start step or end step are specified, both must be specified.", where="start_step")
    if first is not None and last is not None and first > last:
        raise BadInput("end_step must be greater than start_step.", where="end_step")
    told = []
    for run in runs:
        series = _series(tracking, run, key)
        if series is not None:
            chosen = _sample(_within(series, first, last), most)
            told += [{**answers.point(series, number), "run_id": run} for number in chosen]
    return {"metrics": told} if told else {}


def _series(tracking: Tracking, run: str, key: str) -> Series | None:
    return next((one for one in found(tracking, run).series if one.name == key), None)


def _by_time(series: Series) -> Sequence[int]:
    """The places of the points by (time, step, value); NaN stands where 0 would, as in a series."""
    times, places = series.times_ms, range(len(series.times_ms))
    # A series is in the order of its steps: mostly that of its times as well.
    if all(before <= after for before, after in pairwise(times)):
        return places
    return sorted(places, key=times.__getitem__)


def _within(series: Series, first: int | None, last: int | None) -> list[int]:
    """The places of the points whose steps lie in an interval, both ends included."""
    return [
        number for number, step in enumerate(series.steps) if first is None or last is None or first <= step <= last
    ]


def _sample(places: Sequence[int], most: int) -> list[int]:
    """At most so many of the places: the first of each of `most` parts of equal size, and the last of all."""
    chosen = [places[start] for start in _starts(len(places), most)]
    if chosen and chosen[-1] != places[-1]:
        chosen[len(chosen) - (len(chosen) >= most) :] = [places[-1]]
    return chosen


def _starts(length: int, parts: int) -> Iterator[int]:
    """Where the parts begin into which so many are divided, the longer ones first (as SQL's NTILE does)."""
    size, longer = divmod(length, parts)
    start = 0
    for number in range(min(parts, length)):
        yield start
        start += size + (number < longer)
