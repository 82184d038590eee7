"""The text of a graph that comes in pieces is, to the byte, what `json.dumps` makes of its object."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from provstore.graph.contract import Edge, Node
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import STRING
from provstore.questions.leakage import Leakage
from provstore.questions.result import AnswerNode, Graph, Truncated
from provstore.questions.segment import Segment
from provstore.questions.segmenting.parts import WHY
from tests.support.readers import MemoryReader

IRIS = st.one_of(
    st.sampled_from(["http://example.org/a", 'urn:"b"\\', "urn:c%s{0}", "http://example.org/é\u2028"]), st.text()
)
TEXTS = st.one_of(st.none(), st.text(max_size=5))
ATTRIBUTES = st.dictionaries(
    IRIS, st.lists(st.text().map(lambda text: Value(STRING, text, "")), min_size=1, max_size=2).map(tuple), max_size=1
)
# Nothing but its IRI, or anything.
NODES = st.one_of(
    st.builds(Node, iri=IRIS, kinds=st.sampled_from([("entity",), ("entity", "agent"), ()]), declared=st.booleans()),
    st.builds(Node, iri=IRIS, kinds=st.just(("activity",)), declared=st.booleans(), label=TEXTS,
              types=st.lists(IRIS, max_size=2).map(tuple), attributes=ATTRIBUTES,
              conflicts=st.lists(IRIS, max_size=1).map(tuple)),
)  # fmt: skip
ENDS = {
    "relation": st.sampled_from(["used", "wasGeneratedBy"]),
    "source": IRIS,
    "target": IRIS,
    "sid": st.sampled_from(["a" * 64, "%d"]),
}
EDGES = st.one_of(
    st.builds(Edge, **ENDS, inferred=st.booleans(), spaces=st.just(("default",))),
    st.builds(Edge, **ENDS, identifier=TEXTS, roles=st.lists(st.text(), max_size=2).map(tuple), time=TEXTS,
              types=st.lists(IRIS, max_size=1).map(tuple), attributes=ATTRIBUTES,
              third=st.dictionaries(st.sampled_from(["plan", "bundle"]), IRIS, max_size=1), inferred=st.booleans()),
)  # fmt: skip
PREFIXES = Prefixes({"ex": "http://example.org/"})


@st.composite
def graphs(draw):
    nodes = draw(st.lists(NODES, max_size=6, unique_by=lambda node: node.iri))
    given = {
        "question": "asked", "parameters": {"id": draw(st.text())}, "prefixes": PREFIXES,
        "nodes": tuple(AnswerNode(node, draw(st.integers(0, 40_000)), draw(st.booleans())) for node in nodes),
        "edges": tuple(draw(st.lists(EDGES, max_size=6))),
        "truncated": draw(st.sampled_from([None, Truncated("depth", 3, None)])),
        "incomplete": draw(st.booleans()), "notes": draw(st.lists(st.text(), max_size=1).map(tuple)),
    }  # fmt: skip
    made = draw(st.sampled_from([Graph, Segment, Leakage]))
    if made is Segment:
        parts = st.lists(st.sampled_from(WHY), unique=True).map(tuple)
        given |= {"why": {node.iri: draw(parts) for node in nodes}, "is_one_piece": True}
    return made(**given)


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_the_pieces_are_the_text_of_the_object(graph):
    assert "".join(graph.json_pieces()) == json.dumps(graph.as_json(), ensure_ascii=False)


@settings(max_examples=100, deadline=None)
@given(st.lists(EDGES.map(lambda edge: edge._replace(sid="0a" * 32)), max_size=4))
def test_edges_in_columns_have_the_text_of_the_same_edges(edges):
    scanned = MemoryReader(edges).scan({"used", "wasGeneratedBy"}).edges
    graph = Graph(question="asked", parameters={}, nodes=(), edges=scanned, prefixes=PREFIXES)
    assert "".join(graph.json_pieces()) == json.dumps(graph.as_json(), ensure_ascii=False)
    assert graph.as_json() == replace(graph, edges=tuple(scanned)).as_json()


def test_a_long_list_comes_in_several_pieces():
    nodes = [AnswerNode(Node(f"urn:{number}", ("entity",), True), number) for number in range(2_500)]
    graph = Graph(question="asked", parameters={}, nodes=nodes, edges=(), prefixes=PREFIXES)
    pieces = list(graph.json_pieces())
    assert max(map(len, pieces)) < len("".join(pieces)) / 2
    assert json.loads("".join(pieces)) == graph.as_json()
