"""What live statements say of one element or one relation, as a node or as edges. Pure.

In: mentions of one IRI, or claims of one statement. Out: absolute states. Source: rules 10, 17, 19 and 20.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from provstore.graph.contract import Edge, Node
from provstore.model.arguments import parse_pair
from provstore.model.fold import DIGEST, Claim, Mention, comparable, fold, functional_key
from provstore.model.series import Point, points
from provstore.model.statement import Attribute, Statement, Value
from provstore.model.terms import (
    DOUBLE,
    ELEMENT_KINDS,
    END_TIME,
    LABEL,
    PROV,
    PS,
    QUALIFIED_NAME,
    RECORD_TYPES,
    ROLE,
    START_TIME,
    TIME,
    TYPE,
    ElementKind,
    Holds,
    RecordType,
)
from provstore.model.times import instant

PART_OF: Final = PS + "partOf"
METRIC: Final = PS + "metric."
METRIC_SERIES: Final = PS + "MetricSeries"
METRIC_NAME: Final = PS + "metric_name"
CONTEXT: Final = PS + "context"
CHUNK: Final = PS + "chunk"
COMMUNICATION: Final = PROV + "Communication"
GENERATION: Final = PROV + "Generation"

# Third arguments that lineage needs as edges of their own (rule 20): per record type, argument and relation.
_THIRD_EDGES: Final = {
    PROV + "Association": (PROV + "plan", "hadPlan"),
    PROV + "Derivation": (PROV + "activity", "hadActivity"),
    PROV + "Start": (PROV + "starter", "hadStarter"),
    PROV + "End": (PROV + "ender", "hadEnder"),
}
RELATIONS: Final = (
    *(record.name for record in RECORD_TYPES if not record.is_element),
    *("hadPlan", "hadActivity", "hadStarter", "hadEnder", "partOf", "sameBytes", "bytesOf"),
)
_ATTRIBUTE_FIELDS: Final = frozenset({ROLE, TYPE})


class Facts(NamedTuple):
    """A node's folded attributes: by attribute IRI, in canonical order, and which of them are in conflict."""

    attributes: Mapping[str, tuple[Value, ...]]
    conflicts: frozenset[str] = frozenset()


# Attributes that follow from a unit's series, by (space, unit).
Derived = Mapping[tuple[str, str], Facts]


class _Shape(NamedTuple):
    """What projecting a relation record needs: its formal arguments and the edge of its third one."""

    name: str
    first: str
    second: str
    holds: Mapping[str, Holds]
    third: tuple[str, str] | None


def _shape(record: RecordType) -> _Shape:
    return _Shape(
        record.name,
        record.arguments[0].iri,
        record.arguments[1].iri,
        {argument.iri: argument.holds for argument in record.arguments},
        _THIRD_EDGES.get(record.iri),
    )


_SHAPES: Final = {record.iri: _shape(record) for record in RECORD_TYPES if not record.is_element}


def _kinds_by_place() -> dict[tuple[str, str], ElementKind | None]:
    found: dict[tuple[str, str], ElementKind | None] = {}
    entities = {"bundle", "keys"}
    for record in RECORD_TYPES:
        if record.is_element:
            found[record.iri, "element"] = record.name  # type: ignore[assignment]
            continue
        for index, (_, holds) in enumerate(record.arguments):
            if holds not in ("time", "statement"):
                place = "third" if holds == "keys" else ("first", "second", "third")[min(index, 2)]
                kind = "entity" if holds in entities else None if holds == "element" else holds
                found[record.iri, place] = kind  # type: ignore[assignment]
    return found


KIND_AT: Final = _kinds_by_place()
"""The kind that follows for what a statement of a kind IRI names at a place; None: any kind (constraint 50)."""


def project_node(iri: str, mentions: Iterable[Mention], derived: Derived | None = None) -> Node | None:
    """The node of `iri` from every live mention of it, or None when there is none (rule 19).

    Args: derived: what each unit's series say of it (rule 17); what the unit itself asserts stands.
    """
    kinds: set[ElementKind | None] = set()
    spaces: set[str] = set()
    claims: list[Claim] = []
    for mention in mentions:
        claim = mention.claim
        kinds.add(KIND_AT[claim.statement.kind, mention.place])
        spaces.add(claim.origin.space)
        if mention.place == "element":
            claims.append(claim)
    if not spaces:
        return None
    facts = facts_of(claims)
    if derived:
        facts = _with_derived(facts, claims, derived)
    return make_node(iri, kinds, bool(claims), facts, spaces)


def make_node(
    iri: str, kinds: Iterable[ElementKind | None], declared: bool, facts: Facts, spaces: Iterable[str]
) -> Node:
    """A node from what is known of it, with the fields that follow from its attributes."""
    attributes, conflicts = facts
    among = set(kinds)
    labels = attributes.get(LABEL)
    return Node(
        iri,
        tuple(kind for kind in ELEMENT_KINDS if kind in among),
        declared,
        _names(attributes.get(TYPE, ())),
        labels[0].lexical if labels else None,
        _moment(attributes.get(START_TIME)),
        _moment(attributes.get(END_TIME)),
        tuple(sorted({one.lexical.lower() for one in attributes[DIGEST]})) if DIGEST in attributes else (),
        attributes,
        tuple(sorted(conflicts)),
        tuple(sorted(spaces)),
    )


def facts_of(claims: Sequence[Claim]) -> Facts:
    """The fold of the element claims about one IRI (rule 10)."""
    if len(claims) == 1:
        plain = plain_facts(claims[0].statement.attributes)
        if plain is not None:
            return plain
    folded = fold(claims)
    attributes = {name: tuple(kept.value for kept in folded.attributes[name]) for name in sorted(folded.attributes)}
    return Facts(attributes, folded.conflicts)


def plain_facts(attributes: Sequence[Sequence[str]]) -> Facts | None:
    """The fold of one statement where no attribute repeats; None when one does and `fold` must decide."""
    found = {name: (Value(datatype, lexical, language),) for name, datatype, lexical, language in attributes}
    return Facts(found) if len(found) == len(attributes) else None


def project_edges(claims: Sequence[Claim], sid: str) -> list[Edge]:
    """The edges of one live relation statement from all claims of it (rule 20).

    Args: claims: of one statement, at least one. sid: its identity, 64 hexadecimal digits.
    """
    bundles = {claim.bundle for claim in claims if claim.bundle is not None}
    spaces = {claim.origin.space for claim in claims}
    return edges_of(claims[0].statement, sid, tuple(sorted(bundles)), tuple(sorted(spaces)))


def edges_of(stated: Statement, sid: str, bundles: tuple[str, ...], spaces: tuple[str, ...]) -> list[Edge]:
    """The edges of one statement that is asserted in those bundles and spaces; none for an element."""
    shape = _SHAPES.get(stated.kind)
    if shape is None:
        return []
    arguments, roles, types, attributes = _parts(shape, stated.attributes)
    source = arguments.get(shape.first)
    if source is None:
        return []
    relation = shape.name
    if PART_OF in types and stated.kind == COMMUNICATION:
        relation = "partOf"
    ends = [(relation, target, key) for target, key in _targets(shape, arguments, stated)]
    if shape.third and shape.third[0] in arguments:
        ends.append((shape.third[1], arguments[shape.third[0]], None))
    return [
        Edge(
            relation, source, target, sid, stated.identifier, roles, _lexical_moment(arguments.get(TIME)), types,
            attributes, _third(shape, arguments, key), bundles, spaces,
        )
        for relation, target, key in ends
    ]  # fmt: skip


def series_facts(series: Iterable[tuple[Facts, Sequence[tuple[str, bytes]]]]) -> Facts:
    """The `ps:metric.*` of a run that follow from one unit's live series: each the value of the last point (rule 17).

    Args: series: per series its own facts and its chunks as (event time, bytes).
    """
    derived: dict[str, tuple[Value, ...]] = {}
    for facts, chunks in series:
        names = facts.attributes.get(METRIC_NAME)
        ordered = points(chunks)
        if names and ordered:
            derived[METRIC + metric_key(facts)] = (Value(DOUBLE, _double(ordered[-1])),)
    return Facts(derived)


def metric_key(series: Facts) -> str:
    """The name of a series' metric with its context, `loss@train` (rule 10)."""
    name = series.attributes[METRIC_NAME][0].lexical
    contexts = series.attributes.get(CONTEXT)
    return f"{name}@{contexts[0].lexical}" if contexts else name


def is_series(facts: Facts) -> bool:
    """True for the facts of a metric series."""
    return METRIC_SERIES in _names(facts.attributes.get(TYPE, ()))


def distinct(name: str, values: Iterable[Value]) -> tuple[Value, ...]:
    """The values once each in canonical order; of functional ones that are equal by value the first (rule 10)."""
    seen: dict[tuple[str, object, str], Value] = {}
    for value in sorted(values):
        seen.setdefault(comparable(value) if functional_key(name, value) else value, value)
    return tuple(seen.values())


def union(facts: Facts, added: Facts) -> Facts:
    """What two sides that both stand say together; functional attributes that disagree are in conflict (rule 10)."""
    attributes = dict(facts.attributes)
    conflicts = {*facts.conflicts, *added.conflicts}
    for name, values in added.attributes.items():
        attributes[name] = distinct(name, {*attributes.get(name, ()), *values})
        keys = [key for value in attributes[name] if (key := functional_key(name, value))]
        if len(keys) > len(set(keys)):
            conflicts.add(name)
    return Facts({name: attributes[name] for name in sorted(attributes)}, frozenset(conflicts))


def _with_derived(facts: Facts, claims: Sequence[Claim], derived: Derived) -> Facts:
    for unit, found in sorted(derived.items()):
        asserted = {
            attribute[0]
            for claim in claims
            if (claim.origin.space, claim.origin.unit) == unit
            for attribute in claim.statement.attributes
        }
        new = {name: values for name, values in found.attributes.items() if name not in asserted}
        facts = union(facts, Facts(new))
    return facts


def _parts(
    shape: _Shape, stated: Sequence[Attribute]
) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...], dict[str, tuple[Value, ...]]]:
    arguments: dict[str, str] = {}
    roles: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    attributes: dict[str, tuple[Value, ...]] = {}
    for name, datatype, lexical, language in stated:
        holds = shape.holds.get(name)
        if holds is not None and (datatype == QUALIFIED_NAME or holds == "time"):
            arguments.setdefault(name, lexical)
        elif name == ROLE:
            roles += (lexical,)
        elif name == TYPE and datatype == QUALIFIED_NAME:
            types += (lexical,)
        elif holds is None:
            attributes[name] = (*attributes.get(name, ()), Value(datatype, lexical, language))
    return arguments, roles, types, attributes


def _targets(shape: _Shape, arguments: Mapping[str, str], stated: Statement) -> list[tuple[str, str | None]]:
    """The second argument, and for dictionary members each entity with its key."""
    if shape.holds[shape.second] != "keys":
        return [(arguments[shape.second], None)] if shape.second in arguments else []
    keys: dict[str, str] = {}
    for value in stated.values(shape.second):
        key, entity = parse_pair(value.lexical)
        keys[entity] = f"{keys[entity]}, {key[1]}" if entity in keys else key[1]
    return list(keys.items())


def _third(shape: _Shape, arguments: Mapping[str, str], key: str | None) -> dict[str, str]:
    if key is not None:
        return {"key": key}
    if len(arguments) <= 2:
        return {}
    return {
        name.rpartition("#")[2]: value
        for name, value in arguments.items()
        if name not in (shape.first, shape.second) and shape.holds[name] not in ("time", "keys")
    }


def _names(values: Iterable[Value]) -> tuple[str, ...]:
    return tuple(value.lexical for value in values if value.datatype == QUALIFIED_NAME)


def _moment(values: Sequence[Value] | None) -> str | None:
    return _lexical_moment(values[0].lexical) if values else None


def _lexical_moment(lexical: str | None) -> str | None:
    if lexical is None:
        return None
    moment = instant(lexical)
    return moment.utc if moment else None


def _double(point: Point) -> str:
    number = point.value
    if number != number:
        return "NaN"
    if number in (float("inf"), float("-inf")):
        return "INF" if number > 0 else "-INF"
    return repr(number)
