"""Colour refinement: vertices of one colour part when the colours around them differ. Pure.

Colours are named alike in isomorphic graphs, whatever the numbers of their vertices. Source: Paige and Tarjan, SIAM J.
Comput. 16 (1987), for keeping the largest part's name, which makes the rounds cheap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from provstore.questions.summarizing.labelled import Arc
from provstore.questions.summarizing.stopping import Stop, check, never

Signature = tuple[int, ...]


class Colouring:
    """Colours of vertices, refined round by round by the colours at the other ends of their arcs."""

    def __init__(
        self,
        colours: Sequence[int],
        arcs: Sequence[Collection[Arc]],
        back: Sequence[Collection[Arc]],
        *,
        counted: bool = False,
        stop: Stop = never,
    ) -> None:
        """Args: colours: from 0 without gaps. arcs: what is looked at. back: who looks at a vertex. counted: how often
        a colour is seen counts, not only whether."""
        self.colours = list(colours)
        self._arcs, self._back, self._stop = arcs, back, stop
        self._gather = _all if counted else _distinct
        self._members: list[list[int]] = [[] for _ in range(max(colours, default=-1) + 1)]
        for vertex, colour in enumerate(colours):
            self._members[colour].append(vertex)
        self._unsettled: Iterable[int] = range(len(self.colours))

    def settle(self, rounds: int | None = None) -> list[int]:
        """The colours after so many rounds, or when nothing parts any more. Raises: Stopped."""
        while self._unsettled and rounds != 0:
            self._round()
            rounds = None if rounds is None else rounds - 1
        return self.colours

    def discrete(self) -> bool:
        """True when no two vertices have one colour."""
        return len(self._members) == len(self.colours)

    def first_shared(self) -> list[int]:
        """The vertices of the first colour that several have; not to be asked when discrete."""
        return next(members for members in self._members if len(members) > 1)

    def single_out(self, vertex: int) -> None:
        """Gives a vertex a colour of its own."""
        self._members[self.colours[vertex]].remove(vertex)
        self.colours[vertex] = len(self._members)
        self._members.append([vertex])
        self._unsettled = {other for _, other in self._back[vertex]}

    def _round(self) -> None:
        by_colour: defaultdict[int, list[int]] = defaultdict(list)
        for vertex in self._unsettled:
            by_colour[self.colours[vertex]].append(vertex)
        split = []
        for colour in sorted(by_colour):
            check(self._stop)
            if len(self._members[colour]) > 1 and len(parts := self._parts(colour, by_colour[colour])) > 1:
                split.append((colour, parts))
        moved = [vertex for colour, parts in split for vertex in self._rename(colour, parts)]
        self._unsettled = {other for vertex in moved for _, other in self._back[vertex]}

    def _parts(self, colour: int, unsettled: Sequence[int]) -> list[list[int]]:
        """The members of a colour by what they see.

        The settled ones all see what they saw in the round before; the others see a colour that is new.
        """
        found: defaultdict[Signature, list[int]] = defaultdict(list)
        for vertex in unsettled:
            found[self._signature(vertex)].append(vertex)
        apart = set(unsettled)
        settled = [vertex for vertex in self._members[colour] if vertex not in apart]
        return [*([settled] if settled else []), *(found[signature] for signature in sorted(found))]

    def _signature(self, vertex: int) -> Signature:
        count, colours = len(self.colours), self.colours
        return tuple(sorted(self._gather(relation * count + colours[other] for relation, other in self._arcs[vertex])))

    def _rename(self, colour: int, parts: list[list[int]]) -> list[int]:
        """The largest part, of equals the first, keeps the colour; the others get new ones. All who moved."""
        largest = max(range(len(parts)), key=lambda number: len(parts[number]))
        self._members[colour] = parts.pop(largest)
        for part in parts:
            for vertex in part:
                self.colours[vertex] = len(self._members)
            self._members.append(part)
        return [vertex for part in parts for vertex in part]


def _all(seen: Iterable[int]) -> Collection[int]:
    return list(seen)


def _distinct(seen: Iterable[int]) -> Collection[int]:
    return set(seen)
