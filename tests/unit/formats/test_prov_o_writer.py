"""PROV-O in Turtle and TriG: what is written comes back, and what is lost is told by name."""

from __future__ import annotations

import importlib.util
import io
from collections import Counter

import pytest
import rdflib
import rdflib.compare
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provstore.errors import UsageError
from provstore.formats.losses import (
    LANGUAGE_TAGS,
    NO_BUNDLES,
    NO_IRI,
    ONE_IDENTIFIER,
    OTHERWISE,
    OWN_NAMES,
    REPEATED,
)
from provstore.formats.prov_o import TRIG, TURTLE
from provstore.model.document import Assertion
from provstore.model.statement import reference, statement
from provstore.model.terms import RECORD_TYPES, STRING
from tests.unit.formats.rdf_reading import HEAD, RDFS, alone, relation, through
from tests.unit.formats.reading import EX, NAME, PREFIX, PROV, XSD
from tests.unit.formats.strategies import NAMESPACES, documents

VALUES = [
    (XSD + "double", "1.10", ""),
    (XSD + "int", "007", ""),
    (XSD + "integer", "-0", ""),
    (XSD + "boolean", "1", ""),
    (XSD + "decimal", "1.10", ""),
    (XSD + "double", "NaN", ""),
    (XSD + "dateTime", "2026-01-01T10:00:00.123456789+01:00", ""),
    (XSD + "dateTime", "2026-01-01T10:00:00", ""),
    (XSD + "int", "no number", ""),
    (XSD + "duration", "P0Y0M0DT0H0M12.225S", ""),
    (XSD + "base64Binary", "AAEC", ""),
    (PROV + "InternationalizedString", "chat", "FR-ca"),
    (PROV + "InternationalizedString", "no language", ""),
    ("http://types.org/t", "x", ""),
    (STRING, "\x00\t\r\n\"\\'''\u2028😀", ""),
    (XSD + "anyURI", "http://x/ y", ""),
    (NAME, "urn:x:(,;'=)", ""),
]


@pytest.mark.parametrize("chosen", [TURTLE, TRIG], ids=lambda one: one.name)
@pytest.mark.parametrize("value", VALUES, ids=lambda one: one[1])
def test_a_value_comes_back_to_the_letter(chosen, value):
    given_ = alone(statement(PROV + "Entity", EX + "e", [(EX + "a", *value)]))
    assert through(given_, chosen)[:2] == (given_, [])


@pytest.mark.parametrize("sign", list("=',:;[]().@/%&?#~!$*+"))
def test_an_attribute_whose_name_ends_in_a_sign_comes_back(sign):
    given_ = alone(statement(PROV + "Entity", EX + "e" + sign, [(EX + "a" + sign, STRING, "x", "")]))
    assert through(given_)[:2] == (given_, [])


def test_what_prov_o_has_no_qualified_form_for_comes_back():
    stated = [
        relation("specializationOf", EX + "s", specificEntity="e", generalEntity="f"),
        relation("alternateOf", EX + "t", alternate1="e", alternate2="f"),
        relation("hadMember", EX + "m", collection="c", entity="e"),
        relation("mentionOf", EX + "n", specificEntity="e", generalEntity="f", bundle="b"),
        relation("mentionOf", specificEntity="x", generalEntity="y", bundle="b1"),
        relation("mentionOf", specificEntity="x", generalEntity="y", bundle="b2"),
    ]
    found, losses, _ = through(alone(*stated))
    assert (Counter(found), losses) == (Counter(alone(*stated)), [])


def test_relations_without_an_identifier_come_back_as_often_as_they_were_said():
    stated = [relation("used", activity="a", entity="e")] * 2 + [relation("used", activity="a")] * 2
    found, losses, _ = through(alone(*stated))
    assert (Counter(found), losses) == (Counter(alone(*stated)), [])


def test_blank_nodes_of_two_bundles_are_not_the_same():
    stated = statement(PROV + "Usage", None, [reference(PROV + "activity", EX + "a"), (EX + "x", STRING, "1", "")])
    given_ = [Assertion(EX + "b1", stated), Assertion(EX + "b2", stated)]
    found, losses, text = through(given_)
    assert (found, losses) == (given_, [])
    graph = rdflib.Dataset()
    graph.parse(data=text, format="trig")
    nodes = {node for _, _, node, _ in graph.quads((None, rdflib.URIRef(PROV + "qualifiedUsage"), None, None))}
    assert len(nodes) == 2


@given(documents(), NAMESPACES)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_document_comes_back_or_each_loss_is_told(assertions, namespaces):
    for chosen in (TRIG, TURTLE):
        found, losses, _ = through(assertions, chosen, namespaces)
        gone = Counter(assertions) - Counter(found)
        assert bool(losses) == (Counter(assertions) != Counter(found))
        assert sum(loss.count for loss in losses) >= gone.total()
        assert OTHERWISE not in {loss.what for loss in losses}
        assert all(loss.clause for loss in losses)


FEW = st.sampled_from([EX + "a", EX + "b"])


TERMS = st.sampled_from(
    [PROV + one for one in ("type", "role", "label", "location", "value", "used", "atTime", "entity", "asInBundle")]
    + [EX + "x", RDFS + "label", PROV + "qualifiedUsage", PROV + "startedAtTime"]
)


SAID = st.one_of(
    st.tuples(st.just(NAME), st.one_of(FEW, st.sampled_from([PROV + "Entity", PROV + "Person", PROV + "Revision"]))),
    st.tuples(st.just(STRING), st.sampled_from(["1", "2"])),
)


@st.composite
def crowded(draw):
    """A statement among few identifiers, with attributes that PROV-O has its own use for."""
    record = draw(st.sampled_from(RECORD_TYPES))
    arguments = []
    for one in record.arguments:
        if one.holds == "time":
            value = (XSD + "dateTime", draw(st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"])))
        else:
            value = (NAME, draw(FEW))
        if one.holds != "keys" and draw(st.booleans()):
            arguments.append((one.iri, *value, ""))
    others = [(draw(TERMS), *draw(SAID), "") for _ in range(draw(st.integers(0, 2)))]
    identifier = draw(FEW) if record.is_element else draw(st.none() | FEW)
    return Assertion(None, statement(record.iri, identifier, [*arguments, *others]))


@given(st.lists(crowded(), max_size=5))
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_where_names_collide_each_loss_is_told(assertions):
    found, losses, text = through(assertions)
    assert bool(losses) == (Counter(assertions) != Counter(found)), text
    assert OTHERWISE not in {loss.what for loss in losses}, text


@pytest.mark.parametrize(
    ("assertions", "what", "count"),
    [
        (alone(*[statement(PROV + "Entity", EX + "e", [])] * 3), REPEATED, 2),
        (
            alone(
                statement(PROV + "Entity", EX + "e", [(EX + "a", STRING, "1", "")]),
                statement(PROV + "Entity", EX + "e", [(EX + "a", STRING, "2", "")]),
            ),
            ONE_IDENTIFIER,
            2,
        ),
        (
            alone(
                statement(PROV + "Entity", EX + "x", [(EX + "a", STRING, "1", "")]),
                statement(PROV + "Agent", EX + "x", [(EX + "a", STRING, "2", "")]),
            ),
            ONE_IDENTIFIER,
            2,
        ),
        (alone(statement(PROV + "Entity", EX + "with space", [])), NO_IRI, 1),
        (alone(statement(PROV + "Entity", "relative", [])), NO_IRI, 1),
        (
            alone(statement(PROV + "Entity", EX + "e", [(EX + "a", PROV + "InternationalizedString", "x", "no_tag")])),
            LANGUAGE_TAGS,
            1,
        ),
        (alone(statement(PROV + "Entity", EX + "e", [reference(PROV + "type", PROV + "Entity")])), OWN_NAMES, 1),
        (alone(statement(PROV + "Entity", EX + "e", [(RDFS + "label", STRING, "x", "")])), OWN_NAMES, 1),
        (alone(statement(PROV + "Entity", EX + "e", [reference(PROV + "used", EX + "f")])), OWN_NAMES, 1),
    ],
)
def test_a_loss_has_its_name_and_count(assertions, what, count):
    found, losses, _ = through(assertions)
    assert Counter(found) != Counter(assertions)
    assert [(loss.what, loss.count) for loss in losses] == [(what, count)]


def test_combinations_that_nobody_stated_are_told_beside_other_losses():
    entity = statement(PROV + "Entity", EX + "x", [])
    usages = [relation("used", EX + "u", activity=f"a{number}", entity=f"e{number}") for number in (1, 2)]
    found, losses, _ = through(alone(*usages, entity, entity))
    assert Counter(found) - Counter(alone(*usages, entity)) == Counter(
        alone(
            relation("used", EX + "u", activity="a1", entity="e2"),
            relation("used", EX + "u", activity="a2", entity="e1"),
        )
    )
    assert {(loss.what, loss.count) for loss in losses} == {(REPEATED, 1), (ONE_IDENTIFIER, 2)}


def test_turtle_has_no_place_for_bundles():
    entity = statement(PROV + "Entity", EX + "e", [])
    found, (loss,), _ = through([Assertion(EX + "b", entity), Assertion(None, entity)], TURTLE)
    assert found == alone(entity)
    assert (loss.what, loss.count) == (NO_BUNDLES, 1)


def test_a_plain_relation_is_one_triple_and_any_other_the_qualification_pattern():
    plain = relation("used", activity="a", entity="e")
    other = relation("wasAssociatedWith", activity="a", agent="g", plan="p")
    text = through(alone(plain, other), TURTLE)[2]
    association = "prov:qualifiedAssociation [ a prov:Association ; prov:agent :g ; prov:hadPlan :p ]"
    expected = rdflib.Graph().parse(data=f"{HEAD} :a prov:used :e ; {association} .", format="turtle")
    assert rdflib.compare.isomorphic(rdflib.Graph().parse(data=text, format="turtle"), expected)


def test_nothing_of_prov_o_is_wanted_from_rdflib_to_write(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    out = io.BytesIO()
    assert TURTLE.write(alone(statement(PROV + "Entity", EX + "e", [])), {None: PREFIX}, out) == []
    with pytest.raises(UsageError) as error:
        TURTLE.read(out, source="a")
    assert "provstore[rdf]" in error.value.next_step
