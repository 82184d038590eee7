"""Compiles a condition to the where-clause of the embedded engine: fragments of `queries/find/`, values bound.

In: a parsed condition. Out: SQL text that is made of these fragments only, and named parameters. The fragments read the
tables `node`, `edge` and `digest` of `schema/graph/sqlite`; texts are compared by the functions that `register` adds to
a connection, the same that `expressions.matches` uses, so that both agree. Source: rule 28.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from provstore import resources
from provstore.graph.comparing import Literally, compare_agent, compare_name, compare_value
from provstore.graph.expressions import (
    AGENT_RELATIONS,
    KINDS,
    And,
    Comparison,
    Condition,
    Exists,
    Field,
    Not,
    Or,
)
from provstore.graph.sqlite_rows import CODES, KIND_BITS
from provstore.model.fold import DIGEST
from provstore.model.statement import Value

_PARAMETER: Final = re.compile(r":([a-z]+)")
_JOINS: Final = {And: " AND ", Or: " OR "}


class Where(NamedTuple):
    """A where-clause over `node`, in parentheses, and its named parameters; all names begin with `w`."""

    text: str
    parameters: dict[str, str | int]


def compile_condition(condition: Condition) -> Where:
    """The where-clause of a condition, for a connection that `register` has prepared."""
    return _Compiler().compile(condition)


def register(connection: sqlite3.Connection) -> None:
    """Adds the functions that the fragments call."""
    for name, arguments, function in FUNCTIONS:
        connection.create_function(name, arguments, function, deterministic=True)


class _Compiler:
    """One compilation: the parameters so far, and how many fragments were used."""

    def __init__(self) -> None:
        self._parameters: dict[str, str | int] = {}
        self._fragments = 0

    def compile(self, condition: Condition) -> Where:
        return Where(self._text(condition), self._parameters)

    def _text(self, condition: Condition) -> str:
        match condition:
            case Not(condition=inner):
                return f"(NOT {self._text(inner)})"
            case And(conditions=several) | Or(conditions=several):
                return _balanced([self._text(one) for one in several], _JOINS[type(condition)])
            case Exists(field=field):
                return self._exists(field)
            case Comparison():
                return self._comparison(condition)

    def _comparison(self, asked: Comparison) -> str:
        word = asked.field.word
        compared: dict[str, str | int] = {"operator": asked.operator, "values": _encode(asked.values)}
        match word:
            case "kind":
                return self._fragment("kind", **_kinds(asked))
            case "relation":
                return self._fragment("relation", codes=_codes(_relations(asked)))
            case "agent":
                return self._fragment("agent", codes=_codes(AGENT_RELATIONS), **compared)
            case "attribute":
                return self._attribute(asked, compared)
            case "iri" if asked.operator == "=":
                return self._fragment("iri_equal", value=asked.values[0].iri)
            case _:
                return self._fragment(word, **compared)

    def _attribute(self, asked: Comparison, compared: dict[str, str | int]) -> str:
        text = self._fragment("attribute", **_path(asked.field), **compared)
        if asked.field.iri == DIGEST and asked.operator == "=":
            # The index holds digests in lower case: it narrows the search, the comparison decides.
            probes = [self._fragment("digest", value=form.lower()) for form in asked.values[0]]
            return f"(({probes[0]} OR {probes[1]}) AND {text})"
        return text

    def _exists(self, field: Field) -> str:
        match field.word:
            case "kind" | "iri":
                return self._fragment("exists_always")
            case "attribute":
                return self._fragment("exists_attribute", **_path(field))
            case "agent":
                return self._fragment("relation", codes=_codes(AGENT_RELATIONS))
            case word:
                return self._fragment(f"exists_{word}")

    def _fragment(self, name: str, **parameters: str | int) -> str:
        number = self._fragments
        self._fragments += 1
        self._parameters |= {f"w{number}_{key}": value for key, value in parameters.items()}
        bound = _PARAMETER.sub(rf":w{number}_\1", fragment(name))
        return f"({bound})"


@lru_cache(maxsize=64)
def fragment(name: str) -> str:
    """The text of `queries/find/<name>.sql` without its comments."""
    lines = resources.text(f"queries/find/{name}.sql").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))


def _balanced(parts: Sequence[str], join: str) -> str:
    """The parts joined as a balanced tree: SQLite refuses expressions that are 1,000 deep."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return f"({_balanced(parts[:middle], join)}{join}{_balanced(parts[middle:], join)})"


def _kinds(asked: Comparison) -> dict[str, str | int]:
    chosen = [kind for kind in KINDS if compare_name(kind, asked.operator, asked.values)]
    mask = sum(bit for kind, bit in KIND_BITS.items() if kind in chosen)
    return {"mask": mask, "unknown": int("unknown" in chosen)}


def _relations(asked: Comparison) -> list[str]:
    return [name for name in CODES if compare_name(name, asked.operator, asked.values)]


def _codes(relations: Iterable[str]) -> str:
    return json.dumps(sorted(CODES[name] for name in relations))


def _path(field: Field) -> dict[str, str | int]:
    # SQLite writes the path of a key with quotes, or without where it is a plain word.
    quoted = json.dumps(field.iri, ensure_ascii=False)
    return {"plain": f"$.{quoted[1:-1]}", "quoted": f"$.{quoted}"}


def _encode(values: Sequence[Literally]) -> str:
    return json.dumps(values)


@lru_cache(maxsize=64)
def _decode(values: str) -> tuple[Literally, ...]:
    return tuple(map(Literally._make, json.loads(values)))


@lru_cache(maxsize=4096)
def _texts(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


def _name(stored: str, operator: str, values: str) -> bool:
    return compare_name(stored, operator, _decode(values))


def _any_name(stored: str, operator: str, values: str) -> bool:
    return any(compare_name(text, operator, _decode(values)) for text in _texts(stored))


def _any_value(stored: str, operator: str, values: str) -> bool:
    wanted = _decode(values)
    return any(compare_value(Value(*one), operator, wanted) for one in json.loads(stored))


def _agent(iri: str, label: str | None, operator: str, values: str) -> bool:
    return compare_agent(iri, label, operator, _decode(values))


FUNCTIONS: Final[tuple[tuple[str, int, Callable[..., Any]], ...]] = (
    ("provstore_name", 3, _name),
    ("provstore_names", 3, _any_name),
    ("provstore_values", 3, _any_value),
    ("provstore_agent", 4, _agent),
)
"""What SQL cannot compare: (name, number of arguments, function). The first argument is a text, for `names` a JSON list
of texts, for `values` a JSON list of [datatype, lexical form, language]; then the operator, and the values as JSON."""
