"""Compares everything that an engine holds with what the history says, and works out what mends it.

In: a history and an engine. Out: differences, and states. It reads all; `check`, `repair` and erasures need that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from provstore.batches import in_batches
from provstore.graph.contract import Broken, Direction, Edge, Engine, Filter, Node, Page, Scattered, States
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
    broken_nodes: list[str] = field(default_factory=list)
    broken_edges: list[EdgeKey] = field(default_factory=list)
    anew: list[str] = field(default_factory=list)
    anew_nodes: list[Node] = field(default_factory=list)
    anew_edges: dict[EdgeKey, Edge] = field(default_factory=dict)

    @property
    def wrong(self) -> int:
        """How many nodes and edges differ."""
        nodes = {*(node.iri for node in self.nodes), *self.gone_nodes, *self.broken_nodes}
        return len(nodes) + len({*map(_key, self.edges), *self.gone_edges, *self.broken_edges})

    @property
    def states(self) -> States:
        """What mends the engine."""
        return States(
            self.sequence, [*self.nodes, *self.anew_nodes], [*self.edges, *self.anew_edges.values()], self.gone_nodes,
            self.gone_edges, mend=self.mend, anew_nodes=self.anew,
            anew_edges=[*self.anew_edges, *self.broken_edges],
        )  # fmt: skip


def sweep(history: History, engine: Engine, sequence: int, *, mend: bool = False) -> Sweep:
    """Every difference between the engine and the history as of `sequence`."""
    replay = Replay(history, sequence)
    found = Sweep(sequence, mend)
    survey = engine.survey() if isinstance(engine, Scattered) else None
    seen: set[str] = set()
    for batch in in_batches(replay.iris(), _BATCH):
        seen.update(batch)
        held = {node.iri: node for node in engine.nodes(Filter(iris=batch)).nodes}
        for node in replay.reading.nodes(batch):
            found.compared_nodes += 1
            if held.pop(node.iri, None) != node:
                found.nodes.append(node)
        _compare_edges(found, replay.expand(batch, None, "out"), engine.expand(batch, None, "out"))
        if survey:
            survey.look(batch)
    for node in engine_nodes(engine):
        if node.iri not in seen:
            found.gone_nodes.append(node.iri)
            found.gone_edges += map(_key, engine.expand([node.iri], None, "out"))
    if survey:
        survey.look(found.gone_nodes)
        _make_anew(found, replay, survey.broken())
    return found


def _make_anew(found: Sweep, replay: Replay, broken: Broken) -> None:
    """What is not whole is taken away and written as the history says it; of a node all its edges, too."""
    found.broken_nodes = sorted({*broken.nodes, *broken.entered})
    found.broken_edges = sorted(broken.edges)
    entering = _edges(replay, broken.entered, "in")
    # Where nothing should enter, what does enter goes with the node.
    found.anew = sorted({*broken.nodes, *({*broken.entered} - {key[2] for key in entering})})
    for batch in in_batches(found.anew, _BATCH):
        found.anew_nodes += replay.reading.nodes(batch)
    leaving = _edges(replay, {key[0] for key in broken.edges}, "out")
    found.anew_edges = (
        entering
        | {key: edge for key, edge in leaving.items() if key in broken.edges}
        | _edges(replay, found.anew, "out")
        | _edges(replay, found.anew, "in")
    )


def _edges(replay: Replay, iris: Collection[str], direction: Direction) -> dict[EdgeKey, Edge]:
    return {
        _key(edge): edge for batch in in_batches(sorted(iris), _BATCH) for edge in replay.expand(batch, None, direction)
    }


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
