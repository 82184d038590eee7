"""Rule 27 (history, blame), rule 29 (topological order) and the intervals of rule 18, recomputed entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from tests.oracle.fold import Key, fold_unit, is_functional, key_of, rank
from tests.oracle.ledger import LiveAssertion, OracleLedger
from tests.oracle.statements import Value
from tests.oracle.terms import ELEMENT_KINDS
from tests.oracle.values import by_value
from tests.oracle.view import View, named_iris

Interval = tuple[int, int | None]  # [since, until), until None: still


def intervals(head: int, facts_at: Callable[[int], Iterable[Hashable]]) -> dict[Hashable, list[Interval]]:
    """The maximal runs of entries at which each fact holds."""
    held = [set(facts_at(n)) for n in range(head + 1)]
    result: dict[Hashable, list[Interval]] = {}
    for fact in set().union(*held):
        holds = [fact in facts for facts in held]
        starts = [n for n in range(head + 1) if holds[n] and (n == 0 or not holds[n - 1])]
        for since in starts:
            until = next((n for n in range(since, head + 1) if not holds[n]), None)
            result.setdefault(fact, []).append((since, until))
    return result


def statement_intervals(ledger: OracleLedger) -> dict[Hashable, list[Interval]]:
    """Rule 18: [since, until) per (sid, space)."""
    return intervals(ledger.head, lambda n: {(a.sid, a.space) for a in ledger.assertions_at(n)})


def attribute_intervals(ledger: OracleLedger) -> dict[Hashable, list[Interval]]:
    """Rule 18: [since, until) per (space, unit, IRI, key, values by value) after the fold."""

    def facts_at(sequence: int) -> set[Hashable]:
        live = ledger.assertions_at(sequence)
        units = {(a.space, a.unit) for a in live}
        return {
            (*unit, iri, key, frozenset(by_value(v) for v in values))
            for unit in units
            for (iri, key), values in fold_unit(a for a in live if (a.space, a.unit) == unit).items()
        }

    return intervals(ledger.head, facts_at)


def history(ledger: OracleLedger, iri: str, spaces: Iterable[str] | None = None) -> list[int]:
    """Rule 27: the sequence numbers of the entries that changed what is said about an element."""
    allowed = None if spaces is None else set(spaces)

    def said(sequence: int) -> set[tuple[str, str]]:
        return {
            (a.sid, a.space)
            for a in ledger.assertions_at(sequence)
            if iri in named_iris(a.statement) and (allowed is None or a.space in allowed)
        }

    return [n for n in range(1, ledger.head + 1) if said(n) != said(n - 1)]


@dataclass(frozen=True)
class Blame:
    """One live value, who says it, and what the same unit said of it just before that document came."""

    value: Value
    document_id: int
    replaced: tuple[Value, ...]


def blame(ledger: OracleLedger, iri: str, attribute: str, spaces: Iterable[str] | None = None) -> list[Blame]:
    """Rule 27: for each live value of each unit the documents that it comes from, and what it replaced.

    A functional value comes from the document that won the fold, any other from every document that asserts it.
    """
    allowed = None if spaces is None else set(spaces)
    live = [a for a in ledger.assertions_at() if allowed is None or a.space in allowed]
    found: set[Blame] = set()
    for unit in {(a.space, a.unit) for a in live}:
        said = [
            (rank(attribute, value, a.event_time, a.content), key_of(attribute, value), value, a)
            for a in live
            if (a.space, a.unit) == unit and a.statement.kind in ELEMENT_KINDS and a.statement.identifier == iri
            for value in a.statement.values(attribute)
        ]
        for place, key, value, a in said:
            best = max(r for r, k, _, _ in said if k == key)
            if place == best or not is_functional(attribute):
                found.add(Blame(value, a.document_id, _before(ledger, a, iri, key, value)))
    return sorted(found, key=lambda b: (b.value, b.document_id))


def _before(ledger: OracleLedger, of: LiveAssertion, iri: str, key: Key, value: Value) -> tuple[Value, ...]:
    """What the unit said just before the document was appended, but for the value itself."""
    since = next(e.sequence for e in ledger.log if e.action == "append" and e.document_id == of.document_id)
    unit = [a for a in ledger.assertions_at(since - 1) if (a.space, a.unit) == (of.space, of.unit)]
    return tuple(v for v in fold_unit(unit).get((iri, key), []) if by_value(v) != by_value(value))


def topological_order(view: View, iris: Iterable[str]) -> dict[str, int] | None:
    """Rule 29: the longest way from a source by `used` and `wasGeneratedBy`; None when they have a cycle."""
    members = set(iris)
    arcs = [
        (e.source, e.target)
        for e in view.edges
        if e.relation in {"used", "wasGeneratedBy"} and {e.source, e.target} <= members
    ]
    rank = dict.fromkeys(members, 0)
    for _ in range(len(members) + 1):
        raised = {n: max([rank[n], *(rank[b] + 1 for a, b in arcs if a == n)]) for n in members}
        if raised == rank:
            return rank
        rank = raised
    return None
