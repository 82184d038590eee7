"""What live statements say of one element or one relation, as a node or as edges. Pure.

In: mentions of one IRI, or claims of one statement. Out: absolute states. Source: rules 10, 17, 19 and 20.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from provstore.graph.contract import Edge, Node
from provstore.graph.values import NAMES, NO_VALUES, Values, quoted
from provstore.model.arguments import parse_pair
from provstore.model.fold import DIGEST, Claim, Mention, comparable, fold, functional_key
from provstore.model.names import local_name
from provstore.model.series import Point, last
from provstore.model.statement import Statement, Value
from provstore.model.terms import (
    DOUBLE,
    ELEMENT_KINDS,
    END_TIME,
    KEY_ENTITY_PAIR,
    KEY_ENTITY_SET,
    LABEL,
    PROV,
    PS,
    QUALIFIED_NAME,
    RECORD_TYPES,
    ROLE,
    START_TIME,
    TYPE,
    ElementKind,
    RecordType,
)
from provstore.model.times import instant

PART_OF: Final = PS + "partOf"
METRIC: Final = PS + "metric."
METRIC_SERIES: Final = PS + "MetricSeries"
METRIC_NAME: Final = PS + "metric_name"
CONTEXT: Final = PS + "context"
CHUNK: Final = PS + "chunk"
_DICTIONARY_MEMBERSHIP: Final = PROV + "DictionaryMembership"
GENERATION: Final = PROV + "Generation"

# Third arguments that lineage needs as edges of their own (rule 20): per record type, argument and relation.
_THIRD_EDGES: Final = {
    PROV + "Association": ("plan", "hadPlan"),
    PROV + "Derivation": ("activity", "hadActivity"),
    PROV + "Start": ("starter", "hadStarter"),
    PROV + "End": ("ender", "hadEnder"),
}
RELATIONS: Final = (
    *(record.name for record in RECORD_TYPES if not record.is_element),
    *("hadPlan", "hadActivity", "hadStarter", "hadEnder", "partOf", "sameBytes", "bytesOf"),
)
_FIELDS: Final = frozenset({LABEL, START_TIME, END_TIME, DIGEST})
# A tuple of all fields as a node or an edge, at half the time of their own constructors.
_node: Final = partial(tuple.__new__, Node)
_edge: Final = partial(tuple.__new__, Edge)
Kinds = tuple[ElementKind, ...]


class Facts(NamedTuple):
    """A node's folded attributes: by attribute IRI, in canonical order, and which of them are in conflict."""

    attributes: Mapping[str, tuple[Value, ...]]
    conflicts: frozenset[str] = frozenset()


# Attributes that follow from a unit's series, by (space, unit).
Derived = Mapping[tuple[str, str], Facts]


class _Shape(NamedTuple):
    """What projecting a relation record needs: where each formal argument goes, and the edge of its third one."""

    name: str
    places: Mapping[str, str]  # attribute IRI: first, second, time, keys, or the argument's own local name
    pair: tuple[str, str]  # the first two arguments' attribute IRIs, in canonical order
    backwards: bool  # the second one comes first there
    third: tuple[str, str] | None


def _shape(record: RecordType) -> _Shape:
    places = {}
    for index, (name, holds) in enumerate(record.arguments):
        third = holds if holds in ("time", "keys") else name.rpartition("#")[2]
        places[name] = third if holds == "keys" or index > 1 else ("first", "second")[index]
    first, second = (argument.iri for argument in record.arguments[:2])
    pair = (min(first, second), max(first, second))
    return _Shape(record.name, places, pair, pair != (first, second), _THIRD_EDGES.get(record.iri))


SHAPES: Final = {record.iri: _shape(record) for record in RECORD_TYPES if not record.is_element}


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


def plain_node(iri: str, kinds: Kinds, attributes: Sequence[Sequence[str]], spaces: tuple[str, ...]) -> Node | None:
    """The node of an element that one statement alone is about; None when only `facts_of` can tell.

    The same as `make_node(..., facts_of(...))` at a fraction of the cost: nothing is decoded that is only stored.
    """
    parts: list[str] = []
    last = ""
    fields: dict[str, str] = {}
    types: tuple[str, ...] = ()
    for name, datatype, lexical, language in attributes:
        value = f"[{NAMES[datatype]},{quoted(lexical)},{NAMES[language]}]"
        if name != last:
            parts.append(f"{NAMES[name]}:[{value}")
            last = name
        elif functional_key(name, Value(datatype, lexical, language)):
            return None
        else:
            parts[-1] += "," + value
        if name in _FIELDS:
            fields[name] = lexical
        elif name == TYPE and datatype == QUALIFIED_NAME:
            types += (lexical,)
    return _node(
        (
            iri,
            kinds,
            True,
            types,
            fields.get(LABEL),
            utc(fields.get(START_TIME)),
            utc(fields.get(END_TIME)),
            (fields[DIGEST].lower(),) if DIGEST in fields else (),
            Values("{" + "],".join(parts) + "]}") if parts else NO_VALUES,
            (),
            spaces,
        )
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
    shape = SHAPES.get(stated[0])
    if shape is None:
        return []
    if len(stated[2]) == 2 and (plain := _plain_edge(shape, stated, sid, bundles, spaces)):
        return [plain]
    places = shape.places
    arguments: dict[str, str] = {}
    roles: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    attributes: dict[str, tuple[Value, ...]] = {}
    for name, datatype, lexical, language in stated[2]:
        place = places.get(name)
        if place is not None:
            if (datatype == QUALIFIED_NAME or place == "time") and place not in arguments:
                arguments[place] = lexical
        elif name == ROLE:
            roles += (lexical,)
        elif name == TYPE and datatype == QUALIFIED_NAME:
            types += (lexical,)
        else:
            attributes[name] = (*attributes.get(name, ()), Value(datatype, lexical, language))
    source = arguments.pop("first", None)
    if source is None:
        return []
    time = utc(arguments.pop("time", None))
    return [
        _edge((relation, source, end, sid, stated[1], roles, time, types, attributes, third, bundles, spaces, False))
        for relation, end, third in _ends(shape, stated, arguments, types)
    ]


def _plain_edge(
    shape: _Shape, stated: Statement, sid: str, bundles: tuple[str, ...], spaces: tuple[str, ...]
) -> Edge | None:
    """The edge of a statement that has its two ends and nothing more, as most have."""
    (name, datatype, lexical, _), (other_name, other_datatype, other, _) = stated[2]
    if name != shape.pair[0] or other_name != shape.pair[1] or not datatype == other_datatype == QUALIFIED_NAME:
        return None
    source, target = (other, lexical) if shape.backwards else (lexical, other)
    return _edge((shape.name, source, target, sid, stated[1], (), None, (), NO_VALUES, {}, bundles, spaces, False))


def _ends(
    shape: _Shape, stated: Statement, arguments: dict[str, str], types: tuple[str, ...]
) -> list[tuple[str, str, Mapping[str, str]]]:
    """The relation, the target and the further arguments of each edge of a statement with a first argument."""
    second = arguments.pop("second", None)
    ends: list[tuple[str, str, Mapping[str, str]]] = []
    if second is not None:
        name = "partOf" if PART_OF in types and shape.name == "wasInformedBy" else shape.name
        ends.append((name, second, arguments))
    elif stated[0] == _DICTIONARY_MEMBERSHIP:
        ends += [(shape.name, entity, {"key": keys}) for entity, keys in _members(stated).items()]
    if shape.third and shape.third[0] in arguments:
        ends.append((shape.third[1], arguments[shape.third[0]], arguments))
    return ends


def series_facts(series: Iterable[tuple[Facts, Sequence[tuple[str, bytes]]]]) -> Facts:
    """The `ps:metric.*` of a run that follow from one unit's live series: each the value of the last point (rule 17).

    Named as importers name what a run asserts, so that an asserted value is the same attribute (rule 30).

    Args: series: per series its own facts and its chunks as (event time, bytes).
    """
    derived: dict[str, tuple[Value, ...]] = {}
    for facts, chunks in series:
        names = facts.attributes.get(METRIC_NAME)
        latest = last(chunks)
        if names and latest:
            derived[METRIC + local_name(metric_key(facts))] = (Value(DOUBLE, _double(latest)),)
    return Facts(derived)


def metric_key(series: Facts) -> str:
    """The name of a series' metric with its context, `loss@train` (rule 10)."""
    name = series.attributes[METRIC_NAME][0].lexical
    contexts = series.attributes.get(CONTEXT)
    return f"{name}@{contexts[0].lexical}" if contexts else name


def is_series(facts: Facts) -> bool:
    """True for the facts of a metric series."""
    return METRIC_SERIES in _names(facts.attributes.get(TYPE, ()))


def distinct(name: str, values: Collection[Value]) -> tuple[Value, ...]:
    """The values once each in canonical order; of functional ones that are equal by value the first (rule 10)."""
    if len(values) == 1:
        return tuple(values)
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


def _members(stated: Statement) -> dict[str, str]:
    """The entities of a dictionary's members, each with its key, or its keys one after the other."""
    keys: dict[str, str] = {}
    for name, datatype, lexical, _ in stated[2]:
        if datatype == KEY_ENTITY_PAIR and name == KEY_ENTITY_SET:
            key, entity = parse_pair(lexical)
            keys[entity] = f"{keys[entity]}, {key[1]}" if entity in keys else key[1]
    return keys


def _names(values: Iterable[Value]) -> tuple[str, ...]:
    return tuple(value.lexical for value in values if value.datatype == QUALIFIED_NAME)


def _moment(values: Sequence[Value] | None) -> str | None:
    return utc(values[0].lexical) if values else None


def utc(lexical: str | None) -> str | None:
    """A time as it is kept with nodes and edges: UTC text, None for what is no time."""
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
