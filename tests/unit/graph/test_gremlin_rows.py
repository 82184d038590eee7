"""Nodes and edges of a TinkerPop graph: the exact text is all of them, the other properties are for people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gremlin_python.process.traversal import CardinalityValue
from hypothesis import given
from hypothesis import strategies as st

from provstore import resources
from provstore.errors import UsageError
from provstore.graph.contract import Edge, Node
from provstore.graph.gremlin_keys import DIALECTS
from provstore.graph.gremlin_rows import asked_keys, edge_exact, edge_of, edge_row, node_exact, node_of, node_row
from provstore.graph.projection import RELATIONS
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import BOOLEAN, DOUBLE, ELEMENT_KINDS, INTEGER, PS, STRING, TYPE

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
VALUES = st.dictionaries(
    TEXT, st.lists(st.builds(Value, TEXT, TEXT, TEXT), min_size=1, max_size=3).map(tuple), max_size=3
)
KINDS = st.sets(st.sampled_from(ELEMENT_KINDS)).map(lambda found: tuple(k for k in ELEMENT_KINDS if k in found))
MAYBE = st.none() | TEXT
NODES = st.builds(Node, TEXT, KINDS, st.booleans(), TEXTS, MAYBE, MAYBE, MAYBE, TEXTS, VALUES, TEXTS, TEXTS)
EDGES = st.builds(
    Edge, st.sampled_from(RELATIONS), TEXT, TEXT, TEXT, MAYBE, TEXTS, MAYBE, TEXTS, VALUES,
    st.dictionaries(TEXT, TEXT, max_size=2), TEXTS, TEXTS, st.booleans(),
)  # fmt: skip
SCHEMA = resources.text("schema/graph/janusgraph/001_keys_and_labels.groovy")


@given(NODES, EDGES)
def test_the_exact_text_is_all_of_a_node_or_an_edge(node, edge):
    assert node_of(node_exact(node)) == node
    assert edge_of(edge_exact(edge)) == edge


@given(NODES, EDGES)
def test_no_attribute_takes_the_place_of_what_is_ours(node, edge):
    bare = node._replace(attributes={})
    for dialect in DIALECTS.values():
        whole, without = (node_row(one, dialect, Prefixes()).properties for one in (node, bare))
        ours = without.keys() - {"exact", "labels", "prov_type"}
        assert {key: plain(whole[key]) for key in ours} == {key: plain(without[key]) for key in ours}
        whole, without = (edge_row(one, dialect, Prefixes()).properties for one in (edge, edge._replace(attributes={})))
        ours = without.keys() - {"exact"}
        assert {key: plain(whole[key]) for key in ours} == {key: plain(without[key]) for key in ours}


@given(NODES, EDGES)
def test_janusgraph_declares_every_property_and_relation_that_is_written(node, edge):
    declared = set(re.findall(r"'(\w+)'", SCHEMA))
    dialect = DIALECTS["janusgraph"]
    rows = node_row(node, dialect, Prefixes()), edge_row(edge, dialect, Prefixes())
    for row in rows:
        assert row.properties.keys() <= declared
        assert {one["k"] for one in row.further} <= declared
    assert set(RELATIONS) <= declared


def test_values_are_native_where_people_compare_them():
    numbers = (Value(INTEGER, "7"), Value(INTEGER, str(2**70)), Value(DOUBLE, "0.5"), Value(DOUBLE, "half"))
    others = (Value(BOOLEAN, "true"), Value(STRING, "7"))
    row = node_row(
        Node("urn:a", (), True, attributes={"urn:provstore:terms#x": numbers + others}),
        DIALECTS["gremlin"],
        Prefixes(),
    )
    key = "ps__x78_"
    found = [plain(row.properties[key]), *(one["x"] for one in row.further)]
    assert found == [7, str(2**70), 0.5, "half", True, "7"]


def test_long_texts_are_cut_where_they_are_indexed_and_whole_in_the_exact_text():
    row = node_row(Node("urn:a", (), True, label="x" * 5_000), DIALECTS["janusgraph"], Prefixes())
    assert row.properties["prov_label"] == "x" * 1_000
    assert node_of(row.exact).label == "x" * 5_000


def plain(value):
    return value.source_instructions[0][2] if isinstance(value, CardinalityValue) else value


def test_the_reference_has_every_property_that_janusgraph_declares():
    page = (Path(__file__).parents[3] / "docs" / "reference" / "gremlin.md").read_text(encoding="utf-8")
    relations = {*RELATIONS, "node", "provstore", "meta", "done"}
    declared = {name for name in re.findall(r"'(\w+)'", SCHEMA) if not name.startswith("by_")} - relations
    assert {name for name in declared if f"`{name}`" not in page} == set()


def test_an_attribute_is_asked_for_by_the_properties_that_hold_it_and_by_no_other():
    prefixes = Prefixes({"iri": "http://example.org/x#"})
    assert asked_keys(PS + "status", prefixes) == ["ps_status"]
    assert asked_keys(TYPE, prefixes) == ["types", "prov_type"]
    assert asked_keys("", prefixes) == [""]
    for name in ("kind", "exact"):
        with pytest.raises(UsageError, match="means something else"):
            asked_keys(name, prefixes)
