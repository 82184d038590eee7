"""Type constraint 50 and impossibility constraints 51 to 56 (PROV-CONSTRAINTS sections 6.3 and 6.4)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from tests.oracle_validation.facts import (
    ELEMENTS,
    IDENTIFIED,
    PLACEHOLDER,
    PROV,
    QUALIFIED_NAME,
    Instance,
    Term,
    all_facts,
)

# What constraint 50 says of the arguments of each kind, in order; None says nothing.
_TYPES: dict[str, tuple[str | None, ...]] = {
    "wasGeneratedBy": ("entity", "activity"),
    "used": ("activity", "entity"),
    "wasInformedBy": ("activity", "activity"),
    "wasStartedBy": ("activity", "entity", "activity"),
    "wasEndedBy": ("activity", "entity", "activity"),
    "wasInvalidatedBy": ("entity", "activity"),
    "wasDerivedFrom": ("entity", "entity", "activity"),
    "wasAttributedTo": ("entity", "agent"),
    "wasAssociatedWith": ("activity", "agent", "entity"),
    "actedOnBehalfOf": ("agent", "agent", "activity"),
    "alternateOf": ("entity", "entity"),
    "specializationOf": ("entity", "entity"),
    "hadMember": ("entity", "entity"),
}
_EMPTY = (PROV + "type", QUALIFIED_NAME, PROV + "EmptyCollection", "")


def constraint_50(facts: Instance) -> set[tuple[Term, str]]:
    """typing: the types that identifiers have by their use, as (term, type). The placeholder has none."""
    found: set[tuple[Term, str]] = set()
    for one in all_facts(facts):
        if one.kind in ELEMENTS:
            found.add((one.id, one.kind))
        for term, kind in zip(one.args, _TYPES.get(one.kind, ()), strict=False):
            found.add((term, kind))
        if one.kind == "hadMember":
            found.add((one.args[0], "prov:Collection"))
        if one.kind == "entity" and _EMPTY in one.attributes:
            found |= {(one.id, "prov:Collection"), (one.id, "prov:EmptyCollection")}
    return {(term, kind) for term, kind in found if term != PLACEHOLDER}


def constraint_51(facts: Instance) -> bool:
    """impossible-unspecified-derivation-generation-use: no activity, but a generation or a usage."""
    return any(
        one.args[2] == PLACEHOLDER and one.args[3:] != (PLACEHOLDER, PLACEHOLDER) for one in facts["wasDerivedFrom"]
    )


def constraint_52(facts: Instance) -> bool:
    """impossible-specialization-reflexive: specializationOf(e,e)."""
    return any(one.args[0] == one.args[1] for one in facts["specializationOf"])


def constraint_53(facts: Instance) -> bool:
    """impossible-property-overlap: two of nine relations share an identifier (derivation and influence may)."""
    relations = (
        "used", "wasGeneratedBy", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy", "wasInformedBy", "wasAttributedTo",
        "wasAssociatedWith", "actedOnBehalfOf",
    )  # fmt: skip
    return any(one.id == other.id for r, s in combinations(relations, 2) for one in facts[r] for other in facts[s])


def constraint_54(facts: Instance) -> bool:
    """impossible-object-property-overlap: an element and one of the eleven relations share an identifier."""
    return any(one.id == other.id for p in ELEMENTS for r in IDENTIFIED for one in facts[p] for other in facts[r])


def constraint_55(facts: Instance) -> bool:
    """entity-activity-disjoint: one identifier has both types."""
    types = constraint_50(facts)
    return any((term, "activity") in types for term, kind in types if kind == "entity")


def constraint_56(facts: Instance) -> bool:
    """membership-empty-collection: hadMember(c,e) and c is a prov:EmptyCollection."""
    types = constraint_50(facts)
    return any((one.args[0], "prov:EmptyCollection") in types for one in facts["hadMember"])


IMPOSSIBILITY: dict[int, Callable[[Instance], bool]] = {
    51: constraint_51, 52: constraint_52, 53: constraint_53, 54: constraint_54, 55: constraint_55, 56: constraint_56,
}  # fmt: skip


def impossibilities(facts: Instance) -> set[int]:
    """The violated ones of 50 to 56; 50 cannot be violated by itself and is named beside 55."""
    found = {number for number, constraint in IMPOSSIBILITY.items() if constraint(facts)}
    return found | ({50} if 55 in found else set())
