"""Rule 28: a tiny parser and an evaluator over nodes of the view.

AST: `("or", a, b)`, `("and", a, b)`, `("not", a)`, `("cmp", operator, field, text)`, `("in", field, (text, ...))`,
`("missing", field)`, `("exists", field)`.
"""

from __future__ import annotations

import math
import operator as operators
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.oracle.statements import Value
from tests.oracle.terms import EX, PROV, PS, QUALIFIED_NAME, XSD
from tests.oracle.values import Number, instant, number
from tests.oracle.view import View

Ast = tuple[Any, ...]

PREFIXES = {"prov": PROV, "ps": PS, "xsd": XSD, "ex": EX}
WORDS = {"type": PROV + "type", "label": PROV + "label", "digest": PS + "digest", "status": PS + "status"}
WORDS |= {"start": PROV + "startTime", "end": PROV + "endTime"}
COMPUTED = {"kind", "iri", "relation", "agent", "space"}
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}
OPERATORS = (*COMPARISONS, "~")
KEYWORDS = {"and", "or", "not", "in", "missing", "exists"}

_TOKEN = re.compile(r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>!=|<=|>=|[=<>~(),])|(?P<bare>[^\s"=<>~(),!]+))""")


class ExpressionError(ValueError):
    """Rule 28: a mistake names the column (from 1) and what was expected."""

    def __init__(self, column: int, expected: str) -> None:
        super().__init__(f"column {column}: expected {expected}")
        self.column = column
        self.expected = expected


class _Tokens:
    def __init__(self, source: str) -> None:
        self.items: list[tuple[str, str, int]] = []  # sort, text, column
        place = 0
        while source[place:].strip():
            match = _TOKEN.match(source, place)
            if match is None:
                column = place + len(source[place:]) - len(source[place:].lstrip()) + 1
                raise ExpressionError(column, "a word, a value or an operator")
            sort = match.lastgroup or ""
            self.items.append((sort, match.group(sort), match.start(sort) + 1))
            place = match.end()
        self.items.append(("end", "", len(source) + 1))

    def peek(self) -> tuple[str, str, int]:
        return self.items[0]

    def accept(self, *texts: str) -> str | None:
        """Take the next token when it is one of these marks or keywords."""
        sort, text, _ = self.items[0]
        if sort in {"mark", "bare"} and text in texts:
            self.items.pop(0)
            return text
        return None

    def need(self, text: str) -> None:
        if self.accept(text) is None:
            raise ExpressionError(self.peek()[2], text)

    def word(self) -> str:
        """A bare name that is no keyword."""
        sort, text, column = self.peek()
        if sort != "bare" or text in KEYWORDS:
            raise ExpressionError(column, "a name")
        self.items.pop(0)
        return text

    def value(self) -> str:
        """Quoted text or a bare word."""
        sort, text, column = self.peek()
        if sort == "text":
            self.items.pop(0)
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if sort != "bare":
            raise ExpressionError(column, "a value")
        self.items.pop(0)
        return text


def parse(source: str) -> Ast:
    """An expression as nested tuples; `not` binds closest, then `and`, then `or`.

    Raises: ExpressionError: with column and expectation.
    """
    tokens = _Tokens(source)
    ast = _or(tokens)
    if tokens.peek()[0] != "end":
        raise ExpressionError(tokens.peek()[2], "and, or, or the end")
    return ast


def _or(tokens: _Tokens) -> Ast:
    ast = _and(tokens)
    while tokens.accept("or"):
        ast = ("or", ast, _and(tokens))
    return ast


def _and(tokens: _Tokens) -> Ast:
    ast = _not(tokens)
    while tokens.accept("and"):
        ast = ("and", ast, _not(tokens))
    return ast


def _not(tokens: _Tokens) -> Ast:
    if tokens.accept("not"):
        return ("not", _not(tokens))
    if tokens.accept("("):
        ast = _or(tokens)
        tokens.need(")")
        return ast
    quantifier = tokens.accept("missing", "exists")
    if quantifier:
        return (quantifier, tokens.word())
    name = tokens.word()
    if tokens.accept("in"):
        tokens.need("(")
        values = [tokens.value()]
        while tokens.accept(","):
            values.append(tokens.value())
        tokens.need(")")
        return ("in", name, tuple(values))
    operator = tokens.accept(*OPERATORS)
    if operator is None:
        raise ExpressionError(tokens.peek()[2], "an operator: = != < <= > >= ~ in")
    return ("cmp", operator, name, tokens.value())


def attribute_of(name: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """The attribute IRI of a field name: a word, a prefixed name, else `ps:<name>`.

    Raises: ExpressionError: the prefix is not known.
    """
    if name in WORDS:
        return WORDS[name]
    if ":" not in name:
        return PS + name
    prefix, local = name.split(":", 1)
    if prefix not in prefixes:
        raise ExpressionError(1, f"a known prefix, not {prefix}")
    return prefixes[prefix] + local


def field_values(view: View, iri: str, name: str, prefixes: Mapping[str, str] = PREFIXES) -> list[Value]:
    """The values of a field of a node; none when it is missing."""
    node = view.nodes[iri]
    if name not in COMPUTED:
        combined = node.attributes.get(attribute_of(name, prefixes))
        return list(combined.values) if combined else []
    stated = [e for e in view.edges if not e.inferred]
    texts = {
        "kind": {node.kind},
        "iri": {iri},
        "space": set(node.spaces),
        "relation": {e.relation for e in stated if iri in (e.source, e.target)},
        "agent": {
            e.target for e in stated if e.relation in {"wasAssociatedWith", "wasAttributedTo"} and e.source == iri
        },
    }[name]
    datatype = QUALIFIED_NAME if name in {"iri", "agent"} else XSD + "string"
    return [(datatype, text, "") for text in sorted(texts)]


def holds(ast: Ast, view: View, iri: str, prefixes: Mapping[str, str] = PREFIXES) -> bool:
    """Is the expression true of the node? A missing field compares false; several values: any."""
    head = ast[0]
    if head == "and":
        return holds(ast[1], view, iri, prefixes) and holds(ast[2], view, iri, prefixes)
    if head == "or":
        return holds(ast[1], view, iri, prefixes) or holds(ast[2], view, iri, prefixes)
    if head == "not":
        return not holds(ast[1], view, iri, prefixes)
    if head in {"missing", "exists"}:
        there = bool(field_values(view, iri, ast[1], prefixes))
        return there if head == "exists" else not there
    if head == "in":
        values = field_values(view, iri, ast[1], prefixes)
        return any(compare("=", value, wanted, prefixes) for value in values for wanted in ast[2])
    _, operator, name, wanted = ast
    return any(compare(operator, value, wanted, prefixes) for value in field_values(view, iri, name, prefixes))


def compare(operator: str, value: Value, wanted: str, prefixes: Mapping[str, str] = PREFIXES) -> bool:
    """Rule 28: numbers if both sides are, times if both are, else text."""
    datatype, lexical, _ = value
    if operator == "~":
        return wanted.casefold() in lexical.casefold()
    if datatype == QUALIFIED_NAME:
        return _ordered(operator, lexical, _expanded(wanted, prefixes))
    numbers = number(lexical), number(wanted)
    if numbers[0] is not None and numbers[1] is not None:
        return _numbers(operator, numbers[0], numbers[1])
    times = instant(lexical), instant(wanted)
    if times[0] is not None and times[1] is not None:
        return _ordered(operator, times[0], times[1])
    return _ordered(operator, lexical, wanted)


def _expanded(wanted: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = wanted.partition(":")
    return prefixes[prefix] + local if prefix in prefixes else wanted


def _numbers(operator: str, left: Number, right: Number) -> bool:
    if any(isinstance(x, float) and math.isnan(x) for x in (left, right)):
        return operator == "!="  # IEEE 754: NaN is unequal to everything, itself included
    return _ordered(operator, left, right)


def _ordered(operator: str, left: Any, right: Any) -> bool:
    return bool(COMPARISONS[operator](left, right))
