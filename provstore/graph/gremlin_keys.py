"""What TinkerPop graphs differ in, as data, and how each finds a vertex or an edge without searching for it.

A TinkerGraph takes ids from its clients: hashes of what is unique, so that nothing can be there twice. JanusGraph makes
its own; there a unique index on `iri` and an index on `eid` do the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from gremlin_python.process.graph_traversal import GraphTraversalSource
from gremlin_python.process.traversal import P, T, TraversalStrategies
from gremlin_python.statics import long
from gremlin_python.structure.graph import Graph

NODE: Final = "node"
META: Final = "provstore"
EdgeKey = tuple[str, str, str, str]  # source, relation, target, sid


@dataclass(frozen=True, slots=True)
class Dialect:
    """A kind of graph.

    `own_ids`: it takes ids from clients. `any_key`: properties need not be declared. `schema`: the folder of scripts
    that declare them.
    """

    name: str
    own_ids: bool
    any_key: bool
    schema: str | None = None


DIALECTS: Final = {
    "gremlin": Dialect("gremlin", own_ids=True, any_key=True),
    "janusgraph": Dialect("janusgraph", own_ids=False, any_key=False, schema="schema/graph/janusgraph"),
}

# Steps that only these have, and whose scheme means them.
_STEPS: Final = {"JanusGraph": "janusgraph", "TinkerGraph": "gremlin"}


def source() -> Any:
    """Where traversals begin."""
    return GraphTraversalSource(Graph(), TraversalStrategies())


def steps() -> Any:
    """A traversal that reads nothing and yields how the server carries it out: in steps of its kind of graph."""
    return source().V().limit(0).profile()


def scheme_of(profiles: list[Any]) -> str | None:
    """The scheme for the kind of graph that answered `steps` so; None: a kind that is not known."""
    named = str(profiles)
    return next((scheme for step, scheme in _STEPS.items() if step in named), None)


class OwnIds:
    """Vertices and edges are found by ids that follow from what they are."""

    def meta(self) -> Any:
        """The vertex that says what the graph is current to."""
        return source().V(_number("meta"))

    def meta_key(self) -> dict[Any, Any]:
        """What identifies that vertex, for `mergeV`."""
        return {T.id: _number("meta"), T.label: META}

    def nodes(self, iris: Collection[str], start: Any = None) -> Any:
        """The vertices of at least one node."""
        return (start or source()).V(*(_number("node", iri) for iri in iris))

    def node_key(self, iri: str) -> dict[Any, Any]:
        """What identifies a node."""
        return {T.id: _number("node", iri), T.label: NODE}

    def edges(self, keys: Collection[EdgeKey], start: Any = None) -> Any:
        """At least one edge."""
        return (start or source()).E(*(_number("edge", *key) for key in keys))

    def edge_key(self, key: EdgeKey) -> dict[Any, Any]:
        """What identifies an edge."""
        return {T.id: _number("edge", *key), T.label: key[1]}


class Indexed:
    """Vertices and edges are found by indexed properties."""

    def meta(self) -> Any:
        """The vertex that says what the graph is current to."""
        return source().V().has("meta", META)

    def meta_key(self) -> dict[Any, Any]:
        """What identifies that vertex, for `mergeV`."""
        return {T.label: META, "meta": META}

    def nodes(self, iris: Collection[str], start: Any = None) -> Any:
        """The vertices of nodes."""
        return (start or source()).V().has("iri", P.within(list(iris)))

    def node_key(self, iri: str) -> dict[Any, Any]:
        """What identifies a node."""
        return {T.label: NODE, "iri": iri}

    def edges(self, keys: Collection[EdgeKey], start: Any = None) -> Any:
        """The edges of those keys."""
        return (start or source()).E().has("eid", P.within([_text(*key) for key in keys]))

    def edge_key(self, key: EdgeKey) -> dict[Any, Any]:
        """What identifies an edge."""
        return {T.label: key[1], "eid": _text(*key)}


Keys = OwnIds | Indexed


def keys_of(dialect: Dialect) -> Keys:
    """How a kind of graph finds things."""
    return OwnIds() if dialect.own_ids else Indexed()


def as_id(found: Any) -> Any:
    """An id as a server gave it, so that it can be sent back: to the driver a small integer is another type."""
    return long(found) if isinstance(found, int) else found


def _digest(*parts: str) -> bytes:
    return sha256("\0".join(parts).encode()).digest()


def _number(*parts: str) -> Any:
    return long(int.from_bytes(_digest(*parts)[:8], "big") >> 1)


def _text(*parts: str) -> str:
    return _digest(*parts)[:16].hex()
