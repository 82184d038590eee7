"""A small reader over nodes and edges in memory: what questions are asked of when no ledger is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter

from provstore.graph import closure
from provstore.graph.columns import EdgeColumns, RelationColumns, Scan
from provstore.graph.contract import Direction, Edge, Filter, Node, NodePage, Page, Reached, Walk
from provstore.graph.expressions import matches
from provstore.graph.paging import Sortable, page_of, sort_value
from tests.support.ledgers import iri as full

KIND_OF_RELATION = {
    "used": ("activity", "entity"),
    "wasGeneratedBy": ("entity", "activity"),
    "wasDerivedFrom": ("entity", "entity"),
    "wasInformedBy": ("activity", "activity"),
    "partOf": ("activity", "activity"),
    "wasAssociatedWith": ("activity", "agent"),
    "wasAttributedTo": ("entity", "agent"),
    "actedOnBehalfOf": ("agent", "agent"),
    "hadPlan": ("activity", "entity"),
}


class MemoryReader:
    """A reader over these nodes and edges; an end without a node gets one, of the kind that its relation says."""

    def __init__(self, edges: Iterable[Edge], nodes: Iterable[Node] = ()) -> None:
        self._edges = list(edges)
        self._nodes = {node.iri: node for node in nodes}
        self._by_end: dict[Direction, dict[str, list[Edge]]] = {"out": defaultdict(list), "in": defaultdict(list)}
        for edge in self._edges:
            self._by_end["out"][edge.source].append(edge)
            self._by_end["in"][edge.target].append(edge)
            kinds = KIND_OF_RELATION.get(edge.relation, ("entity", "entity"))
            for iri, kind in zip((edge.source, edge.target), kinds, strict=True):
                self._nodes.setdefault(iri, Node(iri, (kind,), True, spaces=("default",)))

    def nodes(self, where: Filter, page: Page = Page()) -> NodePage:  # noqa: B008
        iris = self._nodes if where.iris is None else [iri for iri in dict.fromkeys(where.iris) if iri in self._nodes]
        found = [node for node in map(self._nodes.__getitem__, iris) if self._meets(node, where)]
        sortable = ((Sortable(sort_value(node, page.sort), node.iri), node) for node in found)
        return NodePage(page_of(sortable, page), len(found))

    def expand(
        self, frontier: Collection[str], relations: Collection[str] | None, direction: Direction
    ) -> Sequence[Edge]:
        ends = self._by_end[direction]
        found = (edge for iri in frontier for edge in ends.get(iri, ()))
        return [edge for edge in found if relations is None or edge.relation in relations]

    def closure(self, walk: Walk) -> Reached:
        return closure.closure(self, walk)

    def all_nodes(self) -> list[Node]:
        """Every node."""
        return list(self._nodes.values())

    def all_edges(self) -> list[Edge]:
        """Every edge."""
        return list(self._edges)

    def scan(self, relations: Collection[str]) -> Scan:
        """As `Scannable.scan`."""
        nodes = sorted(self._nodes.values())
        numbers = {node.iri: number for number, node in enumerate(nodes)}
        columns = []
        for relation in relations:
            edges = sorted((edge for edge in self._edges if edge.relation == relation), key=itemgetter(3))
            ends = ([numbers[getattr(edge, end)] for edge in edges] for end in ("source", "target"))
            sids, rests = [bytes.fromhex(edge.sid) for edge in edges], [edge[4:] for edge in edges]
            columns.append(RelationColumns(relation, *ends, sids, rests))
        return Scan(nodes, EdgeColumns([node.iri for node in nodes], columns))

    def _meets(self, node: Node, where: Filter) -> bool:
        if where.label is not None and node.label != where.label:
            return False
        if where.digest_prefix and not any(digest.startswith(where.digest_prefix) for digest in node.digests):
            return False
        out = self._by_end["out"].get(node.iri, ())
        labels = {edge.target: self._nodes[edge.target].label for edge in out}
        return where.condition is None or matches(where.condition, node, out, labels)


def edge(relation: str, source: str, target: str, *, role: str | None = None, inferred: bool = False) -> Edge:
    """An edge between example names (`ledgers.iri`); its sid is made of its ends."""
    name = f"{relation} {source} {target} {role}".encode().hex()
    roles = () if role is None else (role,)
    return Edge(relation, full(source), full(target), name, roles=roles, inferred=inferred)
