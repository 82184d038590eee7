"""Statements as facts, with definitions 1 to 4 applied (PROV-CONSTRAINTS section 5.1).

A term is a constant or an existential variable: a name is its IRI, a time is a tuple, the placeholder is `-`, and an
`int` is an existential variable.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple

from provstore.model.document import Assertion
from provstore.model.statement import Attribute, Statement

PROV = "http://www.w3.org/ns/prov#"
QUALIFIED_NAME = PROV + "QUALIFIED_NAME"
PLACEHOLDER = "-"

Term = str | int | tuple[str, str]

# Keyword in PROV-N, and the formal arguments, by the type of PROV-DM.
ARGUMENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Entity": ("entity", ()),
    "Activity": ("activity", ("startTime", "endTime")),
    "Agent": ("agent", ()),
    "Generation": ("wasGeneratedBy", ("entity", "activity", "time")),
    "Usage": ("used", ("activity", "entity", "time")),
    "Communication": ("wasInformedBy", ("informed", "informant")),
    "Start": ("wasStartedBy", ("activity", "trigger", "starter", "time")),
    "End": ("wasEndedBy", ("activity", "trigger", "ender", "time")),
    "Invalidation": ("wasInvalidatedBy", ("entity", "activity", "time")),
    "Derivation": ("wasDerivedFrom", ("generatedEntity", "usedEntity", "activity", "generation", "usage")),
    "Attribution": ("wasAttributedTo", ("entity", "agent")),
    "Association": ("wasAssociatedWith", ("activity", "agent", "plan")),
    "Delegation": ("actedOnBehalfOf", ("delegate", "responsible", "activity")),
    "Influence": ("wasInfluencedBy", ("influencee", "influencer")),
    "Specialization": ("specializationOf", ("specificEntity", "generalEntity")),
    "Alternate": ("alternateOf", ("alternate1", "alternate2")),
    "Membership": ("hadMember", ("collection", "entity")),
}
TYPE_OF_KEYWORD = {keyword: type_name for type_name, (keyword, _) in ARGUMENTS.items()}
ELEMENTS = ("entity", "activity", "agent")
# The relations of Definition 1: those with an identifier.
IDENTIFIED = (
    "used", "wasGeneratedBy", "wasInvalidatedBy", "wasInfluencedBy", "wasStartedBy", "wasEndedBy", "wasInformedBy",
    "wasDerivedFrom", "wasAttributedTo", "wasAssociatedWith", "actedOnBehalfOf",
)  # fmt: skip


class Some(NamedTuple):
    """In the conclusion of an inference: "there exists", one for each name."""

    name: str


class Fact(NamedTuple):
    """One statement with all its parameters. `id` is None where PROV-DM has no identifier."""

    kind: str
    id: Term | Some | None
    args: tuple[Term | Some, ...]
    attributes: frozenset[Attribute] = frozenset()


# The facts of one instance by kind; a dict of None is a set that keeps its order.
Instance = dict[str, dict[Fact, None]]


def fact(kind: str, identifier: Term | Some | None, *args: Term | Some) -> Fact:
    """A fact without attributes, as inferences conclude them."""
    return Fact(kind, identifier, args)


def instance(facts: Iterable[Fact]) -> Instance:
    """The facts by kind; every kind is there."""
    found: Instance = {keyword: {} for keyword, _ in ARGUMENTS.values()}
    for one in facts:
        found.setdefault(one.kind, {})[one] = None
    return found


def all_facts(of: Instance) -> list[Fact]:
    """All facts of an instance."""
    return [one for facts in of.values() for one in facts]


def is_variable(term: Term | Some | None) -> bool:
    """True for an existential variable."""
    return isinstance(term, int)


def bundles(assertions: Iterable[Assertion]) -> dict[str | None, list[Statement]]:
    """Section 7.2: the toplevel instance and each bundle for itself."""
    found: dict[str | None, list[Statement]] = {None: []}
    for bundle, stated in assertions:
        found.setdefault(bundle, []).append(stated)
    return found


def expanded(statements: Iterable[Statement], fresh: Iterator[int], known: Collection[str] | None = None) -> list[Fact]:
    """The statements with definitions 1 to 4 applied.

    Args: fresh: numbers of variables. known: when given, every other name is an existential variable (for normal forms
    that were written down as statements).
    """
    names: dict[str, int] = {}

    def term(attribute: Attribute) -> Term:
        if attribute.datatype != QUALIFIED_NAME:
            return ("time", moment(attribute.lexical))
        return name(attribute.lexical)

    def name(iri: str) -> Term:
        if known is None or iri in known:
            return iri
        if iri not in names:
            names[iri] = next(fresh)
        return names[iri]

    facts = []
    for kind, identifier, attributes in statements:
        type_name = kind.removeprefix(PROV)
        if type_name not in ARGUMENTS:
            # Records of the Notes (mention, dictionaries): kept, and nothing follows from them.
            facts.append(Fact(kind, identifier, (), frozenset(attributes)))
            continue
        keyword, formal = ARGUMENTS[type_name]
        given = [next((term(a) for a in attributes if a.name == PROV + one), None) for one in formal]
        rest = frozenset(a for a in attributes if a.name not in [PROV + one for one in formal])
        args = definition_4(keyword, definition_3(given), fresh)
        own = definition_1(keyword, None if identifier is None else name(identifier), fresh)
        facts.append(Fact(keyword, own, args, definition_2(keyword, rest)))
    return facts


def definition_1(keyword: str, identifier: Term | None, fresh: Iterator[int]) -> Term | None:
    """optional-identifiers: r(a1,...) and r(-; a1,...) hold iff some id has r(id; a1,...)."""
    if keyword in IDENTIFIED and identifier is None:
        return next(fresh)
    return identifier if keyword in IDENTIFIED or keyword in ELEMENTS else None


def definition_2(keyword: str, attributes: frozenset[Attribute]) -> frozenset[Attribute]:
    """optional-attributes: without attributes is with the empty list. Only what has an identifier has attributes."""
    return attributes if keyword in IDENTIFIED or keyword in ELEMENTS else frozenset()


def definition_3(given: list[Term | None]) -> list[Term]:
    """definition-short-forms: what a short form leaves out is the placeholder."""
    return [PLACEHOLDER if one is None else one for one in given]


def definition_4(keyword: str, args: list[Term], fresh: Iterator[int]) -> tuple[Term, ...]:
    """optional-placeholders: `-` is a fresh variable, but for a plan and for a derivation without activity."""
    kept: tuple[int, ...] = ()
    if keyword == "wasAssociatedWith":
        kept = (2,)  # Table 3: pl is not expandable
    if keyword == "wasDerivedFrom":
        # "If a is not the placeholder -", then g and u are expanded; a itself never is.
        kept = (2, 3, 4) if args[2] == PLACEHOLDER else (2,)
    return tuple(next(fresh) if one == PLACEHOLDER and place not in kept else one for place, one in enumerate(args))


def moment(lexical: str) -> str:
    """A time by its value: in UTC when it has a zone."""
    try:
        value = datetime.fromisoformat(lexical)
    except ValueError:
        return lexical
    return (value.astimezone(UTC) if value.tzinfo else value).isoformat()


def numbers() -> Iterator[int]:
    """Fresh variables."""
    return count(1)
