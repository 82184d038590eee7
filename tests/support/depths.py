"""Sets of depths as plain sets of numbers."""

from __future__ import annotations

from provstore.questions.segmenting.depths import Bits, Depths


def members(depths: Depths) -> set[int]:
    """The numbers of a set of depths."""
    if isinstance(depths, Bits):
        return {depths.low + n for n in range(depths.bits.bit_length()) if depths.bits >> n & 1}
    return {n for low, high in depths for n in range(low, high + 1)}
