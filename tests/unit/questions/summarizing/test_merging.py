"""Nothing is merged that makes a path; what is merged does not depend on names or order; it can stop at any time."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from provstore.questions.summarizing.dominating import dominated, tangled
from provstore.questions.summarizing.merging import apt, pgsum, strict
from provstore.questions.summarizing.simulating import Simulation, equivalent
from tests.oracle_summary.examples import EXAMPLES, blocks, segment_set
from tests.oracle_summary.oracle import SegmentSet, broken, by_the_letter, mutual, simulation
from tests.oracle_summary.strategies import segment_sets
from tests.unit.questions.summarizing.kernel import as_blocks, as_labelled


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_worked_examples(name):
    graph, vertices = as_labelled(segment_set(EXAMPLES[name].segments))
    assert as_blocks(vertices, pgsum(graph).blocks) == blocks(EXAMPLES[name].blocks)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_strict_stand_in_merges_nothing_in_the_worked_examples(name):
    graph, _ = as_labelled(segment_set(EXAMPLES[name].segments))
    assert strict(graph).size == len(graph)


@for_all(segment_sets())
def test_no_invariant_is_broken(given):
    graph, vertices = as_labelled(given)
    for merge in (pgsum, strict):
        assert broken(given, as_blocks(vertices, merge(graph).blocks)) == []


@for_all(segment_sets(acyclic=False, largest=10))
def test_no_invariant_is_broken_when_segments_are_circular(given):
    graph, vertices = as_labelled(given)
    assert broken(given, as_blocks(vertices, pgsum(graph).blocks), acyclic=False) == []


@for_all(segment_sets(largest=12))
def test_no_more_blocks_than_by_the_letter_of_the_algorithm(given):
    graph, _ = as_labelled(given)
    assert pgsum(graph).size <= len(by_the_letter(given))


@for_all(segment_sets(acyclic=False, largest=12), st.sampled_from(["in", "out"]))
def test_equivalent_vertices_are_those_that_simulate_each_other(given, side):
    graph, vertices = as_labelled(given)
    assert as_blocks(vertices, equivalent(graph, side)[0]) == mutual(simulation(given, side))


@for_all(segment_sets(acyclic=False, largest=12))
def test_the_strict_stand_in_is_the_meet_of_both_sides(given):
    graph, vertices = as_labelled(given)
    meet = {a & b for a in mutual(simulation(given, "in")) for b in mutual(simulation(given, "out")) if a & b}
    assert as_blocks(vertices, strict(graph).blocks) == meet


@for_all(segment_sets(acyclic=False, largest=12), st.sampled_from(["in", "out"]))
def test_simulators_are_those_of_the_greatest_simulation(given, side):
    graph, vertices = as_labelled(given)
    found = Simulation(graph, side)
    pairs = {
        (vertices[u], vertices[v])
        for u in range(len(graph))
        for v in found.named(graph.classes[u], found.simulators[u])
    }
    assert pairs == simulation(given, side)


@for_all(segment_sets(acyclic=False, largest=10))
def test_merging_what_is_dominated_alone_breaks_no_invariant(given):
    graph, vertices = as_labelled(given)
    assert broken(given, as_blocks(vertices, dominated(graph, {})[0]), acyclic=False) == []


@for_all(segment_sets(), st.randoms(use_true_random=False))
def test_the_names_and_the_order_of_vertices_do_not_matter(given, random):
    graph, vertices = as_labelled(given)
    shuffled = list(vertices)
    random.shuffle(shuffled)
    other, _ = as_labelled(given, shuffled)
    assert pgsum(other).size == pgsum(graph).size


@for_all(segment_sets(), st.integers(2, 4))
def test_copies_of_all_segments_leave_the_number_of_blocks(given, copies):
    graph, _ = as_labelled(given)
    assert pgsum(as_labelled(_copied(given, copies, set(given.segment.values())))[0]).size == pgsum(graph).size


@for_all(segment_sets(), st.data())
def test_a_copy_of_one_segment_leaves_the_number_of_blocks(given, data):
    graph, _ = as_labelled(given)
    chosen = data.draw(st.sampled_from(sorted(set(given.segment.values()))))
    assert pgsum(as_labelled(_copied(given, 2, {chosen}))[0]).size == pgsum(graph).size


@for_all(segment_sets(largest=12), st.integers(0, 400))
def test_whenever_it_stops_no_invariant_is_broken(given, patience):
    asked = count()
    graph, vertices = as_labelled(given)
    for merge in (pgsum, strict):
        found = merge(graph, lambda: next(asked) >= patience)
        assert broken(given, as_blocks(vertices, found.blocks)) == []


@pytest.mark.parametrize("merge", [pgsum, strict, lambda graph, stop: apt(graph, 1, stop)])
def test_without_time_nothing_is_merged_and_the_answer_says_so(merge):
    graph, _ = as_labelled(segment_set(EXAMPLES["A"].segments))
    found = merge(graph, lambda: True)
    assert (found.size, found.stopped) == (len(graph), True)
    assert not merge(graph, lambda: False).stopped


def test_a_dominated_vertex_before_a_cycle_is_left_alone():
    given = SegmentSet(dict.fromkeys("uvwx", "a"), dict.fromkeys("uvwx", 0), frozenset({("u", "U", "w"), ("w", "U", "u")}))
    graph, vertices = as_labelled(given)
    assert [vertices[v] for v in range(4) if tangled(graph)[v]] == ["u", "w"]


def test_provenance_types_merge_what_leads_to_the_same_classes_along_paths_of_so_many_edges():
    graph, vertices = as_labelled(segment_set(EXAMPLES["B"].segments))
    assert as_blocks(vertices, apt(graph, 0).blocks) == blocks("W1 T1,T2 D1,D2 P1 L2")
    assert as_blocks(vertices, apt(graph, 1).blocks) == blocks("W1 T1,T2 D1 D2 P1 L2")
    assert as_blocks(vertices, apt(graph, 2).blocks) == blocks("W1 T1 T2 D1 D2 P1 L2")


def test_provenance_types_may_show_a_path_that_no_segment_has():
    given = segment_set(EXAMPLES["B"].segments)
    graph, vertices = as_labelled(given)
    assert broken(given, as_blocks(vertices, apt(graph, 0).blocks)) == ["I3 no new path"]


def test_an_empty_graph_has_no_blocks():
    graph, _ = as_labelled(SegmentSet({}, {}, frozenset()))
    assert [merge(graph).blocks for merge in (pgsum, strict)] == [[], []]


def _copied(given: SegmentSet, copies: int, segments: set[int]) -> SegmentSet:
    """The set with that many of each of the segments, instead of one."""
    chosen = [
        (vertex, number)
        for vertex, segment in given.segment.items()
        for number in range(copies if segment in segments else 1)
    ]
    edges = {
        ((s, number), x, (t, number))
        for s, x, t in given.edges
        for number in range(copies if given.segment[s] in segments else 1)
    }
    return SegmentSet({one: given.classes[one[0]] for one in chosen}, {}, frozenset(edges))
