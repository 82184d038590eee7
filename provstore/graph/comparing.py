"""How one stored text compares with a typed value: as numbers, as times, as names, else as text. Pure.

Source: rule 28.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import ge, gt, le, lt
from re import ASCII
from re import compile as pattern
from typing import Any, Final, NamedTuple

from provstore.model.statement import Value
from provstore.model.terms import QUALIFIED_NAME
from provstore.model.times import instant

_ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_NUMBER: Final = pattern(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", ASCII)
# XML Schema Part 2, section 3.2.5: the only spellings of what is no decimal number.
_SPECIAL: Final = {"INF": "Infinity", "+INF": "Infinity", "-INF": "-Infinity", "NaN": "NaN"}
# Longer text is read anew each time, so that the caches stay small; no time is as long.
_SHORT: Final = 100


class Literally(NamedTuple):
    """A value as typed, and the full IRI that it stands for where names are compared."""

    text: str
    iri: str


def compare(stored: str, operator: str, values: Iterable[Literally]) -> bool:
    """Whether a stored text compares so with a value: as numbers, as times, else as text."""
    if operator == "~":
        return any(value.text.casefold() in stored.casefold() for value in values)
    return any(_compare(operator, stored, value.text) for value in values)


def compare_name(stored: str, operator: str, values: Iterable[Literally]) -> bool:
    """Whether a stored name compares so with a value: as text, a prefixed name in full."""
    if operator == "~":
        return any(value.text.casefold() in stored.casefold() for value in values)
    return any(_ordered(operator, stored, value.iri) for value in values)


def compare_value(stored: Value, operator: str, values: Iterable[Literally]) -> bool:
    """Whether an attribute's value compares so: a qualified name as a name, all else as text."""
    return (compare_name if stored.datatype == QUALIFIED_NAME else compare)(stored.lexical, operator, values)


def compare_role(stored: str, operator: str, values: Iterable[Literally]) -> bool:
    """Whether a role compares so. Whether it was a text or a name is not kept, so it is equal to either."""
    return compare(stored, operator, [Literally(stored, stored) if stored == one.iri else one for one in values])


def compare_agent(iri: str, label: str | None, operator: str, values: Iterable[Literally]) -> bool:
    """Whether an agent's IRI or its label compares so."""
    several = tuple(values)
    return compare_name(iri, operator, several) or (label is not None and compare(label, operator, several))


def number(text: str) -> Decimal | None:
    """The number that `text` is, exactly, or None. Spaces around it are none of it; INF and NaN as in XML Schema."""
    return _short_number(text) if len(text) <= _SHORT else _number(text)


def _number(written: str) -> Decimal | None:
    text = written.strip()
    if text not in _SPECIAL and not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(_SPECIAL.get(text, text))
    except InvalidOperation:
        return None


_short_number = lru_cache(maxsize=65_536)(_number)


def _compare(operator: str, stored: str, typed: str) -> bool:
    left, right = number(stored), number(typed)
    if left is not None and right is not None:
        if left.is_nan() or right.is_nan():
            same = left.is_nan() and right.is_nan()
            return same if operator in ("=", "in") else not same if operator == "!=" else False
        return _ordered(operator, left, right)
    earlier, later = _instant(stored), _instant(typed)
    if earlier is not None and later is not None:
        return _ordered(operator, earlier, later)
    return _ordered(operator, stored, typed)


def _ordered(operator: str, left: Any, right: Any) -> bool:
    if operator in ("=", "in"):
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    return _ORDERS[operator](left, right)


def _instant(text: str) -> str | None:
    # Most text is no instant, which is seen without a pattern.
    moment = instant(text) if 10 <= len(text) <= _SHORT and text.lstrip()[:1].isdigit() else None
    return moment.utc if moment else None
