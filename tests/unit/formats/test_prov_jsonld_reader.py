"""PROV-JSONLD as read: the published examples, each part of the compact shape, and what is refused."""

from __future__ import annotations

import io
import json
import socket
from pathlib import Path

import pytest

from provstore.formats.prov_jsonld import JSON_LD
from provstore.model.statement import reference, statement
from provstore.model.terms import BY_NAME, STRING
from tests.unit.formats.reading import EX, NAME, PREFIX, PROV, XSD, refusal_of

URL = "https://openprovenance.org/prov-jsonld/context.jsonld"
DATA = Path(__file__).parents[2] / "data" / "prov-jsonld"


def reading(graph, context=(PREFIX, URL)):
    document = graph if isinstance(graph, str | bytes) else json.dumps({"@context": context, "@graph": graph})
    return JSON_LD.read(io.BytesIO(document.encode() if isinstance(document, str) else document), source="a.jsonld")


def statements(graph, context=(PREFIX, URL)):
    return [assertion.statement for assertion in reading(graph, context).assertions]


def refused(graph, context=(PREFIX, URL)):
    document = graph if isinstance(graph, str) else json.dumps({"@context": context, "@graph": graph})
    error = refusal_of(JSON_LD, document.encode(), "a.jsonld")
    assert error is not None, "it was read"
    assert error.where.startswith("a.jsonld")
    return error


def entity(**attributes):
    return {"@type": "Entity", "@id": "ex:e"} | attributes


def value_of(value, key="ex:a"):
    (one,) = statements([entity(**{key: [value]})])
    (found,) = one.attributes
    return tuple(found[1:])


def test_the_example_of_the_submission_is_read():
    with (DATA / "short-primer-2024-08-25.jsonld").open("rb") as stream:
        found = [one.statement for one in JSON_LD.read(stream, source="a").assertions]
    at, foaf, dcterms = "http://example/", "http://xmlns.com/foaf/0.1/", "http://purl.org/dc/terms/"
    assert found == [
        statement(PROV + "Entity", at + "dataSet1", []),
        statement(
            PROV + "Entity",
            at + "article1",
            [(dcterms + "title", PROV + "InternationalizedString", "Crime rises in cities", "EN")],
        ),
        statement(
            PROV + "Derivation",
            None,
            [reference(PROV + "generatedEntity", at + "article1"), reference(PROV + "usedEntity", at + "dataSet1")],
        ),
        statement(
            PROV + "Agent",
            at + "derek",
            [
                reference(PROV + "type", PROV + "Person"),
                (foaf + "givenName", STRING, "Derek", ""),
                (foaf + "mbox", STRING, "<mailto:derek@example.org>", ""),
            ],
        ),
        statement(
            PROV + "Association",
            None,
            [reference(PROV + "activity", at + "compose"), reference(PROV + "agent", at + "derek")],
        ),
        statement(PROV + "Activity", at + "compose", []),
        statement(
            PROV + "Usage",
            None,
            [reference(PROV + "activity", at + "compose"), reference(PROV + "entity", at + "dataSet1")],
        ),
        statement(
            PROV + "Generation",
            None,
            [reference(PROV + "entity", at + "article1"), reference(PROV + "activity", at + "compose")],
        ),
    ]


@pytest.mark.parametrize("date", ["2020-03-23", "2024-06-19"])
def test_the_examples_without_a_context_are_read_with_a_warning(date):
    with (DATA / f"subtypes-{date}.jsonld").open("rb") as stream:
        read = JSON_LD.read(stream, source="a")
        agent, derivation = [one.statement for one in read.assertions]
    assert reference(PROV + "type", PROV + "Person") in agent.attributes
    assert reference(PROV + "type", PROV + "Revision") in derivation.attributes
    # JSON-LD 1.1 section 5.2: a name of no declared prefix is an IRI.
    assert agent.identifier == "ex:derek"
    assert len(read.warnings) == 2


def test_the_terms_of_2020_have_the_prefix_prov():
    with (DATA / "primer-2020-03-23.jsonld").open("rb") as stream:
        found = [one.statement for one in JSON_LD.read(stream, source="a").assertions]
    assert len(found) == 40
    roles = {one.lexical for stated in found for one in stated.values(PROV + "role")}
    assert roles == {"http://example/dataToCompose", "http://example/regionsToAggregateBy"}


@pytest.mark.parametrize(
    ("subtype", "name"),
    [
        ("Person", "agent"),
        ("prov:Organization", "agent"),
        ("SoftwareAgent", "agent"),
        ("Plan", "entity"),
        ("Collection", "entity"),
        ("EmptyCollection", "entity"),
        ("Bundle", "entity"),
        ("Revision", "wasDerivedFrom"),
        ("prov:Quotation", "wasDerivedFrom"),
        ("PrimarySource", "wasDerivedFrom"),
    ],
)
def test_a_subtype_as_type_is_the_record_with_that_type(subtype, name):
    (found,) = statements([{"@type": subtype, "@id": "ex:x"}])
    own = PROV + subtype.removeprefix("prov:")
    assert found == statement(BY_NAME[name].iri, EX + "x", [reference(PROV + "type", own)])


def test_further_types_beside_the_record_type_are_types():
    (found,) = statements([{"@type": ["prov:Agent", "Person", "ex:Boss"], "@id": "ex:x"}])
    assert found == statement(
        PROV + "Agent",
        EX + "x",
        [reference(PROV + "type", PROV + "Person"), reference(PROV + "type", EX + "Boss")],
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ex:a", (STRING, "ex:a", "")),
        ({"@value": "x"}, (STRING, "x", "")),
        ({"@value": "1.10", "@type": "xsd:decimal"}, (XSD + "decimal", "1.10", "")),
        ({"@value": "007", "@type": "xsd:int"}, (XSD + "int", "007", "")),
        ({"@value": "chat", "@language": "fr-CA"}, (PROV + "InternationalizedString", "chat", "fr-CA")),
        ({"@value": "ex:b", "@type": "xsd:QName"}, (NAME, EX + "b", "")),
        ({"@value": "ex:b", "@type": "prov:QUALIFIED_NAME"}, (NAME, EX + "b", "")),
        ({"@id": "ex:b"}, (NAME, EX + "b", "")),
        ({"@id": "http://elsewhere.org/x"}, (NAME, "http://elsewhere.org/x", "")),
        (5, (XSD + "int", "5", "")),
        ({"@value": 2147483648}, (XSD + "long", "2147483648", "")),
        (True, (XSD + "boolean", "true", "")),
        ({"@value": 5, "@type": "xsd:short"}, (XSD + "short", "5", "")),
    ],
)
def test_a_value_is_read_by_its_form(written, read):
    assert value_of(written) == read


def test_a_number_keeps_its_text():
    text = (
        '{"@context": [{"ex": "http://example.org/"}], "@graph": [{"@type": "Entity", "@id": "ex:e", "ex:a": [1.10]}]}'
    )
    (found,) = statements(text)
    assert found.attributes == ((EX + "a", XSD + "double", "1.10", ""),)


@pytest.mark.parametrize("key", ["type", "prov:type", "role", "prov:role", "location", "prov:location"])
def test_a_plain_text_under_a_term_of_names_is_a_name(key):
    assert value_of("ex:b", key) == (NAME, EX + "b", "")


def test_a_membership_of_several_entities_is_one_statement_for_each():
    found = statements([{"@type": "Membership", "collection": "ex:c", "entity": ["ex:a", "ex:b"]}])
    assert [one.argument(PROV + "entity") for one in found] == [EX + "a", EX + "b"]


def test_a_time_is_kept_as_it_is_written():
    written = "2026-01-01T10:00:00.123456789+01:00"
    (found,) = statements([{"@type": "Activity", "@id": "ex:a", "startTime": written}])
    assert found.attributes == ((PROV + "startTime", XSD + "dateTime", written, ""),)


def test_the_context_may_come_last_and_be_no_array():
    graph = [entity()]
    (found,) = statements(json.dumps({"@graph": graph, "@context": PREFIX}))
    assert found.identifier == EX + "e"


def test_an_embedded_context_of_the_submission_gives_its_prefixes_only():
    path = DATA.parent / "schemas" / "context-2024-08-25.jsonld"
    embedded = json.loads(path.read_text())["@context"]
    read = reading([entity()], [PREFIX, embedded])
    assert [one.statement.identifier for one in read.assertions] == [EX + "e"]
    assert read.namespaces[None]["provext"] == "https://openprovenance.org/ns/provext#"


def test_vocab_is_the_namespace_of_bare_names():
    context = [{"@vocab": "http://v.org/ns#", "@base": "http://v.org/ns#"}, URL]
    (found,) = statements([{"@type": "Entity", "@id": "e", "size": [{"@value": "1", "@type": "int"}]}], context)
    assert found == statement(
        PROV + "Entity", "http://v.org/ns#e", [("http://v.org/ns#size", "http://v.org/ns#int", "1", "")]
    )
    assert reading([entity()], context).namespaces == {None: {"": "http://v.org/ns#"}}


def test_base_alone_resolves_identifiers():
    (found,) = statements([{"@type": "Entity", "@id": "e"}], [{"@base": "http://v.org/a/b"}, URL])
    assert found.identifier == "http://v.org/a/e"


def test_a_bundle_sees_the_prefixes_of_the_document_and_its_own_first():
    bundle = {
        "@type": "Bundle",
        "@id": "ex:b",
        "@context": [{"ex": "http://inner.org/"}],
        "@graph": [entity(**{"out:a": ["x"]})],
    }
    read = reading([entity(), bundle], [PREFIX | {"out": "http://out.org/"}, URL])
    found = list(read.assertions)
    assert [(one.bundle, one.statement.identifier) for one in found] == [
        (None, EX + "e"),
        ("http://inner.org/b", "http://inner.org/e"),
    ]
    assert found[1].statement.attributes == (("http://out.org/a", STRING, "x", ""),)
    assert read.namespaces["http://inner.org/b"] == {"ex": "http://inner.org/"}


@pytest.mark.parametrize("order", [["@graph", "@id", "@type"], ["@type", "@graph", "@id"], ["@type", "@id", "@graph"]])
def test_the_members_of_a_bundle_come_in_any_order(order):
    members = {"@type": "Bundle", "@id": "ex:b", "@graph": [entity()]}
    found = reading([{key: members[key] for key in order}]).assertions
    assert [one.bundle for one in found] == [EX + "b"]


def test_a_blank_name_that_nothing_refers_to_is_no_identifier():
    usage = {"@type": "Usage", "activity": "ex:a", "entity": "ex:e"}
    alone, referred = usage | {"@id": "_:u1"}, usage | {"@id": "_:u2"}
    derivation = {"@type": "Derivation", "generatedEntity": "ex:f", "usedEntity": "ex:e", "usage": "_:u2"}
    first, second, third = statements([alone, referred, derivation])
    assert first.identifier is None
    assert second.identifier.startswith("urn:provstore:blank:")
    assert second.identifier.endswith(":u2")
    assert third.argument(PROV + "usage") == second.identifier


def test_no_context_is_ever_fetched(monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert statements([entity()])[0].identifier == EX + "e"
    assert "no context is fetched" in refused([entity()], [PREFIX, "http://127.0.0.1:9/c.jsonld"]).message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "expanded or flattened"),
        ('[{"@id": "http://e/x", "@type": ["http://www.w3.org/ns/prov#Entity"]}]', "expanded or flattened"),
        ('{"@context": [], "@id": "x"}', "no member of a PROV-JSONLD document"),
        ('{"@context": []}', 'no "@graph"'),
        ('{"@graph": [], "@graph": []}', "repeated"),
        ('{"@graph": [5]}', "must be a JSON object"),
        ('{"@graph": {}}', "must be a JSON array"),
        ('{"@graph": [{}', '"," or "]" was expected'),
        ('{"@graph": []} x', "more text"),
        ("", "empty"),
        ('{"@context": [5], "@graph": []}', "a context must be"),
        ('{"@context": [{"id": "@id"}], "@graph": []}', '"id" in the context is no prefix'),
        ('{"@context": [{"@language": "en"}], "@graph": []}', '"@language" in a context'),
        ('{"@context": [{"@import": "http://x/"}], "@graph": []}', '"@import" in a context'),
        ('{"@context": [{"prov": "http://x/"}], "@graph": []}', "reserved"),
    ],
)
def test_what_is_no_compact_document_is_refused(text, told):
    assert told in refused(text).message


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"@type": "Mention", "specificEntity": "ex:a"}, "is not one PROV-JSONLD record type"),
        ({"@id": "ex:e"}, "a text was expected"),
        ({"@type": ["Entity", "Activity"], "@id": "ex:e"}, "is not one PROV-JSONLD record type"),
        ({"@type": "Entity"}, 'it needs its "@id"'),
        ({"@type": "Usage", "entity": ["ex:a", "ex:b"]}, "one value was expected"),
        ({"@type": "Usage", "entity": 5}, "a name was expected"),
        ({"@type": "Usage", "entity": "b"}, "has no prefix"),
        (entity(size=["x"]), "is no term of PROV-JSONLD"),
        (entity(**{"ex:a": [{"@value": "x", "@type": "xsd:int", "@language": "en"}]}), "either"),
        (entity(**{"ex:a": [{"@value": None}]}), "null"),
        (entity(**{"ex:a": [{"@list": []}]}), "a value has"),
        (entity(**{"ex:a": [{"@id": "ex:b", "ex:c": ["x"]}]}), "node inside a record"),
        (entity(**{"ex:a": [{"@value": "[]", "@type": "prov:KeyEntityPair"}]}), "prov:KeyEntityPair"),
        ({"@type": "Bundle", "@graph": []}, 'needs its "@id"'),
        ({"@type": "Bundle", "@id": "ex:b", "@graph": [{"@type": "Bundle", "@id": "ex:c", "@graph": []}]}, "inside"),
        ({"@type": "Entity", "@id": "ex:b", "@graph": []}, '"@type" Bundle'),
    ],
)
def test_what_is_no_record_is_refused(record, told):
    assert told in refused([record]).message


def test_the_place_of_a_mistake_is_told():
    text = '{"@context": [],\n"@graph": [\n{"@type": "Entity", "@id": "http://e/a"},\n{"@type": "Nothing"}]}'
    assert refused(text).where == "a.jsonld:4:1"


def document_of(value):
    return '{"@context": [], "@graph": [{"@type": "Entity", "@id": "http://e/", "http://e/a": [' + value + "]}]}"


@pytest.mark.parametrize("levels", [64, 20_000])
def test_deep_nesting_is_refused(levels):
    assert "64 levels" in refused(document_of("[" * levels + "]" * levels)).message


def test_a_long_number_and_half_a_surrogate_pair_are_refused():
    assert "4300 digits" in refused(document_of("9" * 5000)).message
    assert "surrogate" in refused(document_of('"\\ud800"')).message
