"""Every PROV-JSON document of the test corpus of `prov` reads to the document that `prov` reads, by value (rule 4)."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import prov.model as pm
import pytest
from prov.identifier import Identifier, QualifiedName

from provstore.formats.prov_json import PROV_JSON
from provstore.model.document import identical

CORPUS = sorted((Path(find_spec("prov").origin).parent / "tests" / "json").glob("*.json"))
XSD = "http://www.w3.org/2001/XMLSchema#"
PROV = "http://www.w3.org/ns/prov#"
NUMBERS = {XSD + name for name in ("int", "long", "integer", "double")}

# Documents that we read to something else than `prov`, each with its reason.
DIFFERENCES: dict[str, str] = {}


def test_the_corpus_has_398_documents():
    assert len(CORPUS) == 398


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_document_reads_to_what_prov_reads(path):
    with path.open("rb") as stream:
        ours = Counter(of_ours(a) for a in PROV_JSON.read(stream, source=path.name).assertions)
    theirs = Counter(of_prov(pm.ProvDocument.deserialize(str(path), format="json")))
    assert (ours == theirs) != (path.name in DIFFERENCES)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_document_written_again_reads_back_identical(path):
    with path.open("rb") as stream:
        reading = PROV_JSON.read(stream, source=path.name)
        assertions = list(reading.assertions)
    written = io.BytesIO()
    losses = PROV_JSON.write(assertions, reading.namespaces, written)
    written.seek(0)
    again = PROV_JSON.read(written, source="again")
    assert losses == []
    assert identical(again.assertions, assertions)
    assert again.namespaces == reading.namespaces


@pytest.mark.parametrize("path", CORPUS[::9], ids=lambda path: path.stem)
def test_prov_reads_what_we_write_to_the_same_document(path):
    with path.open("rb") as stream:
        reading = PROV_JSON.read(stream, source=path.name)
        written = io.BytesIO()
        PROV_JSON.write(reading.assertions, reading.namespaces, written)
    theirs = pm.ProvDocument.deserialize(content=written.getvalue().decode(), format="json")
    original = pm.ProvDocument.deserialize(str(path), format="json")
    assert Counter(of_prov(theirs)) == Counter(of_prov(original))


# An independent comparator: (bundle, type, identifier, values), with each value by value and not by its spelling.


def of_ours(assertion):
    bundle, (kind, identifier, attributes) = assertion
    values = frozenset(
        (name, by_value(datatype, lexical, language)) for name, datatype, lexical, language in attributes
    )
    return bundle, kind, identifier, values


def of_prov(document):
    for container in (document, *document.bundles):
        bundle = container.identifier.uri if container.is_bundle() else None
        for record in container.get_records():
            identifier = record.identifier.uri if record.identifier else None
            values = frozenset((name.uri, of_prov_value(value)) for name, value in record.attributes)
            yield bundle, record.get_type().uri, identifier, values


def of_prov_value(value):
    if isinstance(value, QualifiedName):
        return PROV + "QUALIFIED_NAME", value.uri, ""
    if isinstance(value, Identifier):
        return XSD + "anyURI", value.uri, ""
    if isinstance(value, pm.Literal):
        if value.langtag:
            return PROV + "InternationalizedString", value.value, value.langtag.lower()
        return by_value(value.datatype.uri, value.value, "")
    if isinstance(value, bool):
        return XSD + "boolean", value, ""
    if isinstance(value, int):
        size = "int" if abs(value) < 2**31 else "long" if abs(value) < 2**63 else "integer"
        return XSD + size, Decimal(value), ""
    if isinstance(value, float):
        return XSD + "double", number(repr(value)), ""
    if isinstance(value, datetime):
        return XSD + "dateTime", utc(value), ""
    return XSD + "string", value, ""


def by_value(datatype, lexical, language):
    if datatype in NUMBERS:
        return datatype, number(lexical), ""
    if datatype == XSD + "boolean":
        return datatype, lexical in ("true", "1"), ""
    if datatype == XSD + "dateTime":
        return datatype, utc(datetime.fromisoformat(lexical)), ""
    return datatype, lexical, language.lower()


def number(lexical):
    value = Decimal(lexical.replace("INF", "Infinity"))
    return "NaN" if value.is_nan() else Decimal(repr(float(value))) if value.is_finite() else value


def utc(moment):
    return moment.astimezone(UTC) if moment.tzinfo else moment
