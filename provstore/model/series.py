"""Metric series: chunks of points as column blobs, and the order of points (rule 17).

A chunk is three little-endian columns one after the other: step int64, time in ms int64, value float64 bits.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from provstore.errors import BadInput


class Point(NamedTuple):
    """One point of a metric: step, time in milliseconds since 1970, value."""

    step: int
    time_ms: int
    value: float


def encode(steps: Sequence[int], times_ms: Sequence[int], values: Sequence[float]) -> bytes:
    """A chunk of equally long columns as bytes; NaN and infinities keep their bits."""
    columns = (array("q", steps), array("q", times_ms), array("d", values))
    return b"".join(_little_endian(column).tobytes() for column in columns)


def decode(chunk: bytes) -> list[Point]:
    """The points of a chunk in the order in which they were written.

    Raises: BadInput: the length is no multiple of 24 bytes.
    """
    if len(chunk) % 24:
        raise BadInput(f"a metric chunk has whole 24-byte points, this one has {len(chunk)} bytes")
    size = len(chunk) // 3
    steps, times, values = array("q"), array("q"), array("d")
    steps.frombytes(chunk[:size])
    times.frombytes(chunk[size : 2 * size])
    values.frombytes(chunk[2 * size :])
    for column in (steps, times, values):
        _little_endian(column)
    return list(map(Point._make, zip(steps, times, values, strict=True)))


def points(chunks: Iterable[tuple[str, bytes]]) -> list[Point]:
    """The points of a series in order, from (event time, chunk) pairs.

    Ordered by (step, time, chunk's event time, place in it). Points of different chunks that are equal in step, time
    and value bits are one (a client's retry); within a chunk all are kept (rule 17).
    """
    ordered: list[tuple[int, int, str, int, int, float]] = []
    seen: set[tuple[int, int, bytes]] = set()
    for number, (event_time, chunk) in enumerate(sorted(set(chunks))):
        own = decode(chunk)
        keys = [(p.step, p.time_ms, array("d", [p.value]).tobytes()) for p in own]
        ordered.extend(
            (point.step, point.time_ms, event_time, number, place, point.value)
            for place, (point, key) in enumerate(zip(own, keys, strict=True))
            if key not in seen
        )
        seen.update(keys)
    ordered.sort(key=lambda row: row[:5])
    return [Point(row[0], row[1], row[5]) for row in ordered]


def _little_endian(column: array[int] | array[float]) -> array[int] | array[float]:
    if sys.byteorder == "big":  # pragma: no cover
        column.byteswap()
    return column
