"""Literals of PROV-N: tokens come in, (datatype, lexical form, language) goes out.

Source: PROV-N section 3.7.3, productions [40] to [42] and [58] to [63]; rule 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from provstore.formats.bounds import MAX_DIGITS
from provstore.formats.prov_n.lexer import Unexpected
from provstore.formats.prov_n.names import Scope
from provstore.formats.prov_n.terminals import BadEscape, integer, langtag, unescaped
from provstore.formats.values import QNAME, Literal, integer_type
from provstore.model.arguments import NO_PAIR, is_pair
from provstore.model.terms import INTERNATIONALIZED_STRING, KEY_ENTITY_PAIR, QUALIFIED_NAME, STRING


def literal(tokens: Sequence[str], at: int, scope: Scope) -> tuple[Literal, int]:
    """The literal that begins at a token, and the index of the token after it.

    Raises: Unexpected: it is none.
    """
    token = tokens[at]
    if token[:1] == '"' and token[-1:] == '"' and len(token) > 1:
        return _text(tokens, at, scope)
    if token[:1] == "'" and token[-1:] == "'" and len(token) > 1:
        return (QUALIFIED_NAME, scope.get(token) or scope.at(tokens, at), ""), at + 1
    if not integer(token):
        raise Unexpected(at, _not_a_literal(token))
    if len(token) > MAX_DIGITS:
        raise Unexpected(at, f"a number has more than {MAX_DIGITS} digits")
    return (integer_type(token), token, ""), at + 1


def _text(tokens: Sequence[str], at: int, scope: Scope) -> tuple[Literal, int]:
    """A text, with its language or datatype."""
    token = tokens[at]
    text = token[3:-3] if token[:3] == '"""' else token[1:-1]
    if "\\" in text:
        try:
            text = unescaped(text)
        except BadEscape as error:
            raise Unexpected(at, str(error)) from None
    after = tokens[at + 1]
    if after == "%%":
        datatype = scope.at(tokens, at + 2)
        if datatype in (QUALIFIED_NAME, QNAME):
            return (QUALIFIED_NAME, scope.of_text(tokens, at, text), ""), at + 3
        if datatype == KEY_ENTITY_PAIR and not is_pair(text):
            raise Unexpected(at, NO_PAIR)
        return (datatype, text, ""), at + 3
    if after[:1] != "@":
        return (STRING, text, ""), at + 1
    if not langtag(after):
        raise Unexpected(at + 1, "a language tag was expected")
    return (INTERNATIONALIZED_STRING, text, after[1:]), at + 2


def _not_a_literal(token: str) -> str:
    if token in ('"', "'"):
        return "the text in quotes does not end"
    return 'a literal ("text", "text"@en, "1.5" %% xsd:double, 5, \'ex:name\') was expected'


def attributes(tokens: Sequence[str], at: int, scope: Scope) -> tuple[list[tuple[str, str, str, str]], int]:
    """The attribute-value pairs up to the bracket that closes them, and the index after it (productions [4] to [6]).

    Raises: Unexpected: something else stands there.
    """
    found: list[tuple[str, str, str, str]] = []
    if tokens[at] == "]":
        return found, at + 1
    while True:
        name = scope.get(tokens[at]) or scope.at(tokens, at)
        if tokens[at + 1] != "=":
            raise Unexpected(at + 1, '"=" was expected')
        value, at = literal(tokens, at + 2, scope)
        found.append((name, *value))
        if tokens[at] == "]":
            return found, at + 1
        if tokens[at] != ",":
            raise Unexpected(at, '"," or "]" was expected')
        at += 1
