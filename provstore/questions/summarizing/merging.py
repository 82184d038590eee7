"""The three ways to merge: PgSum, our strict stand-in, and aggregation by provenance types. Pure.

Source: operator PgSum of Miao and Deshpande, arXiv 1810.04599; Moreau, "Aggregation by Provenance Types", arXiv
1504.02616.

Merging is safe, that is, it makes no path that was none, when u and v have a class and (a) the same traces in, (b) the
same traces out, or (c) u's traces in and out are among v's. Simulation decides trace inclusion (never wrongly yes).
All of (a) may be merged at once, and all of (b), but not both at once; those of (c) one after the other.
"""

from __future__ import annotations

from itertools import cycle
from typing import NamedTuple

from provstore.questions.summarizing.colouring import Colouring
from provstore.questions.summarizing.dominating import dominated
from provstore.questions.summarizing.labelled import Labelled, Side, merged, numbered
from provstore.questions.summarizing.simulating import Simulation, equivalent
from provstore.questions.summarizing.stopping import Stop, Stopped, never


class Merged(NamedTuple):
    """By vertex its block, numbered from 0, and whether the time was up before nothing was left to merge."""

    blocks: list[int]
    stopped: bool = False

    @property
    def size(self) -> int:
        """How many blocks there are."""
        return max(self.blocks, default=-1) + 1


def pgsum(graph: Labelled, stop: Stop = never) -> Merged:
    """Blocks such that their quotient has the paths of the graph and no other.

    The algorithm is greedy, and which side is merged first makes a difference: the better outcome counts, of equals
    that of `in` first. When time is up, what was merged until then is an answer.
    """
    best = _greedily(graph, ("in", "out"), stop)
    if best.stopped:
        return best
    other = _greedily(graph, ("out", "in"), stop)
    return Merged((other if other.size < best.size else best).blocks, other.stopped)


def strict(graph: Labelled, stop: Stop = never) -> Merged:
    """Blocks of vertices with the same traces in and out: our stand-in for path-summary by equivalence."""
    try:
        both = zip(equivalent(graph, "in", stop)[0], equivalent(graph, "out", stop)[0], strict=True)
    except Stopped:
        return Merged(list(range(len(graph))), stopped=True)
    numbers: dict[tuple[int, int], int] = {}
    return Merged([numbers.setdefault(pair, len(numbers)) for pair in both])


def apt(graph: Labelled, depth: int, stop: Stop = never) -> Merged:
    """Blocks of vertices with the same provenance types up to a depth: the classes along the paths of so many edges.

    The quotient may have paths that the graph has not.
    """
    try:
        return Merged(numbered(Colouring(graph.classes, *graph.towards("out"), stop=stop).settle(depth)))
    except Stopped:
        return Merged(list(range(len(graph))), stopped=True)


def _greedily(graph: Labelled, order: tuple[Side, Side], stop: Stop) -> Merged:
    """Both sides by turns until neither merges anything, then what is dominated; again until nothing changes."""
    merging = _Merging(graph)
    try:
        while True:
            simulations = merging.by_turns(order, stop)
            found, stopped = dominated(merging.graph, simulations, stop)
            if not merging.apply(found) or stopped:
                return Merged(merging.blocks, stopped)
    except Stopped:
        return Merged(merging.blocks, stopped=True)


class _Merging:
    """A graph as it is now, and by vertex of the first one its block."""

    def __init__(self, graph: Labelled) -> None:
        self.graph = graph
        self.blocks = list(range(len(graph)))

    def apply(self, found: list[int]) -> bool:
        """Merges the blocks of a partition of the graph; False when there is nothing to merge."""
        smaller = max(found, default=-1) + 1 < len(self.graph)
        if smaller:
            self.blocks = [found[block] for block in self.blocks]
            self.graph = merged(self.graph, found)
        return smaller

    def by_turns(self, order: tuple[Side, Side], stop: Stop) -> dict[Side, Simulation]:
        """Merges equivalent vertices, one side at a time, until neither has any.

        The simulations of what is left, as far as they are known. Raises: Stopped.
        """
        known: dict[Side, Simulation] = {}
        quiet = 0
        for side in cycle(order):
            found, known[side] = equivalent(self.graph, side, stop)
            if self.apply(found):
                known.clear()
                quiet = 1  # what was merged on a side has nothing equivalent left on it
            else:
                quiet += 1
            if quiet == len(order):
                break
        return known
