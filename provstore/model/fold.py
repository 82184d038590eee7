"""Folding: what the live documents of the units together say of one element.

In: claims (live assertions of element records about one IRI). Out: its attributes, and which of them are in conflict.
Pure; the order of the claims does not matter. Source: rules 8 and 10.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from provstore.model.arguments import Place
from provstore.model.statement import Statement, Value
from provstore.model.terms import (
    BOOLEAN,
    DATE_TIME,
    DOUBLE,
    END_TIME,
    INTEGERS,
    LABEL,
    PS,
    START_TIME,
    XSD,
)
from provstore.model.times import instant

STATUS: Final = PS + "status"
DIGEST: Final = PS + "digest"
TERMINAL: Final = frozenset({"finished", "failed", "killed"})
_FUNCTIONAL: Final = frozenset({START_TIME, END_TIME, LABEL, STATUS, PS + "size", DIGEST})
_FUNCTIONAL_FAMILIES: Final = (PS + "param.", PS + "metric.", PS + "tag.")
# Two spellings of one double are one value: `0.1` and `0.10000000000000001`.
_ROUNDED: Final = frozenset({DOUBLE, XSD + "float"})
_NUMBERS: Final = INTEGERS | _ROUNDED | {XSD + "decimal"}


class Origin(NamedTuple):
    """Which stored document says it, with what rule 10 needs to choose between documents.

    `document` is the document's IRI, `sequence` the ledger entry that stored it.
    """

    space: str
    unit: str
    event_time: str
    content_digest: str
    document: str
    sequence: int


class Claim(NamedTuple):
    """One live assertion: who says it, in which bundle, at which position, and the statement."""

    origin: Origin
    bundle: str | None
    position: int
    statement: Statement


class Mention(NamedTuple):
    """A live assertion of a statement that names the element `iri` at `place`."""

    iri: str
    place: Place
    claim: Claim


class Kept(NamedTuple):
    """A value that the fold kept, with the claim it comes from."""

    value: Value
    claim: Claim


class Folded(NamedTuple):
    """The fold's result: kept values per attribute IRI in canonical order, and the attributes in conflict."""

    attributes: dict[str, tuple[Kept, ...]]
    conflicts: frozenset[str]


def functional_key(name: str, value: Value) -> tuple[str, str] | None:
    """What may have one value only: (attribute IRI, language or digest algorithm), or None (rule 10)."""
    if name not in _FUNCTIONAL and not name.startswith(_FUNCTIONAL_FAMILIES):
        return None
    if name == LABEL:
        # RFC 5646 section 2.1.1: the case of a language tag means nothing.
        return name, value.language.lower()
    if name == DIGEST:
        return name, value.lexical.partition(":")[0]
    return name, ""


def comparable(value: Value) -> tuple[str, object, str]:
    """A key that is equal for values that are equal by value: 1.10 and 1.1, two spellings of one instant."""
    if value.datatype in _NUMBERS:
        return "number", _number(value.lexical, rounded=value.datatype in _ROUNDED), ""
    if value.datatype == DATE_TIME:
        moment = instant(value.lexical)
        return "time", moment.utc if moment else value.lexical, ""
    if value.datatype == BOOLEAN:
        return "boolean", value.lexical in ("true", "1"), ""
    return value.datatype, value.lexical, value.language.lower()


def fold(claims: Iterable[Claim]) -> Folded:
    """Folds the live claims about one element, first within each unit, then across units (rule 10)."""
    attributes: dict[str, set[Kept]] = defaultdict(set)
    functional: dict[tuple[str, str], dict[tuple[str, str], list[Kept]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        for name, *rest in claim.statement.attributes:
            value = Value(*rest)
            key = functional_key(name, value)
            if key is None:
                attributes[name].add(Kept(value, claim))
            else:
                unit = (claim.origin.space, claim.origin.unit)
                functional[key][unit].append(Kept(value, claim))
    conflicts = set()
    for key, units in functional.items():
        winners = [kept for candidates in units.values() for kept in _newest(candidates)]
        distinct = _distinct(winners)
        attributes[key[0]].update(distinct)
        if len(distinct) > 1:
            conflicts.add(key[0])
    return Folded({name: _kept(name, kept) for name, kept in attributes.items()}, frozenset(conflicts))


def _kept(name: str, kept: Iterable[Kept]) -> tuple[Kept, ...]:
    """Functional values once each by value; all others are a union of what was asserted, to the letter (rule 10)."""
    if name in _FUNCTIONAL or name.startswith(_FUNCTIONAL_FAMILIES):
        return _distinct(kept)
    ordered = sorted(kept, key=lambda k: (k.value, k.claim.origin.sequence, k.claim.position))
    first: dict[Value, Kept] = {}
    for one in ordered:
        first.setdefault(one.value, one)
    return tuple(first.values())


def _newest(candidates: list[Kept]) -> list[Kept]:
    """The candidates of the document that wins within one unit; several only within one document."""
    if len(candidates) == 1:
        return candidates
    best = max(map(_rank, candidates))
    return [kept for kept in candidates if _rank(kept) == best]


def _rank(kept: Kept) -> tuple[str, bool, str]:
    origin, stated = kept.claim.origin, kept.claim.statement
    terminal = any(v.lexical in TERMINAL for v in stated.values(STATUS)) and (
        kept.value in stated.values(STATUS) and kept.value.lexical in TERMINAL
    )
    return origin.event_time, terminal, origin.content_digest


def _distinct(kept: Iterable[Kept]) -> tuple[Kept, ...]:
    """One per value (compared by value), in canonical order; the earliest said stands for its equals."""
    ordered = sorted(kept, key=lambda k: (k.value, k.claim.origin.sequence, k.claim.position))
    seen: dict[tuple[str, object, str], Kept] = {}
    for one in ordered:
        seen.setdefault(comparable(one.value), one)
    return tuple(seen.values())


def _number(lexical: str, *, rounded: bool) -> object:
    """The number of a lexical form; `rounded`: the one that the nearest float64 is written as."""
    text = lexical.strip().replace("INF", "Infinity")
    try:
        number = Decimal(repr(float(text)) if rounded else text)
    except (InvalidOperation, ValueError):
        return lexical
    # Decimal NaN is unequal to itself; by rule 2.3's spirit NaN equals NaN.
    return "NaN" if number.is_nan() else number
