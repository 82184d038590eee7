"""Merging of dominated vertices: those of which another one has all traces in and all traces out. Pure.

Merging u into v, which dominates it, makes no new path: what is glued at the merged vertex lies in Tin(v) and Tout(v).
It changes the traces of what lies before and behind u, so the relations are brought up to date after each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from provstore.questions.summarizing.colouring import Colouring
from provstore.questions.summarizing.labelled import Arc, Labelled, Side, around, numbered
from provstore.questions.summarizing.simulating import Simulation
from provstore.questions.summarizing.stopping import Stop, Stopped, never


def dominated(graph: Labelled, simulations: Mapping[Side, Simulation], stop: Stop = never) -> tuple[list[int], bool]:
    """The partition after merging dominated vertices, one after the other, and whether it was cut short.

    The order is that of `_canonical`, so vertices that are numbered in another way are merged in the same way.
    Args: simulations: of this graph, those that are known already; they are used up.
    """
    try:
        merging = _Merging(graph, simulations, stop)
        for vertex in merging.dominated_first(_canonical(graph, stop)):
            merging.settle(vertex)
    except Stopped:
        return list(range(len(graph))), True
    return merging.blocks(), merging.stopped


def tangled(graph: Labelled) -> bytearray:
    """Of each vertex, whether it is on a cycle, or before or behind one.

    A path may pass a vertex on a cycle many times, so the proof of dominance, which glues once, is not for these.
    """
    behind, before = _unpeeled(graph.causes, graph.effects), _unpeeled(graph.effects, graph.causes)
    return bytearray(a or b for a, b in zip(behind, before, strict=True))


def _unpeeled(arcs: Sequence[Collection[Arc]], back: Sequence[Collection[Arc]]) -> bytearray:
    """What stays when vertices that nothing leads to are taken away again and again: cycles and what they lead to."""
    waiting = [len({other for _, other in entering}) for entering in back]
    free = [vertex for vertex, count in enumerate(waiting) if not count]
    left = bytearray(b"\1") * len(waiting)
    for vertex in free:  # grows while it is read
        left[vertex] = False
        for other in {other for _, other in arcs[vertex]}:
            waiting[other] -= 1
            if not waiting[other]:
                free.append(other)
    return left


def _canonical(graph: Labelled, stop: Stop) -> list[int]:
    """The vertices in an order that does not depend on their numbers, when no two are equivalent in and out.

    A vertex's colour tells what lies around it both ways.
    """
    arcs = around(graph)
    colours = Colouring(graph.classes, arcs, arcs, stop=stop).settle()
    return sorted(range(len(graph)), key=colours.__getitem__)


class _Merging:
    """A graph while vertices of it are merged, with both simulations kept true."""

    def __init__(self, graph: Labelled, simulations: Mapping[Side, Simulation], stop: Stop) -> None:
        self._causes, self._effects = [set(arcs) for arcs in graph.causes], [set(arcs) for arcs in graph.effects]
        self._out = simulations.get("out") or Simulation(graph, "out", stop)
        self._in = simulations.get("in") or Simulation(graph, "in", stop)
        self._classes, self._tangled = graph.classes, tangled(graph)
        self._merged_into = list(range(len(graph)))
        self._stop = stop
        self.stopped = False

    def dominated_first(self, order: Sequence[int]) -> list[int]:
        """Those of the vertices that another one dominates, in that order, and the order to choose among dominators."""
        self._rank = {vertex: rank for rank, vertex in enumerate(order)}
        return [vertex for vertex in order if self._dominators(vertex)]

    def blocks(self) -> list[int]:
        """The partition until now."""
        return numbered(map(self._now, range(len(self._merged_into))))

    def settle(self, vertex: int) -> None:
        """Merges a vertex into one that dominates it, if one still does."""
        self.stopped = self.stopped or self._stop()
        if self.stopped:
            return
        found = self._dominators(vertex)
        if found:
            self._merge(vertex, min(found, key=lambda one: (-self._shared(vertex, one), self._rank[one])))

    def _dominators(self, vertex: int) -> set[int]:
        # What has finitely many traces dominates nothing that has more: only dominators need to be looked at.
        both = self._out.simulators[vertex] & self._in.simulators[vertex]
        others = map(self._now, self._out.named(self._classes[vertex], both & ~self._out.bits[vertex]))
        return {now for now in others if now != vertex and not self._tangled[now]}

    def _now(self, vertex: int) -> int:
        while self._merged_into[vertex] != vertex:
            vertex = self._merged_into[vertex]
        return vertex

    def _shared(self, one: int, other: int) -> int:
        """How many arcs two vertices have in common: the more, the less a merge changes."""
        return len(self._causes[one] & self._causes[other]) + len(self._effects[one] & self._effects[other])

    def _merge(self, gone: int, kept: int) -> None:
        self._merged_into[gone] = kept
        for arcs, back in ((self._causes, self._effects), (self._effects, self._causes)):
            for relation, other in arcs[gone]:
                back[other].discard((relation, gone))
                back[other].add((relation, kept))
            arcs[kept] |= arcs[gone]
        self._out.absorb(kept, self._causes, self._effects)
        self._in.absorb(kept, self._effects, self._causes)
