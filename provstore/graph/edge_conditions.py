"""Whether an edge meets a condition of the expression language. Pure.

The words, for an edge:

* `relation`: its relation. `iri`: its own identifier, where it has one. `space`: where it is asserted.
* `type`, `label`, `digest`, `status`: its attributes of these names. `start` and `end`: both its time.
* `kind` and `agent`: an edge has neither.

Its attributes are those of its statement: formal arguments, ends included, are among them under their names in PROV
(`prov:time`, `prov:plan`, `prov:entity`), so is `prov:role`. Source: rule 28; PROV-DM section 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from provstore.graph.comparing import compare_name, compare_role, compare_value
from provstore.graph.contract import Edge
from provstore.graph.expressions import Comparison, Condition, Exists, Field, Matching, Not, Or, Word
from provstore.model.statement import Value
from provstore.model.terms import (
    DATE_TIME,
    END_TIME,
    PROV,
    QUALIFIED_NAME,
    RECORD_TYPES,
    ROLE,
    START_TIME,
    TIME,
    TYPE,
)

LACKED: Final[tuple[Word, ...]] = ("agent", "kind")
_TIMES: Final = (TIME, START_TIME, END_TIME)
# The attribute IRIs of its two ends, source and target, by relation.
_ENDS: Final = {
    record.name: tuple(argument.iri for argument in record.arguments[:2])
    for record in RECORD_TYPES
    if not record.is_element
}


def edge_matches(condition: Condition, edge: Edge) -> bool:
    """Whether the edge meets the condition."""
    return _OfEdge(edge).holds(condition)


def undecided(conditions: Iterable[Condition], relation: str) -> tuple[Condition, ...] | None:
    """Those of the conditions that some edges of a relation may meet and others not; None: all meet one of them."""
    found = [(_decided(condition, relation), condition) for condition in conditions]
    if any(met for met, _ in found):
        return None
    return tuple(condition for met, condition in found if met is None)


def attribute_names(edge: Edge) -> Iterator[str]:
    """The IRIs of all attributes that the edge has."""
    yield from edge.attributes
    yield from _ENDS.get(edge.relation, ())
    yield from (PROV + name for name in edge.third)
    if edge.roles:
        yield ROLE
    if edge.types:
        yield TYPE
    if edge.time is not None:
        yield from _TIMES


def _decided(condition: Condition, relation: str) -> bool | None:
    """Whether edges of the relation meet the condition; None: not all of them, or not none (Kleene's logic)."""
    match condition:
        case Comparison(field=Field(word="relation"), operator=operator, values=values):
            return compare_name(relation, operator, values)
        case Exists(field=Field(word="relation")):
            return True
        case Comparison() | Exists():
            return None
        case Not(condition=inner):
            met = _decided(inner, relation)
            return None if met is None else not met
    decisive = isinstance(condition, Or)
    found = [_decided(one, relation) for one in condition.conditions]
    if decisive in found:
        return decisive
    return None if None in found else not decisive


class _OfEdge(Matching):
    """One edge."""

    def __init__(self, edge: Edge):
        self._edge = edge

    def compares(self, asked: Comparison) -> bool:
        """Whether one of the field's values compares so."""
        field, operator, values = asked.field, asked.operator, asked.values
        if field.iri == ROLE:
            return any(compare_role(role, operator, values) for role in self._edge.roles)
        if field.word == "attribute":
            return any(compare_value(value, operator, values) for value in self._attribute(field.iri))
        return any(compare_name(text, operator, values) for text in self.values(field))

    def values(self, field: Field) -> Iterable[str]:
        """The field's values as text."""
        match field.word:
            case "attribute":
                return self._edge.roles if field.iri == ROLE else [one.lexical for one in self._attribute(field.iri)]
            case "relation":
                return (self._edge.relation,)
            case "iri":
                return () if self._edge.identifier is None else (self._edge.identifier,)
            case "space":
                return self._edge.spaces
            case "kind" | "agent":
                return ()

    def _attribute(self, iri: str) -> Sequence[Value]:
        return (*self._formal(iri), *self._edge.attributes.get(iri, ()))

    def _formal(self, iri: str) -> Sequence[Value]:
        """The values that are no further attributes in an `Edge`."""
        edge = self._edge
        if iri == TYPE:
            return [Value(QUALIFIED_NAME, one) for one in edge.types]
        if iri in _TIMES:
            return [] if edge.time is None else [Value(DATE_TIME, edge.time)]
        named = dict(zip(_ENDS.get(edge.relation, ()), edge[1:3], strict=False))
        named |= {PROV + name: one for name, one in edge.third.items()}
        return [Value(QUALIFIED_NAME, named[iri])] if iri in named else []
