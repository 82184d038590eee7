"""Finds repeated keys among millions in little memory: hashes come in, those that came more than once go out."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

_BUCKETS: Final = 64
_SMALL: Final = 100_000


class Repeats:
    """Collects 64-bit hashes, eight bytes each; equal hashes are suspects, which the caller must compare."""

    __slots__ = ("_hashes", "note", "note_all")

    def __init__(self) -> None:
        self._hashes = array("q")
        self.note: Callable[[int], None] = self._hashes.append
        self.note_all: Callable[[Iterable[int]], None] = self._hashes.extend

    def found(self) -> frozenset[int]:
        """The hashes that were noted more than once."""
        if len(set(self._hashes) if len(self._hashes) <= _SMALL else ()) == len(self._hashes):
            return frozenset()
        # A set of all of them would take ten times the memory of the array: look at a part at a time.
        buckets = [array("q") for _ in range(_BUCKETS)]
        for one in self._hashes:
            buckets[one % _BUCKETS].append(one)
        return frozenset(
            one
            for bucket in buckets
            if len(set(bucket)) < len(bucket)
            for one, times in Counter(bucket).items()
            if times > 1
        )
