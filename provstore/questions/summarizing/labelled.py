"""A graph of numbered vertices with classes, and its quotients. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Arc = tuple[int, int]  # relation number, vertex at the other end
Side = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Vertices 0 to n - 1, each of a class; of each vertex the arcs to its causes, and from its effects, once each.

    Classes are numbers from 0; equal numbers mean that two vertices may be merged at all.
    """

    classes: Sequence[int]
    causes: Sequence[Collection[Arc]]
    effects: Sequence[Collection[Arc]]

    def __len__(self) -> int:
        return len(self.classes)

    def towards(self, side: Side) -> tuple[Sequence[Collection[Arc]], Sequence[Collection[Arc]]]:
        """The arcs that traces of a side follow (`out`: to causes, `in`: to effects), and the same backwards."""
        return (self.causes, self.effects) if side == "out" else (self.effects, self.causes)


def labelled(classes: Sequence[int], edges: Iterable[tuple[int, int, int]]) -> Labelled:
    """The graph of edges (source, relation number, target), from effect to cause; repeats count once."""
    causes: list[set[Arc]] = [set() for _ in classes]
    effects: list[set[Arc]] = [set() for _ in classes]
    for source, relation, target in edges:
        causes[source].add((relation, target))
        effects[target].add((relation, source))
    return Labelled(classes, causes, effects)


def merged(graph: Labelled, blocks: Sequence[int]) -> Labelled:
    """The quotient: vertices of one block become one; blocks are numbered from 0 without gaps and pure in class."""
    classes = [0] * (max(blocks, default=-1) + 1)
    for vertex, block in enumerate(blocks):
        classes[block] = graph.classes[vertex]
    return labelled(
        classes,
        (
            (blocks[vertex], relation, blocks[cause])
            for vertex, arcs in enumerate(graph.causes)
            for relation, cause in arcs
        ),
    )


def around(graph: Labelled) -> list[list[Arc]]:
    """The arcs of each vertex both ways; relations towards effects have numbers of their own."""
    relations = 1 + max((relation for arcs in graph.causes for relation, _ in arcs), default=0)
    return [
        [*causes, *((relation + relations, other) for relation, other in effects)]
        for causes, effects in zip(graph.causes, graph.effects, strict=True)
    ]


def numbered(names: Iterable[int]) -> list[int]:
    """The same partition, its blocks numbered from 0 in the order in which they first come."""
    numbers: dict[int, int] = {}
    return [numbers.setdefault(name, len(numbers)) for name in names]
