"""Nodes and edges as rows of the embedded engine, both ways. JSON columns are decoded when they are looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, Final

from provstore.batches import in_batches
from provstore.graph.columns import RelationColumns, Rest
from provstore.graph.contract import Edge, Node
from provstore.graph.projection import RELATIONS
from provstore.graph.values import NO_VALUES, Values, decode_values, encode, quoted, values_json
from provstore.graph.walk import OPTIONS, STATES, TABLE
from provstore.model.terms import ELEMENT_KINDS, ElementKind

CODES: Final = {name: code for code, name in enumerate(RELATIONS, start=1)}
NAMES: Final = {code: name for name, code in CODES.items()}
KIND_BITS: Final = {kind: 1 << place for place, kind in enumerate(ELEMENT_KINDS)}
KINDS: Final[tuple[tuple[ElementKind, ...], ...]] = tuple(
    tuple(kind for kind in ELEMENT_KINDS if mask & KIND_BITS[kind]) for mask in range(8)
)
OPTION_BITS: Final = {option: 1 << place for place, option in enumerate(OPTIONS)}
# Of a row of an edge, what its table is sorted by.
EDGE_KEY: Final = itemgetter(0, 1, 2, 3)
_AT_ONCE: Final = 1_000
_TARGETS: Final = {"any": 0, "other": 1, "agent": 2}
STEP_ROWS: Final = tuple(
    sorted(
        (
            CODES[step.relation], STATES.index(step.state), STATES.index(step.then),
            _TARGETS[step.target], OPTION_BITS[step.option] if step.option else 0,
        )
        for step in TABLE
    )
)  # fmt: skip

# A tuple of all fields as a node or an edge: an answer makes thousands of them.
_node: Final = partial(tuple.__new__, Node)
_edge: Final = partial(tuple.__new__, Edge)
# As an edge ends: bundles, spaces, inferred.
Scope = tuple[tuple[str, ...], tuple[str, ...], bool]
# What an edge without detail has between its sid and its scope.
_BARE: Final = Edge("", "", "", "", attributes=NO_VALUES)[4:-3]
_MASKS: Final = {kinds: mask for mask, kinds in enumerate(KINDS)}


def node_row(number: int, node: Node) -> tuple[Any, ...]:
    """The row of a node with that number."""
    return (
        number,
        node.iri,
        _MASKS[node.kinds],
        node.declared,
        node.label,
        node.start,
        node.end,
        texts_json(node.types) if node.types else None,
        encode(node.digests) if node.digests else None,
        values_json(node.attributes) if node.attributes else None,
        encode(node.conflicts) if node.conflicts else None,
        texts_json(node.spaces),
    )


def nodes_of(rows: Iterable[Sequence[Any]]) -> list[Node]:
    """The nodes of rows."""
    return [
        _node(
            (
                iri,
                KINDS[mask],
                declared == 1,
                texts(types) if types else (),
                label,
                start,
                end,
                texts(digests) if digests else (),
                Values(attributes) if attributes else NO_VALUES,
                texts(conflicts) if conflicts else (),
                texts(spaces),
            )
        )
        for _, iri, mask, declared, label, start, end, types, digests, attributes, conflicts, spaces in rows
    ]


def edge_detail(edge: Edge) -> str | None:
    """What an edge has beyond its ends, its sid and where it is asserted, as JSON; None when that is nothing.

    The list of `edges_of`, put together by hand: one is written for most edges of a bulk load.
    """
    if not (edge.identifier or edge.roles or edge.time or edge.types or edge.attributes or edge.third):
        return None
    identifier = quoted(edge.identifier) if edge.identifier else "null"
    time = quoted(edge.time) if edge.time else "null"
    roles = texts_json(edge.roles) if edge.roles else "[]"
    types = texts_json(edge.types) if edge.types else "[]"
    attributes = values_json(edge.attributes) if edge.attributes else "{}"
    third = ",".join([f"{quoted(name)}:{quoted(value)}" for name, value in edge.third.items()])
    return f"[{identifier},{roles},{time},{types},{attributes},{{{third}}}]"


def edges_of(rows: Iterable[Sequence[Any]], names: Mapping[int, str], scopes: Mapping[int, Scope]) -> list[Edge]:
    """The edges of rows `source, relation, target, sid, scope, detail`; `names`: IRIs of nodes by their numbers."""
    ends = {number: (*_BARE, *scope) for number, scope in scopes.items()}
    return [
        _edge(
            (NAMES[relation], names[source], names[target], sid.hex())
            + (ends[scope] if detail is None else _detail(detail) + scopes[scope])
        )
        for source, relation, target, sid, scope, detail in rows
    ]


def columns_of(
    relation: str, rows: Iterable[Sequence[Any]], numbers: Mapping[int, int], scopes: Mapping[int, Scope]
) -> RelationColumns:
    """The edges of rows as for `edges_of`, of one relation; `numbers`: those to give to nodes, by those they have."""
    bare: dict[int, Rest] = {number: (*_BARE, *scope) for number, scope in scopes.items()}
    sources: list[int] = []
    targets: list[int] = []
    sids: list[bytes] = []
    rests: list[Rest] = []
    for batch in in_batches(rows, _AT_ONCE):
        source, _, target, sid, scope, detail = zip(*batch, strict=True)
        sources += map(numbers.__getitem__, source)
        targets += map(numbers.__getitem__, target)
        sids += sid
        rests += [
            bare[where] if text is None else _detail(text) + scopes[where]
            for where, text in zip(scope, detail, strict=True)
        ]
    return RelationColumns(relation, sources, targets, sids, rests)


def _detail(text: str) -> tuple[Any, ...]:
    identifier, roles, time, types, attributes, third = json.loads(text)
    values = decode_values(attributes) if attributes else NO_VALUES
    return identifier, tuple(roles), time, tuple(types), values, third


def wanted_json(iris: Iterable[str]) -> str:
    """The IRIs, each once and in order, as `nodes_by_iri` and `node_ids` take them: their U+0000 would be cut off."""
    return encode([iri.replace("\x01", "\x01b").replace("\x00", "\x01a") for iri in sorted(set(iris))])


@lru_cache(maxsize=1024)
def texts(json_list: str) -> tuple[str, ...]:
    """A JSON list of texts; few distinct ones, so each is decoded once."""
    return tuple(json.loads(json_list))


@lru_cache(maxsize=1024)
def texts_json(values: tuple[str, ...]) -> str:
    """Texts as a JSON list."""
    return encode(values)
