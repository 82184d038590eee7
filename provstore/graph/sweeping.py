"""Compares everything that an engine holds with what the history says, and works out what mends it.

In: a history and an engine. Out: differences, and states. It reads all; `check`, `repair` and erasures need that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from provstore.graph.contract import Edge, Engine, Filter, Node, Page, States
from provstore.graph.history import History
from provstore.graph.replay import Replay

_BATCH = 1_000
EdgeKey = tuple[str, str, str, str]


@dataclass(slots=True)
class Sweep:
    """What differs: nodes and edges that the engine lacks or has otherwise, and what it has too much."""

    sequence: int
    mend: bool = False
    compared_nodes: int = 0
    compared_edges: int = 0
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    gone_nodes: list[str] = field(default_factory=list)
    gone_edges: list[EdgeKey] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        """How many nodes and edges differ."""
        return len(self.nodes) + len(self.edges) + len(self.gone_nodes) + len(self.gone_edges)

    @property
    def states(self) -> States:
        """What mends the engine."""
        return States(self.sequence, self.nodes, self.edges, self.gone_nodes, self.gone_edges, mend=self.mend)


def sweep(history: History, engine: Engine, sequence: int, *, mend: bool = False) -> Sweep:
    """Every difference between the engine and the history as of `sequence`."""
    replay = Replay(history, sequence)
    found = Sweep(sequence, mend)
    seen: set[str] = set()
    for batch in _batches(replay.iris()):
        seen.update(batch)
        held = {node.iri: node for node in engine.nodes(Filter(iris=batch)).nodes}
        for node in replay.reading.nodes(batch):
            found.compared_nodes += 1
            if held.pop(node.iri, None) != node:
                found.nodes.append(node)
        _compare_edges(found, replay.expand(batch, None, "out"), engine.expand(batch, None, "out"))
    for node in engine_nodes(engine):
        if node.iri not in seen:
            found.gone_nodes.append(node.iri)
            found.gone_edges += map(_key, engine.expand([node.iri], None, "out"))
    return found


def engine_nodes(engine: Engine) -> Iterator[Node]:
    """Every node that an engine holds, page by page."""
    after: tuple[str | None, str] | None = None
    while nodes := engine.nodes(Filter(), Page(limit=_BATCH, after=after)).nodes:
        yield from nodes
        after = (nodes[-1].iri, nodes[-1].iri)


def _compare_edges(found: Sweep, wanted: Iterable[Edge], held: Iterable[Edge]) -> None:
    have = {_key(edge): edge for edge in held}
    for edge in wanted:
        found.compared_edges += 1
        if have.pop(_key(edge), None) != edge:
            found.edges.append(edge)
    found.gone_edges += have


def _key(edge: Edge) -> EdgeKey:
    return edge.source, edge.relation, edge.target, edge.sid


def _batches(iris: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(iris, _BATCH)):
        yield batch
