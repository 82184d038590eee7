"""Provenance types: equal exactly when neighbourhoods are isomorphic, every mapping tried; `wl` is coarser."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from provstore.questions.summarizing.labelled import labelled
from provstore.questions.summarizing.merging import pgsum
from provstore.questions.summarizing.neighbourhoods import types_of
from tests.oracle_summary.examples import A_WITH_TYPES, A, segment_set
from tests.oracle_summary.oracle import SegmentSet, isomorphic
from tests.oracle_summary.strategies import graphs
from tests.unit.questions.summarizing.kernel import as_labelled


@pytest.mark.parametrize(("radius", "hood"), A_WITH_TYPES)
@pytest.mark.parametrize("method", ["exact", "wl"])
def test_the_worked_example_with_types(radius, hood, method):
    graph, _ = as_labelled(segment_set(A.segments))
    types = types_of(graph, radius, hood, method)
    pairs = sorted(set(zip(graph.classes, types, strict=True)))
    finer = [pairs.index(pair) for pair in zip(graph.classes, types, strict=True)]
    edges = [(v, x, t) for v, arcs in enumerate(graph.causes) for x, t in arcs]
    assert pgsum(labelled(finer, edges)).size == A_WITH_TYPES[radius, hood]


@pytest.mark.parametrize("hood", ["both", "out"])
@pytest.mark.parametrize("radius", [1, 2])
@settings(max_examples=40)
@given(sample=graphs(acyclic=False, labels="ab").filter(lambda one: len(one.classes) < 7))
def test_exact_types_are_equal_when_every_way_to_map_neighbourhoods_was_tried(sample, radius, hood):
    graph, vertices = as_labelled(sample)
    exact, coarse = types_of(graph, radius, hood), types_of(graph, radius, hood, "wl")
    for a, one in enumerate(vertices):
        for b, other in enumerate(vertices[:a]):
            same = isomorphic(sample, one, other, radius, hood)
            assert (exact[a] == exact[b]) == same
            assert coarse[a] == coarse[b] or not same


@given(sample=graphs(labels="ab"))
def test_a_larger_radius_makes_types_finer(sample):
    graph, _ = as_labelled(sample)
    for hood in ("both", "out"):
        for radius in range(3):
            fine, coarse = types_of(graph, radius + 1, hood), types_of(graph, radius, hood)
            assert len(set(zip(fine, coarse, strict=True))) == len(set(fine))


def _rings(one: tuple[int, ...], two: tuple[int, ...]) -> SegmentSet:
    """Roots of one class, each beside all vertices of its rings: colours tell no ring of three from one of six."""
    edges, classes = set(), {}
    for root, rings in (("one", one), ("two", two)):
        classes[root] = "root"
        for number, size in enumerate(rings):
            names = [(root, number, place) for place in range(size)]
            classes |= dict.fromkeys(names, "a")
            edges |= {(name, "U", names[place - 1]) for place, name in enumerate(names)}
            edges |= {(root, "U", name) for name in names}
    return SegmentSet(classes, dict.fromkeys(classes, 0), frozenset(edges))


def test_only_exact_types_tell_one_ring_of_six_from_two_of_three():
    graph, vertices = as_labelled(_rings((6,), (3, 3)))
    one, two = vertices.index("one"), vertices.index("two")
    assert types_of(graph, 1, "out", "wl")[one] == types_of(graph, 1, "out", "wl")[two]
    assert types_of(graph, 1)[one] != types_of(graph, 1)[two]


def test_rings_in_another_order_are_the_same_neighbourhood():
    graph, vertices = as_labelled(_rings((6, 3, 3), (3, 6, 3)))
    assert types_of(graph, 1)[vertices.index("one")] == types_of(graph, 1)[vertices.index("two")]


def test_a_hub_of_many_alike_is_compared_at_once():
    edges = {(f"a{n}", "U", hub) for n in range(60) for hub in ("x", "y") if (n < 30) == (hub == "x")}
    edges |= {(f"e{n}", "G", f"a{n}") for n in range(60)}
    classes = {v: v[0] if v[0] in "ae" else "hub" for edge in edges for v in (edge[0], edge[2])}
    graph, vertices = as_labelled(SegmentSet(classes, {}, frozenset(edges)))
    types = types_of(graph, 2)
    assert types[vertices.index("x")] == types[vertices.index("y")]
