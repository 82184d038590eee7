"""Reads the text of a query in Gremlin, as it can be pasted into a Gremlin console, and makes the traversal of it.

Nothing is run as a script: only the steps, predicates and words of the closed tables below are known, none of which
writes, and values are bound. In: text, parameters. Out: a traversal and the names of its columns.
Source: TinkerPop reference, "The Traversal"; grammar `Gremlin.g4` of gremlin-language, of which this is a small part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, NoReturn

from gremlin_python.process.graph_traversal import __
from gremlin_python.process.traversal import Column, Order, P, Pop, Scope, T, TextP

from provstore.errors import UsageError
from provstore.graph.gremlin_keys import source

STARTS: Final = frozenset({"V", "E", "inject"})
STEPS: Final = STARTS | {
    "aggregate", "and", "as", "asString", "both", "bothE", "by", "choose", "coalesce", "constant", "count", "dedup",
    "emit", "filter", "flatMap", "fold", "group", "groupCount", "has", "hasLabel", "hasNot", "id", "identity", "in",
    "index", "inE", "inV", "is", "key", "label", "length", "limit", "local", "map", "math", "max", "min", "not",
    "or", "order", "out", "outE", "outV", "path", "project", "properties", "range", "repeat", "select",
    "simplePath", "split", "sum", "tail", "times", "unfold", "union", "until", "value", "values", "where",
}  # fmt: skip
PREDICATES: Final = {
    **{name: P for name in ("eq", "neq", "lt", "lte", "gt", "gte", "within", "without")},
    **{
        name: TextP
        for name in (
            "containing", "notContaining", "startingWith", "notStartingWith", "endingWith", "notEndingWith",
        )
    },
}  # fmt: skip
WORDS: Final[dict[str, Any]] = {
    "true": True, "false": False, "null": None, "asc": Order.asc, "desc": Order.desc, "keys": Column.keys,
    "values": Column.values, "all": Pop.all_, "local": Scope.local, "id": T.id, "label": T.label,
}  # fmt: skip
# Groovy has these words for itself: without `__.` before them a console refuses the text.
_GROOVY: Final = frozenset({"as", "in", "not"})
_MAX_DEPTH: Final = 32
_LONGEST_INT: Final = 9
_TOKEN: Final = re.compile(
    r"""(?:\s|//[^\n]*)*(?:
        (?P<name>[A-Za-z_]\w*)
      | (?P<number>-?\d+(?:\.\d+)?)
      | '(?P<text>(?:[^'\\\n]|\\.)*)'
      | (?P<mark>[().,])
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "'": "'", "\\": "\\", '"': '"', "$": "$"}


class Query(NamedTuple):
    """A traversal, and the columns that its last `project` names."""

    traversal: Any
    columns: tuple[str, ...]


class _Token(NamedTuple):
    kind: str
    text: str
    column: int
    line: int


def translate(text: str, parameters: Mapping[str, object]) -> Query:
    """The traversal of a text.

    Args: parameters: values by the names that stand for them in the text.
    Raises: UsageError: the text holds what is not known here, or a parameter is missing; with line and column.
    """
    return _Parser(text, parameters).whole()


class _Parser:
    """A recursive descent over the tokens of one text."""

    def __init__(self, text: str, parameters: Mapping[str, object]) -> None:
        self._tokens = _tokens(text)
        self._next = 0
        self._depth = 0
        self._parameters = parameters

    def whole(self) -> Query:
        if self._name("the source `g`").text != "g":
            self._expected("the source `g`", back=1)
        traversal = source().get_graph_traversal()
        self._take(".") or self._expected("`.` and a step")
        first = self._tokens[self._next]
        if first.text not in STARTS:
            self._expected("one of " + ", ".join(sorted(STARTS)))
        self._steps(traversal)
        if self._tokens[self._next].kind != "end":
            self._expected("`.` and a step, or the end")
        return Query(traversal, _columns(traversal))

    def _steps(self, traversal: Any) -> Any:
        """Steps with dots between them, added to the traversal."""
        while True:
            step = self._name("a step")
            if step.text not in STEPS:
                known = _known("steps and predicates", STEPS, PREDICATES)
                self._fail(step, f"{step.text!r} is no step that templates may have", known)
            self._take("(") or self._expected("`(`")
            traversal.bytecode.add_step(step.text, *self._arguments())
            if not self._take("."):
                return traversal

    def _arguments(self) -> list[Any]:
        found: list[Any] = []
        if self._take(")"):
            return found
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            self._fail(self._tokens[self._next], f"nested more than {_MAX_DEPTH} deep")
        while True:
            found.append(self._argument())
            if self._take(")"):
                self._depth -= 1
                return found
            self._take(",") or self._expected("`,` or `)`")

    def _argument(self) -> Any:
        token = self._tokens[self._next]
        self._next += 1
        if token.kind == "text":
            return _unescaped(token)
        if token.kind == "number":
            return _number(token)
        if token.kind != "name":
            self._expected("a value, a predicate or a traversal", back=1)
        if token.text == "__":
            self._take(".") or self._expected("`.` and a step")
            return self._steps(__.start())
        if self._tokens[self._next].text == "(":
            return self._called(token)
        return self._word(token)

    def _called(self, token: _Token) -> Any:
        if token.text in PREDICATES:
            self._take("(")
            values = self._arguments()
            several = token.text in ("within", "without")
            if several and len(values) == 1 and isinstance(values[0], list):
                values = values[0]  # a parameter that is a list
            return PREDICATES[token.text](token.text, values if several else values[0] if values else None)
        if token.text in _GROOVY:
            self._fail(token, f"write __.{token.text}(...), for {token.text!r} is a word of Groovy")
        self._next -= 1
        return self._steps(__.start())

    def _word(self, token: _Token) -> Any:
        if token.text in WORDS:
            return WORDS[token.text]
        if token.text not in self._parameters:
            given = ", ".join(sorted(self._parameters)) or "none"
            said = f"{token.text!r} is no parameter that was given ({given}), and no word that is known"
            self._fail(token, said, _known("words", WORDS))
        return self._parameters[token.text]

    def _name(self, expected: str) -> _Token:
        token = self._tokens[self._next]
        if token.kind != "name":
            self._expected(expected)
        self._next += 1
        return token

    def _take(self, mark: str) -> bool:
        token = self._tokens[self._next]
        taken = (token.kind, token.text) == ("mark", mark)
        self._next += taken
        return taken

    def _expected(self, what: str, *, back: int = 0) -> NoReturn:
        token = self._tokens[self._next - back]
        found = "the end" if token.kind == "end" else repr(token.text)
        self._fail(token, f"expected {what}, found {found}")

    def _fail(self, token: _Token, message: str, next_step: str | None = None) -> NoReturn:
        raise _mistake(token.line, token.column, message, next_step)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while match := _TOKEN.match(text, position):
        kind = str(match.lastgroup)
        start = match.start(kind) - (kind == "text")
        found.append(_Token(kind, match[kind], *_place(text, start)))
        if kind == "end":
            return found
        position = match.end()
    while text[position : position + 1].isspace():
        position += 1
    column, line = _place(text, position)
    raise _mistake(
        line, column, f"expected a name, a number, a text in '...' or one of ( ) . , found {text[position]!r}"
    )


def _place(text: str, position: int) -> tuple[int, int]:
    return position - (text.rfind("\n", 0, position) + 1) + 1, text.count("\n", 0, position) + 1


def _number(token: _Token) -> int | float:
    if "." in token.text:
        return float(token.text)
    if len(token.text.lstrip("-")) > _LONGEST_INT:
        raise _mistake(token.line, token.column, f"{token.text} is larger than a console takes without a suffix")
    return int(token.text)


def _unescaped(token: _Token) -> str:
    def replaced(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPES:
            raise _mistake(token.line, token.column, f"the escape {match[0]!r} is not known")
        return _ESCAPES[match[1]]

    return _ESCAPE.sub(replaced, token.text)


def _columns(traversal: Any) -> tuple[str, ...]:
    projected = [step[1:] for step in traversal.bytecode.step_instructions if step[0] == "project"]
    if not projected:
        raise UsageError(
            "the query must end in project(...), which names its columns",
            next_step="For a single column: ... .project('name').by()",
        )
    return tuple(projected[-1])


def _known(what: str, *tables: Iterable[str]) -> str:
    return f"Known {what}: " + ", ".join(sorted(name for table in tables for name in table))


def _mistake(line: int, column: int, message: str, next_step: str | None = None) -> UsageError:
    return UsageError(message, where=f"line {line}, column {column}", next_step=next_step)
