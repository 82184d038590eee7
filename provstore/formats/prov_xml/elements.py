"""The elements of PROV-XML as one table: which record each stands for, and how its arguments are called.

Source: PROV-XML (W3C Note 2013-04-30) and its schema: prov-core.xsd, prov-dictionary.xsd, prov-links.xsd.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from provstore.formats.values import FORMAL
from provstore.model.terms import (
    BY_NAME,
    KEY_ENTITY_SET,
    KEY_SET,
    LABEL,
    PROV,
    RECORD_TYPES,
    ROLE,
    STRING,
    TYPE,
    RecordType,
)

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
XML: Final = "http://www.w3.org/XML/1998/namespace"
XML_LITERAL: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"

DOCUMENT: Final = PROV + "document"
BUNDLE_CONTENT: Final = PROV + "bundleContent"
BUNDLE: Final = PROV + "bundle"
KEY_ENTITY_PAIR_ELEMENT: Final = PROV + "keyEntityPair"
KEY: Final = PROV + "key"
ENTITY: Final = PROV + "entity"
# Elements of the schema that state nothing: foreign content, and a pair outside of a dictionary record.
STATES_NOTHING: Final = frozenset({PROV + "other", KEY_ENTITY_PAIR_ELEMENT})

_NEW_AND_OLD: Final = {PROV + "newDictionary": PROV + "after", PROV + "oldDictionary": PROV + "before"}
# Of the dictionary records: the attribute that an element stands for, where their names differ.
RENAMED: Final[dict[str, dict[str, str]]] = {
    BY_NAME["derivedByInsertionFrom"].iri: _NEW_AND_OLD | {KEY_ENTITY_PAIR_ELEMENT: KEY_ENTITY_SET},
    BY_NAME["derivedByRemovalFrom"].iri: _NEW_AND_OLD | {KEY: KEY_SET},
    BY_NAME["hadDictionaryMember"].iri: {KEY_ENTITY_PAIR_ELEMENT: KEY_ENTITY_SET},
}
# The schema's order: arguments, then these, then everything else.
_COMMON: Final = (LABEL, PROV + "location", ROLE, TYPE, PROV + "value")
# Of type xs:anySimpleType: a value says its type there, as in the Note's examples.
TYPED: Final = frozenset((*_COMMON, KEY)) - {LABEL}


class RecordElement(NamedTuple):
    """What a record's element says: its record type, and the prov:type that its name implies, or None."""

    kind: RecordType
    implied_type: str | None


def _subtypes(base: str, **types: str) -> dict[str, RecordElement]:
    return {PROV + name: RecordElement(BY_NAME[base], PROV + local) for name, local in types.items()}


RECORDS: Final[dict[str, RecordElement]] = (
    {PROV + record.name: RecordElement(record, None) for record in RECORD_TYPES}
    | _subtypes("agent", person="Person", organization="Organization", softwareAgent="SoftwareAgent")
    | _subtypes("entity", plan="Plan", bundle="Bundle", collection="Collection", emptyCollection="EmptyCollection")
    | _subtypes("entity", dictionary="Dictionary", emptyDictionary="EmptyDictionary")
    | _subtypes("wasDerivedFrom", wasRevisionOf="Revision", wasQuotedFrom="Quotation", hadPrimarySource="PrimarySource")
)


def single_arguments(kind: RecordType) -> frozenset[str]:
    """The arguments of which a record has one at most."""
    return frozenset(a.iri for a in kind.arguments if a.holds != "keys")


SINGLE: Final = {record.iri: single_arguments(record) for record in RECORD_TYPES}


def ranks(kind: RecordType) -> dict[str, int]:
    """The place of each attribute in the schema's sequence; what is not in it comes last."""
    ordered = [argument.iri for argument in kind.arguments] + list(_COMMON)
    return {iri: place for place, iri in enumerate(ordered)}


RANKS: Final = {record.iri: ranks(record) for record in RECORD_TYPES}
LAST: Final = 99


def expected_datatype(iri: str) -> str:
    """The datatype of a plain text under an attribute."""
    return FORMAL.get(iri, STRING) or STRING
