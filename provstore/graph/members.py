"""Some of the nodes of a scan as a set of their IRIs: a flag for each node in place of a table."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import compress
from typing import Any


class Members(Set[str]):
    """Args: iris: of all nodes, ascending. flags: 1 for each that is a member, else 0."""

    __slots__ = ("flags", "iris")

    def __init__(self, iris: Sequence[str], flags: bytes):
        self.iris, self.flags = iris, flags

    @classmethod
    def numbered(cls, iris: Sequence[str], numbers: Iterable[int]) -> Members:
        """The nodes with these numbers, which are places in `iris`."""
        flags = bytearray(len(iris))
        for number in numbers:
            flags[number] = 1
        return cls(iris, bytes(flags))

    def __contains__(self, iri: object) -> bool:
        number = number_of(self.iris, iri) if isinstance(iri, str) else None
        return number is not None and self.flags[number] == 1

    def __iter__(self) -> Iterator[str]:
        return compress(self.iris, self.flags)

    def __len__(self) -> int:
        return self.flags.count(1)

    def __or__(self, other: Set[Any]) -> Set[Any]:
        if not (isinstance(other, Members) and other.iris is self.iris):
            numbers = [number_of(self.iris, iri) for iri in other]
            known = [number for number in numbers if number is not None]
            if len(known) < len(numbers):
                return frozenset(self).union(other)
            other = Members.numbered(self.iris, known)
        both = int.from_bytes(self.flags, "little") | int.from_bytes(other.flags, "little")
        return Members(self.iris, both.to_bytes(len(self.flags), "little"))

    __ror__ = __or__

    @classmethod
    def _from_iterable(cls, iris: Iterable[Any]) -> Set[Any]:
        return frozenset(iris)

    def __repr__(self) -> str:
        return repr(set(self))


def number_of(iris: Sequence[str], iri: str) -> int | None:
    """The place of an IRI among ascending ones, or None."""
    place = bisect_left(iris, iri)
    return place if place < len(iris) and iris[place] == iri else None


def flags_of(chosen: Set[str], iris: Sequence[str]) -> bytes:
    """For each of the IRIs 1 if it was chosen, else 0."""
    if isinstance(chosen, Members) and chosen.iris is iris:
        return chosen.flags
    return bytes(map(chosen.__contains__, iris))
