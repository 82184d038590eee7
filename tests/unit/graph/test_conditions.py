"""A compiled condition finds the nodes that `matches` finds, whatever the texts are, and only as bound values."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provstore import resources
from provstore.graph.comparing import Literally
from provstore.graph.conditions import FUNCTIONS, compile_condition, fragment, register
from provstore.graph.contract import Edge, Node
from provstore.graph.expressions import And, Comparison, Exists, Field, Not, Or, matches, parse
from provstore.graph.projection import RELATIONS, Facts, make_node
from provstore.graph.sqlite_rows import CODES, node_row
from provstore.model.fold import DIGEST
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import DATE_TIME, DOUBLE, LABEL, QUALIFIED_NAME, STRING, TYPE

HOSTILE = [
    "", "'", '"', "\\", '\\"', "'); DROP TABLE node; --", "%", "_", "*", "?", ":w0_key", "a\x00b", "\x00", "\u0001",
    "ÄÖ", "äö", "İ", "ß", "SS", "𝔘", "\ud7ff", "a.b", "$.a", "[0]", "1", "1.0", "1.10", "-0", "1e400", "NaN", "INF",
    "-INF", "2026-01-01", "2026-01-01T01:00:00+01:00", "2025-12-31T24:00:00Z", "null", "true", "NULL", "١", "  1", "http://e/x",
]  # fmt: skip
texts = st.sampled_from(HOSTILE) | st.text(max_size=4)
names = st.sampled_from([LABEL, TYPE, DIGEST, *HOSTILE[:12]])
values = st.builds(
    Value, st.sampled_from([STRING, DOUBLE, DATE_TIME, QUALIFIED_NAME]), texts, st.sampled_from(["", "en"])
)


@st.composite
def stores(draw):
    iris = draw(st.lists(texts.filter(bool), min_size=1, max_size=4, unique=True))
    nodes = [draw(nodes_of(iri)) for iri in iris]
    ends = st.tuples(st.sampled_from(iris), st.sampled_from(RELATIONS), st.sampled_from(iris), st.booleans())
    edges = [
        Edge(r, s, t, f"{n:064x}", inferred=inferred)
        for n, (s, r, t, inferred) in enumerate(draw(st.lists(ends, max_size=6)))
    ]
    return nodes, edges


def nodes_of(iri):
    return st.builds(
        lambda kinds, facts: make_node(iri, kinds, True, Facts(facts), ["default", "x"]),
        st.sampled_from([(), ("entity",), ("activity",), ("agent",), ("entity", "agent")]),
        st.dictionaries(names, st.lists(values, min_size=1, max_size=3).map(tuple), max_size=3),
    )


fields = st.sampled_from([Field(word) for word in ("iri", "space", "agent", "kind", "relation")]) | names.map(
    lambda name: Field("attribute", name)
)
literals = st.builds(lambda text, iri: Literally(text, iri or text), texts, st.none() | texts)
comparisons = st.one_of(
    st.builds(Comparison, fields, st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "~"]), st.tuples(literals)),
    st.builds(Comparison, fields, st.just("in"), st.lists(literals, min_size=1, max_size=3).map(tuple)),
)
conditions = st.recursive(
    comparisons | st.builds(Exists, fields),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=5,
)


def filled(nodes, edges):
    connection = sqlite3.connect(":memory:")
    register(connection)
    connection.executescript(resources.text("schema/graph/sqlite/001_graph.sql"))
    numbers = {node.iri: number for number, node in enumerate(nodes, start=1)}
    connection.executemany(
        f"INSERT INTO node VALUES ({','.join('?' * 12)})", [node_row(numbers[node.iri], node) for node in nodes]
    )
    connection.executemany("INSERT INTO scope VALUES (?, '[]', '[]', ?)", [(1, 0), (2, 1)])
    connection.executemany("INSERT INTO digest VALUES (?, ?)", [(d, numbers[n.iri]) for n in nodes for d in n.digests])
    connection.executemany(
        "INSERT INTO edge VALUES (?, ?, ?, ?, ?, NULL)",
        [
            (numbers[e.source], CODES[e.relation], numbers[e.target], bytes.fromhex(e.sid), 1 + e.inferred)
            for e in edges
        ],
    )
    return connection


def found_by_sql(connection, condition):
    where = compile_condition(condition)
    return {iri for (iri,) in connection.execute(f"SELECT iri FROM node WHERE {where.text}", where.parameters)}


@settings(max_examples=300, deadline=None)
@given(stores(), conditions)
def test_the_compiled_condition_finds_what_matches_finds(store, condition):
    nodes, edges = store
    labels = {node.iri: node.label for node in nodes}
    expected = {
        node.iri
        for node in nodes
        if matches(condition, node, [edge for edge in edges if edge.source == node.iri], labels)
    }
    with closing(filled(nodes, edges)) as connection:
        assert found_by_sql(connection, condition) == expected


@settings(max_examples=100)
@given(conditions)
def test_no_text_of_the_user_becomes_query_text(condition):
    words = re.sub(r":w\d+_[a-z]+", "", compile_condition(condition).text)
    pieces = {re.sub(r":[a-z]+", "", fragment(path.stem)) for path in resources.directory("queries/find").glob("*.sql")}
    for piece in sorted(pieces, key=len, reverse=True):
        words = words.replace(piece, "")
    assert set(words.replace("AND", "").replace("OR", "").replace("NOT", "")) <= set("() ")


def test_a_thousand_comparisons_are_within_what_sqlite_takes():
    text = " or ".join(f"label = x{number}" for number in range(1000))
    node = Node("urn:a", ("entity",), True, label="x999", attributes={LABEL: (Value(STRING, "x999"),)}, spaces=("s",))
    with closing(filled([node], [])) as connection:
        assert found_by_sql(connection, parse(text, Prefixes())) == {"urn:a"}


@pytest.mark.parametrize("name", sorted(path.stem for path in resources.directory("queries/find").glob("*.sql")))
def test_each_fragment_says_what_it_asks_and_calls_known_functions_only(name):
    text = resources.text(f"queries/find/{name}.sql")
    assert text.startswith("-- Fragment of find: ")
    assert set(re.findall(r"provstore_[a-z]+", text)) <= {function for function, _, _ in FUNCTIONS}


def test_an_iri_and_a_digest_are_looked_up_in_an_index():
    for text in ("iri = urn:a", "digest = sha256:00"):
        where = compile_condition(parse(text, Prefixes()))
        with closing(filled([], [])) as connection:
            plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT 1 FROM node WHERE {where.text}", where.parameters)
            assert "SCAN node" not in json.dumps(plan.fetchall())
