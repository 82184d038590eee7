"""A shortest walk of rule 22's table between elements, one and always the same one. Linear in the start's lineage."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from provstore.graph.contract import Edge, Reached, Reader, Walk
from provstore.graph.walk import State, Step, steps
from provstore.model.names import Prefixes
from provstore.questions.lineage import nodes_by_iri
from provstore.questions.result import AnswerNode, Graph

_Place = tuple[str, State]


class Found(NamedTuple):
    """A shortest path: where it begins, its edges in order (none when the start is a goal), and where it ends."""

    start: str
    edges: tuple[Edge, ...]
    end: str


def shortest(
    reader: Reader, starts: Sequence[str], goals: Collection[str], options: frozenset[str] = frozenset()
) -> tuple[Found | None, Reached]:
    """A shortest path upstream from one of `starts` to one of `goals`, or None; with the lineage it was found in.

    Of several, the one that a search by (source, relation, target, sid) meets first.
    """
    reached = reader.closure(Walk(tuple(starts), "out", options=options))
    if not any(goal in reached.depths for goal in goals):
        return None, reached
    return _search(reader, reached, starts, goals, options), reached


def graph_of_path(
    reader: Reader, prefixes: Prefixes, question: str, parameters: Mapping[str, object], edges: Sequence[Edge],
    order: Iterable[str], hidden: Collection[str], as_of: int | None,
) -> Graph:  # fmt: skip
    """The answer that shows a path: its nodes by their place on it."""
    places = {iri: place for place, iri in enumerate(dict.fromkeys(order))}
    nodes = nodes_by_iri(reader, places)
    return Graph(
        question=question,
        parameters=parameters,
        nodes=tuple(AnswerNode(nodes[iri], place, iri in hidden) for iri, place in places.items()),
        edges=tuple(edges),
        incomplete=bool(hidden),
        as_of=as_of,
        prefixes=prefixes,
    )


def nodes_on(path: Found) -> list[str]:
    """The IRIs along a path, in order."""
    return [path.start, *(edge.target for edge in path.edges)]


def _search(
    reader: Reader, reached: Reached, starts: Sequence[str], goals: Collection[str], options: frozenset[str]
) -> Found | None:
    leaving: dict[str, list[Edge]] = defaultdict(list)
    for edge in reached.edges:
        leaving[edge.source].append(edge)
    taken = _Taken(reader, reached.edges, steps(options))
    came: dict[_Place, tuple[_Place, Edge] | None] = {(start, "full"): None for start in sorted(starts)}
    queue = deque(came)
    while queue:
        place = queue.popleft()
        if place[0] in goals:
            return _unwound(came, place)
        for edge in leaving[place[0]]:
            for state in taken.leads_to(place[1], edge):
                far = (edge.target, state)
                if far not in came:
                    came[far] = (place, edge)
                    queue.append(far)
    return None


class _Taken:
    """Which steps an edge allows: the table by state and relation, and which influencers are only an agent."""

    def __init__(self, reader: Reader, edges: Iterable[Edge], allowed: Iterable[Step]) -> None:
        self._steps: dict[tuple[State, str], list[Step]] = defaultdict(list)
        asking = set()
        for step in allowed:
            self._steps[step.state, step.relation].append(step)
            if step.target != "any":
                asking.add(step.relation)
        targets = {edge.target for edge in edges if edge.relation in asking}
        self._agents = {iri for iri, node in nodes_by_iri(reader, targets).items() if node.kinds == ("agent",)}

    def leads_to(self, state: State, edge: Edge) -> list[State]:
        return [
            step.then
            for step in self._steps[state, edge.relation]
            if step.target == "any" or (step.target == "agent") == (edge.target in self._agents)
        ]


def _unwound(came: Mapping[_Place, tuple[_Place, Edge] | None], place: _Place) -> Found:
    edges = []
    end = place[0]
    while (step := came[place]) is not None:
        place, edge = step
        edges.append(edge)
    return Found(place[0], tuple(reversed(edges)), end)
