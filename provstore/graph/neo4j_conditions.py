"""Narrows a condition to what a Neo4j server can decide: fragments of `queries/find/`, values bound.

In: a parsed condition. Out: a where-clause over `n` that every node meets which meets the condition, and maybe others;
`expressions.matches` decides these. Numbers in the graph are rounded and texts are compared otherwise by the server, so
bounds are kept wide. Source: rule 28.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import inf
from typing import Any, Final, NamedTuple

from provstore.graph.comparing import compare_name, number
from provstore.graph.expressions import AGENT_RELATIONS, KINDS, And, Comparison, Condition, Exists, Field, Not, Or
from provstore.graph.neo4j_rows import Names, indexed_iri
from provstore.graph.neo4j_server import text
from provstore.graph.projection import RELATIONS
from provstore.model.fold import DIGEST
from provstore.model.terms import END_TIME, LABEL, START_TIME, TYPE

_PARAMETER: Final = re.compile(r"\$([a-z]+)")
_JOINS: Final = {And: " AND ", Or: " OR "}
_OWN: Final = {TYPE: "types", LABEL: "label", START_TIME: "start", END_TIME: "end", DIGEST: "digests"}
_SAME: Final = ("=", "in")


class Where(NamedTuple):
    """A where-clause over `n`, and its named parameters."""

    text: str
    parameters: dict[str, Any]


def narrowed(condition: Condition, names: Names) -> Where:
    """The where-clause of a condition. Args: names: the keys of attributes in the graph."""
    work = _Narrowing(names)
    return Where(work.text(condition), work.parameters)


class _Narrowing:
    """One narrowing: the parameters so far, and how many fragments were used."""

    def __init__(self, names: Names):
        self._names = names
        self.parameters: dict[str, Any] = {}
        self._fragments = 0

    def text(self, condition: Condition) -> str:
        match condition:
            case Not():
                # What is outside of a clause that is too wide is not all that the condition leaves out.
                return self._fragment("everything")
            case And(conditions=several) | Or(conditions=several):
                return f"({_JOINS[type(condition)].join(map(self.text, several))})"
            case Exists(field=field):
                return self._exists(field)
            case Comparison():
                return self._comparison(condition)

    def _comparison(self, asked: Comparison) -> str:
        match asked.field.word:
            case "kind":
                chosen = [kind for kind in KINDS if compare_name(kind, asked.operator, asked.values)]
                return self._fragment("kind", kinds=chosen)
            case "relation":
                return self._relation(
                    tuple(name for name in RELATIONS if compare_name(name, asked.operator, asked.values))
                )
            case "iri" if asked.operator in _SAME:
                return self._fragment("iri", iris=[indexed_iri(value.iri) for value in asked.values])
            case "space" if asked.operator in _SAME:
                return self._fragment("space", spaces=[value.iri for value in asked.values])
            case "attribute":
                return self._attribute(asked)
            case _:
                return self._exists(asked.field)

    def _attribute(self, asked: Comparison) -> str:
        iri = asked.field.iri
        key = self._names.known(iri)
        if iri == TYPE and asked.operator in _SAME:
            return self._fragment("type", types=[value.iri for value in asked.values], key=key)
        bounds = _bounds(asked)
        if bounds is None or iri in _OWN:
            return self._exists(asked.field)
        return self._fragment("number", key=key, low=bounds[0], high=bounds[1])

    def _exists(self, field: Field) -> str:
        match field.word:
            case "attribute":
                key, own = self._names.known(field.iri), _OWN.get(field.iri)
                return self._fragment("own", own=own, key=key) if own else self._fragment("attribute", key=key)
            case "relation":
                return self._relation(RELATIONS)
            case "agent":
                return self._relation(tuple(sorted(AGENT_RELATIONS)))
            case _:
                return self._fragment("everything")

    def _relation(self, relations: tuple[str, ...]) -> str:
        return self._fragment("relation", relations) if relations else self._fragment("nothing")

    def _fragment(self, name: str, relations: tuple[str, ...] = (), **parameters: Any) -> str:
        self._fragments += 1
        first = f"w{self._fragments}_"
        self.parameters |= {first + key: value for key, value in parameters.items()}
        return _PARAMETER.sub(rf"${first}\1", text(f"queries/find/{name}", relations=relations))


def _bounds(asked: Comparison) -> tuple[int | float, int | float] | None:
    """What a number lies between that compares so, both included; None when that is not known."""
    typed = number(asked.values[0].text)
    if typed is None or typed.is_nan():
        return None
    near = _near(typed)
    bounds = {"=": (near, near), "<": (-inf, near), "<=": (-inf, near), ">": (near, inf), ">=": (near, inf)}
    return bounds.get(asked.operator)


def _near(typed: Decimal) -> int | float:
    """The number as a property would hold it: an integer exactly, else rounded as properties are."""
    if typed.is_finite() and abs(typed) < 2**63 and typed == typed.to_integral_value():
        return int(typed)
    return float(typed)
