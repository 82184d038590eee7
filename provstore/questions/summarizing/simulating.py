"""The greatest simulation of a graph by itself, and the classes of vertices that simulate each other. Pure.

v simulates u when it has u's class and, for each arc of u, an arc of the same relation to a vertex that simulates the
one at the other end. Then every trace of u is one of v. Simulators of a vertex are bits: bit i stands for the i-th
vertex of its class.
Source: Henzinger, Henzinger and Kopke, FOCS 1995, for the relation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from provstore.questions.summarizing.colouring import Colouring
from provstore.questions.summarizing.labelled import Arc, Labelled, Side, merged, numbered
from provstore.questions.summarizing.stopping import Stop, check, never


class Simulation:
    """One side's greatest simulation: `out` compares what lies behind vertices, `in` what came of them.

    `simulators[u]`: those that simulate u, itself among them. After `absorb` it is a simulation still, perhaps no
    longer the greatest.
    """

    def __init__(self, graph: Labelled, side: Side, stop: Stop = never) -> None:
        """Raises: Stopped."""
        arcs, back = graph.towards(side)
        self._classes, self._stop = graph.classes, stop
        self._members: list[list[int]] = [[] for _ in range(max(graph.classes, default=-1) + 1)]
        self.bits: list[int] = []
        for vertex, own in enumerate(graph.classes):
            self.bits.append(1 << len(self._members[own]))
            self._members[own].append(vertex)
        # By vertex: by relation and class, the bits of those of the class that have such an arc to it.
        self._entering = [self._by_class(entering) for entering in back]
        self.simulators = [(1 << len(self._members[own])) - 1 for own in graph.classes]
        self._known: dict[tuple[int, int], dict[tuple[int, int], int]] = {}
        self._settle(arcs, back)

    def named(self, own: int, bits: int) -> Iterator[int]:
        """The vertices of the class `own` that bits mean, ascending."""
        members, digits = self._members[own], f"{bits:b}"[::-1]
        place = digits.find("1")
        while place >= 0:
            yield members[place]
            place = digits.find("1", place + 1)

    def absorb(self, kept: int, arcs: Sequence[Collection[Arc]], back: Sequence[Collection[Arc]]) -> None:
        """After another was merged into `kept`, which simulates it: takes out what no longer holds.

        The bit of the one that is gone stays where it is, and means `kept`. Args: arcs, back: after the merge.
        """
        for key, bits in self._by_class(back[kept]).items():
            self._entering[kept][key] = self._entering[kept].get(key, 0) | bits
        for relation, other in arcs[kept]:
            key = relation, self._classes[kept]
            self._entering[other][key] = self._entering[other].get(key, 0) | self.bits[kept]
        self._known.clear()
        waiting = [kept, *(other for _, other in back[kept])]
        while waiting:
            vertex = waiting.pop()
            if self._shrunk(vertex, arcs):
                waiting += (other for _, other in back[vertex])

    def _by_class(self, entering: Iterable[Arc]) -> dict[tuple[int, int], int]:
        found: dict[tuple[int, int], int] = {}
        for relation, vertex in entering:
            key = relation, self._classes[vertex]
            found[key] = found.get(key, 0) | self.bits[vertex]
        return found

    def _settle(self, arcs: Sequence[Collection[Arc]], back: Sequence[Collection[Arc]]) -> None:
        """Shrinks every set until all hold: without cycles in one pass, since what a vertex leads to comes first."""
        order = _ends_first(arcs)
        waiting, passed = order, bytearray(len(order))
        while waiting:
            again: set[int] = set()
            for vertex in waiting:
                check(self._stop)
                passed[vertex] = True
                if self._shrunk(vertex, arcs):
                    again.update(other for _, other in back[vertex] if passed[other])
            waiting = [vertex for vertex in order if vertex in again] if again else []

    def _shrunk(self, vertex: int, arcs: Sequence[Collection[Arc]]) -> bool:
        """Keeps the simulators that match each arc; True when some were lost."""
        own, before = self._classes[vertex], self.simulators[vertex]
        left = before
        for relation, other in arcs[vertex]:
            left &= self._leading(other).get((relation, own), 0)
        self.simulators[vertex] = left
        return left != before

    def _leading(self, other: int) -> dict[tuple[int, int], int]:
        """By relation and class, the bits of those of the class that lead by the relation to a simulator of `other`."""
        key = self._classes[other], self.simulators[other]
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = {}
            for simulator in self.named(*key):
                for wanted, bits in self._entering[simulator].items():
                    known[wanted] = known.get(wanted, 0) | bits
        return known


def equivalent(graph: Labelled, side: Side, stop: Stop = never) -> tuple[list[int], Simulation]:
    """The partition into vertices that simulate each other, blocks numbered from 0, and the simulation that told it.

    Bisimilar vertices do, and are found by colours at little cost; the simulation is then computed on their quotient,
    where it is the same (Bustan and Grumberg, 2003). When no two vertices are equivalent it is that of the graph.
    Raises: Stopped.
    """
    alike = numbered(Colouring(graph.classes, *graph.towards(side), stop=stop).settle())
    smaller = merged(graph, alike)
    simulation = Simulation(smaller, side, stop)
    # It is transitive: two vertices simulate each other when the same ones simulate both.
    numbers: dict[tuple[int, int], int] = {}
    pairs = zip(smaller.classes, simulation.simulators, strict=True)
    found = [numbers.setdefault(pair, len(numbers)) for pair in pairs]
    return [found[block] for block in alike], simulation


def _ends_first(arcs: Sequence[Collection[Arc]]) -> list[int]:
    """The vertices in the order in which a depth-first search leaves them."""
    order: list[int] = []
    met = bytearray(len(arcs))
    for root in range(len(arcs)):
        if met[root]:
            continue
        met[root] = True
        stack: list[tuple[int, Iterator[Arc]]] = [(root, iter(arcs[root]))]
        while stack:
            vertex, following = stack[-1]
            for _, other in following:
                if not met[other]:
                    met[other] = True
                    stack.append((other, iter(arcs[other])))
                    break
            else:
                stack.pop()
                order.append(vertex)
    return order
