"""Values of attributes as all formats have them: (datatype, lexical form, language), and what their datatypes are.

Source: PROV-DM section 5.7.3; rule 1.
"""

from __future__ import annotations

from typing import Final

from provstore.model.terms import (
    DATE_TIME,
    INT,
    INTEGER,
    KEY_ENTITY_SET,
    KEY_SET,
    LONG,
    QUALIFIED_NAME,
    RECORD_TYPES,
    STRING,
    XSD,
)

Literal = tuple[str, str, str]

QNAME: Final = XSD + "QName"
# The datatype of a plain text under a formal argument, whatever record it stands in; None: it can't be a text.
FORMAL: Final[dict[str, str | None]] = {
    argument.iri: DATE_TIME if argument.holds == "time" else QUALIFIED_NAME
    for record in RECORD_TYPES
    for argument in record.arguments
}
FORMAL.update({KEY_ENTITY_SET: None, KEY_SET: STRING})
# The datatypes that PROV-DM allows, by their usual names.
DATATYPE_NAMES: Final = frozenset({"prov:QUALIFIED_NAME", "prov:InternationalizedString", "rdf:XMLLiteral"}) | {
    f"xsd:{name}"
    for name in (
        "string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "boolean", "decimal",
        "integer", "nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte", "nonNegativeInteger",
        "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "positiveInteger", "float", "double",
        "duration", "yearMonthDuration", "dayTimeDuration", "dateTime", "time", "date", "gYearMonth", "gYear",
        "gMonthDay", "gDay", "gMonth", "hexBinary", "base64Binary", "anyURI", "QName",
    )
}  # fmt: skip


class WrongShape(Exception):
    """Something is not what the format has there; its text says what was found and expected."""


def integer_type(digits: str) -> str:
    """The datatype of an integer by its size (rule 1)."""
    if len(digits) < 10:
        return INT
    number = int(digits)
    if -(2**31) <= number < 2**31:
        return INT
    return LONG if -(2**63) <= number < 2**63 else INTEGER
