"""The vocabulary: namespaces, and PROV-DM's record types with their formal arguments as one closed table.

Source: PROV-DM section 5, PROV-N section 3, PROV-Dictionary, PROV-Links; rules 1, 19, 20.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

PROV: Final = "http://www.w3.org/ns/prov#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PS: Final = "urn:provstore:terms#"
BLANK: Final = "urn:provstore:blank:"
CONTENT: Final = "urn:provstore:content:"
DOCUMENT: Final = "urn:provstore:document:"

QUALIFIED_NAME: Final = PROV + "QUALIFIED_NAME"
INTERNATIONALIZED_STRING: Final = PROV + "InternationalizedString"
KEY_ENTITY_PAIR: Final = PROV + "KeyEntityPair"
STRING: Final = XSD + "string"
INT: Final = XSD + "int"
LONG: Final = XSD + "long"
INTEGER: Final = XSD + "integer"
DOUBLE: Final = XSD + "double"
# xsd:integer and all that is derived from it (XML Schema part 2, section 3).
INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        "integer", "long", "int", "short", "byte", "nonPositiveInteger", "negativeInteger", "nonNegativeInteger",
        "positiveInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
BOOLEAN: Final = XSD + "boolean"
DATE_TIME: Final = XSD + "dateTime"

TYPE: Final = PROV + "type"
LABEL: Final = PROV + "label"
ROLE: Final = PROV + "role"
KEY_ENTITY_SET: Final = PROV + "key-entity-set"
KEY_SET: Final = PROV + "key-set"
TIME: Final = PROV + "time"
START_TIME: Final = PROV + "startTime"
END_TIME: Final = PROV + "endTime"

ElementKind = Literal["entity", "activity", "agent"]
ELEMENT_KINDS: Final[tuple[ElementKind, ...]] = ("entity", "activity", "agent")

# What an argument holds: an element of that kind (constraint 50), an element of any kind,
# the identifier of another statement, a bundle, a time, or a dictionary's keys.
Holds = Literal["entity", "activity", "agent", "element", "statement", "bundle", "time", "keys"]


class Argument(NamedTuple):
    """One formal argument of a record type: its attribute IRI and what it holds."""

    iri: str
    holds: Holds


@dataclass(frozen=True, slots=True)
class RecordType:
    """One PROV-DM record type.

    `iri` is rule 1's kind, `name` the PROV-N keyword, `code` a small number that storage may rely
    on for good, `arguments` the formal arguments in PROV-N order; the first two are an edge's ends.
    """

    iri: str
    name: str
    code: int
    arguments: tuple[Argument, ...]

    @property
    def is_element(self) -> bool:
        """True for entity, activity and agent records."""
        return self.code <= 3


def _record(code: int, type_name: str, name: str, *arguments: str) -> RecordType:
    pairs = (argument.split(":") for argument in arguments)
    return RecordType(
        PROV + type_name,
        name,
        code,
        tuple(Argument(PROV + local, holds) for local, holds in pairs),  # type: ignore[arg-type]
    )


# Codes are stored: never renumber (frozen by a test).
RECORD_TYPES: Final[tuple[RecordType, ...]] = (
    _record(1, "Entity", "entity"),
    _record(2, "Activity", "activity", "startTime:time", "endTime:time"),
    _record(3, "Agent", "agent"),
    _record(4, "Generation", "wasGeneratedBy", "entity:entity", "activity:activity", "time:time"),
    _record(5, "Usage", "used", "activity:activity", "entity:entity", "time:time"),
    _record(6, "Communication", "wasInformedBy", "informed:activity", "informant:activity"),
    _record(
        7, "Start", "wasStartedBy",
        "activity:activity", "trigger:entity", "starter:activity", "time:time",
    ),
    _record(
        8, "End", "wasEndedBy",
        "activity:activity", "trigger:entity", "ender:activity", "time:time",
    ),
    _record(
        9, "Invalidation", "wasInvalidatedBy", "entity:entity", "activity:activity", "time:time"
    ),
    _record(
        10, "Derivation", "wasDerivedFrom",
        "generatedEntity:entity", "usedEntity:entity", "activity:activity",
        "generation:statement", "usage:statement",
    ),
    _record(11, "Attribution", "wasAttributedTo", "entity:entity", "agent:agent"),
    _record(
        12, "Association", "wasAssociatedWith", "activity:activity", "agent:agent", "plan:entity"
    ),
    _record(
        13, "Delegation", "actedOnBehalfOf",
        "delegate:agent", "responsible:agent", "activity:activity",
    ),
    _record(14, "Influence", "wasInfluencedBy", "influencee:element", "influencer:element"),
    _record(
        15, "Specialization", "specializationOf", "specificEntity:entity", "generalEntity:entity"
    ),
    _record(16, "Alternate", "alternateOf", "alternate1:entity", "alternate2:entity"),
    _record(17, "Membership", "hadMember", "collection:entity", "entity:entity"),
    _record(
        18, "Mention", "mentionOf",
        "specificEntity:entity", "generalEntity:entity", "bundle:bundle",
    ),
    _record(
        19, "Insertion", "derivedByInsertionFrom",
        "after:entity", "before:entity", "key-entity-set:keys",
    ),
    _record(
        20, "Removal", "derivedByRemovalFrom", "after:entity", "before:entity", "key-set:keys"
    ),
    _record(
        21, "DictionaryMembership", "hadDictionaryMember",
        "dictionary:entity", "key-entity-set:keys",
    ),
)  # fmt: skip

BY_IRI: Final = {record.iri: record for record in RECORD_TYPES}
BY_NAME: Final = {record.name: record for record in RECORD_TYPES}
BY_CODE: Final = {record.code: record for record in RECORD_TYPES}
ELEMENTS: Final[dict[str, ElementKind]] = {
    PROV + "Entity": "entity",
    PROV + "Activity": "activity",
    PROV + "Agent": "agent",
}

# Namespaces that every document may use undeclared, and the prefixes that the store gives them.
WELL_KNOWN_PREFIXES: Final = {"prov": PROV, "xsd": XSD, "ps": PS}
