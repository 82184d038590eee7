"""PROV-JSONLD as written: it reads back the same, fits the submission's schema, and means to JSON-LD what it should."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

import jsonschema
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings

from provstore.formats.prov_json import PROV_JSON
from provstore.formats.prov_jsonld import JSON_LD
from provstore.model.document import Assertion
from provstore.model.statement import reference, statement
from provstore.model.terms import BY_NAME, PS, RECORD_TYPES
from tests.unit.formats.reading import EX, NAME, PREFIX, PROV, XSD
from tests.unit.formats.strategies import NAMESPACES, documents

SCHEMAS = Path(__file__).parents[2] / "data" / "schemas"
PROVEXT = "https://openprovenance.org/ns/provext#"


def written(assertions, namespaces=None):
    out = io.BytesIO()
    losses = JSON_LD.write(assertions, {None: PREFIX} if namespaces is None else namespaces, out)
    return out.getvalue().decode(), losses


def back(text):
    reading = JSON_LD.read(io.BytesIO(text.encode()), source="written")
    return list(reading.assertions), reading


def alone(stated):
    return [Assertion(None, stated)]


def pair(key, entity):
    return PROV + "key-entity-set", PROV + "KeyEntityPair", json.dumps([*key, entity], separators=(",", ":")), ""


KEY_1 = (XSD + "string", "k1", "")
KEY_2 = (XSD + "int", "2", "")
MENTION = statement(
    PROV + "Mention",
    None,
    [
        reference(PROV + "specificEntity", EX + "s"),
        reference(PROV + "generalEntity", EX + "g"),
        reference(PROV + "bundle", EX + "b"),
    ],
)
INSERTION = statement(
    PROV + "Insertion",
    EX + "i",
    [reference(PROV + "after", EX + "d2"), reference(PROV + "before", EX + "d1"), pair(KEY_1, EX + "e1")],
)
REMOVAL = statement(
    PROV + "Removal",
    EX + "r",
    [
        reference(PROV + "after", EX + "d3"),
        reference(PROV + "before", EX + "d2"),
        (PROV + "key-set", XSD + "string", "k1", ""),
    ],
)
MEMBERSHIP = statement(
    PROV + "DictionaryMembership",
    None,
    [reference(PROV + "dictionary", EX + "d"), pair(KEY_1, EX + "e1"), pair(KEY_2, EX + "e2")],
)


@given(documents(), NAMESPACES)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_reads_back_in_its_order_by_bundle(assertions, namespaces):
    text, losses = written(assertions, namespaces)
    bundles = [None, *dict.fromkeys(one.bundle for one in assertions if one.bundle)]
    assert back(text)[0] == sorted(assertions, key=lambda one: bundles.index(one.bundle))
    assert losses == []


@pytest.mark.parametrize("stated", [MENTION, INSERTION, REMOVAL, MEMBERSHIP], ids=lambda one: one.kind)
def test_what_the_submission_has_no_record_for_comes_back(stated):
    text, losses = written(alone(stated))
    assert (back(text)[0], losses) == (alone(stated), [])


@pytest.mark.parametrize(
    ("stated", "implied"),
    [
        (MENTION, {"@type": "Specialization", "specificEntity": "ex:s", "generalEntity": "ex:g"}),
        (INSERTION, {"@type": "Derivation", "@id": "ex:i", "generatedEntity": "ex:d2", "usedEntity": "ex:d1"}),
        (REMOVAL, {"@type": "Derivation", "@id": "ex:r", "generatedEntity": "ex:d3", "usedEntity": "ex:d2"}),
        (MEMBERSHIP, {"@type": "Membership", "collection": "ex:d", "entity": ["ex:e1", "ex:e2"]}),
    ],
    ids=lambda one: getattr(one, "kind", ""),
)
def test_other_readers_see_the_record_that_it_implies(stated, implied):
    (record,) = json.loads(written(alone(stated))[0])["@graph"]
    assert {key: record[key] for key in implied} == implied
    assert set(record) - set(implied) <= {"ps:assertedAs", "prov:bundle", "prov:key-entity-set", "prov:key-set"}


def test_the_mark_of_provstore_in_a_document_is_lost_and_told():
    marked = statement(PROV + "Specialization", None, [reference(PS + "assertedAs", PROV + "Mention")])
    text, (loss,) = written(alone(marked))
    assert back(text)[0] == alone(statement(PROV + "Specialization", None, []))
    assert (loss.count, bool(loss.clause)) == (1, True)


def test_further_values_of_an_argument_are_lost_and_told():
    usage = statement(
        PROV + "Usage", None, [reference(PROV + "entity", EX + "a"), reference(PROV + "entity", EX + "b")]
    )
    text, (loss,) = written(alone(usage))
    assert loss.what == "further values of an argument that has one"
    assert back(text)[0] == alone(statement(PROV + "Usage", None, [reference(PROV + "entity", EX + "a")]))


@pytest.mark.parametrize("prefix", ["entity", "Activity", "type", "rdf", "a-b", "_", "xsd", "@id"])
def test_a_prefix_that_means_something_else_in_the_context_is_not_declared(prefix):
    text, _ = written(alone(statement(PROV + "Entity", EX + "e", [])), {None: {prefix: EX}})
    assert prefix not in json.loads(text)["@context"][0]
    assert back(text)[0][0].statement.identifier == EX + "e"


def test_a_prefix_is_used_only_where_a_processor_takes_it_for_one():
    # JSON-LD 1.1 section 4.1.5: a simple term is a prefix when its IRI ends in a delimiter.
    text, _ = written(alone(statement(PROV + "Entity", "http://x.org/nsfoo", [])), {None: {"n": "http://x.org/ns"}})
    assert json.loads(text)["@graph"][0]["@id"] == "http://x.org/nsfoo"


def test_the_prefixes_and_the_default_namespace_come_back():
    namespaces = {None: {"": "http://d.org/", "ex": EX}, EX + "b": {"in": "http://in.org/"}}
    _, reading = back(written([], namespaces)[0])
    assert reading.namespaces[None].items() >= namespaces[None].items()
    assert reading.namespaces[EX + "b"] == {"in": "http://in.org/"}


def plain_records():
    """One record of each type with all its arguments, and attributes of every sort."""
    others = [
        (PROV + "type", NAME, EX + "T", ""),
        (PROV + "type", XSD + "string", "t", ""),
        (PROV + "label", XSD + "string", "label", ""),
        (PROV + "label", PROV + "InternationalizedString", "étiquette", "fr"),
        (PROV + "label", XSD + "int", "5", ""),
        (PROV + "role", NAME, EX + "r", ""),
        (PROV + "role", XSD + "string", "role", ""),
        (PROV + "location", XSD + "anyURI", "http://place.org/", ""),
        (PROV + "value", XSD + "double", "1.10", ""),
        (EX + "a", NAME, EX + "b", ""),
        ("http://no.prefix.org/a=b", XSD + "boolean", "1", ""),
        ("x-odd:scheme", "http://types.org/t", "x", ""),
    ]
    for record in RECORD_TYPES:
        arguments = [
            (one.iri, XSD + "dateTime", "2026-01-01T10:00:00Z", "") if one.holds == "time"
            else pair(KEY_1, EX + "n") if one.iri.endswith("entity-set")
            else reference(one.iri, f"{EX}n{number}")
            for number, one in enumerate(record.arguments)
        ]  # fmt: skip
        yield statement(record.iri, EX + "r", [*arguments, *others])


EVERYTHING = [Assertion(bundle, one) for bundle in (None, EX + "bundle") for one in plain_records()]


@pytest.mark.parametrize("name", ["schema-2024-08-25.json", "prov-jsonld.schema.json"])
def test_what_is_written_fits_the_schema(name):
    text, losses = written(EVERYTHING)
    schema = json.loads((SCHEMAS / name).read_text())
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(json.loads(text))
    assert losses == []
    assert back(text)[0] == EVERYTHING


def triples(assertions):
    """The triples by the processor of `rdflib`, with the context of the submission in the place of its address."""
    document = json.loads(written(assertions)[0])
    context = json.loads((SCHEMAS / "context-2024-08-25.jsonld").read_text())["@context"]
    document["@context"] = [context if isinstance(one, str) else one for one in document["@context"]]
    graph = rdflib.Graph()
    logging.disable(logging.WARNING)
    try:
        graph.parse(data=json.dumps(document), format="json-ld")
    finally:
        logging.disable(logging.NOTSET)
    return graph


@pytest.mark.parametrize(
    ("name", "arguments", "link", "rest"),
    [
        ("used", ("activity", "entity"), "prov:qualifiedUsage", "a prov:Usage ; prov:entity"),
        ("wasGeneratedBy", ("entity", "activity"), "prov:qualifiedGeneration", "a prov:Generation ; prov:activity"),
        ("wasDerivedFrom", ("generatedEntity", "usedEntity"), "prov:qualifiedDerivation", "prov:entity"),
        ("wasAssociatedWith", ("activity", "plan"), "prov:qualifiedAssociation", "prov:hadPlan"),
        ("wasStartedBy", ("activity", "starter"), "prov:qualifiedStart", "a prov:Start ; prov:hadActivity"),
        ("actedOnBehalfOf", ("delegate", "responsible"), "prov:qualifiedDelegation", "prov:agent"),
        ("hadMember", ("collection", "entity"), "provext:qualifiedMembership", "provext:member"),
        ("mentionOf", ("specificEntity", "generalEntity"), "provext:qualifiedSpecialization", "provext:generalEntity"),
    ],
)
def test_a_relation_is_the_qualification_pattern_of_prov_o(name, arguments, link, rest):
    first, second = arguments
    stated = statement(BY_NAME[name].iri, None, [reference(PROV + first, EX + "x"), reference(PROV + second, EX + "y")])
    prefixes = f"PREFIX prov: <{PROV}> PREFIX provext: <{PROVEXT}>"
    rows = triples(alone(stated)).query(f"{prefixes} SELECT ?x ?y {{ ?x {link} [ {rest} ?y ] }}")
    assert [tuple(map(str, row)) for row in rows] == [(EX + "x", EX + "y")]


def test_the_values_of_an_element_are_those_literals_and_names():
    stated = statement(
        PROV + "Entity",
        EX + "e",
        [
            (PROV + "type", NAME, EX + "T", ""),
            (PROV + "label", PROV + "InternationalizedString", "nom", "fr"),
            (EX + "size", XSD + "decimal", "1.10", ""),
            ("http://d.org/a", XSD + "string", "x", ""),
        ],
    )
    graph, node = triples(alone(stated)), rdflib.URIRef(EX + "e")
    assert {(str(p), o.n3()) for p, o in graph.predicate_objects(node)} == {
        (str(rdflib.RDF.type), f"<{PROV}Entity>"),
        (str(rdflib.RDF.type), f"<{EX}T>"),
        (str(rdflib.RDFS.label), '"nom"@fr'),
        (EX + "size", f'"1.10"^^<{XSD}decimal>'),
        ("http://d.org/a", '"x"'),
    }


def test_prov_json_and_json_ld_hold_the_same():
    text, _ = written(EVERYTHING)
    out = io.BytesIO()
    assert PROV_JSON.write(back(text)[0], {None: PREFIX}, out) == []
    again = PROV_JSON.read(io.BytesIO(out.getvalue()), source="a").assertions
    assert sorted(again, key=repr) == sorted(EVERYTHING, key=repr)
