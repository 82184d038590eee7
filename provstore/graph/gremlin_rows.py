"""Nodes and edges as properties of vertices and edges, both ways.

`exact` holds all of a node or an edge as JSON and is what this package reads. The other properties are for people and
for indexes: they approximate (docs/decisions/0015-gremlin-projection.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from gremlin_python.statics import long

from provstore.errors import UsageError
from provstore.graph.contract import Edge, Node
from provstore.graph.gremlin_keys import Dialect, EdgeKey
from provstore.graph.values import NO_VALUES, Values, decode_values, encode, values_json
from provstore.model.names import Prefixes, view_key
from provstore.model.statement import Value
from provstore.model.terms import (
    BOOLEAN,
    DOUBLE,
    END_TIME,
    INT,
    INTEGER,
    LABEL,
    LONG,
    PS,
    QUALIFIED_NAME,
    START_TIME,
    TYPE,
)

# Longer texts are cut where they are indexed: Cassandra takes no key of 64 KiB.
LONGEST: Final = 1_000
# What nodes have properties of their own for.
_OWN: Final = {
    TYPE: ("types", "prov_type"),
    LABEL: ("prov_label", "labels"),
    START_TIME: ("start",),
    END_TIME: ("end",),
    PS + "digest": ("digests",),
}
_THIRDS: Final = frozenset({"plan", "starter", "ender", "activity", "generation", "usage", "bundle", "key"})
# Names that mean something else: an attribute whose key is one of them is found in `exact` alone.
_RESERVED: Final = frozenset(
    {
        *(
            "",
            "id",
            "label",
            "key",
            "value",
            "eid",
            "iri",
            "kind",
            "kinds",
            "declared",
            "exact",
            "start",
            "end",
            "types",
        ),
        *(
            "prov_type",
            "prov_label",
            "digests",
            "conflict",
            "conflicts",
            "spaces",
            "meta",
            "sid",
            "target",
            "identifier",
        ),
        *("role", "time", "edge_types", "edge_bundles", "edge_spaces", "edge_attr", "inferred", "attr"),
        *(f"prov_{name}" for name in _THIRDS),
    }
)
# For who does not mind what an attribute's key is.
NO_PREFIXES: Final = Prefixes()
_INTEGERS: Final = frozenset({INT, LONG, INTEGER})
_LONG_BOUND: Final = 2**63


class Row(NamedTuple):
    """A vertex's or an edge's properties: by key, and further values of keys that hold lists."""

    properties: dict[Any, Any]
    further: list[dict[str, Any]]
    exact: str


def cut(text: str) -> str:
    """A text as it is indexed."""
    return text[:LONGEST]


def asked_keys(iri: str, prefixes: Prefixes) -> list[str]:
    """The properties that hold an attribute's values; on JanusGraph also the key of its pairs.

    Raises: UsageError: its key means something else.
    """
    if iri in _OWN:
        return list(_OWN[iri])
    key = view_key(prefixes.shorten(iri))
    if key and key in _RESERVED:
        raise UsageError(f"this engine has no property for the attribute {iri}: {key!r} means something else in it")
    return [key]


def node_row(node: Node, dialect: Dialect, prefixes: Prefixes) -> Row:
    """The properties of a node's vertex."""
    single, several = _node_properties(node, dialect, prefixes)
    return _row(single, several, single["exact"])


def node_values(node: Node, dialect: Dialect, prefixes: Prefixes = NO_PREFIXES) -> dict[str, list[Any]]:
    """All values of a node's vertex, by key."""
    single, several = _node_properties(node, dialect, prefixes)
    return {key: [value] for key, value in single.items()} | {
        key: [_indexed(value) for value in values] for key, values in several.items()
    }


def _node_properties(
    node: Node, dialect: Dialect, prefixes: Prefixes
) -> tuple[dict[Any, Any], dict[str, Iterable[Any]]]:
    single: dict[Any, Any] = {
        "iri": node.iri, "kind": node.kind, "declared": node.declared, "exact": node_exact(node),
    }  # fmt: skip
    texts = {"start": node.start, "end": node.end, "prov_label": node.label}
    single |= {key: cut(text) for key, text in texts.items() if text is not None}
    if node.conflicts:
        single |= {"conflict": True, "conflicts": encode(node.conflicts)}
    attributes = node.attributes
    lists: dict[str, Iterable[Any]] = {
        "kinds": node.kinds,
        "types": node.types,
        "prov_type": [value.lexical for value in attributes.get(TYPE, ()) if value.datatype != QUALIFIED_NAME],
        "labels": [value.lexical for value in attributes.get(LABEL, ()) if value.lexical != node.label],
        "digests": node.digests,
        "spaces": node.spaces,
    }
    others = {iri: values for iri, values in attributes.items() if iri not in _OWN}
    if dialect.any_key:
        lists |= {key: map(native, values) for key, values in _own_keys(others, prefixes)}
    else:
        lists["attr"] = _pairs(others, prefixes)
    return single, lists


def _row(single: dict[Any, Any], lists: Mapping[str, Iterable[Any]], exact: str) -> Row:
    further: list[dict[str, Any]] = []
    for key, values in lists.items():
        for place, value in enumerate(values):
            indexed = _indexed(value)
            if place == 0:
                single[key] = indexed
            else:
                further.append({"k": key, "x": indexed})
    return Row(single, further, exact)


def _indexed(value: Any) -> Any:
    return cut(value) if isinstance(value, str) else value


def node_exact(node: Node) -> str:
    """All of a node as text."""
    parts = (
        encode(node.iri), encode(node.kinds), encode(node.declared), encode(node.types), encode(node.label),
        encode(node.start), encode(node.end), encode(node.digests), _json(node.attributes),
        encode(node.conflicts), encode(node.spaces),
    )  # fmt: skip
    return f"[{','.join(parts)}]"


def node_of(exact: str) -> Node:
    """The node of such a text."""
    iri, kinds, declared, types, label, start, end, digests, attributes, conflicts, spaces = json.loads(exact)
    return Node(
        iri, tuple(kinds), declared, tuple(types), label, start, end, tuple(digests),
        decode_values(attributes) if attributes else NO_VALUES, tuple(conflicts), tuple(spaces),
    )  # fmt: skip


def edge_row(edge: Edge, dialect: Dialect, prefixes: Prefixes) -> Row:
    """The properties of an edge. An edge's property has one value: several are one text, with spaces between them."""
    exact = edge_exact(edge)
    texts = {
        "identifier": edge.identifier,
        "role": " ".join(edge.roles),
        "time": edge.time,
        "edge_types": " ".join(edge.types),
        "edge_bundles": " ".join(edge.bundles),
        "edge_spaces": " ".join(edge.spaces),
    }
    texts |= {f"prov_{name}": value for name, value in edge.third.items() if name in _THIRDS}
    if dialect.any_key:
        own = _own_keys(edge.attributes, prefixes)
        texts |= {key: " ".join(value.lexical for value in values) for key, values in own}
    else:
        texts["edge_attr"] = "\n".join(_pairs(edge.attributes, prefixes))
    properties: dict[Any, Any] = {key: cut(value) for key, value in texts.items() if value}
    properties |= {"sid": edge.sid, "target": cut(edge.target), "exact": exact}
    if edge.inferred:
        properties["inferred"] = True
    return Row(properties, [], exact)


def edge_values(edge: Edge, dialect: Dialect, prefixes: Prefixes = NO_PREFIXES) -> dict[str, list[Any]]:
    """All values of an edge but what identifies it, by key."""
    return {key: [value] for key, value in edge_row(edge, dialect, prefixes).properties.items()}


def edge_exact(edge: Edge) -> str:
    """All of an edge as text."""
    head = encode([*edge[:8]])[1:-1]
    tail = encode([dict(edge.third), edge.bundles, edge.spaces, edge.inferred])[1:-1]
    return f"[{head},{_json(edge.attributes)},{tail}]"


def edge_of(exact: str) -> Edge:
    """The edge of such a text."""
    found = json.loads(exact)
    relation, origin, target, sid, identifier, roles, time, types, attributes, third, bundles, spaces, inferred = found
    return Edge(
        relation, origin, target, sid, identifier, tuple(roles), time, tuple(types),
        decode_values(attributes) if attributes else NO_VALUES, third, tuple(bundles), tuple(spaces), inferred,
    )  # fmt: skip


def key_of(edge: Edge) -> EdgeKey:
    """What identifies an edge."""
    return edge.source, edge.relation, edge.target, edge.sid


def native(value: Value) -> Any:
    """A value as queries by hand expect it: a number, a truth value, else text."""
    try:
        if value.datatype in _INTEGERS and -_LONG_BOUND <= int(value.lexical) < _LONG_BOUND:
            return long(int(value.lexical))
        if value.datatype == DOUBLE:
            return float(value.lexical)
    except ValueError:
        return value.lexical
    if value.datatype == BOOLEAN and value.lexical in ("true", "false"):
        return value.lexical == "true"
    return value.lexical


def _json(attributes: Mapping[str, tuple[Value, ...]]) -> str:
    return values_json(attributes if isinstance(attributes, Values) else dict(attributes))


def _pairs(attributes: Mapping[str, tuple[Value, ...]], prefixes: Prefixes) -> Iterator[str]:
    for iri, values in attributes.items():
        key = view_key(prefixes.shorten(iri))
        yield from dict.fromkeys(f"{key}={value.lexical}" for value in values)


def _own_keys(
    attributes: Mapping[str, tuple[Value, ...]], prefixes: Prefixes
) -> Iterator[tuple[str, tuple[Value, ...]]]:
    for iri, values in attributes.items():
        key = view_key(prefixes.shorten(iri))
        if key not in _RESERVED:
            yield key, values
