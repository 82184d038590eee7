"""Nothing is merged that makes a path; what is merged does not depend on names or order; it can stop at any time."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.questions.summarizing.dominating import dominated, tangled
from provstore.questions.summarizing.merging import apt, pgsum, strict
from provstore.questions.summarizing.simulating import Simulation, equivalent
from tests.oracle_summary.examples import CIRCLE, EXAMPLES, KNOTS, TIES, better_backwards, blocks, knot, segment_set
from tests.oracle_summary.oracle import SegmentSet, broken, by_the_letter, mutual, simulation
from tests.oracle_summary.strategies import graphs, segment_sets
from tests.unit.questions.summarizing.kernel import as_blocks, as_labelled


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_worked_examples(name):
    graph, vertices = as_labelled(segment_set(EXAMPLES[name].segments))
    assert as_blocks(vertices, pgsum(graph).blocks) == blocks(EXAMPLES[name].blocks)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_strict_stand_in_merges_nothing_in_the_worked_examples(name):
    graph, _ = as_labelled(segment_set(EXAMPLES[name].segments))
    assert strict(graph).size == len(graph)


@given(segment_sets())
def test_no_invariant_is_broken(sample):
    graph, vertices = as_labelled(sample)
    for merge in (pgsum, strict):
        assert broken(sample, as_blocks(vertices, merge(graph).blocks)) == []


@given(segment_sets(acyclic=False, largest=10))
def test_no_invariant_is_broken_when_segments_are_circular(sample):
    graph, vertices = as_labelled(sample)
    assert broken(sample, as_blocks(vertices, pgsum(graph).blocks), acyclic=False) == []


@given(segment_sets(largest=12))
def test_no_more_blocks_than_by_the_letter_of_the_algorithm(sample):
    graph, _ = as_labelled(sample)
    assert pgsum(graph).size <= len(by_the_letter(sample))


@given(segment_sets(acyclic=False, largest=12), st.sampled_from(["in", "out"]))
def test_equivalent_vertices_are_those_that_simulate_each_other(sample, side):
    graph, vertices = as_labelled(sample)
    assert as_blocks(vertices, equivalent(graph, side)[0]) == mutual(simulation(sample, side))


@given(segment_sets(acyclic=False, largest=12))
def test_the_strict_stand_in_is_the_meet_of_both_sides(sample):
    graph, vertices = as_labelled(sample)
    meet = {a & b for a in mutual(simulation(sample, "in")) for b in mutual(simulation(sample, "out")) if a & b}
    assert as_blocks(vertices, strict(graph).blocks) == meet


@given(segment_sets(acyclic=False, largest=12), st.sampled_from(["in", "out"]))
def test_simulators_are_those_of_the_greatest_simulation(sample, side):
    graph, vertices = as_labelled(sample)
    found = Simulation(graph, side)
    pairs = {
        (vertices[u], vertices[v])
        for u in range(len(graph))
        for v in found.named(graph.classes[u], found.simulators[u])
    }
    assert pairs == simulation(sample, side)


@given(graphs() | graphs(labels="ab"))
def test_merging_what_is_dominated_alone_breaks_no_invariant(sample):
    graph, vertices = as_labelled(sample)
    assert broken(sample, as_blocks(vertices, dominated(graph, {})[0])) == []


@given(graphs(acyclic=False, labels="ab"))
def test_merging_what_is_dominated_breaks_no_invariant_beside_a_circle(sample):
    graph, vertices = as_labelled(sample)
    assert broken(sample, as_blocks(vertices, dominated(graph, {})[0]), acyclic=False) == []


@pytest.mark.parametrize("name", KNOTS)
def test_after_a_merge_what_lies_before_and_behind_is_looked_at_again(name):
    sample = knot(KNOTS[name])
    graph, vertices = as_labelled(sample)
    assert broken(sample, as_blocks(vertices, dominated(graph, {})[0])) == []


@given(segment_sets(), st.randoms(use_true_random=False))
def test_the_names_and_the_order_of_vertices_do_not_matter(sample, random):
    graph, vertices = as_labelled(sample)
    shuffled = list(vertices)
    random.shuffle(shuffled)
    other, _ = as_labelled(sample, shuffled)
    assert pgsum(other).size == pgsum(graph).size


@given(st.permutations(sorted(knot(TIES).classes)))
def test_ties_are_broken_by_what_lies_around_a_vertex(order):
    graph, _ = as_labelled(knot(TIES))
    assert pgsum(as_labelled(knot(TIES), order)[0]).size == pgsum(graph).size


def test_of_both_sides_that_comes_first_which_leaves_fewer_blocks():
    graph, _ = as_labelled(better_backwards())
    assert (len(by_the_letter(better_backwards())), pgsum(graph).size) == (7, 6)


@given(segment_sets(), st.integers(2, 4))
def test_copies_of_all_segments_leave_the_number_of_blocks(sample, copies):
    graph, _ = as_labelled(sample)
    assert pgsum(as_labelled(_copied(sample, copies, set(sample.segment.values())))[0]).size == pgsum(graph).size


@given(segment_sets(), st.data())
def test_a_copy_of_one_segment_leaves_the_number_of_blocks(sample, data):
    graph, _ = as_labelled(sample)
    chosen = data.draw(st.sampled_from(sorted(set(sample.segment.values()))))
    assert pgsum(as_labelled(_copied(sample, 2, {chosen}))[0]).size == pgsum(graph).size


@given(segment_sets(largest=12), st.integers(0, 400))
def test_whenever_it_stops_no_invariant_is_broken(sample, patience):
    asked = count()
    graph, vertices = as_labelled(sample)
    for merge in (pgsum, strict):
        found = merge(graph, lambda: next(asked) >= patience)
        assert broken(sample, as_blocks(vertices, found.blocks)) == []


@pytest.mark.parametrize("merge", [pgsum, strict, lambda graph, stop: apt(graph, 1, stop)])
def test_without_time_nothing_is_merged_and_the_answer_says_so(merge):
    graph, _ = as_labelled(segment_set(EXAMPLES["A"].segments))
    found = merge(graph, lambda: True)
    assert (found.size, found.stopped) == (len(graph), True)
    assert not merge(graph, lambda: False).stopped


def test_what_is_before_or_behind_a_circle_is_not_merged_as_dominated():
    graph, vertices = as_labelled(knot(CIRCLE))
    assert broken(knot(CIRCLE), as_blocks(vertices, dominated(graph, {})[0]), acyclic=False) == []


def test_what_lies_before_on_and_behind_a_circle_is_tangled():
    graph, vertices = as_labelled(knot("uv vw wv wx yz"))
    assert [vertices[v] for v in range(6) if tangled(graph)[v]] == ["u", "v", "w", "x"]


def test_provenance_types_merge_what_leads_to_the_same_classes_along_paths_of_so_many_edges():
    graph, vertices = as_labelled(segment_set(EXAMPLES["B"].segments))
    assert as_blocks(vertices, apt(graph, 0).blocks) == blocks("W1 T1,T2 D1,D2 P1 L2")
    assert as_blocks(vertices, apt(graph, 1).blocks) == blocks("W1 T1,T2 D1 D2 P1 L2")
    assert as_blocks(vertices, apt(graph, 2).blocks) == blocks("W1 T1 T2 D1 D2 P1 L2")


def test_provenance_types_may_show_a_path_that_no_segment_has():
    sample = segment_set(EXAMPLES["B"].segments)
    graph, vertices = as_labelled(sample)
    assert broken(sample, as_blocks(vertices, apt(graph, 0).blocks)) == ["I3 no new path"]


def test_an_empty_graph_has_no_blocks():
    graph, _ = as_labelled(SegmentSet({}, {}, frozenset()))
    assert [merge(graph).blocks for merge in (pgsum, strict)] == [[], []]


def _copied(sample: SegmentSet, copies: int, segments: set[int]) -> SegmentSet:
    """The set with that many of each of the segments, instead of one."""
    chosen = [
        (vertex, number)
        for vertex, segment in sample.segment.items()
        for number in range(copies if segment in segments else 1)
    ]
    edges = {
        ((s, number), x, (t, number))
        for s, x, t in sample.edges
        for number in range(copies if sample.segment[s] in segments else 1)
    }
    return SegmentSet({one: sample.classes[one[0]] for one in chosen}, {}, frozenset(edges))
