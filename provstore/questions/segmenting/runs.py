"""Sets of depths as runs of consecutive numbers: sorted, apart, each (first, last). Pure.

A vertex lies behind a destination at hundreds of depths, and nearly always at all depths between two.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain

Runs = tuple[tuple[int, int], ...]


def union(sets: Sequence[Runs]) -> Runs:
    """All numbers of all sets."""
    if len(sets) == 1 or all(one == sets[0] for one in sets):
        return sets[0]
    merged: list[tuple[int, int]] = []
    first, last = -1, -2
    for low, high in sorted(chain.from_iterable(sets)):
        if low > last + 1:
            if last >= first:
                merged.append((first, last))
            first, last = low, high
        elif high > last:
            last = high
    merged.append((first, last))
    return tuple(merged)


def plus_one(runs: Runs) -> Runs:
    """Every number, one greater."""
    return tuple((low + 1, high + 1) for low, high in runs)


def first_within(runs: Runs, low: int, high: int) -> int | None:
    """The least number of the set from `low` to `high`, or None."""
    at = bisect_right(runs, (low, high)) - 1
    for first, last in runs[max(at, 0) : at + 2]:
        if first <= high and last >= low:
            return max(first, low)
    return None
