"""Metric series: chunks of points as column blobs, and the order of points (rule 17).

A chunk is three little-endian columns one after the other: step int64, time in ms int64, value float64 bits.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from struct import Struct
from typing import NamedTuple

from provstore.errors import BadInput

# A chunk of one point, as most are that come while a run goes on.
_POINT = Struct("<qqd")


class Point(NamedTuple):
    """One point of a metric: step, time in milliseconds since 1970, value."""

    step: int
    time_ms: int
    value: float


def encode(steps: Sequence[int], times_ms: Sequence[int], values: Sequence[float]) -> bytes:
    """A chunk of equally long columns as bytes; NaN and infinities keep their bits."""
    if len(steps) == 1:
        return _POINT.pack(steps[0], times_ms[0], values[0])
    columns = (array("q", steps), array("q", times_ms), array("d", values))
    return b"".join(_little_endian(column).tobytes() for column in columns)


def decode(chunk: bytes) -> list[Point]:
    """The points of a chunk in the order in which they were written.

    Raises: BadInput: the length is no multiple of 24 bytes.
    """
    return list(map(Point._make, zip(*_columns(chunk), strict=True)))


def points(chunks: Iterable[tuple[str, bytes]]) -> list[Point]:
    """The points of a series in order, from (event time, chunk) pairs.

    Ordered by (step, time, chunk's event time, place in it). Points of different chunks that are equal in step, time
    and value bits are one (a client's retry); within a chunk all are kept (rule 17).
    """
    ordered: list[tuple[int, int, str, int, int, float]] = []
    seen: set[tuple[int, int, bytes]] = set()
    for number, (event_time, chunk) in enumerate(sorted(set(chunks))):
        own = decode(chunk)
        keys = [(p.step, p.time_ms, _bits(p.value)) for p in own]
        ordered.extend(
            (point.step, point.time_ms, event_time, number, place, point.value)
            for place, (point, key) in enumerate(zip(own, keys, strict=True))
            if key not in seen
        )
        seen.update(keys)
    ordered.sort(key=lambda row: row[:5])
    return [Point(row[0], row[1], row[5]) for row in ordered]


def last(chunks: Iterable[tuple[str, bytes]]) -> Point | None:
    """The last of `points`, found without making the others; None when there are none."""
    distinct = sorted(set(chunks))
    if len(distinct) == 1 and len(distinct[0][1]) == _POINT.size:
        return Point._make(_POINT.unpack(distinct[0][1]))
    columns = [_columns(chunk) for _, chunk in distinct if chunk]
    if not columns:
        return None
    step = max(max(steps) for steps, _, _ in columns)
    latest = [[(times[at], values[at]) for at in _places(steps, step)] for steps, times, values in columns]
    time_ms = max(time for candidates in latest for time, _ in candidates)
    found, seen = 0.0, set[bytes]()
    for candidates in latest:
        own = [value for time, value in candidates if time == time_ms]
        new = [value for value in own if _bits(value) not in seen]
        found = new[-1] if new else found
        seen.update(map(_bits, own))
    return Point(step, time_ms, found)


def _places(column: array[int], wanted: int) -> list[int]:
    """Where a column has the value."""
    places, at = [], -1
    for _ in range(column.count(wanted)):
        at = column.index(wanted, at + 1)
        places.append(at)
    return places


def _bits(value: float) -> bytes:
    return array("d", [value]).tobytes()


def _columns(chunk: bytes) -> tuple[array[int], array[int], array[float]]:
    if len(chunk) % 24:
        raise BadInput(f"a metric chunk has whole 24-byte points, this one has {len(chunk)} bytes")
    size = len(chunk) // 3
    steps, times, values = array("q"), array("q"), array("d")
    steps.frombytes(chunk[:size])
    times.frombytes(chunk[size : 2 * size])
    values.frombytes(chunk[2 * size :])
    for column in (steps, times, values):
        _little_endian(column)
    return steps, times, values


def _little_endian(column: array[int] | array[float]) -> array[int] | array[float]:
    if sys.byteorder == "big":  # pragma: no cover
        column.byteswap()
    return column
