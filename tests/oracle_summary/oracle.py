"""What a summary must be, by its definitions.

A segment set is one graph, the disjoint union of the segments: `classes` by vertex, `segment` by vertex, and edges
(source, relation, target). A summary is a list of blocks, each a set of vertices.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from itertools import permutations
from typing import NamedTuple

Vertex = Hashable
Triple = tuple[Vertex, str, Vertex]
Word = tuple[Hashable, ...]
Blocks = list[frozenset[Vertex]]


class SegmentSet(NamedTuple):
    classes: dict[Vertex, Hashable]
    segment: dict[Vertex, int]
    edges: frozenset[Triple]


def quotient(given: SegmentSet, blocks: Collection[frozenset[Vertex]]) -> tuple[dict[Vertex, Hashable], set[Triple]]:
    """Classes and edges of the summary graph; a block must be pure."""
    where = {vertex: block for block in blocks for vertex in block}
    classes = {block: given.classes[next(iter(block))] for block in blocks}
    return classes, {(where[s], x, where[t]) for s, x, t in given.edges}


def words(classes: Mapping[Vertex, Hashable], edges: Collection[Triple], limit: int | None = None) -> set[Word]:
    """The label words of all directed paths; with a limit those of at most so many vertices."""
    found: set[Word] = set()
    for start in classes:
        found.update(_words_from(start, classes, edges, limit))
    return found


def _words_from(
    vertex: Vertex, classes: Mapping[Vertex, Hashable], edges: Collection[Triple], limit: int | None
) -> Iterator[Word]:
    yield (classes[vertex],)
    if limit == 1:
        return
    for source, relation, target in edges:
        if source == vertex:
            for rest in _words_from(target, classes, edges, None if limit is None else limit - 1):
                yield (classes[vertex], relation, *rest)


def circular(edges: Collection[Triple]) -> bool:
    """Whether edges lead round in a circle: ends are taken away until nothing changes."""
    left = set(edges)
    while ends := {t for _, _, t in left} - {s for s, _, _ in left}:
        left = {edge for edge in left if edge[2] not in ends}
    return bool(left)


def same_language(
    one: tuple[Mapping[Vertex, Hashable], Collection[Triple]],
    other: tuple[Mapping[Vertex, Hashable], Collection[Triple]],
) -> bool:
    """Whether two graphs have the same words, infinitely many if there are cycles: by subsets of vertices."""
    classes = set(one[0].values()) | set(other[0].values())
    relations = {x for _, x, _ in one[1]} | {x for _, x, _ in other[1]}
    waiting = [
        tuple(frozenset(v for v, c in graph[0].items() if c == own) for graph in (one, other)) for own in classes
    ]
    seen = set(waiting)
    while waiting:
        pair = waiting.pop()
        if bool(pair[0]) != bool(pair[1]):
            return False
        for relation in relations:
            for own in classes:
                after = tuple(
                    frozenset(t for s, x, t in graph[1] if s in part and x == relation and graph[0][t] == own)
                    for graph, part in zip((one, other), pair, strict=True)
                )
                if any(after) and after not in seen:
                    seen.add(after)
                    waiting.append(after)
    return True


def simulation(given: SegmentSet, direction: str) -> set[tuple[Vertex, Vertex]]:
    """All (u, v) such that v simulates u: pairs of one class, less those that fail, until none does."""
    arcs = {(s, x, t) if direction == "out" else (t, x, s) for s, x, t in given.edges}
    pairs = {(u, v) for u in given.classes for v in given.classes if given.classes[u] == given.classes[v]}
    while True:
        failing = {
            (u, v) for u, v in pairs
            if any(a == u and not any(b == v and y == x and (c, d) in pairs for b, y, d in arcs) for a, x, c in arcs)
        }  # fmt: skip
        if not failing:
            return pairs
        pairs -= failing


def mutual(pairs: set[tuple[Vertex, Vertex]]) -> set[frozenset[Vertex]]:
    """The blocks of vertices that simulate each other."""
    return {frozenset(v for w, v in pairs if w == u and (v, u) in pairs) for u, _ in pairs}


def by_the_letter(given: SegmentSet) -> Blocks:
    """The algorithm as it is specified, step by step, all computed anew after each merge; for acyclic sets."""
    blocks: Blocks = [frozenset([v]) for v in given.classes]
    while True:
        changed = False
        for direction in ("in", "out"):
            while (after := _coarser(blocks, mutual(simulation(_as_set(given, blocks), direction)))) != blocks:
                blocks, changed = after, True
        now = _as_set(given, blocks)
        both = simulation(now, "in") & simulation(now, "out")
        pair = next(((u, v) for u in blocks for v in blocks if u != v and (u, v) in both), None)
        if pair:
            blocks = [block for block in blocks if block not in pair] + [pair[0] | pair[1]]
        elif not changed:
            return blocks


def _as_set(given: SegmentSet, blocks: Blocks) -> SegmentSet:
    classes, edges = quotient(given, blocks)
    return SegmentSet(classes, {}, frozenset(edges))


def _coarser(blocks: Blocks, groups: Collection[frozenset[frozenset[Vertex]]]) -> Blocks:
    """Groups of blocks as blocks; the same list when nothing was grouped."""
    return blocks if len(groups) == len(blocks) else [frozenset().union(*group) for group in groups]


def broken(given: SegmentSet, blocks: Collection[frozenset[Vertex]], *, acyclic: bool = True) -> list[str]:
    """Which of the invariants I1 to I3 a summary breaks."""
    if any(len({given.classes[v] for v in block}) != 1 for block in blocks):
        return ["I1 class purity"]
    if sorted(map(str, (v for block in blocks for v in block))) != sorted(map(str, given.classes)):
        return ["I2 cover"]
    summary = quotient(given, blocks)
    if acyclic:
        kept = not circular(summary[1]) and words(*summary) == words(given.classes, given.edges)
    else:
        kept = same_language(summary, (given.classes, given.edges))
    return [] if kept else ["I3 no new path"]


def gamma(
    given: SegmentSet, blocks: Collection[frozenset[Vertex]]
) -> dict[tuple[frozenset[Vertex], str, frozenset[Vertex]], set[int]]:
    """By edge of the summary, the segments that have such an edge."""
    where = {vertex: block for block in blocks for vertex in block}
    found: dict[tuple[frozenset[Vertex], str, frozenset[Vertex]], set[int]] = {}
    for source, relation, target in given.edges:
        found.setdefault((where[source], relation, where[target]), set()).add(given.segment[source])
    return found


def neighbourhood(given: SegmentSet, root: Vertex, radius: int, hood: str) -> tuple[list[Vertex], set[Triple]]:
    """The vertices within so many steps of the root, the root first, and all edges among them."""
    inside = [root]
    for _ in range(radius):
        beyond = {t for s, _, t in given.edges if s in inside}
        if hood == "both":
            beyond |= {s for s, _, t in given.edges if t in inside}
        inside += sorted((v for v in beyond if v not in inside), key=str)
    return inside, {(s, x, t) for s, x, t in given.edges if s in inside and t in inside}


def isomorphic(given: SegmentSet, a: Vertex, b: Vertex, radius: int, hood: str) -> bool:
    """Whether two vertices have the same provenance type: every way to map one neighbourhood to the other is tried."""
    ours, our_edges = neighbourhood(given, a, radius, hood)
    theirs, their_edges = neighbourhood(given, b, radius, hood)
    if len(ours) != len(theirs) or len(our_edges) != len(their_edges):
        return False
    for order in permutations(theirs[1:]):
        image = dict(zip(ours, (b, *order), strict=True))
        if (
            all(given.classes[v] == given.classes[image[v]] for v in ours)
            and {(image[s], x, image[t]) for s, x, t in our_edges} == their_edges
        ):
            return True
    return False
