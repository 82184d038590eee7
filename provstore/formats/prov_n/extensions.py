"""What the extension point of PROV-N holds: key-entity pairs of dictionaries, and records of other vocabularies.

Source: PROV-N section 3.9, productions [49] to [51]; PROV-Dictionary section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from provstore.formats.bounds import MAX_DEPTH
from provstore.formats.prov_n.lexer import Unexpected
from provstore.formats.prov_n.literals import attributes, literal
from provstore.formats.prov_n.names import Scope
from provstore.formats.prov_n.terminals import MARKER, date_time, integer
from provstore.formats.values import Literal
from provstore.model.arguments import pair

_CLOSED_BY: Final = {"(": ")", "{": "}"}


def keys(tokens: Sequence[str], at: int, scope: Scope, *, in_pairs: bool) -> tuple[list[Literal], int]:
    """The set `{...}` of keys, or of key-entity pairs, each one value (rule 1), and the index after it.

    Raises: Unexpected: it is no such set.
    """
    if tokens[at] != "{":
        raise Unexpected(at, '{("key", ex:entity)} was expected' if in_pairs else '{"key"} was expected')
    found: list[Literal] = []
    while not found or tokens[at] == ",":
        value, at = _pair(tokens, at + 1, scope) if in_pairs else literal(tokens, at + 1, scope)
        found.append(value)
    return found, _after(tokens, at, "}")


def _pair(tokens: Sequence[str], at: int, scope: Scope) -> tuple[Literal, int]:
    key, at = literal(tokens, _after(tokens, at, "("), scope)
    entity = scope.at(tokens, _after(tokens, at, ","))
    return (*pair(key, entity), ""), _after(tokens, at + 2, ")")


def dictionary_member(tokens: Sequence[str], at: int, scope: Scope) -> tuple[list[Literal], int]:
    """The pair that `entity, key` says, and the index after it (PROV-Dictionary, production [1]).

    Raises: Unexpected: it is none.
    """
    entity = scope.at(tokens, at)
    key, at = literal(tokens, _after(tokens, at + 1, ","), scope)
    return [(*pair(key, entity), "")], at


def _after(tokens: Sequence[str], at: int, expected: str) -> int:
    if tokens[at] != expected:
        raise Unexpected(at, f'"{expected}" was expected')
    return at + 1


def passed_over(tokens: Sequence[str], at: int, scope: Scope) -> int:
    """The index after the extension of which the name stands at `at`; it must obey the grammar, and is not kept.

    Raises: Unexpected: it does not, or is nested deeper than 64 levels.
    """
    closing: list[str] = []
    while True:
        if tokens[at] in _CLOSED_BY or tokens[at + 1] == "(":
            at = _opened(tokens, at, scope, closing)
            continue
        at = _simple(tokens, at, scope)
        while tokens[at] != "," or tokens[at + 1] == "[":
            if tokens[at] == ",":
                _, at = attributes(tokens, at + 2, scope)
            at = _after(tokens, at, closing.pop())
            if not closing:
                return at
        at += 1


def _opened(tokens: Sequence[str], at: int, scope: Scope, closing: list[str]) -> int:
    """The index after the opening of a tuple, or of a record with its identifier; how it closes is noted."""
    is_record = tokens[at] not in _CLOSED_BY
    if is_record:
        scope.at(tokens, at)
        at += 1
    closing.append(_CLOSED_BY[tokens[at]])
    if len(closing) + 1 > MAX_DEPTH:
        raise Unexpected(at, f"the statement is nested deeper than {MAX_DEPTH} levels")
    if not is_record or tokens[at + 2] != ";":
        return at + 1
    if tokens[at + 1] != MARKER:
        scope.at(tokens, at + 1)
    return at + 3


def _simple(tokens: Sequence[str], at: int, scope: Scope) -> int:
    """The index after an argument that holds no others: a marker, time, literal or name."""
    token = tokens[at]
    if token == MARKER or date_time(token):
        return at + 1
    if token[:1] in "\"'" or integer(token):
        return literal(tokens, at, scope)[1]
    scope.at(tokens, at)
    return at + 1
