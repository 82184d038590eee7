"""The expression language of `find`, exclusions and runs: text to a condition, and whether a node matches it. Pure.

`edge_conditions` says the same of edges.

In: the text of an expression and the prefixes that its names may use. Out: frozen conditions, which `matches` decides
for one node and which engines compile. Source: rule 28.

Grammar (nested at most 64 deep, at most 1,000 comparisons):

    expression = conjunction ("or" conjunction)*          conjunction = term ("and" term)*
    term = "not" term | "(" expression ")" | ("missing" | "exists") name
         | name operator value | name "in" "(" value ("," value)* ")"

A value is a word or a text in "..." or '...'; quotes only hold it together (`\\"` and `\\\\` inside). A word ends at a
space, a quote or one of `( ) , = < > ! ~`; a backslash before one of these makes it part of the word.

The words:

* `type`, `label`, `start`, `end`: the attributes of these names in `prov:` (`startTime`, `endTime`); `digest` and
  `status`: those in `ps:`. `start` and `end` are compared with times only.
* `iri`; `kind`: the first of its kinds, or `unknown`; `space`: the spaces of what is said of it.
* `relation`: the names of the stated relations in which the node is the source (the effect).
* `agent`: the agents that it is associated with or attributed to, by IRI, prefixed name or label.

Two sides that are both numbers compare as numbers (NaN equals NaN and has no order), two times as instants, all else as
text by code point. Names (`iri`, `agent`, `kind`, `relation`, `space`, and values of attributes that are qualified
names) compare as text; a prefixed name that the store knows stands for its full IRI there. `~` takes both as written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal, NoReturn, cast, get_args

from provstore.graph.comparing import Literally, compare_agent, compare_name, compare_value, number
from provstore.graph.contract import Edge, Node
from provstore.graph.projection import RELATIONS
from provstore.graph.tokens import Kind, Token, mistake, tokens
from provstore.model.names import Prefixes
from provstore.model.terms import END_TIME, LABEL, PS, START_TIME, TYPE
from provstore.model.times import instant

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "~", "in"]
Word = Literal["kind", "iri", "relation", "agent", "space", "attribute"]

MAX_DEPTH: Final = 64
MAX_COMPARISONS: Final = 1_000
ATTRIBUTE_WORDS: Final = {
    "type": TYPE, "label": LABEL, "start": START_TIME, "end": END_TIME, "digest": PS + "digest", "status": PS + "status"
}  # fmt: skip
WORDS: Final = (*sorted(set(get_args(Word)) - {"attribute"}), *ATTRIBUTE_WORDS)
RESERVED: Final = frozenset({"and", "or", "not", "in", "missing", "exists"})
OPERATORS: Final = tuple(get_args(Operator))
KINDS: Final = ("entity", "activity", "agent", "unknown")
AGENT_RELATIONS: Final = frozenset({"wasAssociatedWith", "wasAttributedTo"})


@dataclass(frozen=True, slots=True)
class Field:
    """What is compared: a word, or the attribute `iri` (full) when `word` is `attribute`."""

    word: Word
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`field operator value`; only `in` has several values."""

    field: Field
    operator: Operator
    values: tuple[Literally, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """The field has a value; `missing` is its negation."""

    field: Field


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class And:
    """All of the conditions hold."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the conditions holds, or several."""

    conditions: tuple[Condition, ...]


Condition = Comparison | Exists | Not | And | Or


def parse(text: str, prefixes: Prefixes) -> Condition:
    """The condition of an expression.

    Raises: UsageError: it cannot be read; the message names the column (from 1) and what was expected there.
    """
    return _Parser(text, prefixes).whole()


def matches(
    condition: Condition, node: Node, edges: Iterable[Edge] = (), labels: Mapping[str, str | None] | None = None
) -> bool:
    """Whether `node` meets the condition.

    Args: edges: those in which the node is the source, for `relation` and `agent` (see `words`). labels: of the agents
    that these edges name, by IRI.
    """
    return _OfNode(node, tuple(edges), labels or {}).holds(condition)


def words(condition: Condition) -> frozenset[Word]:
    """The words that the condition uses, so that a caller fetches edges for `relation` and `agent` only."""
    return frozenset(field.word for field in fields(condition))


def fields(condition: Condition) -> Iterator[Field]:
    """What the condition compares, in the order of the expression."""
    match condition:
        case Comparison(field=field) | Exists(field=field):
            yield field
        case Not(condition=inner):
            yield from fields(inner)
        case And(conditions=several) | Or(conditions=several):
            for one in several:
                yield from fields(one)


class Matching(ABC):
    """Something with fields, against which a condition is held."""

    def holds(self, condition: Condition) -> bool:
        """Whether it meets the condition."""
        match condition:
            case Comparison():
                return self.compares(condition)
            case Exists(field=field):
                return any(True for _ in self.values(field))
            case Not(condition=inner):
                return not self.holds(inner)
            case And(conditions=several):
                return all(map(self.holds, several))
            case Or(conditions=several):
                return any(map(self.holds, several))

    @abstractmethod
    def compares(self, asked: Comparison) -> bool:
        """Whether one of the field's values compares so."""

    @abstractmethod
    def values(self, field: Field) -> Iterable[str]:
        """The field's values as text."""


class _OfNode(Matching):
    """One node, its edges and its agents' labels."""

    def __init__(self, node: Node, edges: tuple[Edge, ...], labels: Mapping[str, str | None]):
        self._node = node
        self._edges = tuple(edge for edge in edges if not edge.inferred)
        self._labels = labels

    def compares(self, asked: Comparison) -> bool:
        """Whether one of the field's values compares so; for `agent` also the label of one."""
        field, operator, values = asked.field, asked.operator, asked.values
        if field.word == "attribute":
            return any(compare_value(value, operator, values) for value in self._node.attributes.get(field.iri, ()))
        stored = self.values(field)
        if field.word == "agent":
            return any(compare_agent(iri, self._labels.get(iri), operator, values) for iri in stored)
        return any(compare_name(text, operator, values) for text in stored)

    def values(self, field: Field) -> Iterable[str]:
        """The field's values as text."""
        match field.word:
            case "attribute":
                return [value.lexical for value in self._node.attributes.get(field.iri, ())]
            case "kind":
                return (self._node.kind,)
            case "iri":
                return (self._node.iri,)
            case "space":
                return self._node.spaces
            case "relation":
                return [edge.relation for edge in self._edges]
            case "agent":
                return [edge.target for edge in self._edges if edge.relation in AGENT_RELATIONS]


class _Parser:
    """A recursive descent over the tokens of one expression."""

    def __init__(self, text: str, prefixes: Prefixes) -> None:
        self._prefixes = prefixes
        self._tokens = tokens(text)
        self._next = 0
        self._depth = 0
        self._comparisons = 0

    def whole(self) -> Condition:
        """The condition of the whole text. Raises: UsageError."""
        condition = self._alternatives()
        if self._peek().kind != "end":
            self._expected("`and`, `or` or the end")
        return condition

    def _alternatives(self) -> Condition:
        found = [self._conjunction()]
        while self._take_word("or"):
            found.append(self._conjunction())
        return found[0] if len(found) == 1 else Or(tuple(found))

    def _conjunction(self) -> Condition:
        found = [self._term()]
        while self._take_word("and"):
            found.append(self._term())
        return found[0] if len(found) == 1 else And(tuple(found))

    def _term(self) -> Condition:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._fail(f"nested more than {MAX_DEPTH} deep")
        condition = self._one_term()
        self._depth -= 1
        return condition

    def _one_term(self) -> Condition:
        if self._take_word("not"):
            return Not(self._term())
        if self._take_mark("("):
            inner = self._alternatives()
            self._mark(")", "`and`, `or` or `)`")
            return inner
        self._comparisons += 1
        if self._comparisons > MAX_COMPARISONS:
            self._fail(f"more than {MAX_COMPARISONS:,} comparisons")
        if self._take_word("missing"):
            return Not(Exists(self._field()))
        return Exists(self._field()) if self._take_word("exists") else self._comparison()

    def _comparison(self) -> Condition:
        field = self._field()
        if self._take_word("in"):
            self._mark("(", "`(` and a list of values")
            values = [self._value(field, "in")]
            while self._take_mark(","):
                values.append(self._value(field, "in"))
            self._mark(")", "`,` or `)`")
            return Comparison(field, "in", tuple(values))
        if self._peek().kind != "operator":
            self._expected("one of " + " ".join(OPERATORS))
        operator = cast(Operator, self._advance().text)
        return Comparison(field, operator, (self._value(field, operator),))

    def _field(self) -> Field:
        token = self._peek()
        if token.kind != "word" or token.text in RESERVED or number(token.text) is not None:
            self._expected("a name (" + " ".join(WORDS) + ", or an attribute such as ps:metric.accuracy)")
        self._next += 1
        if token.text in ATTRIBUTE_WORDS:
            return Field("attribute", ATTRIBUTE_WORDS[token.text])
        if token.text in WORDS:
            return Field(cast(Word, token.text))
        if ":" not in token.text:
            return Field("attribute", PS + token.text)
        return Field("attribute", self._attribute(token))

    def _attribute(self, token: Token) -> str:
        iri = self._prefixes.expand(token.text)
        if iri is not None:
            return iri
        if "://" in token.text or token.text.startswith("urn:"):
            return token.text
        prefix = token.text.partition(":")[0]
        near = get_close_matches(prefix, [name for name, _ in self._prefixes.items()])
        hint = f"; did you mean {near[0]}?" if near else ""
        return self._fail(f"expected a prefix that the store knows, found {prefix!r}{hint}", token)

    def _value(self, field: Field, operator: Operator) -> Literally:
        token = self._peek()
        if token.kind not in ("word", "text"):
            self._expected("a value")
        self._next += 1
        self._refuse_what_never_matches(field, operator, token)
        return Literally(token.text, self._prefixes.expand(token.text) or token.text)

    def _refuse_what_never_matches(self, field: Field, operator: Operator, token: Token) -> None:
        if operator == "~":
            return
        if field.word == "kind" and token.text not in KINDS:
            self._fail(f"expected a kind ({', '.join(KINDS)}), found {token.text!r}", token)
        if field.word == "relation" and token.text not in RELATIONS:
            near = get_close_matches(token.text, RELATIONS)
            hint = f" ({', '.join(near)}?)" if near else " such as used or wasGeneratedBy"
            self._fail(f"expected the name of a relation{hint}, found {token.text!r}", token)
        if field.iri in (START_TIME, END_TIME) and instant(token.text) is None:
            self._fail(f"expected a time such as 2026-01-31 or 2026-01-31T10:00:00Z, found {token.text!r}", token)

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _advance(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _take_word(self, word: str) -> bool:
        return self._take("word", word)

    def _take_mark(self, mark: str) -> bool:
        return self._take("mark", mark)

    def _take(self, kind: Kind, text: str) -> bool:
        taken = self._peek()[:2] == (kind, text)
        self._next += taken
        return taken

    def _mark(self, mark: str, expected: str) -> None:
        if not self._take_mark(mark):
            self._expected(expected)

    def _expected(self, what: str) -> NoReturn:
        token = self._peek()
        found = "the end" if token.kind == "end" else repr(token.text)
        self._fail(f"expected {what}, found {found}")

    def _fail(self, message: str, token: Token | None = None) -> NoReturn:
        raise mistake((token or self._peek()).column, message)
