"""Short ways to read and write PROV-XML in tests."""

from __future__ import annotations

import io

import pytest

from provstore.errors import BadInput
from provstore.formats.prov_xml import PROV_XML
from tests.unit.formats.reading import EX, PROV

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML_LITERAL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"
DECLARATIONS = (
    f'xmlns:prov="{PROV}" xmlns:ex="{EX}" xmlns:xsi="{XSI}" xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
)


def document(inside, declarations=""):
    """A whole document, as bytes, around the text of records."""
    return f"<prov:document {DECLARATIONS} {declarations}>{inside}</prov:document>".encode()


def reading(data):
    """The Reading of the bytes of a file."""
    return PROV_XML.read(io.BytesIO(data), source="a.xml")


def read(inside, declarations=""):
    """The assertions of a document around `inside`."""
    return list(reading(document(inside, declarations)).assertions)


def statements(inside, declarations=""):
    return [assertion.statement for assertion in read(inside, declarations)]


def warnings(inside, declarations=""):
    found = reading(document(inside, declarations))
    list(found.assertions)
    return found.warnings


def values(element, declarations=""):
    """The values, as (datatype, lexical form, language), that an entity with this attribute element reads to."""
    (one,) = statements(f'<prov:entity prov:id="ex:e">{element}</prov:entity>', declarations)
    return [tuple(attribute[1:]) for attribute in one.attributes]


def refused(data):
    """The BadInput that reading `data` raises."""
    with pytest.raises(BadInput) as error:
        list(reading(data).assertions)
    return error.value


def write(assertions, namespaces=None):
    """The document written, as bytes, and the losses as {what: count}."""
    out = io.BytesIO()
    losses = PROV_XML.write(assertions, namespaces or {}, out)
    return out.getvalue(), {loss.what: loss.count for loss in losses}


def place(inside, mark):
    """Where the first `mark` of a one-line document stands, as errors and warnings name it."""
    return f"a.xml:1:{document(inside).decode().index(mark) + 1}"
