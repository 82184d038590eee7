"""The five parts of a segment by their definitions: all walks are enumerated.

A graph is a set of (letter, source, target): U used, G wasGeneratedBy, S wasAssociatedWith, A wasAttributedTo,
D wasDerivedFrom. A walk is the tuple of its vertices.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

Triple = tuple[str, str, str]


class Answer(NamedTuple):
    src: frozenset[str]
    dst: frozenset[str]
    c1: frozenset[str]
    c2: frozenset[str]
    c3: frozenset[str]
    c4: frozenset[str]
    c5: frozenset[str]
    edges: frozenset[Triple]

    @property
    def vertices(self) -> frozenset[str]:
        return self.src | self.dst | self.c1 | self.c2 | self.c3 | self.c4 | self.c5


def segment(
    graph: Collection[Triple],
    src: Collection[str],
    dst: Collection[str],
    *,
    expansions: Collection[tuple[Collection[str], int]] = (),
    word: Callable[[str], object] = lambda _: None,
) -> Answer:
    """The segment; with `word`, mirrored vertices of a similar path have equal words."""
    c1 = {v for d in dst for path in paths(graph, d) if path[-1] in src for v in path}
    c2 = {
        v for d in dst for alike in _alike(graph, d, word) if any(w[-1] in src for w in alike) for w in alike for v in w
    }
    c3 = {e for letter, e, a in graph if letter == "G" and a in c1 | c2}
    c5 = {
        v for entities, k in expansions for e in entities for walk in walks(graph, e, halves=True)
        for v in walk[: 2 * k + 1]
    }  # fmt: skip
    so_far = {*src, *dst, *c1, *c2, *c3, *c5}
    c4 = {agent for letter, v, agent in graph if letter in "SA" and v in so_far}
    inside = so_far | c4
    edges = {edge for edge in graph if edge[1] in inside and edge[2] in inside}
    return Answer(*map(frozenset, (src, dst, c1, c2, c3, c4, c5, edges)))


def _alike(graph: Collection[Triple], start: str, word: Callable[[str], object]) -> Collection[list[tuple[str, ...]]]:
    """The walks of one hop or more behind an entity, those of equal words (and so of equal length) together."""
    alike: dict[tuple[object, ...], list[tuple[str, ...]]] = {}
    for walk in walks(graph, start):
        if len(walk) > 1:
            alike.setdefault(tuple(word(v) for v in walk), []).append(walk)
    return alike.values()


def paths(graph: Collection[Triple], start: str) -> Iterator[tuple[str, ...]]:
    """Every directed path over U and G edges from the start, the empty one too."""
    yield (start,)
    for letter, source, target in graph:
        if source == start and letter in "UG":
            for rest in paths(graph, target):
                yield (start, *rest)


def walks(graph: Collection[Triple], entity: str, *, halves: bool = False) -> Iterator[tuple[str, ...]]:
    """Every walk of whole activity hops behind an entity, ending at an entity; with `halves`, at an activity too."""
    yield (entity,)
    for letter, source, activity in graph:
        if letter == "G" and source == entity:
            if halves:
                yield (entity, activity)
            for other, user, target in graph:
                if other == "U" and user == activity:
                    for rest in walks(graph, target, halves=halves):
                        yield (entity, activity, *rest)
