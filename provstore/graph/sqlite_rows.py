"""Nodes and edges as rows of the embedded engine, both ways. JSON columns are decoded when they are looked at."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

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

Scope = tuple[tuple[str, ...], tuple[str, ...], bool]
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


def node_of(row: tuple[Any, ...]) -> Node:
    """The node of a row."""
    _, iri, mask, declared, label, start, end, types, digests, attributes, conflicts, spaces = row
    return Node(
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


def edge_detail(edge: Edge) -> str | None:
    """What an edge has beyond its ends, its sid and where it is asserted, as JSON; None when that is nothing.

    The list of `edge_of`, put together by hand: one is written for most edges of a bulk load.
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


def edge_of(relation: str, source: str, target: str, sid: bytes, scope: Scope, detail: str | None) -> Edge:
    """The edge of a row whose numbers were looked up; `scope`: spaces, bundles, inferred."""
    spaces, bundles, inferred = scope
    if detail is None:
        return Edge(relation, source, target, sid.hex(), None, (), None, (), NO_VALUES, {}, bundles, spaces, inferred)
    identifier, roles, time, types, attributes, third = json.loads(detail)
    return Edge(
        relation, source, target, sid.hex(), identifier, tuple(roles), time, tuple(types),
        decode_values(attributes) if attributes else NO_VALUES, third, bundles, spaces, inferred,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def texts(json_list: str) -> tuple[str, ...]:
    """A JSON list of texts; few distinct ones, so each is decoded once."""
    return tuple(json.loads(json_list))


@lru_cache(maxsize=1024)
def texts_json(values: tuple[str, ...]) -> str:
    """Texts as a JSON list."""
    return encode(values)
