"""The parts of a segment are those of the definitions: the hand-worked examples, and any small graph."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provstore.errors import Conflict, UsageError
from provstore.questions.segmenting.boundary import RELATIONS, Boundary
from provstore.questions.segmenting.explaining import mirrored_paths
from provstore.questions.segmenting.extract import Extract
from provstore.questions.segmenting.kernel import all_levels, direct, similar
from provstore.questions.segmenting.mirrored import similar_alike
from provstore.questions.segmenting.parts import Expansion, expanded, induce, induced_edges, responsible
from provstore.questions.segmenting.subgraph import behind
from tests.oracle_segment import oracle
from tests.oracle_segment.examples import EXPECTED, LIKE, NOT_TRANSITIVE, pipeline
from tests.oracle_segment.strategies import questions
from tests.support.depths import members
from tests.support.ledgers import EXAMPLE, iri
from tests.support.readers import MemoryReader, edge

NAMES = {
    "U": "used", "G": "wasGeneratedBy", "S": "wasAssociatedWith", "A": "wasAttributedTo", "D": "wasDerivedFrom"
}  # fmt: skip


def edges_of(triples):
    return [edge(NAMES[letter], source, target) for letter, source, target in sorted(triples)]


def iris(names):
    return frozenset(map(iri, names))


def short(found):
    return {one.removeprefix(EXAMPLE) for one in found}


def answer(triples, src, dst, expansions=(), *, extracted=False):
    """The parts, vertices and edges by their example names, as the oracle gives them."""
    asked, everything = MemoryReader(edges_of(triples)), Boundary()
    reader = Extract(asked, asked.scan(RELATIONS)) if extracted else asked
    parts = induce(reader, iris(src), iris(dst), everything)
    c5 = expanded(reader, [Expansion(iris(entities), steps) for entities, steps in expansions], everything)
    c4 = responsible(reader, parts.vertices() | c5, everything)
    edges, _ = induced_edges(reader, parts.vertices() | c5 | c4, everything)
    letters = {name: letter for letter, name in NAMES.items()}
    found = frozenset((letters[e.relation], *sorted_ends(e)) for e in edges)
    return oracle.Answer(
        *(frozenset(short(part)) for part in (parts.src, parts.dst, parts.c1, parts.c2, parts.c3, c4, c5)), found
    )


def sorted_ends(one):
    return one.source.removeprefix(EXAMPLE), one.target.removeprefix(EXAMPLE)


@pytest.mark.parametrize("example", EXPECTED)
def test_the_parts_are_those_that_were_worked_by_hand(example):
    src, dst, expansion, expected = EXPECTED[example]
    found = answer(pipeline(), src.split(), dst.split(), [([expansion[0]], expansion[1])] if expansion else [])
    for part in ("c1", "c2", "c3", "c4", "c5"):
        assert getattr(found, part) == set(expected.get(part, "").split()), part
    assert found.vertices == set(expected["all"].split())
    assert len(found.edges) == expected["edges"]


@pytest.mark.parametrize("source", LIKE)
def test_similarity_is_not_transitive(source):
    assert answer(NOT_TRANSITIVE, [source], ["d"]).c2 == set(LIKE[source].split())


@settings(max_examples=1_000, deadline=None)
@given(questions(), st.integers(1, 3), st.booleans())
def test_any_segment_is_that_of_all_walks_written_out(question, steps, extracted):
    graph, src, dst = question
    found = answer(graph, src, dst, [(dst, steps)], extracted=extracted)
    assert found == oracle.segment(graph, src, dst, expansions=[(dst, steps)])


@settings(max_examples=200, deadline=None)
@given(questions())
def test_the_depths_of_everything_are_the_lengths_of_the_walks_to_it(question):
    graph, src, dst = question
    subgraph = behind(dst, [e._replace(source=a, target=b) for e in edges_of(graph) for a, b in [sorted_ends(e)]])
    for levels in all_levels(subgraph, subgraph.entities(src), subgraph.entities(dst)):
        (first, *others) = subgraph.named(levels.destinations)
        lengths = {}
        for walk in oracle.walks(graph, first, halves=True):
            if len(walk) > 1:
                lengths.setdefault((walk[-1], len(walk) % 2), set()).add((len(walk) - 1) // 2)
        found = {
            (name, 1 - activity): members(levels.depths(place))
            for place, (name, activity) in enumerate(zip(subgraph.names, subgraph.is_activity, strict=True))
            if levels.depths(place)
        }
        assert found == lengths
        for other in others:
            assert set(oracle.walks(graph, other)) == {(other, *walk[1:]) for walk in oracle.walks(graph, first)}


def test_depths_with_gaps_are_told_apart():
    """p is 1 or 3 hops behind d, q one hop behind p: at 2 and 4, not 3; only what ends at 2 or 4 is like q."""
    graph = {
        ("G", "d", "a"), ("U", "a", "p"), ("U", "a", "b"), ("G", "b", "a2"), ("U", "a2", "c"), ("G", "c", "a3"),
        ("U", "a3", "p"), ("G", "p", "a4"), ("U", "a4", "q"), ("U", "a2", "end"),
        ("U", "a3", "three"),
    }  # fmt: skip
    found = answer(graph, ["q"], ["d"])
    assert "end" in found.c2
    assert "three" not in found.c2


def test_a_source_that_lies_nowhere_behind_gives_no_paths():
    found = answer(pipeline(), ["w1"], ["w2"])
    assert (found.c1, found.c2, found.c3) == (set(), set(), set())
    assert found.vertices == {"w1", "w2"}


def test_an_entity_that_is_source_and_destination_is_its_own_direct_path_and_like_nothing():
    found = answer(pipeline(), ["w2"], ["w2"])
    assert (found.c1, found.c2) == ({"w2"}, set())


def test_what_is_said_twice_counts_once_and_both_edges_are_shown():
    twice = [*edges_of(pipeline()), edge("used", "t2", "d1", role="again")]
    reader = MemoryReader(twice)
    parts = induce(reader, iris(["r1"]), iris(["w2"]), Boundary())
    assert short(parts.c2) == set(EXPECTED["E1"][3]["c2"].split())
    assert len(induced_edges(reader, iris(["t2", "d1"]), Boundary())[0]) == 2


def test_an_entity_with_two_generations_is_reached_through_both():
    graph = {("G", "d", "a"), ("G", "d", "b"), ("U", "a", "x"), ("U", "b", "y")}
    assert answer(graph, ["x"], ["d"]).c2 == {"d", "a", "b", "x", "y"}


def test_a_component_apart_changes_nothing():
    apart = pipeline() | {("G", "other", "act"), ("U", "act", "thing"), ("U", "other2", "other")}
    assert answer(apart, ["r1"], ["w2"]) == answer(pipeline(), ["r1"], ["w2"])


def test_a_circle_is_reported_with_its_statements():
    circle = pipeline() | {("U", "sp", "w2")}
    with pytest.raises(Conflict) as caught:
        answer(circle, ["r1"], ["w2"])
    said = caught.value.message
    for statement in ("used(sp, w2)", "wasGeneratedBy(w2, t2)", "used(t2, d1)", "wasGeneratedBy(d1, sp)"):
        assert statement.replace("(", f"({EXAMPLE}").replace(", ", f", {EXAMPLE}") in said
    assert "m2" not in said


def test_a_circle_that_is_not_behind_the_destination_does_no_harm():
    circle = pipeline() | {("U", "x", "y"), ("G", "y", "x"), ("U", "x", "w2")}
    assert answer(circle, ["r1"], ["w2"]).c2 == answer(pipeline(), ["r1"], ["w2"]).c2


def test_a_chain_longer_than_the_stack_is_walked():
    edges = [
        e for n in range(20_000) for e in (edge("wasGeneratedBy", f"e{n + 1}", f"a{n}"), edge("used", f"a{n}", f"e{n}"))
    ]
    subgraph = behind([iri("e20000")], edges)
    ends = subgraph.entities([iri("e0")]), subgraph.entities([iri("e20000")])
    assert direct(subgraph, [iri("e0")]) == similar(subgraph, *ends)
    assert len(similar(subgraph, *ends)) == 40_001


@settings(max_examples=300, deadline=None)
@given(questions(), st.lists(st.integers(0, 1), min_size=14, max_size=14))
def test_similar_paths_with_equal_words_are_those_of_all_walks_written_out(question, words):
    graph, src, dst = question
    subgraph = behind(dst, [e._replace(source=a, target=b) for e in edges_of(graph) for a, b in [sorted_ends(e)]])
    found = similar_alike(subgraph, subgraph.entities(src), subgraph.entities(dst), lambda name: words[int(name[1:])])
    assert found == oracle.segment(graph, src, dst, word=lambda name: words[int(name[1:])]).c2


@settings(max_examples=200, deadline=None)
@given(questions())
def test_with_nothing_to_agree_on_all_walks_of_equal_length_are_alike(question):
    graph, src, dst = question
    subgraph = behind(dst, [e._replace(source=a, target=b) for e in edges_of(graph) for a, b in [sorted_ends(e)]])
    ends = subgraph.entities(src), subgraph.entities(dst)
    assert similar_alike(subgraph, *ends, lambda _: None) == similar(subgraph, *ends)


def test_more_pairs_than_can_be_compared_are_refused():
    subgraph = behind([iri("w2")], edges_of(pipeline()))
    ends = subgraph.entities([iri("r1")]), subgraph.entities([iri("w2")])
    # t2; d1, m2, s1; sp, u2; r1, m1: unordered pairs 1 + 6 + 3 + 3.
    assert similar_alike(subgraph, *ends, lambda _: None, max_pairs=13) == similar(subgraph, *ends)
    with pytest.raises(UsageError, match="more than 12 pairs"):
        similar_alike(subgraph, *ends, lambda _: None, max_pairs=12)


@settings(max_examples=300, deadline=None)
@given(questions())
def test_what_is_on_a_similar_path_is_explained_by_two_shortest_walks_and_nothing_else_is(question):
    graph, src, dst = question
    subgraph = behind(dst, [e._replace(source=a, target=b) for e in edges_of(graph) for a, b in [sorted_ends(e)]])
    ends = subgraph.entities(src), subgraph.entities(dst)
    walks = {walk for one in dst for walk in oracle.walks(graph, one)}
    to_sources = {(walk[0], len(walk)) for walk in walks if walk[-1] in src and len(walk) > 1}
    explained = set()
    for name in set(subgraph.names):
        paths = mirrored_paths(subgraph, *ends, name)
        if paths:
            explained.add(name)
            assert paths.to_source[-1] in src
            assert paths.to_source[0] == paths.through[0]
            assert len(paths.to_source) == len(paths.through) > 1
            assert {paths.to_source, paths.through} <= walks
            assert name in paths.through
            assert len(paths.through) == min(len(w) for w in walks if name in w and (w[0], len(w)) in to_sources)
    assert explained == oracle.segment(graph, src, dst).c2


def test_the_paths_that_explain_do_not_depend_on_the_order_in_which_edges_are_read():
    """Two activities made d, both used s and p, and two more made p, both of one thing."""
    graph = {
        ("G", "d", "a"), ("G", "d", "b"), ("U", "a", "s"), ("U", "b", "s"), ("U", "a", "p"), ("U", "b", "p"),
        ("G", "p", "c1"), ("G", "p", "c2"), ("U", "c1", "q"), ("U", "c2", "q"), ("G", "s", "c3"), ("U", "c3", "s2"),
    }  # fmt: skip
    for edges in permutations_of(edges_of(graph)):
        subgraph = behind([iri("d")], edges)
        (destination,) = subgraph.entities([iri("d")])
        near = mirrored_paths(subgraph, subgraph.entities([iri("s")]), [destination], iri("p"))
        far = mirrored_paths(subgraph, subgraph.entities([iri("s2")]), [destination], iri("p"))
        assert near is not None
        assert far is not None
        assert [*near] == [tuple(map(iri, walk.split())) for walk in ("d a s", "d a p")]
        assert [*far] == [tuple(map(iri, walk.split())) for walk in ("d a s c3 s2", "d a p c1 q")]


def permutations_of(edges, count=20):
    for seed in range(count):
        yield Random(seed).sample(edges, len(edges))


def test_the_path_that_explains_passes_by_what_ends_too_early():
    """p was made by two activities; only the walk through the second is as long as the one to the source."""
    graph = {
        ("G", "d", "a"), ("U", "a", "y"), ("U", "a", "p"), ("G", "y", "a1"), ("U", "a1", "s"), ("G", "p", "a2"),
        ("G", "p", "a3"), ("U", "a3", "q"),
    }  # fmt: skip
    subgraph = behind([iri("d")], edges_of(graph))
    paths = mirrored_paths(subgraph, subgraph.entities([iri("s")]), subgraph.entities([iri("d")]), iri("p"))
    assert paths is not None
    assert paths.to_source == tuple(map(iri, ("d", "a", "y", "a1", "s")))
    assert paths.through == tuple(map(iri, ("d", "a", "p", "a3", "q")))


def test_the_paths_that_explain_end_at_the_destination_to_which_they_are_shortest():
    """p is two hops behind the first destination, as a source is, and one hop behind the second, as another is."""
    graph = {
        ("G", "d1", "a1"), ("U", "a1", "x"), ("G", "x", "a2"), ("U", "a2", "p"), ("U", "a2", "s1"),
        ("G", "d2", "b"), ("U", "b", "p"), ("U", "b", "s2"),
    }  # fmt: skip
    for first, second in (("d1", "d2"), ("d2", "d1")):
        subgraph = behind([iri(first), iri(second)], edges_of(graph))
        sources, destinations = (subgraph.entities(map(iri, ends)) for ends in (("s1", "s2"), (first, second)))
        paths = mirrored_paths(subgraph, sources, destinations, iri("p"))
        assert paths is not None
        assert paths.to_source == tuple(map(iri, ("d2", "b", "s2")))
        assert paths.through == tuple(map(iri, ("d2", "b", "p")))
