from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from provstore.reports import layout as module
from provstore.reports.layout import layout


@st.composite
def graphs(draw):
    count = draw(st.integers(0, 25))
    ends = st.integers(0, max(0, count - 1))
    edges = draw(st.lists(st.tuples(ends, ends), max_size=60)) if count else []
    sizes = draw(st.lists(st.tuples(st.floats(1, 90), st.floats(1, 300)), min_size=count, max_size=count))
    return sizes, edges


@given(graphs())
def test_edges_point_along_but_for_those_that_close_a_cycle(drawn):
    sizes, edges = drawn
    laid = layout(sizes, edges)
    for number, (source, target) in enumerate(edges):
        if source != target:
            forwards = laid.layers[source] < laid.layers[target]
            assert forwards is (number not in laid.reversed)
            assert (laid.along[source] < laid.along[target]) is forwards


@given(graphs())
def test_without_the_reversed_edges_there_is_no_cycle(drawn):
    sizes, edges = drawn
    laid = layout(sizes, edges)
    if not _has_cycle(len(sizes), edges):
        assert not laid.reversed


@given(graphs())
def test_no_two_boxes_overlap(drawn):
    sizes, edges = drawn
    laid = layout(sizes, edges, gap_across=10, gap_along=20)
    for one in range(len(sizes)):
        for other in range(one):
            apart_across = abs(laid.across[one] - laid.across[other]) - (sizes[one][0] + sizes[other][0]) / 2
            apart_along = abs(laid.along[one] - laid.along[other]) - (sizes[one][1] + sizes[other][1]) / 2
            assert apart_across > 10 - 1e-6 or apart_along > 20 - 1e-6


@given(graphs())
def test_everything_lies_within_the_breadth_and_length(drawn):
    sizes, edges = drawn
    laid = layout(sizes, edges)
    for box, (extent, depth) in enumerate(sizes):
        assert extent / 2 - 1e-6 <= laid.across[box] <= laid.breadth - extent / 2 + 1e-6
        assert depth / 2 - 1e-6 <= laid.along[box] <= laid.length - depth / 2 + 1e-6


@given(graphs())
def test_the_same_graph_lies_the_same_way_twice(drawn):
    assert layout(*drawn) == layout(*drawn)


@given(graphs())
def test_a_route_goes_from_source_to_target_layer_by_layer(drawn):
    sizes, edges = drawn
    laid = layout(sizes, edges)
    for number, (source, target) in enumerate(edges):
        stops = [laid.along[source], *(along for _, along in laid.routes[number]), laid.along[target]]
        ordered = stops[::-1] if number in laid.reversed else stops
        assert source == target or all(a < b for a, b in pairwise(ordered))
        assert len(stops) == abs(laid.layers[source] - laid.layers[target]) + 1 or source == target


def test_a_chain_is_a_straight_line():
    laid = layout([(40, 100)] * 4, [(0, 1), (1, 2), (2, 3)], gap_along=50)
    assert laid.layers == [0, 1, 2, 3]
    assert laid.across == [20, 20, 20, 20]
    assert laid.along == [50, 200, 350, 500]
    assert (laid.breadth, laid.length) == (40, 550)


def test_a_fork_is_symmetric_and_its_root_in_the_middle():
    laid = layout([(40, 100)] * 3, [(0, 1), (0, 2)], gap_across=10)
    assert laid.across == [45, 20, 70]


def test_crossed_pairs_are_uncrossed():
    # 0 -> 3 and 1 -> 2 cross when the layers stand as [0, 1] and [2, 3].
    laid = layout([(10, 10)] * 4, [(0, 3), (1, 2)])
    assert (laid.across[0] < laid.across[1]) is (laid.across[3] < laid.across[2])


def test_a_leaf_effect_stands_next_to_its_cause():
    # 0 -> 1 -> 2 -> 3, and 4 -> 3: the longest path alone would put 4 beside 0.
    assert layout([(1, 1)] * 5, [(0, 1), (1, 2), (2, 3), (4, 3)]).layers == [0, 1, 2, 3, 2]


def test_where_a_cycle_could_start_anywhere_it_starts_at_the_first_box():
    laid = layout([(1, 1)] * 3, [(0, 1), (1, 2), (2, 0)])
    assert laid.layers == [0, 1, 2]
    assert laid.reversed == {2}


def test_a_chain_of_100000_boxes_needs_no_recursion():
    length = 100_000
    laid = layout([(40, 100)] * length, [(n, n + 1) for n in range(length - 1)])
    assert laid.layers == list(range(length))


def test_10000_boxes_take_a_few_looks_at_each_edge(monkeypatch):
    looks = 0
    plain = module._mean

    def counting(boxes, values, otherwise):
        nonlocal looks
        looks += len(boxes)
        return plain(boxes, values, otherwise)

    monkeypatch.setattr(module, "_mean", counting)
    drawn = random.Random(1)
    edges = [(n, drawn.randrange(max(0, n - 200), n)) for n in range(1, 10_000)]
    layout([(40, 200)] * 10_000, edges)
    # Four sweeps to order, two to place, each looking at an edge from one of its ends.
    assert looks <= 6 * len(edges)


def _has_cycle(count: int, edges: list[tuple[int, int]]) -> bool:
    left = {edge for edge in edges if edge[0] != edge[1]}
    remaining = set(range(count))
    while free := {box for box in remaining if not any(target == box for _, target in left)}:
        remaining -= free
        left = {edge for edge in left if edge[0] not in free}
    return bool(remaining)
