"""Single nodes and relationships to statements, without a server; nothing is lost silently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.errors import UsageError
from provstore.importers.contract import Findings
from provstore.importers.neo4j import layouts
from provstore.importers.neo4j.mapping import Mapping
from provstore.importers.neo4j.names import Names, expand
from provstore.importers.neo4j.values import literal
from provstore.model.statement import Value, record
from provstore.model.terms import BY_NAME, INTERNATIONALIZED_STRING, PROV, STRING, XSD

EX = "http://example.org/"


def mapping(text="identifier: id", scope=""):
    findings = Findings()
    found = layouts.parse(text + f"\nprefixes: {{ex: '{EX}'}}", name="ours", where="ours.yaml")
    return Mapping(found, Names(scope), findings), findings


def only(of):
    (assertion,) = of.assertions()
    return assertion.statement


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"12.50" %% xsd:decimal', Value(XSD + "decimal", "12.50")),
        ('"sagt \\"ja\\""@de', Value(INTERNATIONALIZED_STRING, 'sagt "ja"', "de")),
        ('"""two\nlines""" %% xsd:string', Value(STRING, "two\nlines")),
        ('"a\\\\b" %% xsd:string', Value(STRING, "a\\b")),
        ('"x" %% no:such', None),
        ('"x"', None),
        ('say "x" %% xsd:string', None),
        ('"x" %% xsd:string and more', None),
        ("", None),
    ],
)
def test_prov_n_literals_are_told_from_text(text, value):
    assert literal(text, {"xsd": XSD}) == value


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("ex:a", EX + "a"), ("http://x/y", "http://x/y"), ("urn:uuid:1", "urn:uuid:1"), ("no:a", None), ("a", None),
        ("ex:a b", None), ("_:b1", None), ("", None),
    ],
)  # fmt: skip
def test_a_name_is_expanded_by_known_prefixes_only(name, iri):
    assert expand(name, {"ex": EX}) == iri


def test_bare_names_follow_the_default_namespace_and_stay_apart_by_scope():
    assert expand("a", {"": EX}) == EX + "a"
    assert Names("east lab").element("a/b", {}) == "urn:provstore:neo4j:east%20lab/name/a%2Fb"
    assert Names("east lab").attribute("size", {}) == "urn:provstore:neo4j:property/size"
    assert Names("").unit("neo4j", "5F") == "neo4j:database/neo4j/5F"
    with pytest.raises(UsageError):
        Names("name")


def test_a_reversed_relation_leads_from_effect_to_cause():
    found, _ = mapping("identifier: id\nrelations: {MADE: {relation: wasGeneratedBy, reversed: true}}")
    found.relationship("MADE", "ex:run", "ex:model", {})
    assert only(found).argument(PROV + "entity") == EX + "model"
    assert only(found).argument(PROV + "activity") == EX + "run"


def test_an_end_that_is_repeated_is_said_once_and_one_that_contradicts_is_counted():
    found, findings = mapping()
    found.relationship("used", "ex:run", "ex:data", {"prov:activity": "ex:run", "prov:entity": "ex:other"})
    assert [a.lexical for a in only(found).attributes] == [EX + "run", EX + "data"]
    assert [one.count for one in findings.unmapped.values()] == [1]


def test_an_absent_argument_is_absent():
    found, _ = mapping("identifier: id\nabsent: 'ex:Unknown-'")
    found.node("ex:Unknown-1", ["Agent"], {"id": "ex:Unknown-1"})
    found.relationship("wasAssociatedWith", "ex:run", "ex:Unknown-1", {"prov:plan": "ex:plan"})
    assert [(a.name, a.lexical) for a in only(found).attributes] == [
        (PROV + "activity", EX + "run"), (PROV + "plan", EX + "plan"),
    ]  # fmt: skip


def test_a_mention_lies_in_the_bundle_of_what_mentions():
    found, _ = mapping("identifier: id\nbundles: in")
    found.member("ex:a", "ex:b1")
    found.member("ex:c", "ex:b2")
    found.relationship("mentionOf", "ex:a", "ex:c", {"prov:bundle": "ex:b2"})
    found.relationship("wasDerivedFrom", "ex:a", "ex:c", {})
    kinds = {assertion.statement.kind: assertion.bundle for assertion in found.assertions()}
    assert kinds == {BY_NAME["mentionOf"].iri: EX + "b1", BY_NAME["wasDerivedFrom"].iri: None}


def test_a_bundle_without_members_is_counted():
    found, findings = mapping("identifier: id\nbundles: {relationship: in, label: Bundle}")
    found.node("ex:b", ["Bundle"], {"id": "ex:b"})
    assert list(findings.unmapped) == ["bundle without members"]


def test_a_value_that_prov_has_no_type_for_is_counted():
    found, findings = mapping()
    found.node("ex:a", ["Entity"], {"id": "ex:a", "where": object(), "raw": b"\x00\x01"})
    assert [(a.datatype, a.lexical) for a in only(found).attributes] == [(XSD + "base64Binary", "AAE=")]
    assert list(findings.unmapped) == ["property where of type object"]


texts = st.text(max_size=8)
scalars = texts | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.booleans() | st.binary(max_size=4)
properties = st.dictionaries(texts, scalars | st.lists(scalars, max_size=3), max_size=4)
layout_texts = st.sampled_from(["layout: " + name for name in layouts.NAMES] + ["identifier: id"])
labels = st.lists(st.sampled_from(["Entity", "Activity", "Agent", "Bundle", "Cat", "prov2neo:node"]), unique=True)
kinds = st.sampled_from([*layouts.RELATIONS, "WAS_DERIVED_FROM", "CHASES", "prov2neo:bundledIn"])
ends = st.none() | texts


ELEMENTS = {PROV + kind for kind in ("Entity", "Activity", "Agent")}


@given(
    layout_texts,
    st.lists(st.tuples(ends, labels, properties), max_size=4),
    st.lists(st.tuples(kinds, ends, ends, properties), max_size=4),
)
def test_any_graph_is_mapped_or_counted_and_its_order_does_not_matter(text, nodes, relationships):
    results = []
    for turn in (1, -1):
        found, findings = mapping(text)
        for node in nodes[::turn]:
            found.node(*node)
        for one in relationships[::turn]:
            found.relationship(*one)
        found.tell()
        results.append(found.assertions())
        for assertion in found.assertions():
            record(assertion.statement)
        # Each relationship is stated or counted; memberships state nothing.
        counted = sum(one.count for what, one in findings.unmapped.items() if what.startswith("relationship "))
        members = sum(kind == "prov2neo:bundledIn" and "prov2neo" in text for kind, *_ in relationships)
        stated = sum(assertion.statement.kind not in ELEMENTS for assertion in found.assertions())
        assert counted + members + stated == len(relationships)
    assert results[0] == results[1]
