"""What a picture shows of a graph answer: everything, but for content nodes that join a thing to nothing but itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from provstore.graph.contract import Edge
from provstore.model.terms import CONTENT
from provstore.questions.result import AnswerNode, Graph
from provstore.reports.words import counted

STITCHES: Final = frozenset({"sameBytes", "bytesOf"})


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes in the answer's order, edges whose ends are both among them, and in words what was left out."""

    nodes: tuple[AnswerNode, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[str, ...]

    def index(self) -> dict[str, int]:
        """The place of each node by its IRI."""
        return {one.node.iri: number for number, one in enumerate(self.nodes)}


def picture(answer: Graph, *, max_nodes: int | None = None) -> Picture:
    """What to draw.

    Args: max_nodes: draw only so many, the nearest to the start; None: all.
    """
    holders: dict[str, set[str]] = defaultdict(set)
    for edge in answer.edges:
        for end, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if end.startswith(CONTENT):
                holders[end].add(other)
    shown = [one for one in answer.nodes if not one.node.iri.startswith(CONTENT) or len(holders[one.node.iri]) > 1]
    kept = tuple(shown if max_nodes is None else shown[:max_nodes])
    present = {one.node.iri for one in kept}
    given = {(edge.source, edge.target) for edge in answer.edges if edge.relation == "sameBytes"}
    edges = tuple(
        edge
        for edge in answer.edges
        if edge.source in present and edge.target in present and not _leads_back(edge, given)
    )
    return Picture(kept, edges, _left_out(len(answer.nodes) - len(shown), len(shown) - len(kept)))


def _leads_back(edge: Edge, given: set[tuple[str, str]]) -> bool:
    """True for the step from a content node to an entity that itself leads there: it is no news."""
    return edge.relation == "bytesOf" and (edge.target, edge.source) in given


def _left_out(alone: int, beyond: int) -> tuple[str, ...]:
    said = []
    if beyond:
        said.append(f"The picture leaves out {counted(beyond, 'node')} that lie farther away.")
    if alone:
        said.append(f"The picture leaves out {counted(alone, 'digest')} that one thing alone has.")
    return tuple(said)
