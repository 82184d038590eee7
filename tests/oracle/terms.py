"""PROV names, the formal arguments of each kind (rule 1), and builders that keep the tests short."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from tests.oracle.statements import Attribute, OracleStatement

PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PS = "urn:provstore:terms#"
EX = "http://example.org/"

QUALIFIED_NAME = PROV + "QUALIFIED_NAME"
LANGUAGE_STRING = PROV + "InternationalizedString"
KEY_ENTITY_PAIR = PROV + "KeyEntityPair"
PART_OF = PS + "partOf"
METRIC_SERIES = PS + "MetricSeries"

ELEMENT_KINDS = {PROV + "Entity": "entity", PROV + "Activity": "activity", PROV + "Agent": "agent"}

# kind -> (name of the relation in PROV-N, its formal arguments in order)
RELATIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    PROV + "Generation": ("wasGeneratedBy", ("entity", "activity", "time")),
    PROV + "Usage": ("used", ("activity", "entity", "time")),
    PROV + "Communication": ("wasInformedBy", ("informed", "informant")),
    PROV + "Start": ("wasStartedBy", ("activity", "trigger", "starter", "time")),
    PROV + "End": ("wasEndedBy", ("activity", "trigger", "ender", "time")),
    PROV + "Invalidation": ("wasInvalidatedBy", ("entity", "activity", "time")),
    PROV + "Derivation": ("wasDerivedFrom", ("generatedEntity", "usedEntity", "activity", "generation", "usage")),
    PROV + "Attribution": ("wasAttributedTo", ("entity", "agent")),
    PROV + "Association": ("wasAssociatedWith", ("activity", "agent", "plan")),
    PROV + "Delegation": ("actedOnBehalfOf", ("delegate", "responsible", "activity")),
    PROV + "Influence": ("wasInfluencedBy", ("influencee", "influencer")),
    PROV + "Specialization": ("specializationOf", ("specificEntity", "generalEntity")),
    PROV + "Alternate": ("alternateOf", ("alternate1", "alternate2")),
    PROV + "Membership": ("hadMember", ("collection", "entity")),
    PROV + "Mention": ("mentionOf", ("specificEntity", "generalEntity", "bundle")),
    PROV + "Insertion": ("derivedByInsertionFrom", ("after", "before", "key-entity-set")),
    PROV + "Removal": ("derivedByRemovalFrom", ("after", "before", "key-set")),
    PROV + "DictionaryMembership": ("hadDictionaryMember", ("dictionary", "key-entity-set")),
}
KIND_OF_RELATION = {name: kind for kind, (name, _) in RELATIONS.items()}

# PROV-CONSTRAINTS, constraint 50 (typing), per formal argument; Influence is absent there.
TYPING: dict[str, dict[str, str]] = {
    "wasGeneratedBy": {"entity": "entity", "activity": "activity"},
    "used": {"activity": "activity", "entity": "entity"},
    "wasInformedBy": {"informed": "activity", "informant": "activity"},
    "wasStartedBy": {"activity": "activity", "trigger": "entity", "starter": "activity"},
    "wasEndedBy": {"activity": "activity", "trigger": "entity", "ender": "activity"},
    "wasInvalidatedBy": {"entity": "entity", "activity": "activity"},
    "wasDerivedFrom": {"generatedEntity": "entity", "usedEntity": "entity", "activity": "activity"},
    "wasAttributedTo": {"entity": "entity", "agent": "agent"},
    "wasAssociatedWith": {"activity": "activity", "agent": "agent", "plan": "entity"},
    "actedOnBehalfOf": {"delegate": "agent", "responsible": "agent", "activity": "activity"},
    "wasInfluencedBy": {},
    "specializationOf": {"specificEntity": "entity", "generalEntity": "entity"},
    "alternateOf": {"alternate1": "entity", "alternate2": "entity"},
    "hadMember": {"collection": "entity", "entity": "entity"},
    # PROV-LINKS and PROV-DICTIONARY type these the same way.
    "mentionOf": {"specificEntity": "entity", "generalEntity": "entity", "bundle": "entity"},
    "derivedByInsertionFrom": {"after": "entity", "before": "entity", "key-entity-set": "entity"},
    "derivedByRemovalFrom": {"after": "entity", "before": "entity"},
    "hadDictionaryMember": {"dictionary": "entity", "key-entity-set": "entity"},
}

# Arguments that name a relation, a time or a key, never an element (rule 19).
NOT_ELEMENTS = {"time", "generation", "usage", "key-set"}


def iri(name: str) -> str:
    """A full IRI: `name` itself when it has a scheme, else in the example namespace."""
    return name if ":" in name else EX + name


def day(number: int) -> datetime:
    """Midnight UTC of the `number`-th day of January 2026 (1 is the first)."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number - 1)


def qualified(attribute: str, value: str) -> Attribute:
    """An attribute whose value is a qualified name, that is a full IRI."""
    return (attribute, QUALIFIED_NAME, iri(value), "")


def text(attribute: str, value: str, language: str = "") -> Attribute:
    """A text attribute; with a language it is a prov:InternationalizedString (rule 1)."""
    return (attribute, LANGUAGE_STRING if language else XSD + "string", value, language)


def double(attribute: str, lexical: str) -> Attribute:
    """An xsd:double attribute."""
    return (attribute, XSD + "double", lexical, "")


def digest(value: str) -> Attribute:
    """A `ps:digest` attribute, `<algorithm>:<value>`."""
    return text(PS + "digest", value)


def pair(key: str, entity_name: str) -> Attribute:
    """One key-entity pair of a dictionary: one value (rule 1)."""
    lexical = json.dumps([XSD + "string", key, "", iri(entity_name)], separators=(",", ":"), ensure_ascii=False)
    return (PROV + "key-entity-set", KEY_ENTITY_PAIR, lexical, "")


def _element(kind: str, name: str, attributes: tuple[Attribute, ...]) -> OracleStatement:
    return OracleStatement(PROV + kind, iri(name), attributes)


def entity(name: str, *attributes: Attribute) -> OracleStatement:
    """entity(name, [attributes])."""
    return _element("Entity", name, attributes)


def activity(name: str, *attributes: Attribute) -> OracleStatement:
    """activity(name, [attributes])."""
    return _element("Activity", name, attributes)


def agent(name: str, *attributes: Attribute) -> OracleStatement:
    """agent(name, [attributes])."""
    return _element("Agent", name, attributes)


def relation(
    name: str, *arguments: str | None, identifier: str | None = None, attributes: tuple[Attribute, ...] = ()
) -> OracleStatement:
    """A relation by its PROV-N name; `arguments` are the formal ones in order, None for an absent one."""
    kind = KIND_OF_RELATION[name]
    formal: list[Attribute] = []
    for argument, value in zip(RELATIONS[kind][1], arguments, strict=False):
        if value is None:
            continue  # rule 1: an absent argument is absent
        if argument == "time":
            formal.append((PROV + "time", XSD + "dateTime", value, ""))
        else:
            formal.append(qualified(PROV + argument, value))
    return OracleStatement(kind, iri(identifier) if identifier else None, (*formal, *attributes))


def used(activity_name: str, entity_name: str) -> OracleStatement:
    """used(activity, entity)."""
    return relation("used", activity_name, entity_name)


def generated(entity_name: str, activity_name: str) -> OracleStatement:
    """wasGeneratedBy(entity, activity)."""
    return relation("wasGeneratedBy", entity_name, activity_name)


def part_of(child: str, parent: str) -> OracleStatement:
    """wasInformedBy(child, parent, [prov:type = ps:partOf]) (rule 20)."""
    return relation("wasInformedBy", child, parent, attributes=(qualified(PROV + "type", PART_OF),))
