"""The tokens of the expression language, each with its column. Source: rule 28."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple, cast

from provstore.errors import UsageError

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<operator>!=|<=|>=|=|<|>|~)
      | (?P<mark>[(),])
      | "(?P<double>(?:[^"\\]|\\.)*)"
      | '(?P<single>(?:[^'\\]|\\.)*)'
      | (?P<word>(?:\\.|[^\s"'(),=<>!~\\])+)
    )""",
    re.VERBOSE | re.DOTALL,
)

Kind = Literal["operator", "mark", "text", "word", "end"]


class Token(NamedTuple):
    """One token: what it is, its text without quotes and escapes, and its column (from 1)."""

    kind: Kind
    text: str
    column: int


def tokens(text: str) -> list[Token]:
    """The tokens of an expression, the last of kind `end`.

    Raises: UsageError: a quote that is not closed, or a character that begins no token.
    """
    found: list[Token] = []
    position = 0
    while match := _TOKEN.match(text, position):
        kind = cast(str, match.lastgroup)
        # match.start of a quoted text is behind its quote.
        column = match.start(kind) + (kind not in ("double", "single"))
        found.append(_token(kind, match[kind], column))
        position = match.end()
    rest = text[position:].lstrip()
    column = len(text) - len(rest) + 1
    if rest.startswith(('"', "'")):
        raise mistake(column, f"expected a closing {rest[0]}, found the end")
    if rest:
        raise mistake(column, f"expected a name, a value or an operator, found {rest[0]!r}")
    return [*found, Token("end", "", column)]


def mistake(column: int, message: str) -> UsageError:
    """The error of an expression that cannot be read."""
    return UsageError(
        message,
        where=f"expression, column {column}",
        next_step="""An expression looks like: type = ps:Run and ps:metric.accuracy > 0.9 and not label ~ "test".""",
    )


def _token(kind: str, text: str, column: int) -> Token:
    if kind in ("operator", "mark"):
        return Token(cast(Kind, kind), text, column)
    if kind == "word":
        return Token("word", re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL), column)
    # In quotes a backslash escapes quotes and itself only, so that a Windows path may be typed as it is.
    return Token("text", re.sub(r"""\\(["'\\])""", r"\1", text), column)
