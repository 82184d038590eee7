"""What is read in one scan says the same as what is read vertex by vertex."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provstore.errors import Conflict
from provstore.graph.contract import Applied, Filter, Node, Page, States
from provstore.graph.expressions import parse
from provstore.graph.sqlite import SqliteEngine
from provstore.model.names import Prefixes
from provstore.questions.result import Graph
from provstore.questions.segment import segment
from provstore.questions.segmenting.boundary import RELATIONS
from provstore.questions.segmenting.extract import Extract, extracted
from provstore.questions.segmenting.subgraph import ANCESTRY, behind
from tests.oracle_segment import oracle
from tests.oracle_segment.examples import pipeline
from tests.oracle_segment.strategies import questions
from tests.support.ledgers import EXAMPLE, iri
from tests.support.readers import MemoryReader, edge

NAMES = {"U": "used", "G": "wasGeneratedBy", "S": "wasAssociatedWith", "A": "wasAttributedTo", "D": "wasDerivedFrom"}
PREFIXES = Prefixes({"ex": EXAMPLE})


def filled(triples, *entities):
    """An embedded engine that holds a graph, and a reader in memory over the same; its vertices may all be entities."""
    edges = [edge(NAMES[letter], source, target) for letter, source, target in sorted(triples)]
    vertices = {end for triple in triples for end in triple[1:]}.union(entities) - {"alice", "bob"}
    reader = MemoryReader(
        [one._replace(sid=f"{number:064x}", spaces=("default",)) for number, one in enumerate(edges)],
        [Node(iri(name), ("entity", "activity"), True, spaces=("default",)) for name in sorted(vertices)],
    )
    engine = SqliteEngine(":memory:")
    engine.migrate()
    engine.apply([States(1, reader.all_nodes(), reader.all_edges(), applied=Applied("a", 1, "00"))])
    return engine, reader


@settings(max_examples=150, deadline=None)
@given(questions(), st.sampled_from([[], ["kind = agent"], ["iri = ex:v1"], ["agent = ex:bob"]]))
def test_a_segment_is_the_same_by_a_scan_and_vertex_by_vertex(question, exclude):
    graph, src, dst = question
    engine, reader = filled(graph, *src, *dst)
    with engine:
        by_scan, by_vertex = (
            segment(one, PREFIXES, [f"ex:{name}" for name in src], [f"ex:{name}" for name in dst], exclude=exclude)
            for one in (engine, reader)
        )
        assert Graph.as_json(by_scan) == Graph.as_json(by_vertex)
        assert by_scan.why == by_vertex.why


@settings(max_examples=50, deadline=None)
@given(
    st.permutations(
        [("U", "t", "a"), ("G", "a", "t"), ("U", "t", "b"), ("G", "b", "t"), ("G", "c", "u"), ("U", "u", "a")]
    )
)
def test_the_same_circle_is_told_however_it_was_read(triples):
    edges = [edge(NAMES[letter], source, target) for letter, source, target in triples]
    with pytest.raises(Conflict, match=r"undefined: wasGeneratedBy\(ex:a, ex:t\), used\(ex:t, ex:a\)\n") as told:
        behind([iri("c"), iri("b")], edges, PREFIXES.shorten)
    assert told.value.where == "ex:a"


@settings(max_examples=150, deadline=None)
@given(questions(), st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]))
def test_the_share_of_the_graph_behind_some_vertices_is_told(question, share):
    graph, _, dst = question
    engine, reader = filled(graph, *dst)
    behind = set(dst)
    while more := {target for letter, source, target in graph if letter in "UG" and source in behind} - behind:
        behind |= more
    with engine:
        assert engine.spans([iri(one) for one in dst], ANCESTRY, share) == (
            len(behind) > int(share * len(reader.all_nodes()))
        )


@settings(max_examples=100, deadline=None)
@given(questions())
def test_a_scan_has_every_node_and_every_edge_of_the_relations_and_no_other(question):
    graph, _, dst = question
    engine, reader = filled(graph, *dst)
    with engine:
        assert sorted(engine.scan(RELATIONS).edges) == sorted(reader.all_edges())
        assert {one.relation for one in engine.scan(ANCESTRY).edges} <= ANCESTRY
        assert sorted(engine.scan(ANCESTRY).nodes) == sorted(reader.all_nodes())


def test_only_where_most_of_the_graph_lies_behind_is_all_of_it_read():
    engine, reader = filled(pipeline())
    with engine:
        assert isinstance(extracted(engine, [iri("w2")]), Extract)
        assert extracted(engine, [iri("m2")]) is engine
    assert extracted(reader, [iri("w2")]) is reader


@pytest.mark.parametrize("direction", ["out", "in"])
def test_an_extract_has_the_edges_that_its_reader_has(direction):
    engine, reader = filled(pipeline())
    extract = Extract(reader, reader.scan(RELATIONS))
    for one in ("t2", "d1", "alice"):
        for relations in (None, {"used"}, {"wasGeneratedBy", "wasAssociatedWith"}):
            found, expected = (by.expand([iri(one)], relations, direction) for by in (extract, reader))
            assert sorted(found) == sorted(expected)
    engine.close()


@pytest.mark.parametrize("condition", [None, "kind = agent", "relation = used", "agent = ex:alice"])
@pytest.mark.parametrize("named", [None, ["t2", "t2", "alice", "nothing", "m2"], []])
def test_an_extract_has_the_nodes_that_its_reader_has(named, condition):
    engine, reader = filled(pipeline())
    extract = Extract(reader, reader.scan(RELATIONS))
    iris = None if named is None else list(map(iri, named))
    for page in (Page(), Page(descending=True, limit=1)):
        where = Filter(iris=iris, condition=None if condition is None else parse(condition, PREFIXES))
        assert extract.nodes(where, page) == reader.nodes(where, page)
    engine.close()


def test_the_oracle_agrees_on_the_pipeline():
    engine, _ = filled(pipeline())
    with engine:
        found = segment(engine, PREFIXES, ["ex:r1"], ["ex:w2"])
    expected = oracle.segment(pipeline(), ["r1"], ["w2"])
    assert {one.removeprefix(EXAMPLE) for one in found.why} == expected.vertices
    assert len(found.edges) == len(expected.edges)
