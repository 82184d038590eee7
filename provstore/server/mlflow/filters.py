"""Filters of MLflow's searches: text comes in, a test of records goes out; what is not understood is refused, never
passed over.

    filter      comparison (AND comparison)*
    comparison  identifier operator value | identifier IS [NOT] NULL | identifier [NOT] IN (value, ...)
    identifier  [entity.]key, the key plain or in backticks or double quotes
    operator    = != < <= > >= LIKE ILIKE
    value       a number, or a text in single or double quotes

Source: MLflow documentation, "Search Runs"; mlflow.utils.search_utils, 3.17.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from provstore.errors import BadInput

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<quoted>'(?:''|\\'|[^'])*'|"(?:""|\\"|[^"])*"|`[^`]*`)"""
    r"""|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]))"""
    r"""|(?P<operator><=|>=|!=|<>|=|<|>)|(?P<mark>[(),.])|(?P<word>[\w/:\-]+))"""
)
_ENTITIES: Final = {
    "metric": "metric", "metrics": "metric",
    "parameter": "param", "parameters": "param", "param": "param", "params": "param",
    "tag": "tag", "tags": "tag",
    "attribute": "attribute", "attributes": "attribute", "attr": "attribute", "run": "attribute",
    "dataset": "dataset", "datasets": "dataset",
}  # fmt: skip
_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
# As many as an expression of provstore's own may have.
_MOST: Final = 1_000
Value = str | float | None
# What a record has under (entity, key); several values (data sets): any of them may match.
Lookup = Callable[[Any, str, str], Sequence[Value]]


class Identifier(NamedTuple):
    """What is compared: `entity` is metric, param, tag, dataset or attribute."""

    entity: str
    key: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison. `values`: one, or those of IN; none for IS NULL."""

    of: Identifier
    sign: str
    values: tuple[str | float, ...]

    def holds(self, found: Sequence[Value]) -> bool:
        """True when one of the values that a record has satisfies it; a missing one only IS NULL."""
        there = [one for one in found if one is not None]
        if self.sign in ("IS NULL", "IS NOT NULL"):
            return bool(there) == (self.sign == "IS NOT NULL")
        return any(self._holds(one) for one in there)

    def _holds(self, found: str | float) -> bool:
        if self.sign in ("IN", "NOT IN"):
            return (found in self.values) == (self.sign == "IN")
        wanted = self.values[0]
        if self.sign in ("LIKE", "ILIKE"):
            return _is_like(str(found), _like(str(wanted), self.sign == "ILIKE"))
        if self.sign in _ORDER:
            return _ORDER[self.sign](found, wanted)
        return (found == wanted) == (self.sign == "=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What a search knows. `entities`: besides attributes. `numbers`, `texts`: its attributes, with other spellings.

    `look`: what a record has. `default_order`: of a search that names none.
    """

    entities: frozenset[str]
    numbers: Mapping[str, str]
    texts: Mapping[str, str]
    look: Lookup
    default_order: tuple[str, ...]

    def identifier(self, entity: str | None, key: str, where: str) -> Identifier:
        """What a name means. Raises: BadInput: nothing here; what there is, is named."""
        kind = "attribute" if entity is None else _ENTITIES.get(entity.lower())
        if kind == "attribute":
            known = self.numbers.get(key) or self.texts.get(key)
            if known is not None:
                return Identifier(kind, known)
            expected = ", ".join(sorted({*self.numbers, *self.texts}))
            raise BadInput(f"Invalid attribute key '{key}' specified. Valid keys are {expected}", where=where)
        if kind not in self.entities:
            expected = ", ".join(sorted(self.entities | {"attribute"}))
            raise BadInput(f"Invalid entity type '{entity}'. Valid values are {expected}", where=where)
        return Identifier(str(kind), key)

    def is_number(self, of: Identifier) -> bool:
        """True when it is compared as a number."""
        return of.entity == "metric" or (of.entity == "attribute" and of.key in self.numbers.values())


class _Reader:
    """Reads the text of a filter or of an order."""

    def __init__(self, text: str, vocabulary: Vocabulary, where: str) -> None:
        self._vocabulary, self._where, self._text = vocabulary, where, text
        self._tokens: list[tuple[str, str]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                raise self.wrong(f"'{text[at : at + 20].strip()}' is not understood")
            self._tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            at = match.end()
        self._at = 0

    def wrong(self, what: str) -> BadInput:
        return BadInput(
            f"Invalid clause(s) in {self._where} '{self._text[:500]}': {what}", where=self._where,
            next_step="It looks like: metrics.rmse < 0.5 AND params.`model type` = 'svm'",
        )  # fmt: skip

    def comparisons(self) -> list[Comparison]:
        found = [self._comparison()]
        while self._at < len(self._tokens):
            if not self._takes("AND"):
                raise self.wrong(f"AND is expected before '{self._tokens[self._at][1]}'")
            if len(found) == _MOST:
                raise self.wrong(f"more than {_MOST:,} comparisons")
            found.append(self._comparison())
        return found

    def order(self) -> tuple[Identifier, bool]:
        """What is ordered by, and whether the greatest comes first."""
        of = self._identifier()
        descending = self._takes("DESC")
        if not descending:
            self._takes("ASC")
        if self._at < len(self._tokens):
            raise self.wrong("ASC or DESC is expected at its end")
        return of, descending

    def _comparison(self) -> Comparison:
        of = self._identifier()
        if self._takes("IS"):
            sign = "IS NOT NULL" if self._takes("NOT") else "IS NULL"
            self._expect("NULL")
            return Comparison(of, sign, ())
        negated = self._takes("NOT")
        if negated or self._is("IN"):
            self._expect("IN")
            return Comparison(of, "NOT IN" if negated else "IN", self._values(of))
        sign = self._sign(of)
        return Comparison(of, sign, (self._value(of),))

    def _sign(self, of: Identifier) -> str:
        kind, text = self._next("an operator")
        sign = "!=" if text == "<>" else text.upper()
        known = {"=", "!=", *(_ORDER if self._vocabulary.is_number(of) else ("LIKE", "ILIKE"))}
        if kind not in ("operator", "word") or sign not in known:
            raise self.wrong(f"'{text}' cannot compare {of.entity} '{of.key}'; {', '.join(sorted(known))} can")
        return sign

    def _identifier(self) -> Identifier:
        first = self._name()
        if self._at < len(self._tokens) and self._tokens[self._at] == ("mark", "."):
            self._at += 1
            key = self._name()
            # Keys that are not quoted may hold dots.
            while self._at < len(self._tokens) and self._tokens[self._at] == ("mark", "."):
                self._at += 1
                key += "." + self._name()
            return self._vocabulary.identifier(first, key, self._where)
        return self._vocabulary.identifier(None, first, self._where)

    def _name(self) -> str:
        kind, text = self._next("a name")
        if kind == "quoted" and text[0] in '`"':
            return text[1:-1]
        if kind in ("word", "number"):
            return text
        raise self.wrong(f"a name is expected, found {text}")

    def _values(self, of: Identifier) -> tuple[str | float, ...]:
        self._expect("(")
        found = [self._value(of)]
        # A tuple of Python's that has one member ends in a comma.
        while self._takes(",") and not self._is(")"):
            found.append(self._value(of))
        self._expect(")")
        return tuple(found)

    def _value(self, of: Identifier) -> str | float:
        kind, text = self._next("a value")
        if self._vocabulary.is_number(of):
            if kind != "number":
                raise self.wrong(f"a number is expected for {of.entity} '{of.key}', found {text}")
            return float(text) if of.entity == "metric" or not text.lstrip("+-").isdigit() else int(text)
        if kind != "quoted" or text[0] == "`":
            raise self.wrong(f"a text in quotes is expected for {of.entity} '{of.key}', found {text}")
        return text[1:-1]

    def _next(self, expected: str) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise self.wrong(f"{expected} is expected at its end")
        self._at += 1
        return self._tokens[self._at - 1]

    def _is(self, word: str) -> bool:
        return (
            self._at < len(self._tokens)
            and self._tokens[self._at][1].upper() == word
            and (self._tokens[self._at][0] in ("word", "mark"))
        )

    def _takes(self, word: str) -> bool:
        taken = self._is(word)
        self._at += taken
        return taken

    def _expect(self, word: str) -> None:
        if not self._takes(word):
            raise self.wrong(f"{word} is expected")


def parse(text: str | None, vocabulary: Vocabulary) -> list[Comparison]:
    """The comparisons of a filter, which all have to hold. Raises: BadInput: it is not understood."""
    return _Reader(text, vocabulary, "filter").comparisons() if text and text.strip() else []


def parse_order(text: str, vocabulary: Vocabulary) -> tuple[Identifier, bool]:
    """What an `order_by` means: by what, and whether the greatest comes first. Raises: BadInput."""
    return _Reader(text, vocabulary, "order_by").order()


def rank(found: Sequence[Value]) -> tuple[int, Any]:
    """Where a value stands in an order: texts and numbers first, then NaN, then what has none."""
    first = next((one for one in found if one is not None), None)
    if first is None:
        return 2, 0
    if isinstance(first, float) and math.isnan(first):
        return 1, 0
    return 0, first


@lru_cache(maxsize=64)
def _like(pattern: str, ignoring_case: bool) -> tuple[re.Pattern[str], ...]:
    """The pieces of a LIKE pattern between its `%`; the last one ends where the text does."""
    pieces = ["".join("." if c == "_" else re.escape(c) for c in piece) for piece in pattern.split("%")]
    pieces[-1] += r"\Z"
    return tuple(re.compile(piece, re.S | (re.I if ignoring_case else 0)) for piece in pieces)


def _is_like(text: str, pieces: Sequence[re.Pattern[str]]) -> bool:
    """True when the pieces stand in the text in their order, the first at its begin.

    Each is looked for once, from the left: as one expression, a few `%` would take time without end.
    """
    found = pieces[0].match(text)
    for piece in pieces[1:]:
        found = found and piece.search(text, found.end())
    return found is not None
