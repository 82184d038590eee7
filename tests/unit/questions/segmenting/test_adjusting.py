"""Adjusting and composing segments obeys the laws of sets, and agrees with asking anew."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provstore.errors import UsageError
from provstore.graph.contract import Node
from provstore.model.names import Prefixes
from provstore.model.terms import PROV
from provstore.questions.result import Graph
from provstore.questions.segment import Segment, segment
from tests.oracle_segment.examples import EXPECTED, pipeline
from tests.oracle_segment.strategies import questions
from tests.support.ledgers import EXAMPLE, iri
from tests.support.readers import MemoryReader, edge

NAMES = {"U": "used", "G": "wasGeneratedBy", "S": "wasAssociatedWith", "A": "wasAttributedTo", "D": "wasDerivedFrom"}
PREFIXES = Prefixes({"ex": EXAMPLE, "prov": PROV})


class Counting(MemoryReader):
    """A reader that counts how many nodes its closures reached; its vertices may all be entities."""

    def __init__(self, edges, entities):
        super().__init__(edges, [Node(iri(name), ("entity", "activity"), True) for name in entities])
        self.reached = 0

    def closure(self, walk):
        found = super().closure(walk)
        self.reached += len(found.depths)
        return found


def reader_of(triples, *entities):
    vertices = {end for triple in triples for end in triple[1:] if end.startswith("v")}.union(*entities)
    return Counting(
        [edge(NAMES[letter], source, target) for letter, source, target in sorted(triples)], sorted(vertices)
    )


def ask(reader, src, dst, **options):
    return segment(reader, PREFIXES, [f"ex:{one}" for one in src], [f"ex:{one}" for one in dst], **options)


def content(answer: Segment):
    """What a segment says, its parameters aside; only who asks anew is told that no edge has an attribute."""
    said = Graph.as_json(answer) | {"why": answer.why, "connected": answer.connected}
    said["notes"] = [note for note in answer.notes if not note.startswith("no edge has attribute")]
    return {key: value for key, value in said.items() if key != "parameters"}


def names(answer):
    return {one.removeprefix(EXAMPLE) for one in answer.why}


EXCLUSIONS = st.lists(
    st.one_of(
        st.integers(0, 13).map(lambda number: f"iri = ex:v{number}"),
        st.sampled_from(["kind = agent", "agent = ex:bob"]),
    ),
    max_size=2,
)
EDGE_EXCLUSIONS = st.lists(
    st.one_of(
        st.integers(0, 13).map(lambda number: f"relation = used and prov:entity = ex:v{number}"),
        st.sampled_from(["relation in (wasDerivedFrom, wasAttributedTo)", "prov:agent = ex:bob"]),
    ),
    max_size=2,
)


@st.composite
def adjustments(draw):
    return {
        "exclude": draw(EXCLUSIONS),
        "exclude_edges": draw(EDGE_EXCLUSIONS),
        "only_relations": draw(st.sampled_from([None, ["used"], ["used", "wasGeneratedBy"]])),
    }


@settings(max_examples=150, deadline=None)
@given(questions(), adjustments(), adjustments())
def test_exclusions_may_come_in_any_order_and_only_take_away(question, one, other):
    graph, src, dst = question
    answer = ask(reader_of(graph, src, dst), src, dst)
    adjusted = answer.adjust(**one)
    both = adjusted.adjust(**other)
    assert both == answer.adjust(**other).adjust(**one)
    for before, after in pairwise([answer, adjusted, both]):
        assert after.why.items() <= before.why.items()
        assert set(after.iris()) == after.why.keys()
        assert {e.sid for e in after.edges} <= {e.sid for e in before.edges}
    assert content(adjusted) == content(ask(reader_of(graph, src, dst), src, dst, mode="post", **one))


@settings(max_examples=150, deadline=None)
@given(questions(), st.integers(1, 3), EXCLUSIONS, EDGE_EXCLUSIONS)
def test_expansions_only_add_and_agree_with_asking_anew(question, steps, exclude, exclude_edges):
    graph, src, dst = question
    left_out = {"exclude": exclude, "exclude_edges": exclude_edges}
    answer = ask(reader_of(graph, src, dst), src, dst, **left_out)
    expand = [(f"ex:{dst[0]}", steps)]
    expanded = answer.adjust(expand=expand)
    assert answer.why.keys() <= expanded.why.keys()
    assert content(expanded) == content(ask(reader_of(graph, src, dst), src, dst, expand=expand, **left_out))
    assert expanded.adjust(exclude=["kind = agent"]) == answer.adjust(exclude=["kind = agent"]).adjust(expand=expand)


@settings(max_examples=100, deadline=None)
@given(questions())
def test_composed_segments_are_sets_of_nodes_and_edges(question):
    graph, src, dst = question
    reader = reader_of(graph, src, dst)
    a, b = ask(reader, src, dst), ask(reader, dst, src)
    for composed, keep in ((a + b, set.union), (a & b, set.intersection), (a - b, set.difference)):
        assert set(composed.why) == keep(set(a.why), b.why) == composed.iris()
    assert {e.sid for e in (a + b).edges} == {e.sid for e in a.edges} | {e.sid for e in b.edges}
    assert {e.sid for e in (a & b).edges} == {e.sid for e in a.edges} & {e.sid for e in b.edges}
    assert {e.sid for e in (a - b).edges} == {e.sid for e in a.edges if e.source not in b.why and e.target not in b.why}
    assert content(a + b) == content(b + a)
    assert content(a + a) == content(a & a) == content(a)
    assert not (a - a).nodes
    assert ((a + b) & a).why.keys() == a.why.keys()


def test_adjusting_by_nothing_changes_nothing():
    answer = ask(reader_of(pipeline()), ["r1"], ["w2"])
    assert answer.adjust() == answer
    assert answer.adjust(exclude=["kind = agent"]).adjust() == answer.adjust(exclude=["kind = agent"])


def test_an_expansion_is_read_behind_its_entity_alone():
    reader = reader_of(pipeline())
    answer = ask(reader, ["d1"], ["w2"])
    reader.reached = 0
    assert names(answer.adjust(expand=[("ex:w2", 2)])) == set(EXPECTED["E4"][3]["all"].split())
    assert reader.reached > 0
    reader.reached = 0
    answer.adjust(exclude=["iri = ex:t2"])
    assert reader.reached == 0


def test_an_expansion_may_start_at_what_another_adds():
    answer = ask(reader_of(pipeline()), ["d1"], ["w2"])
    once = answer.adjust(expand=[("ex:w2", 1)])
    assert names(once.adjust(expand=[("ex:d1", 1)])) == names(answer.adjust(expand=[("ex:d1", 1), ("ex:w2", 1)]))
    for chained in ([("ex:d1", 1), ("ex:w2", 1)], [("ex:w2", 1), ("ex:d1", 1)]):
        anew = ask(reader_of(pipeline()), ["d1"], ["w2"], expand=chained)
        assert content(anew) == content(answer.adjust(expand=chained))
    with pytest.raises(UsageError, match="entity of the segment"):
        answer.adjust(expand=[("ex:r1", 1)])
    assert "r1" in names(answer.adjust(expand=[("ex:r1", 1), ("ex:d1", 1)]))


def test_an_expansion_may_start_at_an_agent_that_is_an_entity_as_well():
    """A model that an activity was done by was itself made by a training."""
    graph = {("G", "d", "a"), ("U", "a", "s"), ("S", "a", "model"), ("G", "model", "train"), ("U", "train", "data")}
    expand = [("ex:model", 1)]
    answer = ask(reader_of(graph, ["model", "s", "d"]), ["s"], ["d"])
    anew = ask(reader_of(graph, ["model", "s", "d"]), ["s"], ["d"], expand=expand)
    assert names(anew) == {"d", "a", "s", "model", "train", "data"}
    assert content(anew) == content(answer.adjust(expand=expand))


def test_the_parameters_tell_what_was_adjusted_and_composed():
    answer = ask(reader_of(pipeline()), ["r1"], ["w2"])
    adjusted = answer.adjust(exclude=["kind = agent"]).adjust(expand=[("ex:w2", 1)])
    assert adjusted.parameters["adjusted"] == {"exclude": ["kind = agent"], "expand": [["ex:w2", 1]]}
    uses_aside = answer.adjust(exclude_edges=["relation = used"])
    assert uses_aside.parameters["adjusted"] == {"exclude_edges": ["relation = used"]}
    assert answer.parameters["exclude_edges"] == []
    first, *others = (answer - adjusted + answer).parameters["compose"]
    assert (first, [sign for sign, _ in others]) == (answer.parameters, ["-", "+"])
    assert answer.criteria["src"] == [iri("r1")]


def test_a_composed_segment_can_be_adjusted():
    reader = reader_of(pipeline())
    both = ask(reader, ["r1"], ["w2"]) + ask(reader, ["r1"], ["l3"])
    assert names(both.adjust(exclude=["kind = agent"])) == names(both) - {"alice", "bob"}
    assert names(both.adjust(expand=[("ex:w3", 1)])) == names(both) | {"m1", "d1", "s3", "t3"}


def test_segments_as_of_different_entries_are_not_composed():
    reader = reader_of(pipeline())
    with pytest.raises(UsageError, match="same entry"):
        ask(reader, ["r1"], ["w2"]) + ask(reader, ["r1"], ["w2"], as_of=3)


def test_a_segment_that_was_asked_of_no_store_cannot_be_adjusted():
    bare = Segment(question="segment", parameters={}, nodes=(), edges=(), prefixes=PREFIXES)
    with pytest.raises(UsageError, match="not asked of a store"):
        bare.adjust(exclude=["kind = agent"])
