"""Answers for py2neo: nodes and edges come in, a `py2neo.Subgraph` goes out (extra `provstore[py2neo]`).

Labels and properties are those of the Neo4j engine (docs/reference/neo4j.md), but for `exact`, so that queries by hand
are the same. Nodes merge by `iri`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from provstore.errors import UsageError
from provstore.graph.contract import Edge, Node
from provstore.graph.labels import ELEMENT, labels_of
from provstore.graph.neo4j_rows import Names, edge_properties, node_properties
from provstore.model.names import Prefixes


def to_py2neo(nodes: Iterable[Node], edges: Iterable[Edge], prefixes: Prefixes, hidden: frozenset[str]) -> Any:
    """A `py2neo.Subgraph`, bound to no server.

    Args: edges: both ends are among `nodes`. hidden: IRIs of nodes that something invisible leaves; they say so.
    Raises: UsageError: py2neo is not installed.
    """
    data, zone = _need("py2neo.data"), _need("pytz").utc
    names = Names()
    names.learn(prefixes.items())
    found = {}
    for node in nodes:
        own = node_properties(node, names) | ({"hidden": True} if node.iri in hidden else {})
        made = data.Node(*labels_of(node), **_plain(own, zone))
        # What `Graph.merge` goes by when it is not told.
        made.__primarylabel__, made.__primarykey__ = ELEMENT, "iri"
        found[node.iri] = made
    related = [
        data.Relationship(
            found[edge.source], edge.relation, found[edge.target], **_plain(edge_properties(edge, names), zone)
        )
        for edge in edges
    ]
    return data.Subgraph(found.values(), related)


def _plain(properties: Mapping[str, Any], zone: Any) -> dict[str, Any]:
    """py2neo writes no time whose zone is Python's own UTC."""
    return {key: _timed(value, zone) for key, value in properties.items() if key != "exact"}


def _timed(value: Any, zone: Any) -> Any:
    if isinstance(value, list):
        return [_timed(one, zone) for one in value]
    return value.astimezone(zone) if isinstance(value, datetime) else value


def _need(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise UsageError(
            "py2neo is not installed", next_step="Install it with: pip install 'provstore[py2neo]'"
        ) from error
