"""JSON of other programs, read strictly: what two readers would understand differently is refused with its place.

In: bytes or text of one JSON value. Out: plain Python values. Refused: duplicate keys, NaN and infinities, numbers of
more than 1,000 digits, nesting deeper than 64, invalid UTF-8, lone surrogates. Source: RFC 8259, RFC 7493; rule 33.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from typing import Any, Final, NoReturn

from provstore.errors import BadInput

MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 1_000


def loads(source: bytes | str, *, where: str, first_line: int = 1) -> Any:
    """The value of one JSON text.

    Args: where: the file, for messages. first_line: the line of the file on which `source` begins.
    Raises: BadInput: with `where` as `file:line:column`, or `file:line` where JSON gives no column.
    """
    text = source if isinstance(source, str) else _decoded(source, where, first_line)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"{where}:{first_line + error.lineno - 1}:{error.colno}"
        raise BadInput(f"no JSON: {error.msg}", where=place) from error
    except RecursionError as error:
        raise BadInput(_TOO_DEEP, where=f"{where}:{first_line}") from error
    except _Refused as error:
        raise BadInput(str(error), where=f"{where}:{first_line}") from error
    _check([value], f"{where}:{first_line}", 0)
    return value


def canonical(value: object) -> str:
    """`value` as JSON text without blanks and with sorted keys, so that equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class _Refused(ValueError):
    """Raised inside the decoder's hooks."""


_TOO_DEEP: Final = f"nested deeper than {MAX_DEPTH} levels"


def _decoded(source: bytes, where: str, first_line: int) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        line = first_line + before.count(b"\n")
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise BadInput("invalid UTF-8", where=f"{where}:{line}:{column}") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _Refused(f"the key {name!r} is given twice in one object")
            seen.add(name)
    return found


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _Refused(f"a number of more than {MAX_DIGITS} digits")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if len(digits) > MAX_DIGITS or math.isinf(value):
        raise _Refused(f"the number {digits[:20]} is out of range")
    return value


def _constant(name: str) -> NoReturn:
    raise _Refused(f"{name} is no JSON number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_float, parse_constant=_constant
)


def _check(values: Collection[object], where: str, depth: int) -> None:
    """Depth of values, and text: a surrogate alone can be written in JSON but is no character (rule 1)."""
    if values and depth > MAX_DEPTH:
        raise BadInput(_TOO_DEEP, where=where)
    for value in values:
        if isinstance(value, str):
            if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
                raise BadInput("a lone surrogate, which is no Unicode character", where=where)
        elif isinstance(value, dict):
            _check(value, where, depth)
            _check(value.values(), where, depth + 1)
        elif isinstance(value, list):
            _check(value, where, depth + 1)
