"""Reads nodes and edges of a TinkerPop graph by their keys, and is a lineage search's source of edges.

In: IRIs. Out: nodes, edges. A walk without a limit costs a few requests, whatever its depth. Source: rules 22 and 24.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from gremlin_python.process.graph_traversal import __
from gremlin_python.process.traversal import P

from provstore.batches import in_batches
from provstore.graph.closure import EDGE_ORDER, Hop
from provstore.graph.contract import Direction, Edge, Filter, Node, NodePage
from provstore.graph.gremlin_keys import NODE, Keys, source
from provstore.graph.gremlin_link import Link
from provstore.graph.gremlin_rows import edge_of, key_of, node_of
from provstore.graph.projection import RELATIONS
from provstore.graph.walk import TABLE

# How many IRIs one request names.
_CHUNK: Final = 1_000
# Relations that lead from a state to itself: what a walk may follow for long.
_LOOPS: Final = {
    state: frozenset(step.relation for step in TABLE if step.state == step.then == state)
    for state in ("full", "general", "agent")
}


class Reading:
    """What a graph holds, by IRI. Args: link, keys: of the graph."""

    def __init__(self, link: Link, keys: Keys) -> None:
        self._link, self._keys = link, keys

    def nodes(self, iris: Iterable[str]) -> list[Node]:
        """The nodes of those IRIs, sorted."""
        found: dict[str, Node] = {}
        for part in in_batches(sorted(set(iris)), _CHUNK):
            for exact in self._link.ask(self._keys.nodes(part).has_label(NODE).values("exact")):
                node = node_of(exact)
                found[node.iri] = node
        return [found[iri] for iri in sorted(found)]

    def scan(self, *conditions: tuple[str, Any]) -> list[Node]:
        """The nodes with those properties; without any, all."""
        traversal = source().V().has_label(NODE)
        for key, value in conditions:
            traversal = traversal.has(key, value)
        found = {node.iri: node for node in map(node_of, self._link.scan(traversal.values("exact")))}
        return [found[iri] for iri in sorted(found)]

    def iris(self) -> list[str]:
        """Every IRI, sorted."""
        return sorted(set(self._link.scan(source().V().has_label(NODE).values("iri"))))

    def edges(self, iris: Iterable[str], relations: Collection[str] | None, direction: Direction) -> list[Edge]:
        """The edges of those relations that leave or enter the nodes, each once, in order."""
        labels = _known(relations)
        found: dict[Any, Edge] = {}
        if relations is None or labels:
            for part in in_batches(sorted(set(iris)), _CHUNK):
                found.update(_keyed(self._link.ask(_leaving(self._keys.nodes(part), labels, direction))))
        return sorted(found.values(), key=EDGE_ORDER)

    def reachable(
        self, iris: Iterable[str], loops: Collection[str], relations: Collection[str], direction: Direction
    ) -> Iterator[tuple[Node, list[Edge]]]:
        """Every node that `loops` lead to from the nodes, these included, with its edges of `relations`.

        A node that several of the nodes lead to may come more than once.
        """
        for part in in_batches(sorted(set(iris)), _CHUNK):
            there = _among(loops).in_v() if direction == "out" else __.in_(*loops)
            nodes = self._keys.nodes(part).emit().repeat(there.dedup()).dedup()
            edges = _among(relations) if direction == "out" else __.in_e(*sorted(relations))
            for node, *found in self._link.ask(nodes.map(__.union(__.identity(), edges).values("exact").fold())):
                yield node_of(node), [edge for _, edge in _keyed(found)]

    def only_agents(self, iris: Collection[str]) -> set[str]:
        """Those of the nodes that are an agent and nothing else: `kind` is the first of the kinds, agent the last."""
        found: set[str] = set()
        for part in in_batches(sorted(set(iris)), _CHUNK):
            found.update(self._link.ask(self._keys.nodes(part).has("kind", "agent").values("iri")))
        return found


class Hops:
    """A search's source of edges, by IRI.

    Args: ahead: whether to fetch a state's whole reach when it is first entered, which a walk without limits needs.
    """

    def __init__(self, reading: Reading, *, ahead: bool) -> None:
        self._reading, self._ahead = reading, ahead
        self._fetched: dict[frozenset[str], dict[str, list[Edge]]] = {}
        self._nodes: dict[str, Node] = {}

    def nodes(self, where: Filter) -> NodePage:
        """The nodes of those IRIs, most of which came with their edges."""
        asked = set(where.iris or ())
        found = [self._nodes[iri] for iri in asked & self._nodes.keys()]
        return NodePage([*found, *self._reading.nodes(asked - self._nodes.keys())])

    def hops(self, frontier: Collection[str], relations: frozenset[str], direction: Direction) -> Iterable[Hop]:
        """The edges of those relations that leave (`out`) or enter (`in`) the frontier."""
        for edge in self._edges(frontier, relations, direction):
            yield Hop(edge.source, edge.relation, edge.target, edge.sid, edge)

    def only_agents(self, nodes: Collection[str]) -> Collection[str]:
        """Those of `nodes` that are an agent and nothing else."""
        asked = set(nodes)
        found = {iri for iri in asked & self._nodes.keys() if self._nodes[iri].kinds == ("agent",)}
        return found | self._reading.only_agents(asked - self._nodes.keys())

    def order(self, nodes: Iterable[str]) -> list[str]:
        """The nodes by IRI."""
        return sorted(nodes)

    def _edges(self, frontier: Collection[str], relations: frozenset[str], direction: Direction) -> Iterable[Edge]:
        loops = _loops(relations)
        if not (self._ahead and loops):
            return self._reading.edges(frontier, relations, direction)
        held = self._fetched.setdefault(relations, {})
        missing = [iri for iri in frontier if iri not in held]
        if missing:
            for node, edges in self._reading.reachable(missing, loops, relations, direction):
                self._nodes[node.iri] = node
                held[node.iri] = edges
            held.update((iri, []) for iri in missing if iri not in held)
        return [edge for iri in frontier for edge in held[iri]]


def _loops(relations: frozenset[str]) -> list[str]:
    """Of the relations that one state may take, those that lead back to it."""
    for looping in _LOOPS.values():
        if relations & looping:
            return sorted(relations & looping)
    return []


def _known(relations: Collection[str] | None) -> list[str]:
    return [] if relations is None else [name for name in RELATIONS if name in relations]


def _among(relations: Collection[str]) -> Any:
    """The edges of those relations that leave a vertex.

    JanusGraph asks its storage once for each label that is named as such, and for all edges of a vertex once. Few
    leave any vertex that are not walked; many may enter it.
    """
    return __.out_e().where(__.label().is_(P.within(sorted(relations))))


def _leaving(nodes: Any, labels: Iterable[str], direction: Direction) -> Any:
    edges = nodes.out_e(*labels) if direction == "out" else nodes.in_e(*labels)
    return edges.values("exact")


def _keyed(texts: Iterable[str]) -> Iterator[tuple[Any, Edge]]:
    for text in texts:
        edge = edge_of(text)
        yield key_of(edge), edge
