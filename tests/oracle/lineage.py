"""Rule 22 by brute force over (node, state); hidden marks (rule 25); path and leakage (rule 27)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.oracle.table import STATES, TABLE, Row, is_only_agent
from tests.oracle.view import Edge, View

Place = tuple[str, str]  # node IRI, state


@dataclass(frozen=True)
class Step:
    """One edge, walked from (effect, state) to (cause, state)."""

    before: Place
    after: Place
    edge: Edge


@dataclass
class Answer:
    """`nodes`: depth by IRI. `via`: nodes that were walked through but are no members (downstream of agents only)."""

    nodes: dict[str, int]
    via: dict[str, int]
    edges: list[Edge]
    hidden: set[str] = field(default_factory=set)
    boilerplate: set[str] = field(default_factory=set)
    cut: bool = False

    @property
    def incomplete(self) -> bool:
        """Rule 25: something is hidden."""
        return bool(self.hidden)


def _fits(row: Row, edge: Edge, view: View, options: set[str]) -> bool:
    if edge.relation not in row.relations or (row.option is not None and row.option not in options):
        return False
    return row.only_agent is None or row.only_agent == is_only_agent(view.kinds(edge.target))


def steps_of(view: View, options: Iterable[str] = ()) -> list[Step]:
    """Every edge under every row of the table that it fits."""
    wanted = set(options)
    return [
        Step((edge.source, row.before), (edge.target, row.after), edge)
        for edge in view.edges
        for row in TABLE
        if _fits(row, edge, view, wanted)
    ]


def distances(starts: Iterable[Place], arcs: Iterable[tuple[Place, Place]], limit: int | None) -> dict[Place, int]:
    """Fewest arcs from any start to each place, at most `limit`."""
    arcs = list(arcs)
    depth = dict.fromkeys(starts, 0)
    level = 0
    while limit is None or level < limit:
        found = {b for a, b in arcs if depth.get(a) == level and b not in depth}
        if not found:
            break
        level += 1
        depth.update(dict.fromkeys(found, level))
    return depth


def _nearest(depth: dict[Place, int], states: Iterable[str]) -> dict[str, int]:
    wanted = set(states)
    iris = {iri for iri, state in depth if state in wanted}
    return {iri: min(d for (i, s), d in depth.items() if i == iri and s in wanted) for iri in iris}


def starts_for(view: View, name: str) -> list[str]:
    """Rule 21, last sentence: a digest (or a prefix of eight digits or more) means its entities; else the IRI."""
    algorithm, _, value = name.partition(":")
    prefix = f"{algorithm}:{value}"
    if name in view.nodes or len(value) < 8:
        return [name]
    members = {
        e.source
        for e in view.edges
        if e.relation == "alternateOf" and e.inferred and ":".join(e.target.split(":")[-2:]).startswith(prefix)
    }
    return sorted(members) or [name]


def upstream(
    view: View,
    starts: str | Iterable[str],
    *,
    agents: bool = False,
    parents: bool = False,
    depth: int | None = None,
    everything: View | None = None,
) -> Answer:
    """Rule 22: what is reached from (start, full) forwards, at most `depth` edges away.

    `everything` is the view of all spaces: with it, nodes that an invisible edge leaves are marked (rule 25).
    """
    starts = [starts] if isinstance(starts, str) else list(starts)
    options = _options(agents, parents)
    steps = steps_of(view, options)
    reached = distances([(s, "full") for s in starts], [(s.before, s.after) for s in steps], depth)
    answer = Answer(_nearest(reached, STATES), {}, _walked(steps, reached, depth, forwards=True))
    _mark(answer, view, everything, options, reached, depth, forwards=True)
    return answer


def downstream(
    view: View,
    starts: str | Iterable[str],
    *,
    agents: bool = False,
    parents: bool = False,
    depth: int | None = None,
    everything: View | None = None,
) -> Answer:
    """Rule 22: what reaches the start in any state, walked backwards; starting at an agent implies `agents`."""
    starts = [starts] if isinstance(starts, str) else list(starts)
    options = _options(agents or any("agent" in view.kinds(s) for s in starts), parents)
    steps = steps_of(view, options)
    ends = [(s, state) for s in starts for state in STATES]
    reached = distances(ends, [(s.after, s.before) for s in steps], depth)
    nodes = _nearest(reached, {"full"})
    via = {iri: d for iri, d in _nearest(reached, STATES).items() if iri not in nodes}
    answer = Answer(nodes, via, _walked(steps, reached, depth, forwards=False))
    _mark(answer, view, everything, options, reached, depth, forwards=False)
    return answer


def _options(agents: bool, parents: bool) -> set[str]:
    return {name for name, on in (("agents", agents), ("parents", parents)) if on}


def _left_from(steps: Iterable[Step], reached: dict[Place, int], depth: int | None, forwards: bool) -> list[Step]:
    """Steps whose end nearer the start was reached at less than the depth asked for."""
    near = [(step.before if forwards else step.after, step) for step in steps]
    return [step for place, step in near if place in reached and (depth is None or reached[place] < depth)]


def _walked(steps: Iterable[Step], reached: dict[Place, int], depth: int | None, forwards: bool) -> list[Edge]:
    edges = {step.edge.identity: step.edge for step in _left_from(steps, reached, depth, forwards)}
    return [edges[identity] for identity in sorted(edges, key=repr)]


def _mark(
    answer: Answer,
    view: View,
    everything: View | None,
    options: set[str],
    reached: dict[Place, int],
    depth: int | None,
    forwards: bool,
) -> None:
    """Hidden marks (rule 25), boilerplate that the answer touches (rule 21), and whether the depth cut something."""
    iris = {iri for iri, _ in reached}
    answer.boilerplate = {e.target for e in view.edges if e.source in iris and e.target in view.boilerplate}
    answer.boilerplate |= iris & view.boilerplate
    beyond = _left_from(steps_of(view, options), reached, None, forwards)
    answer.cut = {s.edge.identity for s in beyond} > {e.identity for e in answer.edges}
    if everything is not None:
        seen = {e.identity for e in view.edges}
        unseen = [s for s in steps_of(everything, options) if s.edge.identity not in seen]
        left = _left_from(unseen, reached, depth, forwards)
        answer.hidden = {(s.before if forwards else s.after)[0] for s in left}


def path(view: View, first: str, last: str, *, agents: bool = False, parents: bool = False) -> list[Edge] | None:
    """A shortest walk of rule 22 from (first, full) to last in any state; None when there is none."""
    steps = steps_of(view, _options(agents, parents))
    reached = distances([(first, "full")], [(s.before, s.after) for s in steps], None)
    ends = [(d, place) for place, d in reached.items() if place[0] == last]
    if not ends:
        return None
    level, place = min(ends)
    walk: list[Edge] = []
    while level > 0:
        step = next(s for s in steps if s.after == place and reached.get(s.before) == level - 1)
        walk.insert(0, step.edge)
        level, place = level - 1, step.before
    return walk


@dataclass(frozen=True)
class Leakage:
    """Rule 27: `leaks` are the nodes of upstream(TRAIN) that give TEST away; `shared` are common ancestors."""

    leaks: frozenset[str]
    shared: frozenset[str]
    path: list[Edge] | None

    @property
    def exit_code(self) -> int:
        """1 when there is a leak."""
        return 1 if self.leaks else 0


def leakage(view: View, train: str, test: str) -> Leakage:
    """Rule 27: TEST, something stitched to it, or anything derived from these, in upstream(TRAIN).

    The path leads to TEST when it is reached, else to the nearest thing stitched to it, else to the nearest derived.
    """
    contents = {e.target for e in view.edges if e.inferred and e.relation == "alternateOf" and e.source == test}
    stitched = {e.source for e in view.edges if e.inferred and e.relation == "alternateOf" and e.target in contents}
    derived = set(downstream(view, {test} | stitched).nodes)
    causes = upstream(view, train).nodes
    hits = [sorted((causes[iri], iri) for iri in sort & set(causes)) for sort in ({test}, stitched, derived)]
    leaks = {iri for hit in hits for _, iri in hit}
    nearest = next((hit[0][1] for hit in hits if hit), None)
    is_content = {iri for iri, node in view.nodes.items() if node.content}
    shared = (set(causes) & set(upstream(view, test).nodes)) - leaks - {train, test} - is_content
    return Leakage(frozenset(leaks), frozenset(shared), None if nearest is None else path(view, train, nearest))
