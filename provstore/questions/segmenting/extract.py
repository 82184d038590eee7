"""All nodes and all edges that a segment may have, read into memory at once, where most of the graph lies behind its
destinations.

In: an engine. Out: a reader that answers from memory what can be answered from these. Asking for the edges of nearly
all vertices one vertex after the other takes several times as long as one scan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import Final

from provstore.graph.contract import (
    Direction,
    Edge,
    Filter,
    Node,
    NodePage,
    Page,
    Reached,
    Reader,
    Scan,
    Scannable,
    Walk,
)
from provstore.graph.selecting import page_of_matches
from provstore.questions.lineage import nodes_by_iri
from provstore.questions.segmenting.boundary import RELATIONS
from provstore.questions.segmenting.subgraph import ANCESTRY

# A scan reads an edge in a third of the time that the other way needs, and all are read.
_SHARE: Final = 0.25


class Extract:
    """A reader of nodes and edges in memory; walks are still those of the engine, which hides nothing."""

    def __init__(self, engine: Reader, scan: Scan):
        self._engine = engine
        self._nodes = {node.iri: node for node in scan.nodes}
        self._edges: dict[str, list[Edge]] = {relation: [] for relation in RELATIONS}
        for edge in scan.edges:
            self._edges[edge.relation].append(edge)

    def nodes(self, where: Filter, page: Page = Page()) -> NodePage:  # noqa: B008
        """Those of named nodes that match; other nodes are asked of the engine."""
        if where.iris is None:
            return self._engine.nodes(where, page)
        nodes = (node for iri in set(where.iris) if (node := self._nodes.get(iri)))
        return page_of_matches(self, nodes, where, page)

    def named(self, iris: Set[str]) -> dict[str, Node]:
        """The nodes with these IRIs, in no order."""
        return {iri: node for iri, node in self._nodes.items() if iri in iris}

    def expand(
        self, frontier: Collection[str], relations: Collection[str] | None, direction: Direction
    ) -> Sequence[Edge]:
        """Edges of those relations (None: all) that leave or enter the nodes of the frontier."""
        if relations is None or not self._edges.keys() >= set(relations):
            return self._engine.expand(frontier, relations, direction)
        near, edges = frozenset(frontier), self.edges(relations)
        if direction == "out":
            return [edge for edge in edges if edge.source in near]
        return [edge for edge in edges if edge.target in near]

    def edges(self, relations: Iterable[str]) -> list[Edge]:
        """All edges of those of the five relations."""
        return [edge for relation in sorted(relations) for edge in self._edges[relation]]

    def closure(self, walk: Walk) -> Reached:
        """The engine's walk."""
        return self._engine.closure(walk)


def extracted(reader: Reader, destinations: Collection[str]) -> Reader:
    """An extract of the reader where most of it lies behind the destinations, else the reader itself."""
    if isinstance(reader, Scannable) and reader.spans(destinations, ANCESTRY, _SHARE):
        return Extract(reader, reader.scan(RELATIONS))
    return reader


def ancestry(reader: Reader, destinations: Collection[str]) -> tuple[Collection[Edge], frozenset[str]]:
    """Edges of `used` and `wasGeneratedBy`: at least all those behind the destinations.

    And the elements behind them that something invisible leaves (rule 25).
    """
    if isinstance(reader, Extract):
        return reader.edges(ANCESTRY), frozenset()
    reached = reader.closure(Walk(tuple(sorted(destinations)), "out", relations=ANCESTRY))
    return reached.edges, reached.hidden


def named(reader: Reader, iris: Set[str]) -> Mapping[str, Node]:
    """The nodes with these IRIs, in any order."""
    return reader.named(iris) if isinstance(reader, Extract) else nodes_by_iri(reader, iris)
