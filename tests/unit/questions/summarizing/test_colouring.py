"""Colours part as by their definition, round by round, and are named alike in isomorphic graphs."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.questions.summarizing.colouring import Colouring
from tests.oracle_summary.strategies import graphs, segment_sets
from tests.unit.questions.summarizing.kernel import as_blocks, as_labelled


def parted(sample, rounds, counted):
    """By the definition: in each round the colour and the colours that the causes have, seen or counted."""
    colours = dict(sample.classes)
    for _ in range(rounds):
        seen = {v: [(x, colours[t]) for s, x, t in sample.edges if s == v] for v in colours}
        colours = {
            v: (colours[v], frozenset(Counter(seen[v]).items() if counted else seen[v])) for v in colours
        }  # fmt: skip
    return {frozenset(v for v in colours if colours[v] == colour) for colour in colours.values()}


@pytest.mark.parametrize("counted", [False, True])
@given(sample=segment_sets(acyclic=False, largest=12) | graphs(acyclic=False), rounds=st.integers(0, 4))
def test_colours_part_as_by_their_definition(sample, rounds, counted):
    graph, vertices = as_labelled(sample)
    colouring = Colouring(graph.classes, *graph.towards("out"), counted=counted)
    assert as_blocks(vertices, colouring.settle(rounds)) == parted(sample, rounds, counted)


@given(segment_sets(acyclic=False) | graphs(acyclic=False), st.randoms(use_true_random=False))
def test_isomorphic_graphs_have_the_same_colours(sample, random):
    graph, vertices = as_labelled(sample)
    shuffled = list(vertices)
    random.shuffle(shuffled)
    other, _ = as_labelled(sample, shuffled)
    ours = dict(zip(vertices, Colouring(graph.classes, *graph.towards("in")).settle(), strict=True))
    theirs = dict(zip(shuffled, Colouring(other.classes, *other.towards("in")).settle(), strict=True))
    assert ours == theirs


@given(graphs(acyclic=False))
def test_singling_vertices_out_ends_with_a_colour_each(sample):
    graph, vertices = as_labelled(sample)
    around = [[*a, *((x + 1, v) for x, v in b)] for a, b in zip(graph.causes, graph.effects, strict=True)]
    colouring = Colouring(graph.classes, around, around)
    colouring.settle()
    while not colouring.discrete():
        colouring.single_out(colouring.first_shared()[0])
        colouring.settle()
    assert sorted(colouring.colours) == list(range(len(vertices)))
