"""How PROV-O says each record of PROV-DM, as one table.

Source: PROV-O (W3C Recommendation) sections 3.3 and 4; PROV-Dictionary section 5; PROV-Links section 4. For relations
that PROV-O has no qualified form for: the extension that PROV-JSONLD publishes (its section 6), and our own terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from provstore.model.terms import BY_NAME, END_TIME, LABEL, PROV, PS, RDF, ROLE, START_TIME, TYPE, RecordType

RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
PROVEXT: Final = "https://openprovenance.org/ns/provext#"
RDF_TYPE: Final = RDF + "type"
LOCATION: Final = PROV + "location"

PAIR_CLASS: Final = PROV + "KeyEntityPair"
PAIR_KEY: Final = PROV + "pairKey"
PAIR_ENTITY: Final = PROV + "pairEntity"
AS_IN_BUNDLE: Final = PROV + "asInBundle"


@dataclass(frozen=True, slots=True)
class Pattern:
    """The qualification pattern of one relation.

    Args: binary: the property between its first two arguments. link: the property from the first argument to the node
    that stands for the relation. node: that node's class. properties: of the further arguments, by their IRIs.
    """

    record: RecordType
    binary: str
    link: str
    node: str
    properties: dict[str, str]


def _pattern(name: str, *properties: str, prefix: str = PROV) -> Pattern:
    record = BY_NAME[name]
    word = record.iri.removeprefix(PROV)
    spaces = {"prov": PROV, "provext": PROVEXT, "ps": PS}
    iris = (spaces[one.partition(":")[0]] + one.partition(":")[2] for one in properties)
    arguments = (argument.iri for argument in record.arguments[1:])
    return Pattern(
        record, PROV + name, f"{prefix}qualified{word}", prefix + word, dict(zip(arguments, iris, strict=True))
    )


PATTERNS: Final[dict[str, Pattern]] = {
    one.record.iri: one
    for one in (
        _pattern("wasGeneratedBy", "prov:activity", "prov:atTime"),
        _pattern("used", "prov:entity", "prov:atTime"),
        _pattern("wasInformedBy", "prov:activity"),
        _pattern("wasStartedBy", "prov:entity", "prov:hadActivity", "prov:atTime"),
        _pattern("wasEndedBy", "prov:entity", "prov:hadActivity", "prov:atTime"),
        _pattern("wasInvalidatedBy", "prov:activity", "prov:atTime"),
        _pattern("wasDerivedFrom", "prov:entity", "prov:hadActivity", "prov:hadGeneration", "prov:hadUsage"),
        _pattern("wasAttributedTo", "prov:agent"),
        _pattern("wasAssociatedWith", "prov:agent", "prov:hadPlan"),
        _pattern("actedOnBehalfOf", "prov:agent", "prov:hadActivity"),
        _pattern("wasInfluencedBy", "prov:influencer"),
        _pattern("specializationOf", "provext:generalEntity", prefix=PROVEXT),
        _pattern("alternateOf", "provext:alternate", prefix=PROVEXT),
        _pattern("hadMember", "provext:member", prefix=PROVEXT),
        _pattern("mentionOf", "provext:generalEntity", "prov:asInBundle", prefix=PS),
        _pattern("derivedByInsertionFrom", "prov:dictionary", "prov:insertedKeyEntityPair"),
        _pattern("derivedByRemovalFrom", "prov:dictionary", "prov:removedKey"),
        _pattern("hadDictionaryMember", "ps:keyEntityPair", prefix=PS),
    )
}

# Subtypes of a derivation have a link and a binary property of their own (PROV-O section 4).
DERIVATION: Final = PROV + "Derivation"
SUBTYPES: Final = {
    PROV + "Revision": (PROV + "qualifiedRevision", PROV + "wasRevisionOf"),
    PROV + "Quotation": (PROV + "qualifiedQuotation", PROV + "wasQuotedFrom"),
    PROV + "PrimarySource": (PROV + "qualifiedPrimarySource", PROV + "hadPrimarySource"),
}

ELEMENT_CLASSES: Final = (PROV + "Entity", PROV + "Activity", PROV + "Agent")
# PROV's own classes of elements: what is of one of them is of the other too (PROV-O section 4).
ELEMENT_SUBCLASSES: Final = {
    **{PROV + one: PROV + "Agent" for one in ("Person", "Organization", "SoftwareAgent")},
    **{
        PROV + one: PROV + "Entity"
        for one in ("Plan", "Bundle", "Collection", "EmptyCollection", "Dictionary", "EmptyDictionary")
    },
}

# The class of the node of a relation; `prov` writes its own for those that PROV-O has none for.
RELATION_CLASSES: Final[dict[str, Pattern]] = {
    name: pattern
    for pattern in PATTERNS.values()
    for name in (pattern.node, pattern.record.iri)
} | dict.fromkeys(SUBTYPES, PATTERNS[DERIVATION])  # fmt: skip
LINKS: Final[dict[str, Pattern]] = {
    name: pattern
    for pattern in PATTERNS.values()
    for name in (pattern.link, f"{PROV}qualified{pattern.record.iri.removeprefix(PROV)}")
} | {link: PATTERNS[DERIVATION] for link, _ in SUBTYPES.values()}
# Of a subtype's link or binary property: the type that it implies.
IMPLIED_TYPE: Final = {name: subtype for subtype, names in SUBTYPES.items() for name in names}
# Binary properties, those of derivation's subtypes among them; and those that are written the other way round.
BINARY: Final[dict[str, Pattern]] = {pattern.binary: pattern for pattern in PATTERNS.values()} | {
    binary: PATTERNS[DERIVATION] for _, binary in SUBTYPES.values()
}
INVERSE: Final = {
    PROV + "generated": PATTERNS[PROV + "Generation"],
    PROV + "invalidated": PATTERNS[PROV + "Invalidation"],
    PROV + "influenced": PATTERNS[PROV + "Influence"],
}

# Attributes that PROV-O has a property for, in every record and in elements or relations only.
ATTRIBUTES: Final = {TYPE: RDF_TYPE, LABEL: RDFS + "label", LOCATION: PROV + "atLocation"}
ELEMENT_ATTRIBUTES: Final = ATTRIBUTES | {START_TIME: PROV + "startedAtTime", END_TIME: PROV + "endedAtTime"}
RELATION_ATTRIBUTES: Final = ATTRIBUTES | {ROLE: PROV + "hadRole"}
PROPERTY_MEANS: Final = {
    meaning: name for name, meaning in (ELEMENT_ATTRIBUTES | RELATION_ATTRIBUTES).items()
}  # fmt: skip
# The influencer by its kind (PROV-O section 4, subproperties of prov:influencer).
INFLUENCER: Final = PROV + "influencer"
INFLUENCERS: Final = frozenset({PROV + "entity", PROV + "activity", PROV + "agent"})
# Properties that other tools use on the node of a start or end (PROV-O itself has atTime there).
TIME_ALIASES: Final = frozenset({PROV + "startedAtTime", PROV + "endedAtTime"})
