"""The baselines of segmentation answer the worked example, and each other, and the kernel."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from benchmarks.baselines import cflrb, levels, runs, simprovalg
from benchmarks.baselines.limit import GivenUp, at_most
from benchmarks.baselines.lineage import lineage_behind
from benchmarks.team import lineage_of_a_team
from provstore.graph.contract import Edge
from provstore.questions.segmenting.kernel import similar
from provstore.questions.segmenting.subgraph import behind
from tests.oracle_segment import oracle
from tests.oracle_segment.examples import pipeline
from tests.oracle_segment.strategies import questions

NAMES = {"U": "used", "G": "wasGeneratedBy"}
BASELINES = {"CflrB": cflrb.similar, "SimProvAlg": simprovalg.similar, "level sets": levels.similar}


def edges_of(triples):
    return [Edge(NAMES[letter], source, target, "") for letter, source, target in sorted(triples) if letter in "UG"]


def of_one_kind(triples):
    """The graph without the edges that make a vertex both an entity and an activity."""
    kinds, kept = {}, set()
    for letter, source, target in sorted(triples):
        mine, its = ("activity", "entity") if letter == "U" else ("entity", "activity")
        if letter in "UG" and kinds.setdefault(source, mine) == mine and kinds.setdefault(target, its) == its:
            kept.add((letter, source, target))
    return kept, {one for one, kind in kinds.items() if kind == "entity"}


def by_walks(triples, src, dst):
    """The ends of walks as long as one that ends at a source."""
    found = set()
    for one in dst:
        walks = [walk for walk in oracle.walks(triples, one) if len(walk) > 1]
        lengths = {len(walk) for walk in walks if walk[-1] in src}
        found |= {walk[-1] for walk in walks if len(walk) in lengths}
    return found


@pytest.mark.parametrize("baseline", BASELINES)
@settings(max_examples=150, deadline=None)
@given(question=questions())
def test_a_baseline_finds_the_ends_of_all_walks_of_equal_length(baseline, question):
    triples, entities = of_one_kind(question[0])
    src, dst = ([one for one in given if one in entities] for given in question[1:])
    if dst:
        lineage = lineage_behind(dst, edges_of(triples))
        assert BASELINES[baseline](lineage, src, dst) == by_walks(triples, src, dst)


def test_the_relations_of_the_worked_example_have_as_many_pairs_as_were_counted():
    lineage = lineage_behind(["w2"], edges_of(pipeline()))
    entities, activities = simprovalg.pairs(lineage, ["r1"], ["w2"])
    assert sum(1 + (x != y) for x, y in entities) == 14
    assert sum(1 + (x != y) for x, y in activities) == 5
    assert cflrb.Facts(lineage, ["w2"]).count("Ee") == 13


@pytest.mark.parametrize("rank", ["recent", "oldest"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_kernel_agrees_with_the_baselines_where_distances_have_gaps(rank, seed):
    edges, entities = lineage_of_a_team(400, seed=seed, rank=rank, skew=1.1)
    src, dst = entities[:2], entities[-2:]
    lineage, subgraph = lineage_behind(dst, edges), behind(dst, edges)
    ends = subgraph.entities(src), subgraph.entities(dst)
    expected = levels.similar(lineage, src, dst)
    assert runs.similar(subgraph, *ends) == simprovalg.similar(lineage, src, dst) == expected
    assert expected <= similar(subgraph, *ends)


def ladder(rungs):
    """Runs that each use what is one and what is three runs older: everything lies at every second distance."""
    edges = []
    for number in range(3, rungs):
        edges.append(Edge("wasGeneratedBy", f"e{number}", f"a{number}", ""))
        edges += [Edge("used", f"a{number}", f"e{number - step}", "") for step in (1, 3)]
    return edges


def chain(top, length):
    """Below a run, things that each lie at one distance only: c1 to c`length`."""
    edges = [Edge("used", top, "c1", "")]
    for number in range(1, length):
        edges += [Edge("wasGeneratedBy", f"c{number}", f"b{number}", "")]
        edges += [Edge("used", f"b{number}", f"c{number + 1}", "")]
    return edges


def forever():
    while True:
        pass


def test_who_needs_too_long_gives_up_and_the_next_has_all_the_time():
    with pytest.raises(GivenUp, match=r"^more than 0\.01 s$"), at_most(0.01):
        forever()
    with at_most(60):
        assert sum(range(1_000_000)) == 499_999_500_000


def test_the_kernel_is_exact_where_everything_lies_at_every_second_distance():
    edges, dst = [*ladder(300), *chain("a299", 150)], ["e299"]
    lineage, subgraph = lineage_behind(dst, edges), behind(dst, edges)
    for source in ("e0", "e1", "e150", "e298"):
        expected = levels.similar(lineage, [source], dst)
        assert runs.similar(subgraph, subgraph.entities([source]), subgraph.entities(dst)) == expected
        # Where nothing goes on, only what lies as far as the source is on a similar walk.
        ends = {"e0", "e1", "e2", "c150"}
        assert similar(subgraph, subgraph.entities([source]), subgraph.entities(dst)) & ends == expected & ends
