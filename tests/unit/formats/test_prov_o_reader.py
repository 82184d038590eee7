"""PROV-O in Turtle and TriG is read as PROV-O says, and what is left out is told."""

from __future__ import annotations

import json

import pytest

from provstore.formats.prov_o import TRIG
from provstore.model.statement import reference, statement
from provstore.model.terms import STRING
from tests.unit.formats.rdf_reading import RDFS, reading, relation, statements
from tests.unit.formats.reading import EX, NAME, PROV, XSD


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":e prov:wasGeneratedBy :a .", relation("wasGeneratedBy", entity="e", activity="a")),
        (":a prov:generated :e .", relation("wasGeneratedBy", entity="e", activity="a")),
        (":a prov:used :e .", relation("used", activity="a", entity="e")),
        (":a prov:wasInformedBy :b .", relation("wasInformedBy", informed="a", informant="b")),
        (":a prov:wasStartedBy :e .", relation("wasStartedBy", activity="a", trigger="e")),
        (":a prov:wasEndedBy :e .", relation("wasEndedBy", activity="a", trigger="e")),
        (":e prov:wasInvalidatedBy :a .", relation("wasInvalidatedBy", entity="e", activity="a")),
        (":e prov:wasDerivedFrom :f .", relation("wasDerivedFrom", generatedEntity="e", usedEntity="f")),
        (":e prov:wasAttributedTo :g .", relation("wasAttributedTo", entity="e", agent="g")),
        (":a prov:wasAssociatedWith :g .", relation("wasAssociatedWith", activity="a", agent="g")),
        (":g prov:actedOnBehalfOf :h .", relation("actedOnBehalfOf", delegate="g", responsible="h")),
        (":e prov:wasInfluencedBy :f .", relation("wasInfluencedBy", influencee="e", influencer="f")),
        (":e prov:specializationOf :f .", relation("specializationOf", specificEntity="e", generalEntity="f")),
        (":e prov:alternateOf :f .", relation("alternateOf", alternate1="e", alternate2="f")),
        (":c prov:hadMember :e .", relation("hadMember", collection="c", entity="e")),
        (
            ":e prov:mentionOf :f ; prov:asInBundle :b .",
            relation("mentionOf", specificEntity="e", generalEntity="f", bundle="b"),
        ),
        (
            ":a prov:qualifiedAssociation [ a prov:Association ; prov:agent :g ; prov:hadPlan :p ] .",
            relation("wasAssociatedWith", activity="a", agent="g", plan="p"),
        ),
        (
            ":a prov:qualifiedInfluence [ a prov:Influence ; prov:entity :e ] .",
            relation("wasInfluencedBy", influencee="a", influencer="e"),
        ),
        (
            ":a prov:qualifiedStart [ a prov:Start ; prov:entity :e ; prov:hadActivity :b ] .",
            relation("wasStartedBy", activity="a", trigger="e", starter="b"),
        ),
        (
            ":g prov:qualifiedDelegation [ prov:agent :h ; prov:hadActivity :a ] .",
            relation("actedOnBehalfOf", delegate="g", responsible="h", activity="a"),
        ),
        (
            ":e prov:qualifiedDerivation :d . :d a prov:Derivation ; prov:entity :f ; prov:hadUsage :u ;"
            " prov:hadGeneration :n ; prov:hadActivity :a .",
            relation(
                "wasDerivedFrom", EX + "d", generatedEntity="e", usedEntity="f", activity="a", generation="n", usage="u"
            ),
        ),
    ],
)
def test_a_relation_is_read_as_prov_o_says(text, expected):
    assert statements(text) == [expected]


@pytest.mark.parametrize(
    ("short", "subtype"),
    [("wasRevisionOf", "Revision"), ("wasQuotedFrom", "Quotation"), ("hadPrimarySource", "PrimarySource")],
)
def test_a_subtype_of_derivation_is_a_derivation_of_that_type(short, subtype):
    expected = statement(
        PROV + "Derivation",
        None,
        [
            reference(PROV + "generatedEntity", EX + "e"),
            reference(PROV + "usedEntity", EX + "f"),
            reference(PROV + "type", PROV + subtype),
        ],
    )
    assert statements(f":e prov:{short} :f .") == [expected]
    assert statements(f":e prov:qualified{subtype} [ a prov:{subtype} ; prov:entity :f ] .") == [expected]
    # PROV-O section 3.3 writes both, for one derivation.
    assert statements(f":e prov:{short} :f ; prov:qualified{subtype} [ prov:entity :f ] .") == [expected]


def test_the_short_form_beside_the_qualified_one_is_no_second_relation():
    (found,) = statements(":a prov:used :e ; prov:qualifiedUsage [ prov:entity :e ; prov:hadRole :r ] .")
    assert found.argument(PROV + "role") == EX + "r"


def test_a_dictionary_is_read():
    pair = json.dumps([XSD + "string", "k", "", EX + "e"], separators=(",", ":"))
    keys = (PROV + "key-entity-set", PROV + "KeyEntityPair", pair, "")
    node = 'prov:insertedKeyEntityPair [ a prov:KeyEntityPair ; prov:pairKey "k" ; prov:pairEntity :e ]'
    insertion = statement(
        PROV + "Insertion", None, [reference(PROV + "after", EX + "d2"), reference(PROV + "before", EX + "d1"), keys]
    )
    text = f":d2 prov:derivedByInsertionFrom :d1 ; prov:qualifiedInsertion [ prov:dictionary :d1 ; {node} ] ."
    assert statements(text) == [insertion]
    membership = statement(PROV + "DictionaryMembership", None, [reference(PROV + "dictionary", EX + "d"), keys])
    pair_node = '[ a prov:KeyEntityPair ; prov:pairKey "k" ; prov:pairEntity :e ]'
    assert statements(f":d prov:hadDictionaryMember {pair_node} .") == [membership]
    removal = statement(
        PROV + "Removal",
        None,
        [
            reference(PROV + "after", EX + "d2"),
            reference(PROV + "before", EX + "d1"),
            (PROV + "key-set", STRING, "k", ""),
        ],
    )
    assert statements(':d2 prov:qualifiedRemoval [ prov:dictionary :d1 ; prov:removedKey "k" ] .') == [removal]


def test_an_element_is_read_with_its_attributes():
    text = """:e a prov:Entity, :T, "t" ; rdfs:label "nom"@fr-CA ; prov:atLocation :place ; prov:value 007 ;
        ex:a 1.10, 1e5, true, "x", "1.10"^^xsd:double, "ex:q"^^xsd:QName, <http://elsewhere.org/> ."""
    assert statements(f"@prefix rdfs: <{RDFS}> . {text}") == [
        statement(
            PROV + "Entity",
            EX + "e",
            [
                reference(PROV + "type", EX + "T"),
                (PROV + "type", STRING, "t", ""),
                (PROV + "label", PROV + "InternationalizedString", "nom", "fr-CA"),
                reference(PROV + "location", EX + "place"),
                (PROV + "value", XSD + "integer", "007", ""),
                (EX + "a", XSD + "decimal", "1.10", ""),
                (EX + "a", XSD + "double", "1e5", ""),
                (EX + "a", XSD + "boolean", "true", ""),
                (EX + "a", STRING, "x", ""),
                (EX + "a", XSD + "double", "1.10", ""),
                (EX + "a", NAME, EX + "q", ""),
                (EX + "a", NAME, "http://elsewhere.org/", ""),
            ],
        )
    ]


def test_something_of_one_of_provs_own_subclasses_is_what_they_are_subclasses_of():
    assert statements(":g a prov:Person . :c a prov:Collection .") == [
        statement(PROV + "Agent", EX + "g", [reference(PROV + "type", PROV + "Person")]),
        statement(PROV + "Entity", EX + "c", [reference(PROV + "type", PROV + "Collection")]),
    ]


def test_something_of_two_kinds_is_two_records():
    text = ":x a prov:Agent, prov:Entity, prov:Person ; ex:a 1 ."
    assert statements(text) == [
        statement(PROV + "Entity", EX + "x", [(EX + "a", XSD + "integer", "1", "")]),
        statement(PROV + "Agent", EX + "x", [reference(PROV + "type", PROV + "Person")]),
    ]


def test_a_named_graph_is_a_bundle():
    found = reading(":b a prov:Entity . :b { :e a prov:Entity . }", TRIG).assertions
    assert [(one.bundle, one.statement.identifier) for one in found] == [(None, EX + "b"), (EX + "b", EX + "e")]


def test_a_blank_relation_that_is_referred_to_gets_an_identifier():
    text = ":a prov:qualifiedUsage _:u . _:u prov:entity :e . :f prov:qualifiedDerivation [ prov:hadUsage _:u ] ."
    usage, derivation = statements(text)
    assert usage.identifier == derivation.argument(PROV + "usage")
    assert usage.identifier.startswith("urn:provstore:blank:")
    assert usage.identifier.endswith(":u")
    assert derivation.identifier is None


def test_a_relation_of_several_times_is_one_for_each_with_a_warning():
    # `prov` refuses it: PROV-O names both by one node.
    times = '"2026-01-01T00:00:00Z"^^xsd:dateTime, "2026-01-02T00:00:00Z"^^xsd:dateTime'
    read = reading(f":a prov:qualifiedUsage :u . :u prov:entity :e ; prov:atTime {times} .")
    found = [one.statement for one in read.assertions]
    assert [one.argument(PROV + "time")[:10] for one in found] == ["2026-01-01", "2026-01-02"]
    assert {one.identifier for one in found} == {EX + "u"}
    (warning,) = read.warnings
    assert EX + "u" in warning


def test_what_is_not_prov_is_left_out_with_a_warning():
    read = reading(':e a prov:Entity . :x ex:a "1" ; ex:b "2" . :y a ex:Other . :e prov:used "text" .')
    assert [one.statement.identifier for one in read.assertions] == [EX + "e"]
    assert len(read.warnings) == 2
    assert "(and 2 more)" in read.warnings[0]
