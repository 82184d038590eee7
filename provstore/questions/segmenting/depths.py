"""Sets of depths: as runs of consecutive numbers, or as bits where there are many runs. Pure.

A vertex lies behind a destination at hundreds of depths, and nearly always at all depths between two; but a graph can
be made in which it lies at every second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

Runs = tuple[tuple[int, int], ...]  # sorted, apart, each (first, last)
_MAX_RUNS: Final = 32


class Bits(NamedTuple):
    """The numbers `low + n` for every bit n that is set; the lowest is."""

    low: int
    bits: int


Depths = Runs | Bits


def union(sets: Sequence[Depths]) -> Depths:
    """All numbers of all sets; at least one set."""
    if len(sets) == 1 or all(one is sets[0] for one in sets):
        return sets[0]
    runs = [one for one in sets if not isinstance(one, Bits)]
    merged = _merged(chain.from_iterable(runs))
    if len(runs) == len(sets):
        return merged if len(merged) <= _MAX_RUNS else _as_bits(merged)
    several = [one for one in sets if isinstance(one, Bits)] + ([_as_bits(merged)] if merged else [])
    low = min(one.low for one in several)
    bits = 0
    for one in several:
        bits |= one.bits << (one.low - low)
    return _as_run_if_one(Bits(low, bits))


def spread(depths: Depths, least: int, most: int) -> Depths:
    """Every number from m + least to m + most, for every m of the set."""
    if not isinstance(depths, Bits):
        return _merged((low + least, high + most) for low, high in depths)
    bits, copies = depths.bits, 1
    while copies <= most - least:
        more = min(copies, most - least + 1 - copies)
        bits |= bits << more
        copies += more
    return Bits(depths.low + least, bits)


def first_common(a: Depths, b: Depths) -> int | None:
    """The least number that both sets hold, or None."""
    if isinstance(a, Bits) or isinstance(b, Bits):
        return _first_common_bit(_as_bits(a), _as_bits(b)) if a and b else None
    one = two = 0
    while one < len(a) and two < len(b):
        low = max(a[one][0], b[two][0])
        if low <= min(a[one][1], b[two][1]):
            return low
        if a[one][1] < b[two][1]:
            one += 1
        else:
            two += 1
    return None


def _merged(pieces: Iterable[tuple[int, int]]) -> Runs:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pieces):
        if merged and low <= merged[-1][1] + 1:
            if high > merged[-1][1]:
                merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    return tuple(merged)


def _as_bits(depths: Depths) -> Bits:
    if isinstance(depths, Bits):
        return depths
    least = depths[0][0]
    bits = 0
    for low, high in depths:
        bits |= ((1 << (high - low + 1)) - 1) << (low - least)
    return Bits(least, bits)


def _as_run_if_one(depths: Bits) -> Depths:
    if depths.bits & (depths.bits + 1):
        return depths
    return ((depths.low, depths.low + depths.bits.bit_length() - 1),)


def _first_common_bit(a: Bits, b: Bits) -> int | None:
    low = max(a.low, b.low)
    bits = (a.bits >> (low - a.low)) & (b.bits >> (low - b.low))
    return low + (bits & -bits).bit_length() - 1 if bits else None
