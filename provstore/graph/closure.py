"""The lineage walk as a search by frontiers over any source of edges, both ways.

In: a walk and a source that fetches the edges of a frontier. Out: fewest edges to each node, the walked edges, and what
a cut left out. It keeps (node, state) pairs, so cycles and diamonds cost no more than their edges. Source: rule 22.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple, Protocol, TypeVar

from provstore.graph.contract import Direction, Filter, NodePage, Reached, Reader, Walk
from provstore.graph.walk import STATES, State, Step, Target, steps

Key = TypeVar("Key", bound=Hashable)
# The order of edges in an answer: source, relation, target, sid.
EDGE_ORDER: Final = itemgetter(1, 0, 2, 3)
_BY_DEPTH: Final = itemgetter(1, 0)


class Hop(NamedTuple):
    """One edge as the search sees it: its ends by any key, and the edge itself, opaque (`sid` tells edges apart)."""

    source: Any
    relation: str
    target: Any
    sid: Hashable
    edge: Any


class Source(Protocol[Key]):
    """Where a search gets its edges from; nodes are known by keys of the source's choice."""

    def hops(self, frontier: Collection[Key], relations: frozenset[str], direction: Direction) -> Iterable[Hop]:
        """The edges of those relations that leave (`out`) or enter (`in`) the frontier."""
        ...

    def only_agents(self, nodes: Collection[Key]) -> Collection[Key]:
        """Those of `nodes` that are an agent and nothing else."""
        ...

    def order(self, nodes: Iterable[Key]) -> list[Key]:
        """The nodes by IRI."""
        ...


class _Move(NamedTuple):
    """A step as the direction walks it: to `state` of the far node, if the edge's target is as `target` says."""

    state: State
    target: Target


class Search:
    """A search that goes one level of edges at a time.

    Args: source: where edges come from. walk: what to walk; its `starts` are ignored for `starts` (keys of the source).
    After `run`: `reached` holds the fewest edges to each (node, state), `walked` the hops, `dropped` the nodes that
    `max_nodes` kept out, `unexpanded` those that `depth` left with edges to walk.
    """

    def __init__(self, source: Source[Any], walk: Walk, starts: Sequence[Any]):
        self.source = source
        self.walk = walk
        self.starts = starts
        self.reached: dict[tuple[Any, State], int] = {}
        self.nodes: set[Any] = set(starts)
        self.walked: dict[tuple[Any, str, Any, Hashable], Hop] = {}
        self.dropped: set[Any] = set()
        self.unexpanded: set[Any] = set()
        self._moves = moves(steps(walk.options, walk.relations), walk.direction)

    def run(self) -> Search:
        """Searches to the end, or to the walk's depth."""
        level = [(start, state) for start in self.starts for state in start_states(self.walk)]
        self.reached = dict.fromkeys(level, 0)
        depth = 0
        while level:
            if depth == self.walk.depth:
                self.unexpanded = {self.near(hop) for _, hop, _ in self.leaving(level) if hop[:4] not in self.walked}
                break
            depth += 1
            level = self._next(level, depth)
        return self

    def _next(self, level: list[tuple[Any, State]], depth: int) -> list[tuple[Any, State]]:
        found = list(self.leaving(level))
        self._admit({self.far(hop) for _, hop, _ in found})
        fresh = []
        for _, hop, state in found:
            far = self.far(hop)
            if far not in self.nodes:
                continue
            self.walked[hop[:4]] = hop
            if (far, state) not in self.reached:
                self.reached[far, state] = depth
                fresh.append((far, state))
        return fresh

    def _admit(self, far: set[Any]) -> None:
        """Takes new nodes in, by IRI, as long as `max_nodes` has room for them."""
        new = far - self.nodes
        limit = self.walk.max_nodes
        if limit is not None and len(self.nodes) + len(new) > limit:
            ordered = self.source.order(new)
            room = max(0, limit - len(self.nodes))
            self.dropped.update(ordered[room:])
            new = set(ordered[:room])
        self.nodes |= new

    def leaving(self, level: Iterable[tuple[Any, State]]) -> Iterator[tuple[State, Hop, State]]:
        """The hops that the walk takes from `level`, each with the states at its near and its far end."""
        by_state: dict[State, list[Any]] = defaultdict(list)
        for node, state in level:
            by_state[state].append(node)
        for state, nodes in by_state.items():
            allowed = self._moves.get(state)
            if not allowed:
                continue
            hops = self.source.hops(nodes, frozenset(allowed), self.walk.direction)
            for hop, move in self._allowed(list(hops), allowed):
                yield state, hop, move.state

    def _allowed(self, hops: list[Hop], allowed: dict[str, list[_Move]]) -> Iterator[tuple[Hop, _Move]]:
        asking = {name for name, found in allowed.items() if any(move.target != "any" for move in found)}
        targets = {hop.target for hop in hops if hop.relation in asking}
        agents = set(self.source.only_agents(targets)) if targets else set()
        for hop in hops:
            for move in allowed[hop.relation]:
                if move.target == "any" or (move.target == "agent") == (hop.target in agents):
                    yield hop, move

    def near(self, hop: Hop) -> Any:
        """The end of the hop that is nearer the start."""
        return hop.source if self.walk.direction == "out" else hop.target

    def far(self, hop: Hop) -> Any:
        """The end of the hop that is farther from the start."""
        return hop.target if self.walk.direction == "out" else hop.source


def moves(taken: Iterable[Step], direction: Direction) -> dict[State, dict[str, list[_Move]]]:
    """The steps by the state at the end that is walked from, then by relation; `in` walks them backwards."""
    found: dict[State, dict[str, list[_Move]]] = defaultdict(lambda: defaultdict(list))
    for step in taken:
        near, far = (step.state, step.then) if direction == "out" else (step.then, step.state)
        found[near][step.relation].append(_Move(far, step.target))
    return found


def start_states(walk: Walk) -> tuple[State, ...]:
    """Upstream starts in `full`; downstream in every state, for a walk may end in any (rule 22)."""
    return ("full",) if walk.direction == "out" else STATES


def with_implied(walk: Walk, any_agent: bool) -> Walk:
    """The walk with the options that its starts imply: downstream of an agent means `--agents` (rule 22)."""
    if walk.direction == "out" or not any_agent or "agents" in walk.options:
        return walk
    options = walk.options | {"agents"}
    return replace(walk, options=options)


def depths_of(reached: Mapping[tuple[Any, State], int], direction: Direction) -> tuple[dict[Any, int], dict[Any, int]]:
    """Fewest edges to each node of the answer, and to the others that were walked through.

    Downstream only nodes that are reached in state `full` are of the answer (rule 22).
    """
    depths: dict[Any, int] = {}
    via: dict[Any, int] = {}
    for (node, state), depth in reached.items():
        found = depths if direction == "out" or state == "full" else via
        if depth < found.get(node, depth + 1):
            found[node] = depth
    return depths, {node: depth for node, depth in via.items() if node not in depths}


def by_depth(depths: dict[str, int]) -> dict[str, int]:
    """Depths in the order of an answer: by (depth, IRI)."""
    return dict(sorted(depths.items(), key=_BY_DEPTH))


def cut_of(search: Search) -> tuple[Literal["depth", "nodes"] | None, int]:
    """Why the answer is not whole, and how many nodes are known to be missing or not expanded."""
    if search.dropped:
        return "nodes", len(search.dropped)
    if search.unexpanded:
        return "depth", len(search.unexpanded)
    return None, 0


class ReaderSource:
    """Any reader as a source of edges; nodes are known by their IRIs."""

    def __init__(self, reader: Reader):
        self._reader = reader

    def hops(self, frontier: Collection[str], relations: frozenset[str], direction: Direction) -> Iterable[Hop]:
        """The reader's `expand`."""
        for edge in self._reader.expand(frontier, relations, direction):
            yield Hop(edge.source, edge.relation, edge.target, edge.sid, edge)

    def only_agents(self, nodes: Collection[str]) -> Collection[str]:
        """Nodes whose kinds are agent alone."""
        page = self._reader.nodes(Filter(iris=nodes))
        return {node.iri for node in page.nodes if node.kinds == ("agent",)}

    def order(self, nodes: Iterable[str]) -> list[str]:
        """The IRIs sorted."""
        return sorted(nodes)


def closure(reader: Reader, walk: Walk) -> Reached:
    """Rule 22's walk over any reader: what an engine without a closure of its own answers."""
    found = reader.nodes(Filter(iris=walk.starts)).nodes
    known = sorted({node.iri for node in found})
    walk = with_implied(walk, any("agent" in node.kinds for node in found))
    search = Search(ReaderSource(reader), walk, known).run()
    return answer(reader, search)


class Nodes(Protocol):
    """Where the nodes of an answer come from: any reader will do."""

    def nodes(self, where: Filter) -> NodePage:
        """The nodes of `where.iris`."""
        ...


def answer(reader: Nodes, search: Search, hidden: frozenset[str] = frozenset()) -> Reached:
    """What a search by IRI and edge found, as a closure's answer."""
    depths, via = depths_of(search.reached, search.walk.direction)
    cut, remaining = cut_of(search)
    edges = sorted((hop.edge for hop in search.walked.values()), key=EDGE_ORDER)
    nodes = {node.iri: node for node in reader.nodes(Filter(iris=list(depths))).nodes} if search.walk.whole else {}
    marked = hidden & (depths.keys() | via.keys())
    return Reached(by_depth(depths), edges, cut, remaining, marked, by_depth(via), nodes)
