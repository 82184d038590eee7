"""The question `leakage`: did the test data go into the training? Source: rule 27."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from provstore.graph.contract import Edge, Node, Reached, Reader, Walk
from provstore.model.names import Prefixes
from provstore.model.terms import CONTENT
from provstore.questions.lineage import boilerplate, holders, nodes_by_iri, options
from provstore.questions.paths import graph_of_path, nodes_on, shortest
from provstore.questions.resolve import resolve
from provstore.questions.result import Graph, node_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Leakage(Graph):
    """The answer of `leakage`: the graph is the path of the leak, empty when there is none.

    `shared`: what both were made from; that alone is no leak.
    """

    shared: tuple[Node, ...] = ()

    @property
    def leaks(self) -> bool:
        """True when the test data went into the training."""
        return bool(self.nodes)

    def described(self) -> dict[str, Any]:
        """The graph object with `leaks` and the nodes that are `shared`."""
        shared = [node_json(node, self.prefixes) for node in self.shared]
        return Graph.described(self) | {"leaks": self.leaks, "shared": shared}


def leakage(reader: Reader, prefixes: Prefixes, train: str, test: str, *, as_of: int | None = None) -> Leakage:
    """Whether `test`, something stitched to it (the same bytes) or anything derived from it is upstream of `train`.

    Args: train, test: as in `resolve`. as_of: the sequence that `reader` is as of.
    Raises: NotFound, Ambiguous: a name means nothing, or several things.
    """
    starts, tests = resolve(reader, prefixes, train), resolve(reader, prefixes, test)
    stitches = [edge for edges in holders(reader, tests).values() for edge in edges]
    same = {*tests, *(edge.source for edge in stitches)}
    up = reader.closure(Walk(starts, "out"))
    down = reader.closure(Walk(tuple(sorted(same)), "in"))
    edges, order = _leak(reader, starts, same, up, down)
    if order:
        edges, order = _with_stitch(edges, order, tests, stitches)
    hidden = (up.hidden | down.hidden) & set(order)
    graph = graph_of_path(reader, prefixes, "leakage", {"train": train, "test": test}, edges, order, hidden, as_of)
    shared = _shared(reader, {*starts, *tests}, tests, up, down)
    return Leakage(
        question=graph.question,
        parameters=graph.parameters,
        nodes=graph.nodes,
        edges=graph.edges,
        incomplete=bool(up.hidden or down.hidden),
        as_of=as_of,
        notes=_notes(reader, prefixes, same, shared),
        prefixes=prefixes,
        shared=shared,
    )


def _leak(
    reader: Reader, starts: Collection[str], same: Collection[str], up: Reached, down: Reached
) -> tuple[list[Edge], list[str]]:
    """The edges and nodes of a shortest leak: up from the training to what was made from the test, on to the test."""
    meeting = [(depth + down.depths[iri], depth, iri) for iri, depth in up.depths.items() if iri in down.depths]
    if not meeting:
        return [], []
    _, _, iri = min(meeting)
    first, _ = shortest(reader, sorted(starts), {iri})
    # Downstream of an agent is over who was responsible, so the way back to it is too (rule 22).
    implied = options(agents=any("agent" in n.kinds for n in nodes_by_iri(reader, same).values()), parents=False)
    second, _ = shortest(reader, [iri], same, implied)
    assert first is not None
    assert second is not None
    return [*first.edges, *second.edges], [*nodes_on(first), *nodes_on(second)]


def _with_stitch(
    edges: list[Edge], order: list[str], tests: Collection[str], stitches: Collection[Edge]
) -> tuple[list[Edge], list[str]]:
    """The leak with the two edges that say why its end is the test: both belong to one content node."""
    end = order[-1]
    if end in tests:
        return edges, order
    mine = next(edge for edge in stitches if edge.source == end and any(_joins(edge, s, tests) for s in stitches))
    other = next(edge for edge in stitches if _joins(mine, edge, tests))
    return [*edges, mine, other], [*order, mine.target, other.source]


def _joins(mine: Edge, other: Edge, tests: Collection[str]) -> bool:
    return other.target == mine.target and other.source in tests


def _shared(
    reader: Reader, named: Collection[str], tests: Collection[str], up: Reached, down: Reached
) -> tuple[Node, ...]:
    of_test = reader.closure(Walk(tuple(tests), "out"))
    both = [
        iri
        for iri in of_test.depths
        if iri in up.depths and iri not in down.depths and iri not in named and not iri.startswith(CONTENT)
    ]
    nodes = nodes_by_iri(reader, both)
    return tuple(nodes[iri] for iri in both)


def _notes(reader: Reader, prefixes: Prefixes, same: Collection[str], shared: tuple[Node, ...]) -> tuple[str, ...]:
    many = boilerplate(reader, nodes_by_iri(reader, same).values())
    if not shared:
        return many
    named = ", ".join(prefixes.shorten(node.iri) for node in shared[:5])
    more = f" and {len(shared) - 5} more" if len(shared) > 5 else ""
    return (f"shared, which alone is no leak: {named}{more}", *many)
