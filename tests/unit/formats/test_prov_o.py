"""PROV-O in Turtle and TriG: how its patterns are read, what comes back, what is lost by name, what is refused."""

from __future__ import annotations

import importlib.util
import io
import json
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
from provstore.model.terms import BY_NAME, RECORD_TYPES, STRING
from tests.unit.formats.reading import EX, NAME, PREFIX, PROV, XSD, refusal_of
from tests.unit.formats.strategies import NAMESPACES, documents

HEAD = f"@prefix prov: <{PROV}> .\n@prefix xsd: <{XSD}> .\n@prefix : <{EX}> .\n@prefix ex: <{EX}> .\n"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def reading(text, chosen=TURTLE):
    return chosen.read(io.BytesIO((HEAD + text).encode()), source="a")


def statements(text, chosen=TURTLE):
    read = reading(text, chosen)
    assert read.warnings == []
    return [one.statement for one in read.assertions]


def refused(text, chosen=TURTLE):
    error = refusal_of(chosen, text.encode() if isinstance(text, str) else text, "a")
    assert error is not None, "it was read"
    assert error.where.startswith("a")
    return error


def through(assertions, chosen=TRIG, namespaces=None):
    """What comes back, the losses, and the text."""
    out = io.BytesIO()
    losses = chosen.write(assertions, {None: PREFIX} if namespaces is None else namespaces, out)
    error = refusal_of(chosen, out.getvalue())
    if error is not None and error.message == "the file holds no PROV statement":
        return [], losses, out.getvalue().decode()
    out.seek(0)
    return list(chosen.read(out, source="written").assertions), losses, out.getvalue().decode()


def alone(*stated):
    return [Assertion(None, one) for one in stated]


def relation(name, identifier=None, **arguments):
    """A relation of arguments that are names, by the local names of both."""
    return statement(
        BY_NAME[name].iri, identifier, [reference(PROV + key, EX + value) for key, value in arguments.items()]
    )


# -- reading: the examples of PROV-O, PROV-Dictionary and PROV-Links


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


# -- written and read again

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


# -- losses by name


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


# -- the text


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


# -- refusals


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<http://a/> <http://b/> <http://c/> .", "no PROV statement"),
        ("", "no PROV statement"),
        (HEAD + ":a prov:used", "this is no Turtle"),
        ("<e> a <http://www.w3.org/ns/prov#Entity> .", "relative"),
        (HEAD + ":a prov:used :e", "this is no Turtle"),
        (HEAD + "[ ex:b " * 5_000, "nested too deep"),
        (HEAD + ":a ex:b " + "( " * 5_000, "nested too deep"),
        (b"\xff\xfe", "not UTF-8"),
        (HEAD + '"x" a prov:Entity .', "Turtle"),
    ],
)
def test_what_is_no_prov_o_is_refused(text, told):
    assert told in refused(text).message


def test_combinations_without_end_are_refused():
    many = ", ".join(f":x{number}" for number in range(100))
    assert "combinations" in refused(HEAD + f":a prov:qualifiedUsage :u . :u prov:entity {many} .").message


def test_the_line_of_a_mistake_is_told():
    assert refused("@prefix ex: <http://e/> .\n\nex:a ex:b .").where == "a:3"


def test_odd_iris_are_not_logged(capfd):
    read = TURTLE.read(io.BytesIO(b"<http://a|b> a <http://www.w3.org/ns/prov#Entity> ."), source="a")
    assert [one.statement.identifier for one in read.assertions] == ["http://a|b"]
    assert capfd.readouterr().err == ""


SEED = through(alone(relation("used", EX + "u", activity="a", entity="e"), statement(PROV + "Entity", EX + "e", [])))[2]


@pytest.mark.parametrize("chosen", [TURTLE, TRIG], ids=lambda one: one.name)
@given(changes=st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=2), st.booleans()), min_size=1, max_size=3))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_random_bytes_give_bad_input_or_a_document(chosen, changes):
    data = bytearray(SEED.encode())
    for place, inserted, replaces in changes:
        at = place % (len(data) + 1)
        data[at : at + (len(inserted) if replaces else 0)] = inserted
    error = refusal_of(chosen, bytes(data), "a")
    assert error is None or error.where.startswith("a")
