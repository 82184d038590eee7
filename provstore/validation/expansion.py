"""Definitions 1 to 4: a statement comes in, facts in full form go out.

Source: PROV-CONSTRAINTS section 4.1 and table 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Final

from provstore.model.statement import Statement
from provstore.model.terms import BLANK, BY_IRI
from provstore.validation.facts import (
    ANONYMOUS,
    ARGUMENTS,
    ELEMENT_NAMES,
    IDENTIFIED,
    KINDS,
    PLACEHOLDER,
    Equation,
    Fact,
    Reason,
)
from provstore.validation.terms import Terms

# Table 3: the arguments that may be -, and then stand for something that exists.
EXPANDABLE: Final = {
    "activity": (0, 1), "wasGeneratedBy": (1, 2), "used": (1, 2), "wasStartedBy": (1, 2, 3), "wasEndedBy": (1, 2, 3),
    "wasInvalidatedBy": (1, 2), "wasAssociatedWith": (1,), "actedOnBehalfOf": (2,),
}  # fmt: skip
# Definition 4 and its remark: here - is a constant, "there is none".
_PLACEHOLDERS: Final = {"wasAssociatedWith": (2,), "wasDerivedFrom": (2, 3, 4)}
# Constraints 24 to 27 can merge the identifiers of these.
_MERGEABLE: Final = frozenset({"wasGeneratedBy", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy"})
_POSITIONS: Final = {kind: {iri: place for place, iri in enumerate(iris)} for kind, iris in ARGUMENTS.items()}
_TIMES: Final = frozenset(
    argument.iri for record in BY_IRI.values() for argument in record.arguments if argument.holds == "time"
)


@dataclass(slots=True)
class Expanded:
    """What one statement comes to: facts, equations of a statement that gives one argument twice, and arguments that
    PROV-DM requires and that it lacks (attribute IRIs).
    """

    facts: list[Fact]
    equations: list[Equation] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def in_scope(stated: Statement) -> bool:
    """True when PROV-CONSTRAINTS speaks of such statements; PROV-Links and PROV-Dictionary have their own records."""
    return BY_IRI[stated.kind].name in KINDS


def expand(stated: Statement, terms: Terms) -> Expanded:
    """The facts of a statement that is in scope."""
    kind = BY_IRI[stated.kind].name
    given = _given(kind, stated, terms)
    expanded = Expanded([])
    first = [values[0] if values else None for values in given]
    args = [_argument(kind, place, first, terms, expanded) for place in range(len(first))]
    identifier = _optional_identifiers(kind, stated, terms)
    fact = Fact(kind, identifier, tuple(args), stated)
    expanded.facts.append(fact)
    if any(len(values) > 1 for values in given):
        _more(fact, given, expanded)
    return expanded


def _given(kind: str, stated: Statement, terms: Terms) -> list[list[int]]:
    """The terms that a statement gives for each argument."""
    positions = _POSITIONS[kind]
    given: list[list[int]] = [[] for _ in positions]
    for name, _, lexical, _ in stated.attributes:
        place = positions.get(name)
        if place is not None:
            # A normal form names an existential time by a blank identifier.
            is_time = name in _TIMES and not lexical.startswith(BLANK)
            given[place].append(terms.time(lexical) if is_time else terms.identifier(lexical))
    return given


def _optional_identifiers(kind: str, stated: Statement, terms: Terms) -> int:
    """Definition 1 (optional-identifiers): a relation without an identifier has one that nobody knows."""
    if kind not in ELEMENT_NAMES and kind not in IDENTIFIED:
        return ANONYMOUS
    if stated.identifier is not None:
        return terms.identifier(stated.identifier)
    return terms.fresh() if kind in _MERGEABLE else ANONYMOUS


def _argument(kind: str, place: int, given: list[int | None], terms: Terms, expanded: Expanded) -> int:
    """Definitions 3 and 4 (definition-short-forms, optional-placeholders) for one argument."""
    term = given[place]
    if term is not None:
        return term
    if place in EXPANDABLE.get(kind, ()):
        return terms.fresh()
    if place in _PLACEHOLDERS.get(kind, ()):
        # Definition 4 (3, 4): with an activity, a generation and a usage exist; without, - is a constant.
        precise = kind == "wasDerivedFrom" and place > 2 and given[2] is not None
        return terms.fresh() if precise else PLACEHOLDER
    expanded.missing.append(ARGUMENTS[kind][place])
    return terms.fresh()


def _more(fact: Fact, given: list[list[int]], expanded: Expanded) -> None:
    """A statement that gives an argument several values: several facts, or by its key one fact with equal values."""
    if fact.id == ANONYMOUS and fact.kind not in IDENTIFIED:
        choices = [values or [term] for values, term in zip(given, fact.args, strict=True)]
        expanded.facts = [Fact(fact.kind, fact.id, args, fact.stated) for args in product(*choices)]
        return
    constraint = 22 if fact.kind in ELEMENT_NAMES else 23
    for values in given:
        for other in values[1:]:
            expanded.equations.append(Equation(values[0], other, Reason(constraint, fact, fact)))
