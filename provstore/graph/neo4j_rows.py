"""Nodes and edges as properties of the Neo4j engine, both ways: pleasant ones to ask by hand, and one that is exact.

`exact` is the JSON text that a node or an edge is made again from; all else may approximate. What is indexed is kept
short, for an index takes no text beyond some 8,000 bytes. Source: rules 19, 20 and 30.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from provstore.graph.comparing import number
from provstore.graph.contract import Edge, Node
from provstore.graph.values import NO_VALUES, Values, decode_values, encode, quoted, values_json
from provstore.model.fold import DIGEST
from provstore.model.names import Prefixes, view_key
from provstore.model.statement import Value
from provstore.model.terms import (
    BOOLEAN,
    DATE_TIME,
    DOUBLE,
    END_TIME,
    INT,
    INTEGER,
    LABEL,
    LONG,
    QUALIFIED_NAME,
    START_TIME,
    TYPE,
    XSD,
)
from provstore.model.times import instant

# Of a text that is indexed; four bytes a character at most.
MAX_INDEXED: Final = 2_000
_LONG_IRI: Final = "urn:provstore:long:"
_INT64: Final = range(-(2**63), 2**63)
_INTEGERS: Final = frozenset(
    {INT, LONG, INTEGER}
    | {XSD + name for name in ("short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt", "unsignedLong")}
)
_REALS: Final = frozenset({DOUBLE, XSD + "float", XSD + "decimal"})
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_RESERVED: Final = frozenset(
    {
        *("iri", "qname", "kind", "kinds", "declared", "label", "types", "start", "end", "digest", "digests"),
        *("several_digests", "conflict", "conflicts", "spaces", "exact", "sid", "id", "role", "time", "bundles"),
        *("inferred", "plan", "starter", "ender", "activity", "generation", "usage", "bundle", "key", "keys"),
    }
)
# Attributes of which a property of the node's own holds the first value.
_SINGLE: Final = {LABEL: "label", START_TIME: "start", END_TIME: "end"}
# Attributes of which properties of the node's own hold all values, or where no property of the attribute's own does.
_ALWAYS_OWN: Final = {DIGEST: "digests", START_TIME: "start", END_TIME: "end"}
_OWN: Final = {TYPE: "types", LABEL: "label"}
Scalar = str | int | float | bool | datetime


class Names:
    """The keys of attributes in this graph: each is given once, so that one attribute never has two (rule 30).

    Args: text: what `text` gave before, or None for an empty graph.
    """

    def __init__(self, text: str | None = None):
        found = json.loads(text) if text else {"prefixes": [], "keys": {}}
        self._pairs: list[list[str]] = found["prefixes"]
        self._keys: dict[str, str] = found["keys"]
        self._taken = {*_RESERVED, *self._keys.values()}
        self._prefixes = Prefixes(dict(map(tuple, self._pairs)))

    def learn(self, prefixes: Iterable[tuple[str, str]]) -> None:
        """Takes in the store's prefixes."""
        pairs = [list(pair) for pair in prefixes]
        if pairs and pairs != self._pairs:
            self._pairs = pairs
            self._prefixes = Prefixes(dict(map(tuple, pairs)))  # type: ignore[arg-type]

    def key(self, iri: str) -> str:
        """The property key of an attribute, which is given one when it has none."""
        key = self._keys.get(iri)
        if key is None:
            key = view_key(self._prefixes.shorten(iri))
            if not 0 < len(key) <= MAX_INDEXED or key in self._taken:
                # No name for a property, or an IRI in full that reads as a prefixed name.
                key = view_key(f"<{sha256(iri.encode()).hexdigest()}>")
            self._keys[iri] = key
            self._taken.add(key)
        return key

    def known(self, iri: str) -> str | None:
        """The property key of an attribute, or None when nothing in the graph has it."""
        return self._keys.get(iri)

    def asked(self, iri: str) -> list[str]:
        """The properties that a query finds an attribute's values in: the first that a node has."""
        if iri in _ALWAYS_OWN:
            return [_ALWAYS_OWN[iri]]
        return [key for key in (self.known(iri), _OWN.get(iri)) if key]

    def shorten(self, iri: str) -> str:
        """The prefixed name of an IRI."""
        return self._prefixes.shorten(iri)

    @property
    def text(self) -> str:
        """All of this, as the graph keeps it."""
        return encode({"prefixes": self._pairs, "keys": self._keys})


def node_properties(node: Node, names: Names) -> dict[str, Any]:
    """Everything that a node carries."""
    found: dict[str, Any] = {
        "iri": indexed_iri(node.iri),
        "qname": names.shorten(node.iri),
        "kind": node.kind,
        "kinds": list(node.kinds),
        "declared": node.declared,
        "label": node.label and clipped(node.label),
        "types": list(node.types),
        "start": _moment(node.start),
        "end": _moment(node.end),
        "digest": clipped(node.digests[0]) if node.digests else None,
        "digests": list(node.digests),
        "several_digests": len(node.digests) > 1 or None,
        "conflict": bool(node.conflicts) or None,
        "conflicts": list(node.conflicts) or None,
        "spaces": list(node.spaces),
        "exact": _node_exact(node),
    }
    found |= {
        names.key(name): native(values) for name, values in node.attributes.items() if not _is_told(name, values, node)
    }
    return {name: value for name, value in found.items() if value is not None}


def node_of(exact: str) -> Node:
    """The node that `exact` was written for."""
    iri, kinds, declared, types, label, start, end, digests, conflicts, spaces, attributes = json.loads(exact)
    return Node(
        iri, tuple(kinds), declared, tuple(types), label, start, end, tuple(digests),
        Values(attributes) if attributes else NO_VALUES, tuple(conflicts), tuple(spaces),
    )  # fmt: skip


def edge_properties(edge: Edge, names: Names) -> dict[str, Any]:
    """Everything that an edge carries beside its ends and its relation."""
    found: dict[str, Any] = {
        "sid": edge.sid,
        "id": edge.identifier,
        "role": _one_or_list(edge.roles),
        "time": _moment(edge.time),
        "types": list(edge.types) or None,
        "bundles": list(edge.bundles) or None,
        "spaces": list(edge.spaces),
        "inferred": edge.inferred or None,
        "exact": _edge_exact(edge),
        **edge.third,
        **{names.key(name): native(values) for name, values in edge.attributes.items()},
    }
    return {name: value for name, value in found.items() if value is not None}


def edge_of(source: str, relation: str, target: str, sid: str, exact: str) -> Edge:
    """The edge of a row."""
    rest, ends = _decoded(exact)
    if ends is not None:
        source, target = ends
    return Edge(relation, source, target, sid, *rest)


def indexed_iri(iri: str) -> str:
    """What the property `iri` holds: the IRI, of one that no index takes a digest."""
    if len(iri) <= MAX_INDEXED:
        return iri
    return _LONG_IRI + sha256(iri.encode()).hexdigest()


def long_names(texts: Iterable[str]) -> list[str]:
    """Those of some texts that may stand for a long IRI."""
    return [text for text in texts if text.startswith(_LONG_IRI)]


def clipped(text: str) -> str:
    """As much of a text as is indexed."""
    return text[:MAX_INDEXED]


def native(values: Iterable[Value]) -> Scalar | list[Any]:
    """An attribute's values as Neo4j has them: one as a scalar, several as a list of one type."""
    several = tuple(values)
    found = [_scalar(value) for value in several]
    if len(found) == 1:
        return found[0]
    types = set(map(type, found))
    if types == {int, float}:
        return [float(one) for one in found]  # type: ignore[arg-type]
    return found if len(types) == 1 else [value.lexical for value in several]


def _scalar(value: Value) -> Scalar:
    found: Scalar | None = None
    if value.datatype in _INTEGERS or value.datatype in _REALS:
        found = _number(value)
    elif value.datatype == BOOLEAN:
        found = _BOOLEANS.get(value.lexical)
    elif value.datatype == DATE_TIME:
        moment = instant(value.lexical)
        found = _moment(moment.utc) if moment else None
    return value.lexical if found is None else found


def _number(value: Value) -> int | float | None:
    """The number as expressions read it (rule 28): what they take as text stays text."""
    exact = number(value.lexical)
    if exact is None or value.datatype in _REALS:
        return None if exact is None else float(exact)
    return int(exact) if exact.is_finite() and exact == exact.to_integral_value() and int(exact) in _INT64 else None


def _moment(utc: str | None) -> datetime | None:
    return datetime.fromisoformat(utc) if utc else None


def _one_or_list(texts: tuple[str, ...]) -> str | list[str] | None:
    return texts[0] if len(texts) == 1 else list(texts) or None


def _is_told(name: str, values: tuple[Value, ...], node: Node) -> bool:
    """Whether a property of the node's own says all of an attribute."""
    if name == TYPE:
        return all(value.datatype == QUALIFIED_NAME for value in values)
    if name in _SINGLE:
        return len(values) == 1 and getattr(node, _SINGLE[name]) is not None
    return name == DIGEST


def _node_exact(node: Node) -> str:
    fields = (
        node.iri, node.kinds, node.declared, node.types, node.label, node.start, node.end, node.digests,
        node.conflicts, node.spaces,
    )  # fmt: skip
    # The attributes are a text within, decoded only when they are looked at.
    attributes = quoted(values_json(node.attributes)) if node.attributes else "null"
    return f"{encode(fields)[:-1]},{attributes}]"


def _edge_exact(edge: Edge) -> str:
    if max(len(edge.source), len(edge.target)) <= MAX_INDEXED and not any(edge[4:10]):
        return _plain_exact(edge.bundles, edge.spaces, edge.inferred)
    fields: list[Any] = [*edge[4:8], dict(edge.attributes), dict(edge.third), *edge[10:]]
    if max(len(edge.source), len(edge.target)) > MAX_INDEXED:
        fields.append((edge.source, edge.target))
    return encode(fields)


@lru_cache(maxsize=1024)
def _plain_exact(bundles: tuple[str, ...], spaces: tuple[str, ...], inferred: bool) -> str:
    return encode((None, (), None, (), {}, {}, bundles, spaces, inferred))


# Most edges say nothing more than others do.
@lru_cache(maxsize=4096)
def _decoded(exact: str) -> tuple[tuple[Any, ...], tuple[str, str] | None]:
    identifier, roles, time, types, attributes, third, bundles, spaces, inferred, *ends = json.loads(exact)
    held: Mapping[str, tuple[Value, ...]] = decode_values(attributes) if attributes else NO_VALUES
    rest = (identifier, tuple(roles), time, tuple(types), held, third, tuple(bundles), tuple(spaces), inferred)
    return rest, tuple(ends[0]) if ends else None
