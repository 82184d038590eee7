"""Random sets of small segments, alike enough that something can be merged."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.oracle_summary.oracle import SegmentSet


@st.composite
def segment_sets(draw: st.DrawFn, *, acyclic: bool = True, largest: int = 18) -> SegmentSet:
    """One to four segments with up to `largest` vertices in all: copies of one, changed here and there, and others."""
    count = draw(st.integers(1, 4))
    classes, segment, edges = {}, {}, set()
    models = [_segment(draw, largest // count, acyclic) for _ in range(draw(st.integers(1, 2)))]
    for number in range(count):
        labels, arrows = draw(st.sampled_from(models))
        left_out = draw(st.sets(st.sampled_from(sorted(arrows)), max_size=2)) if arrows else set()
        for place, label in enumerate(labels):
            classes[number, place], segment[number, place] = label, number
        edges |= {((number, s), x, (number, t)) for s, x, t in set(arrows) - left_out}
    return SegmentSet(classes, segment, frozenset(edges))


def _segment(draw: st.DrawFn, size: int, acyclic: bool) -> tuple[list[str], set[tuple[int, str, int]]]:
    labels = draw(st.lists(st.sampled_from("ab"), min_size=1, max_size=size))
    places = range(len(labels))
    possible = [(s, x, t) for s in places for t in places for x in "UG" if not acyclic or s < t]
    arrows = draw(st.sets(st.sampled_from(possible), max_size=len(labels) + 3)) if possible else set()
    return labels, arrows


@st.composite
def graphs(draw: st.DrawFn, *, acyclic: bool = True, labels: str = "a") -> SegmentSet:
    """One segment of up to eight vertices, few classes and many edges: one vertex often dominates another."""
    names = draw(st.lists(st.sampled_from(labels), min_size=3, max_size=8))
    places = range(len(names))
    possible = [(s, "U", t) for s in places for t in places if not acyclic or s < t]
    edges = draw(st.sets(st.sampled_from(possible), min_size=len(names) - 1, max_size=2 * len(names)))
    return SegmentSet(dict(enumerate(names)), dict.fromkeys(places, 0), frozenset(edges))
