"""The tokens of JSON as the scanner has them: a text and a place come in, a decoded value and where it ends go out.

Also what tells a text that was cut from one that is wrong. Source: RFC 8259.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

_WORDS: Final = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
_BEGUN: Final = "|".join(word[:length] for word in _WORDS for length in range(len(word), 0, -1))
# The end of a text, in the middle of a word, a number or an escape perhaps.
_cut: Final = re.compile(rf"[ \t\n\r]*(?:{_BEGUN}|\.|[eE][+-]?|\\?u?[0-9A-Fa-f]{{0,4}})[ \t\n\r]*\Z").match


class Integer(str):
    """The source text of a JSON number without fraction and exponent."""

    __slots__ = ()


class Real(str):
    """The source text of a JSON number with a fraction or an exponent."""

    __slots__ = ()


class Constant(str):
    """`NaN`, `Infinity` or `-Infinity`: no JSON, but what Python writes for such numbers."""

    __slots__ = ()


Scan = Callable[[str, int], tuple[Any, int]]
scan_once: Final[Scan] = json.JSONDecoder(
    object_pairs_hook=tuple,
    parse_int=Integer,
    parse_float=Real,
    parse_constant=Constant,
).scan_once  # type: ignore[attr-defined]
# Objects as dictionaries: cheaper to look into, but of a key that comes twice only the last is there.
scan_loosely: Final[Scan] = json.JSONDecoder(
    parse_int=Integer,
    parse_float=Real,
    parse_constant=Constant,
).scan_once  # type: ignore[attr-defined]


def is_cut(text: str, position: int) -> bool:
    """True when the text has nothing from there on but the beginning of a token: it ends too early."""
    return _cut(text, position) is not None


def expected(message: str) -> str:
    """The JSON decoder's message as ours."""
    return f"{message[0].lower()}{message[1:].removesuffix(' at').removesuffix(' starting at')}"
