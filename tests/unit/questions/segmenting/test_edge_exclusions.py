"""Edges that a segment leaves out: as if they were not there (`pre`), or dropped from the finished answer (`post`).

The oracle writes all walks out, over what predicates in Python keep of graphs with parallel edges.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provstore.graph.contract import Applied, Edge, Node, States
from provstore.graph.sqlite import SqliteEngine
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import INT, PROV, PS
from provstore.questions.segment import segment
from provstore.questions.segmenting.extract import extracted
from provstore.questions.segmenting.remaking import remade
from tests.oracle_segment import oracle
from tests.oracle_segment.examples import pipeline
from tests.oracle_segment.strategies import questions
from tests.support.ledgers import EXAMPLE, iri
from tests.support.readers import MemoryReader

NAMES = {"U": "used", "G": "wasGeneratedBy", "S": "wasAssociatedWith", "A": "wasAttributedTo", "D": "wasDerivedFrom"}
PREFIXES = Prefixes({"ex": EXAMPLE, "prov": PROV, "ps": PS})
PARTS = ("c1", "c2", "c3", "c4", "c5")


class Stated(NamedTuple):
    """One of several edges between two vertices."""

    triple: oracle.Triple
    role: str | None
    day: int | None
    weight: int | None

    def edge(self, number: int) -> Edge:
        letter, source, target = self.triple
        return Edge(
            NAMES[letter], iri(source), iri(target), f"{number:064x}", spaces=("default",),
            roles=() if self.role is None else (self.role,),
            time=None if self.day is None else f"2026-01-{self.day:02}T00:00:00Z",
            attributes={} if self.weight is None else {PS + "weight": (Value(INT, str(self.weight)),)},
        )  # fmt: skip


PREDICATES = {
    "relation = used": lambda e: e.triple[0] == "U",
    "relation in (wasDerivedFrom, wasAssociatedWith)": lambda e: e.triple[0] in "DS",
    "prov:role = a": lambda e: e.role == "a",
    "prov:role != a": lambda e: e.role not in (None, "a"),
    "missing prov:role": lambda e: e.role is None,
    "relation = used and prov:role = b": lambda e: e.triple[0] == "U" and e.role == "b",
    "not (relation = wasGeneratedBy or prov:role = b)": lambda e: e.triple[0] != "G" and e.role != "b",
    "prov:time < 2026-01-03": lambda e: e.day is not None and e.day < 3,
    "start >= 2026-01-03 or weight = 1": lambda e: (e.day is not None and e.day >= 3) or e.weight == 1,
    "relation = used or weight >= 2": lambda e: e.triple[0] == "U" or (e.weight or 0) >= 2,
    "prov:agent = ex:bob": lambda e: e.triple[0] in "SA" and e.triple[2] == "bob",
    "prov:entity = ex:v1": lambda e: (e.triple[0], e.triple[2 if e.triple[0] == "U" else 1]) in NAMED_V1,
    "kind = entity or agent = ex:bob": lambda e: False,
}
NAMED_V1 = {(letter, "v1") for letter in "UGA"}
EXCLUSIONS = st.lists(st.sampled_from(sorted(PREDICATES)), max_size=2, unique=True)


@st.composite
def stated(draw):
    """A question, and of each of its edges one to three, which differ in what is said of them."""
    graph, src, dst = draw(questions())
    detail = st.tuples(
        st.sampled_from([None, "a", "b"]), st.sampled_from([None, 1, 2, 3, 4]), st.sampled_from([None, 1, 2])
    )
    edges = [Stated(triple, *one) for triple in sorted(graph) for one in draw(st.lists(detail, min_size=1, max_size=3))]
    return edges, src, dst


class Walking:
    """A reader that is no engine: it is asked vertex by vertex."""

    def __init__(self, reader):
        self.nodes, self.expand, self.closure = reader.nodes, reader.expand, reader.closure


def filled(edges, *entities):
    """An embedded engine with these edges, and a reader in memory; every vertex may be an entity."""
    vertices = {end for one in edges for end in one.triple[1:]}.union(*entities) - {"alice", "bob"}
    reader = MemoryReader(
        [one.edge(number) for number, one in enumerate(edges)],
        [Node(iri(name), ("entity", "activity"), True, spaces=("default",)) for name in sorted(vertices)],
    )
    engine = SqliteEngine(":memory:")
    engine.migrate()
    engine.apply([States(1, reader.all_nodes(), reader.all_edges(), applied=Applied("a", 1, "00"))])
    return engine, reader


def ask(reader, src, dst, **options):
    return segment(reader, PREFIXES, [f"ex:{one}" for one in src], [f"ex:{one}" for one in dst], **options)


def parts(answer):
    return {name: {one.removeprefix(EXAMPLE) for one in answer.part(name)} for name in PARTS}


def sids(answer):
    return {int(edge.sid, 16) for edge in answer.edges}


def kept(edges, exclude):
    """By number, the edges that no predicate is true of."""
    return {number: e for number, e in enumerate(edges) if not any(PREDICATES[text](e) for text in exclude)}


def among(edges, vertices):
    return {number for number, e in edges.items() if e.triple[1] in vertices and e.triple[2] in vertices}


@settings(max_examples=200, deadline=None)
@given(stated(), EXCLUSIONS, st.sampled_from([None, 1, 2]))
def test_no_path_sibling_agent_or_expansion_runs_over_what_is_left_out(question, exclude, steps):
    edges, src, dst = question
    left = kept(edges, exclude)
    graph = {e.triple for e in left.values()}
    expected = oracle.segment(graph, src, dst, expansions=[] if steps is None else [([dst[0]], steps)])
    expand = [] if steps is None else [(f"ex:{dst[0]}", steps)]
    engine, reader = filled(edges, src, dst)
    with engine:
        for one in (engine, Walking(engine), reader):
            answer = ask(one, src, dst, exclude_edges=exclude, expand=expand)
            assert parts(answer) == {name: getattr(expected, name) for name in PARTS}
            assert {name.removeprefix(EXAMPLE) for name in answer.iris()} == expected.vertices
            assert sids(answer) == among(left, expected.vertices)
            if expand:
                grown = ask(one, src, dst, exclude_edges=exclude).adjust(expand=expand)
                assert (grown.why, sids(grown)) == (answer.why, sids(answer))


@settings(max_examples=200, deadline=None)
@given(stated(), EXCLUSIONS, EXCLUSIONS)
def test_what_is_left_out_afterwards_is_dropped_from_the_answer_in_any_order(question, exclude, more):
    edges, src, dst = question
    expected = oracle.segment({e.triple for e in edges}, src, dst)
    engine, reader = filled(edges, src, dst)
    with engine:
        for one in (engine, Walking(engine), reader):
            whole = ask(one, src, dst)
            answer = ask(one, src, dst, exclude_edges=exclude, mode="post")
            adjusted = whole.adjust(exclude_edges=exclude)
            assert answer.why == adjusted.why == whole.why
            assert sids(answer) == sids(adjusted) == among(kept(edges, exclude), expected.vertices)
            both = adjusted.adjust(exclude_edges=more)
            assert both == whole.adjust(exclude_edges=more).adjust(exclude_edges=exclude)
            assert sids(both) == among(kept(edges, [*exclude, *more]), expected.vertices)
            assert adjusted.adjust() == adjusted == adjusted.adjust(exclude_edges=exclude)


@settings(max_examples=100, deadline=None)
@given(stated(), EXCLUSIONS, st.integers(0, 13))
def test_elements_and_edges_are_left_out_together(question, exclude, number):
    edges, src, dst = question
    out = {f"v{number}"} - {*src, *dst}
    left = {n: e for n, e in kept(edges, exclude).items() if not out & {*e.triple[1:]}}
    expected = oracle.segment({e.triple for e in left.values()}, src, dst)
    engine, reader = filled(edges, src, dst)
    with engine:
        for one in (engine, Walking(engine), reader):
            answer = ask(one, src, dst, exclude=[f"iri = ex:v{number}"], exclude_edges=exclude)
            assert parts(answer) == {name: getattr(expected, name) for name in PARTS}
            assert sids(answer) == among(left, expected.vertices)


def test_a_path_stays_while_one_of_its_parallel_edges_does():
    twice = [Stated(one, role, None, None) for one in sorted(pipeline()) for role in ("a", "b")]
    engine, reader = filled(twice)
    with engine:
        for one in (engine, reader):
            whole, some = (ask(one, ["r1"], ["w2"], exclude_edges=given) for given in ([], ["prov:role = a"]))
            assert some.why == whole.why
            assert len(whole.edges) == 2 * len(some.edges) == 24
            assert not ask(one, ["r1"], ["w2"], exclude_edges=["prov:role = a", "prov:role = b"]).edges


def test_a_scan_and_a_walk_are_both_tried_here():
    engine, _ = filled([Stated(one, None, None, None) for one in sorted(pipeline())])
    with engine:
        assert extracted(engine, [iri("w2")]) is not engine
        assert extracted(Walking(engine), [iri("w2")]).__class__ is Walking


@pytest.mark.parametrize("kind", ["engine", "memory"])
def test_an_attribute_that_no_edge_has_is_told(kind):
    edges = [Stated(one, "a", 1, None) for one in sorted(pipeline())]
    # Nothing near the segment has a weight; something far from it has.
    edges += [Stated(("U", "elsewhere", "alone"), None, None, 1)]
    engine, reader = filled(edges)
    with engine:
        one = engine if kind == "engine" else reader
        for text, notes in {
            "role = a": ["no edge has attribute 'role'; did you mean 'prov:role'?"],
            "wieght = 1": ["no edge has attribute 'wieght'; did you mean 'weight'?"],
            "weight = 1 or prov:role = b or prov:time < 2020-01-01 or prov:agent = ex:bob": [],
            "label = x or status = y or digest = z or type = ps:Run or start > 2030-01-01": [],
            "kind = entity": ["no edge has attribute 'kind'"],
            "agent = ex:bob": ["no edge has attribute 'agent'; did you mean 'prov:agent'?"],
        }.items():
            for mode in ("pre", "post"):
                assert list(ask(one, ["r1"], ["w2"], exclude_edges=[text], mode=mode).notes) == notes


def test_what_was_kept_before_edges_could_be_left_out_is_made_again():
    _, reader = filled([Stated(one, None, None, None) for one in sorted(pipeline())])
    answer = ask(reader, ["r1"], ["w2"], exclude_edges=["relation = wasAssociatedWith"])
    assert answer.criteria["exclude_edges"] == ["relation = wasAssociatedWith"]
    assert remade(reader, PREFIXES, answer.criteria, None).edges == answer.edges
    earlier = {name: value for name, value in answer.criteria.items() if name != "exclude_edges"}
    assert remade(reader, PREFIXES, earlier, None).why == ask(reader, ["r1"], ["w2"]).why
