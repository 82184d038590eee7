"""Nodes and edges as rows of the embedded engine, both ways. JSON columns are decoded when they are looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from provstore.graph.contract import Edge, Node
from provstore.graph.projection import RELATIONS
from provstore.graph.walk import OPTIONS, STATES, TABLE
from provstore.model.statement import Value
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

encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Scope = tuple[tuple[str, ...], tuple[str, ...], bool]
_MASKS: Final = {kinds: mask for mask, kinds in enumerate(KINDS)}
_NONE: Final[Mapping[str, tuple[Value, ...]]] = {}


class Values(Mapping[str, tuple[Value, ...]]):
    """The attributes of a row, decoded from their JSON text at the first look."""

    __slots__ = ("_found", "text")

    def __init__(self, text: str):
        self.text = text
        self._found: dict[str, tuple[Value, ...]] | None = None

    def _decoded(self) -> dict[str, tuple[Value, ...]]:
        if self._found is None:
            self._found = decode_values(json.loads(self.text))
        return self._found

    def __getitem__(self, name: str) -> tuple[Value, ...]:
        return self._decoded()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._decoded())

    def __len__(self) -> int:
        return len(self._decoded())

    def __repr__(self) -> str:
        return repr(self._decoded())


def values_json(attributes: Mapping[str, tuple[Value, ...]]) -> str:
    """Attributes as JSON; what was read as such is written as it was."""
    return attributes.text if isinstance(attributes, Values) else encode(attributes)


def decode_values(found: Mapping[str, list[list[str]]]) -> dict[str, tuple[Value, ...]]:
    """Attributes from their JSON form."""
    return {name: tuple(map(Value._make, values)) for name, values in found.items()}


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
        encode(node.types) if node.types else None,
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
        Values(attributes) if attributes else _NONE,
        texts(conflicts) if conflicts else (),
        texts(spaces),
    )


def edge_detail(edge: Edge) -> str | None:
    """What an edge has beyond its ends, its sid and where it is asserted, as JSON; None when that is nothing."""
    if edge.identifier or edge.roles or edge.time or edge.types or edge.attributes or edge.third:
        return encode((edge.identifier, edge.roles, edge.time, edge.types, edge.attributes, edge.third))
    return None


def edge_of(relation: str, source: str, target: str, sid: bytes, scope: Scope, detail: str | None) -> Edge:
    """The edge of a row whose numbers were looked up; `scope`: spaces, bundles, inferred."""
    spaces, bundles, inferred = scope
    if detail is None:
        return Edge(relation, source, target, sid.hex(), None, (), None, (), _NONE, {}, bundles, spaces, inferred)
    identifier, roles, time, types, attributes, third = json.loads(detail)
    return Edge(
        relation, source, target, sid.hex(), identifier, tuple(roles), time, tuple(types),
        decode_values(attributes) if attributes else _NONE, third, bundles, spaces, inferred,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def texts(json_list: str) -> tuple[str, ...]:
    """A JSON list of texts; few distinct ones, so each is decoded once."""
    return tuple(json.loads(json_list))


@lru_cache(maxsize=1024)
def texts_json(values: tuple[str, ...]) -> str:
    """Texts as a JSON list."""
    return encode(values)
