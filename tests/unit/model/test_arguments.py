"""Rules 19 and 20: which elements a statement names, where, and of which kind."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.model.arguments import Named, named, pair, parse_pair
from provstore.model.statement import reference, statement
from provstore.model.terms import BY_NAME, PROV

XSD = "http://www.w3.org/2001/XMLSchema#"
TIME = (PROV + "time", XSD + "dateTime", "2026-01-01T00:00:00Z", "")


def stated(name, identifier=None, *attributes):
    return statement(BY_NAME[name].iri, identifier, attributes)


@pytest.mark.parametrize("kind", ["entity", "activity", "agent"])
def test_an_element_names_itself(kind):
    assert list(named(stated(kind, "x"))) == [Named("x", "element", kind)]
    assert list(named(stated(kind))) == []


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("used", {"activity": "a", "entity": "e"}, [("a", "first", "activity"), ("e", "second", "entity")]),
        ("used", {"entity": "e"}, [("e", "second", "entity")]),
        (
            "wasStartedBy",
            {"activity": "a", "trigger": "e", "starter": "b"},
            [("a", "first", "activity"), ("e", "second", "entity"), ("b", "third", "activity")],
        ),
        (
            "wasDerivedFrom",
            {"generatedEntity": "f", "usedEntity": "e", "activity": "a", "generation": "g", "usage": "u"},
            [("f", "first", "entity"), ("e", "second", "entity"), ("a", "third", "activity")],
        ),
        (
            "wasInfluencedBy",
            {"influencee": "x", "influencer": "y"},
            [("x", "first", None), ("y", "second", None)],
        ),
        (
            "wasAssociatedWith",
            {"activity": "a", "agent": "g", "plan": "p"},
            [("a", "first", "activity"), ("g", "second", "agent"), ("p", "third", "entity")],
        ),
        (
            "mentionOf",
            {"specificEntity": "s", "generalEntity": "e", "bundle": "b"},
            [("s", "first", "entity"), ("e", "second", "entity"), ("b", "third", "entity")],
        ),
    ],
)
def test_a_relation_names_its_ends_and_further_elements(name, arguments, expected):
    attributes = [reference(PROV + key, value) for key, value in arguments.items()]
    assert list(named(stated(name, "r", TIME, *attributes))) == [Named(*one) for one in expected]


def test_types_and_values_name_no_element():
    assert list(named(stated("used", None, reference(PROV + "type", "t"), reference("http://e/a", "x")))) == []


def test_an_argument_that_is_no_name_names_nothing():
    assert list(named(stated("used", None, (PROV + "entity", XSD + "string", "x", "")))) == []


def test_a_dictionary_names_the_entities_of_its_pairs():
    pairs = [(PROV + "key-entity-set", *pair((XSD + "string", k, ""), e), "") for k, e in (("k", "e1"), ("l", "e2"))]
    no_pair = (PROV + "key-entity-set", XSD + "string", "x", "")
    removal = stated("derivedByRemovalFrom", None, (PROV + "key-set", XSD + "string", "k", ""))
    membership = stated("hadDictionaryMember", None, reference(PROV + "dictionary", "d"), *pairs, no_pair)
    assert list(named(membership)) == [
        Named("d", "first", "entity"),
        Named("e1", "third", "entity"),
        Named("e2", "third", "entity"),
    ]
    assert list(named(removal)) == []


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.tuples(TEXTS, TEXTS, TEXTS), TEXTS)
def test_a_pair_is_one_value_and_parses_back(key, entity):
    datatype, lexical = pair(key, entity)
    assert datatype == PROV + "KeyEntityPair"
    assert json.loads(lexical) == [*key, entity]
    assert parse_pair(lexical) == (key, entity)
