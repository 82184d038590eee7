"""Comparison by value (rules 10, 28 and 32): numbers, truth values, instants, else text."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from fractions import Fraction

from tests.oracle.statements import Value
from tests.oracle.terms import XSD

_SIGNED = {"integer", "nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte"}
_UNSIGNED = {"nonNegativeInteger", "positiveInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"}
INTEGERS = {XSD + name for name in _SIGNED | _UNSIGNED}
FLOATS = {XSD + "double", XSD + "float"}
EXACT = INTEGERS | {XSD + "decimal"}

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_SPECIAL = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}

Number = Fraction | float  # a float only for the infinities and NaN


def number(text: str) -> Number | None:
    """The number that a text is, exactly; None when it is none."""
    text = text.strip()
    if text in _SPECIAL:
        return _SPECIAL[text]
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def instant(text: str) -> Fraction | None:
    """Seconds since 1970 of an ISO 8601 date or date-time, exactly; without zone it is UTC (rule 32)."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    date, clock, fraction, zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{date}T{clock or '00:00:00'}{zone or 'Z'}")
    except ValueError:
        return None  # rule 32: what can't be read as a time stays text
    return Fraction((moment - datetime(1970, 1, 1, tzinfo=UTC)) // _SECOND) + Fraction("0" + (fraction or ".0"))


_SECOND = datetime(1970, 1, 1, 0, 0, 1) - datetime(1970, 1, 1)


def _number_value(datatype: str, lexical: str) -> tuple[str, object] | None:
    exact = number(lexical)
    if exact is None or datatype not in EXACT | FLOATS:
        return None
    if isinstance(exact, float):
        return ("number", "NaN" if math.isnan(exact) else exact)
    if datatype in EXACT:
        return ("number", exact)
    try:
        rounded = float(exact)
    except OverflowError:
        rounded = math.copysign(math.inf, exact)
    return ("number", rounded if math.isinf(rounded) else Fraction(rounded))


def by_value(value: Value) -> tuple[str, object]:
    """A key that is equal exactly when two values are equal by value (rule 10)."""
    datatype, lexical, language = value
    as_number = _number_value(datatype, lexical)
    if as_number is not None:
        return as_number
    if datatype == XSD + "boolean" and lexical in {"true", "1", "false", "0"}:
        return ("boolean", lexical in {"true", "1"})
    moment = instant(lexical) if datatype == XSD + "dateTime" else None
    if moment is not None:
        return ("time", moment)
    return ("text", (datatype, lexical, language.lower()))
