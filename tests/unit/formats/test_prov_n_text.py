"""PROV-N text of single statements, against the notation of the Recommendation, and against the parser of `prov`."""

from __future__ import annotations

import json

import prov.model
import pytest

from provstore.formats.prov_n.text import provn_text
from provstore.model.names import Prefixes
from provstore.model.statement import reference, statement
from provstore.model.terms import BY_NAME
from tests.unit.formats.reading import EX, NAME, PROV, XSD

PREFIXES = Prefixes({"ex": EX})
TIME = (PROV + "time", XSD + "dateTime", "2026-01-01T00:00:00Z", "")


def stated(name, identifier, *attributes):
    return statement(BY_NAME[name].iri, identifier, attributes)


def pair(key, entity):
    return PROV + "key-entity-set", PROV + "KeyEntityPair", json.dumps([XSD + "string", key, "", entity]), ""


@pytest.mark.parametrize(
    ("statement_", "text"),
    [
        (stated("entity", EX + "e"), "entity(ex:e)"),
        (stated("activity", EX + "a"), "activity(ex:a)"),
        # A normal form names a time that is not known.
        (
            stated("activity", EX + "a", reference(PROV + "startTime", EX + "t")),
            "activity(ex:a, [prov:startTime='ex:t'])",
        ),
        (
            stated("activity", EX + "a", (PROV + "endTime", XSD + "dateTime", "2026-01-01T00:00:00Z", "")),
            "activity(ex:a, -, 2026-01-01T00:00:00Z)",
        ),
        (
            stated(
                "used",
                EX + "u",
                reference(PROV + "activity", EX + "a"),
                TIME,
                (PROV + "role", XSD + "string", "in", ""),
            ),
            'used(ex:u; ex:a, -, 2026-01-01T00:00:00Z, [prov:role="in"])',
        ),
        (
            stated(
                "wasGeneratedBy", None, reference(PROV + "entity", EX + "e"), reference(PROV + "activity", EX + "a")
            ),
            "wasGeneratedBy(ex:e, ex:a, -)",
        ),
        (stated("wasGeneratedBy", None, reference(PROV + "entity", EX + "e")), "wasGeneratedBy(ex:e)"),
        (stated("wasDerivedFrom", None), "wasDerivedFrom(-, -)"),
        (
            stated("mentionOf", None, reference(PROV + "specificEntity", EX + "s")),
            "prov:mentionOf(ex:s, -, -)",
        ),
        (
            stated("entity", EX + "e", (EX + "n", XSD + "int", "5", ""), (EX + "o", XSD + "int", "five", "")),
            'entity(ex:e, [ex:n=5, ex:o="five" %% xsd:int])',
        ),
        (
            stated(
                "entity",
                EX + "e",
                (EX + "n", PROV + "InternationalizedString", "chat", "fr"),
                (PROV + "type", NAME, EX + "T", ""),
            ),
            "entity(ex:e, [ex:n=\"chat\"@fr, prov:type='ex:T'])",
        ),
        (
            stated("entity", EX + "e", (EX + "n", XSD + "string", 'a"b\\c\nd', "")),
            'entity(ex:e, [ex:n="a\\"b\\\\c\\nd"])',
        ),
        (
            stated(
                "entity",
                EX + "-a(b),c d.",
            ),
            "entity(ex:\\-a\\(b\\)\\,c%20d\\.)",
        ),
        (stated("entity", "nowhere"), "entity(nowhere)"),
        (
            stated("hadDictionaryMember", None, reference(PROV + "dictionary", EX + "d"), pair("k", EX + "e")),
            'prov:hadDictionaryMember(ex:d, ex:e, "k")',
        ),
        (
            stated("derivedByRemovalFrom", EX + "r", (PROV + "key-set", XSD + "string", "k", "")),
            'prov:derivedByRemovalFrom(ex:r; -, -, {"k"})',
        ),
        (
            stated("used", None, (PROV + "entity", XSD + "string", "x", "")),
            'used(-, [prov:entity="x"])',
        ),
    ],
)
def test_a_statement_is_written_as_the_recommendation_writes_it(statement_, text):
    assert provn_text(statement_, PREFIXES) == text


@pytest.mark.parametrize("name", [n for n in BY_NAME if "ictionary" not in n and "derivedBy" not in n])
@pytest.mark.parametrize("count", range(6))
def test_prov_parses_each_record_type_with_any_number_of_arguments(name, count):
    record = BY_NAME[name]
    if count > len(record.arguments) or (name == "mentionOf" and count < 3):
        return
    attributes = [
        (a.iri, XSD + "dateTime", "2026-01-01T00:00:00Z", "") if a.holds == "time" else reference(a.iri, EX + f"n{k}")
        for k, a in enumerate(record.arguments[:count])
    ]
    if count == 0 and not record.is_element:
        return
    text = provn_text(statement(record.iri, EX + "r", [*attributes, (EX + "x", XSD + "double", "1.5", "")]), PREFIXES)
    parsed = prov.model.ProvDocument.deserialize(
        content=f"document\nprefix ex <{EX}>\n{text}\nendDocument", format="provn"
    )
    (found,) = parsed.get_records()
    assert found.get_type().uri == record.iri
    assert found.identifier.uri == EX + "r"
    assert len(found.attributes) == count + 1
