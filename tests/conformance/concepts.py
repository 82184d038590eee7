"""PROV's concepts, one small document for each, built from the vocabulary alone. Source: PROV-DM and the Notes."""

from __future__ import annotations

from dataclasses import dataclass

from provstore.model.arguments import pair
from provstore.model.document import Assertion
from provstore.model.statement import Statement, statement
from provstore.model.terms import PROV, QUALIFIED_NAME, RDF, XSD

EX = "http://example.org/"
NAMESPACES = {None: {"ex": EX, "rdf": RDF}}
Quadruple = tuple[str, str, str, str]


@dataclass(frozen=True)
class Concept:
    theme: str
    name: str
    clause: str
    assertions: tuple[Assertion, ...]


def ref(name: str, local: str) -> Quadruple:
    return (PROV + name, QUALIFIED_NAME, EX + local, "")


def value(datatype: str, lexical: str, language: str = "", name: str = "ex:value") -> Quadruple:
    return (name.replace("ex:", EX).replace("prov:", PROV), datatype.replace("xsd:", XSD), lexical, language)


def time(name: str, lexical: str) -> Quadruple:
    return (PROV + name, XSD + "dateTime", lexical, "")


def record(kind: str, identifier: str | None, *attributes: Quadruple) -> Statement:
    return statement(PROV + kind, None if identifier is None else EX + identifier, attributes)


def entity(*attributes: Quadruple, name: str = "e") -> Statement:
    return record("Entity", name, *attributes)


def one(theme: str, name: str, clause: str, *stated: Statement) -> Concept:
    return Concept(theme, name, clause, tuple(Assertion(None, each) for each in stated))


def in_bundles(name: str, clause: str, *stated: tuple[str | None, Statement]) -> Concept:
    found = tuple(Assertion(None if bundle is None else EX + bundle, each) for bundle, each in stated)
    return Concept("Bundles", name, clause, found)


NOON = "2026-01-02T12:00:00Z"
USAGE = record("Usage", "u", ref("activity", "a"), ref("entity", "e"))
GENERATION = record("Generation", "g", ref("entity", "e2"), ref("activity", "a"))
TYPED_DERIVATION = (ref("generatedEntity", "e2"), ref("usedEntity", "e"))

ELEMENTS = [
    one("Elements", "entity", "PROV-DM 5.1.1", entity()),
    one("Elements", "activity", "PROV-DM 5.1.2", record("Activity", "a")),
    one(
        "Elements", "activity with start and end", "PROV-DM 5.1.2",
        record("Activity", "a", time("startTime", NOON), time("endTime", "2026-01-02T13:00:00Z")),
    ),
    one("Elements", "agent", "PROV-DM 5.3.1", record("Agent", "ag")),
    one(
        "Elements", "agent of a subtype (prov:Person)", "PROV-DM 5.3.1",
        record("Agent", "ag", (PROV + "type", QUALIFIED_NAME, PROV + "Person", "")),
    ),
    one(
        "Elements", "one identifier, two kinds (entity and agent)", "PROV-CONSTRAINTS 55",
        entity(name="x"), record("Agent", "x"),
    ),
    one(
        "Elements", "named by a relation, never described", "PROV-DM 5",
        record("Usage", None, ref("activity", "a"), ref("entity", "e")),
    ),
]  # fmt: skip

RELATIONS = [
    one("Relations", name, clause, record(kind, identifier, *attributes))
    for name, clause, kind, identifier, attributes in (
        ("generation", "PROV-DM 5.1.3", "Generation", None, (ref("entity", "e"), ref("activity", "a"))),
        ("generation, all arguments", "PROV-DM 5.1.3", "Generation", "g",
         (ref("entity", "e"), ref("activity", "a"), time("time", NOON))),
        ("generation without activity", "PROV-DM 5.1.3", "Generation", None, (ref("entity", "e"), time("time", NOON))),
        ("usage, all arguments", "PROV-DM 5.1.4", "Usage", "u",
         (ref("activity", "a"), ref("entity", "e"), time("time", NOON))),
        ("usage without entity", "PROV-DM 5.1.4", "Usage", None, (ref("activity", "a"),)),
        ("communication", "PROV-DM 5.1.5", "Communication", None, (ref("informed", "a2"), ref("informant", "a"))),
        ("start, all arguments", "PROV-DM 5.1.6", "Start", "s",
         (ref("activity", "a"), ref("trigger", "e"), ref("starter", "a0"), time("time", NOON))),
        ("start by a starter alone", "PROV-DM 5.1.6", "Start", None, (ref("activity", "a"), ref("starter", "a0"))),
        ("end, all arguments", "PROV-DM 5.1.7", "End", "x",
         (ref("activity", "a"), ref("trigger", "e"), ref("ender", "a0"), time("time", NOON))),
        ("invalidation, all arguments", "PROV-DM 5.1.8", "Invalidation", "i",
         (ref("entity", "e"), ref("activity", "a"), time("time", NOON))),
        ("derivation", "PROV-DM 5.2.1", "Derivation", None, TYPED_DERIVATION),
        ("revision", "PROV-DM 5.2.2", "Derivation", None,
         (*TYPED_DERIVATION, (PROV + "type", QUALIFIED_NAME, PROV + "Revision", ""))),
        ("quotation", "PROV-DM 5.2.3", "Derivation", None,
         (*TYPED_DERIVATION, (PROV + "type", QUALIFIED_NAME, PROV + "Quotation", ""))),
        ("primary source", "PROV-DM 5.2.4", "Derivation", None,
         (*TYPED_DERIVATION, (PROV + "type", QUALIFIED_NAME, PROV + "PrimarySource", ""))),
        ("attribution", "PROV-DM 5.3.2", "Attribution", None, (ref("entity", "e"), ref("agent", "ag"))),
        ("association", "PROV-DM 5.3.3", "Association", None, (ref("activity", "a"), ref("agent", "ag"))),
        ("association with a plan", "PROV-DM 5.3.3", "Association", "as",
         (ref("activity", "a"), ref("agent", "ag"), ref("plan", "e"))),
        ("association without agent", "PROV-DM 5.3.3", "Association", None, (ref("activity", "a"), ref("plan", "e"))),
        ("delegation", "PROV-DM 5.3.4", "Delegation", None, (ref("delegate", "ag"), ref("responsible", "ag2"))),
        ("delegation in an activity", "PROV-DM 5.3.4", "Delegation", None,
         (ref("delegate", "ag"), ref("responsible", "ag2"), ref("activity", "a"))),
        ("influence", "PROV-DM 5.3.5", "Influence", None, (ref("influencee", "e2"), ref("influencer", "e"))),
        ("specialization", "PROV-DM 5.5.1", "Specialization", None,
         (ref("specificEntity", "e2"), ref("generalEntity", "e"))),
        ("alternate", "PROV-DM 5.5.2", "Alternate", None, (ref("alternate1", "e2"), ref("alternate2", "e"))),
        ("membership", "PROV-DM 5.6.2", "Membership", None, (ref("collection", "c"), ref("entity", "e"))),
        ("mention", "PROV-Links 3", "Mention", None,
         (ref("specificEntity", "e2"), ref("generalEntity", "e"), ref("bundle", "b"))),
    )
] + [
    one(
        "Relations", "derivation with activity, generation and usage", "PROV-DM 5.2.1", USAGE, GENERATION,
        record("Derivation", "d", *TYPED_DERIVATION, ref("activity", "a"), ref("generation", "g"), ref("usage", "u")),
    ),
    one("Relations", "empty collection", "PROV-DM 5.6.1",
        entity((PROV + "type", QUALIFIED_NAME, PROV + "EmptyCollection", ""))),
]  # fmt: skip


def key_and_entity(key: str, local: str) -> Quadruple:
    return (PROV + "key-entity-set", *pair((XSD + "string", key, ""), EX + local), "")


DICTIONARIES = [
    one("Dictionaries", "insertion", "PROV-Dictionary 3.2",
        record("Insertion", None, ref("after", "d2"), ref("before", "d1"), key_and_entity("k", "e"))),
    one("Dictionaries", "removal", "PROV-Dictionary 3.3",
        record("Removal", None, ref("after", "d2"), ref("before", "d1"), (PROV + "key-set", XSD + "string", "k", ""))),
    one("Dictionaries", "membership of two keys", "PROV-Dictionary 3.4",
        record("DictionaryMembership", None, ref("dictionary", "d1"), key_and_entity("k", "e"),
               key_and_entity("l", "e2"))),
]  # fmt: skip

BUNDLES = [
    in_bundles("statements in a bundle", "PROV-DM 5.4.1", ("b", entity()), (None, entity(name="x"))),
    in_bundles("a bundle described as an entity", "PROV-DM 5.4.2",
               (None, entity((PROV + "type", QUALIFIED_NAME, PROV + "Bundle", ""), name="b")), ("b", entity())),
    in_bundles("the same statement in two bundles", "PROV-DM 5.4.1", ("b", entity()), ("b2", entity())),
]  # fmt: skip

ATTRIBUTES = [
    one("Attributes", "label with a language", "PROV-DM 5.7.2.1",
        entity(value(PROV + "InternationalizedString", "chat", "fr", "prov:label"))),
    one("Attributes", "location", "PROV-DM 5.7.2.2", entity(value("xsd:string", "Berlin", name="prov:location"))),
    one("Attributes", "role", "PROV-DM 5.7.2.3",
        record("Usage", None, ref("activity", "a"), ref("entity", "e"), value("xsd:string", "in", name="prov:role"))),
    one("Attributes", "type", "PROV-DM 5.7.2.4", entity(ref("type", "Model"))),
    one("Attributes", "value", "PROV-DM 5.7.2.5", entity(value("xsd:int", "5", name="prov:value"))),
    one("Attributes", "several values of one attribute", "PROV-DM 5.7",
        entity(value("xsd:string", "x"), value("xsd:string", "y"))),
    one("Attributes", "values of several types", "PROV-DM 5.7",
        entity(value("xsd:string", "1"), value("xsd:int", "1"), value("xsd:double", "1"))),
    one("Attributes", "name with signs such as ( , / @", "PROV-N 3.7.3",
        entity(value("xsd:string", "x", name="ex:train/loss@(1,2)"))),
    one("Attributes", "name that begins with a digit", "PROV-N 3.7.3", entity(value("xsd:string", "x", name="ex:1st"))),
]  # fmt: skip

VALUES = [
    one("Values", name, "PROV-DM 5.7.3", entity(value(datatype, lexical, language)))
    for name, datatype, lexical, language in (
        ("string", "xsd:string", "text", ""),
        ("empty string", "xsd:string", "", ""),
        ("string with quotes, lines, tabs", "xsd:string", "\"'\\\n\t<&>", ""),
        ("string with a carriage return", "xsd:string", "a\rb", ""),
        ("string with a control character", "xsd:string", "a\x01b", ""),
        ("string beyond the basic plane", "xsd:string", "\U0001f41f", ""),
        ("text with a language of mixed case", PROV + "InternationalizedString", "colour", "en-GB"),
        ("int", "xsd:int", "5", ""),
        ("int spelled 007", "xsd:int", "007", ""),
        ("integer beyond 64 bits", "xsd:integer", "123456789012345678901234567890", ""),
        ("decimal spelled 1.10", "xsd:decimal", "1.10", ""),
        ("double spelled 1.10", "xsd:double", "1.10", ""),
        ("NaN and infinity", "xsd:double", "NaN", ""),
        ("boolean spelled 1", "xsd:boolean", "1", ""),
        ("dateTime without zone", "xsd:dateTime", "2026-01-02T12:00:00", ""),
        ("dateTime with nine digits of a second", "xsd:dateTime", "2026-01-02T12:00:00.123456789+02:00", ""),
        ("anyURI", "xsd:anyURI", "http://example.org/a b", ""),
        ("qualified name", QUALIFIED_NAME, EX + "thing", ""),
        ("nested XML literal", RDF + "XMLLiteral", "<a xmlns=\"http://x/\"><b>1</b></a>", ""),
        ("own datatype", EX + "celsius", "21", ""),
        ("text that is not of its type", "xsd:int", "five", ""),
    )
] + [
    one("Values", "time of an activity with nine digits of a second", "PROV-DM 5.7.3",
        record("Activity", "a", time("startTime", "2026-01-02T12:00:00.123456789+02:00"))),
]  # fmt: skip

IDENTITY = [
    one("Identity", "relation with an identifier", "PROV-DM 5.1.4", USAGE),
    one("Identity", "two relations of one identifier", "PROV-DM 5.1.4",
        record("Usage", "u", ref("activity", "a"), ref("entity", "e"), time("time", NOON)),
        record("Usage", "u", ref("activity", "a"), ref("entity", "e"), time("time", "2026-01-03T12:00:00Z"))),
    one("Identity", "the same statement twice", "rule 4", entity(), entity()),
    one("Identity", "two relations that differ in nothing but a role", "PROV-DM 5.1.4",
        record("Usage", None, ref("activity", "a"), ref("entity", "e"), value("xsd:string", "x", name="prov:role")),
        record("Usage", None, ref("activity", "a"), ref("entity", "e"), value("xsd:string", "y", name="prov:role"))),
    one("Identity", "identifier with signs such as ( , / @", "PROV-N 3.7.3", entity(name="a/b@(1,2)")),
    one("Identity", "identifier of other scripts", "PROV-N 3.7.3", entity(name="模型")),
    one("Identity", "identifier that ends in a full stop", "PROV-N 3.7.3", entity(name="v1.")),
    one("Identity", "identifier with a space", "RFC 3987", entity(name="a b")),
    one("Identity", "identifier outside of every declared namespace", "PROV-DM 5.7.1",
        statement(PROV + "Entity", "urn:isbn:0-486-27557-4", ())),
]  # fmt: skip

CONCEPTS = [*ELEMENTS, *RELATIONS, *DICTIONARIES, *BUNDLES, *ATTRIBUTES, *VALUES, *IDENTITY]
