"""Sets of segments as the kernel takes them."""

from __future__ import annotations

from collections.abc import Sequence

from provstore.questions.summarizing.labelled import Labelled, labelled
from tests.oracle_summary.oracle import SegmentSet


def as_labelled(given: SegmentSet, order: Sequence[object] | None = None) -> tuple[Labelled, list[object]]:
    """The graph, and its vertices by number."""
    vertices = list(given.classes if order is None else order)
    numbers = {vertex: number for number, vertex in enumerate(vertices)}
    classes = sorted(set(given.classes.values()))
    relations = sorted({x for _, x, _ in given.edges})
    edges = [(numbers[s], relations.index(x), numbers[t]) for s, x, t in given.edges]
    return labelled([classes.index(given.classes[v]) for v in vertices], edges), vertices


def as_blocks(vertices: Sequence[object], blocks: Sequence[int]) -> set[frozenset[object]]:
    """The partition as sets of vertices."""
    found: dict[int, set[object]] = {}
    for vertex, block in zip(vertices, blocks, strict=True):
        found.setdefault(block, set()).add(vertex)
    return {frozenset(block) for block in found.values()}
