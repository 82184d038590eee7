"""All nodes and all edges that a segment may have, read into memory at once, where most of the graph lies behind its
destinations.

In: an engine. Out: a reader that answers from memory what can be answered from these. Asking for the edges of nearly
all vertices one vertex after the other takes several times as long as one scan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import compress
from typing import Final

from provstore.batches import in_batches
from provstore.graph.columns import Scan, Scannable
from provstore.graph.contract import Direction, Edge, Filter, Node, NodePage, Page, Reached, Reader, Walk
from provstore.graph.members import flags_of, number_of
from provstore.graph.selecting import page_of_matches
from provstore.questions.lineage import nodes_by_iri
from provstore.questions.segmenting.boundary import RELATIONS
from provstore.questions.segmenting.subgraph import ANCESTRY

# A scan reads an edge in a third of the time that the other way needs, and all are read.
_SHARE: Final = 0.25
_BATCH: Final = 1_000


class Extract:
    """A reader of nodes and edges in memory; walks are still those of the engine, which hides nothing."""

    def __init__(self, engine: Reader, scan: Scan):
        self._engine, self._nodes, self.edges = engine, scan.nodes, scan.edges

    def nodes(self, where: Filter, page: Page = Page()) -> NodePage:  # noqa: B008
        """Those of named nodes that match; other nodes are asked of the engine."""
        if where.iris is None:
            return self._engine.nodes(where, page)
        return page_of_matches(self, self._found(set(where.iris)), where, page)

    def named(self, iris: Set[str]) -> dict[str, Node]:
        """The nodes with these IRIs, in no order."""
        return dict(compress(zip(self.edges.iris, self._nodes, strict=True), flags_of(iris, self.edges.iris)))

    def expand(
        self, frontier: Collection[str], relations: Collection[str] | None, direction: Direction
    ) -> Sequence[Edge]:
        """Edges of those relations (None: all) that leave or enter the nodes of the frontier."""
        if relations is None or not set(RELATIONS) >= set(relations):
            return self._engine.expand(frontier, relations, direction)
        edges, near = self.edges.of(relations), frontier if isinstance(frontier, Set) else frozenset(frontier)
        return edges.leaving(near) if direction == "out" else edges.entering(near)

    def closure(self, walk: Walk) -> Reached:
        """The engine's walk."""
        return self._engine.closure(walk)

    def _found(self, iris: Iterable[str]) -> Iterator[Node]:
        numbers = (number_of(self.edges.iris, iri) for iri in iris)
        return (self._nodes[number] for number in numbers if number is not None)


def extracted(reader: Reader, destinations: Collection[str]) -> Reader:
    """An extract of the reader where most of it lies behind the destinations, else the reader itself."""
    if isinstance(reader, Scannable) and reader.spans(destinations, ANCESTRY, _SHARE):
        return Extract(reader, reader.scan(RELATIONS))
    return reader


def ancestry(reader: Reader, destinations: Collection[str]) -> tuple[Sequence[Edge], frozenset[str]]:
    """Edges of `used` and `wasGeneratedBy`: at least all those behind the destinations.

    And the elements behind them that something invisible leaves (rule 25).
    """
    if isinstance(reader, Extract):
        return reader.edges.of(ANCESTRY), frozenset()
    reached = reader.closure(Walk(tuple(sorted(destinations)), "out", relations=ANCESTRY))
    return reached.edges, reached.hidden


def every_edge(reader: Reader, iris: Collection[str]) -> Iterator[Edge]:
    """Every edge that a segment may have, first those that leave the elements; read while they are looked at."""
    if isinstance(reader, Extract):
        yield from reader.edges
        return
    yield from reader.expand(iris, RELATIONS, "out")
    for batch in in_batches(reader.nodes(Filter()).nodes, _BATCH):
        yield from reader.expand([node.iri for node in batch], RELATIONS, "out")


def named(reader: Reader, iris: Set[str]) -> Mapping[str, Node]:
    """The nodes with these IRIs, in any order."""
    return reader.named(iris) if isinstance(reader, Extract) else nodes_by_iri(reader, iris)
