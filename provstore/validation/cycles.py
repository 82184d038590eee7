"""Cycles with a strict edge in the order of events: the events come in, problems with a shortest cycle each go out.

An order exists exactly when no strongly connected component holds a strict edge. Source: PROV-CONSTRAINTS section 7.1
(validity, step 7); Tarjan, "Depth-first search and linear graph algorithms", 1972.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from provstore.validation.events import PHRASES, SIMULTANEOUS, Events
from provstore.validation.facts import Fact
from provstore.validation.instance import Instance
from provstore.validation.ordering import STRICT, Edge, edges
from provstore.validation.problems import Link, Problem, Support
from provstore.validation.words import Words

# How many strict edges of a component are tried for a shortest cycle, and how many cycles of it are told.
_TRIED: Final = 24
_TOLD: Final = 25
# How many edges the searches for one cycle may visit.
_SEARCHED: Final = 1_000_000
# A cycle is written whole in a message up to this many steps.
_WRITTEN: Final = 12


def strict_cycles(instance: Instance, words: Words) -> Iterator[Problem]:
    """The cycles that make the order of events impossible, each with a strict edge that no cycle before had."""
    events = Events(instance)
    components = _components_with_strict_edges(events)
    inside: dict[int, list[Edge]] = {}
    for edge in edges(events) if components else ():
        component = components.get(edge.before)
        if component is not None and component == components.get(edge.after):
            inside.setdefault(component, []).append(edge)
    for found in inside.values():
        yield from _cycles_of(events, found, words)


def _components_with_strict_edges(events: Events) -> dict[int, int]:
    """The component of each node that lies in one with a strict edge."""
    before, after, strict = array("l"), array("l"), array("l")
    for edge in edges(events):
        if edge.constraint == STRICT:
            strict.append(len(before))
        before.append(edge.before)
        after.append(edge.after)
    if not strict:
        return {}
    component = components(len(events.facts), before, after)
    bad = {component[before[place]] for place in strict if component[before[place]] == component[after[place]]}
    return {node: number for node, number in enumerate(component) if number in bad} if bad else {}


def components(size: int, before: array[int], after: array[int]) -> array[int]:
    """The strongly connected component of each of `size` nodes, by Tarjan's algorithm without recursion.

    Args: before, after: the ends of each edge.
    """
    starts, targets = _adjacency(size, before, after)
    index, low, component = array("l", [-1]) * size, array("l", [0]) * size, array("l", [-1]) * size
    place = array("l", starts)
    open_nodes: list[int] = []
    count = 0
    for origin in range(size):
        path = [origin] if index[origin] < 0 else []
        while path:
            node = path[-1]
            if index[node] < 0:
                index[node] = low[node] = count
                count += 1
                open_nodes.append(node)
            if place[node] < starts[node + 1]:
                target = targets[place[node]]
                place[node] += 1
                if index[target] < 0:
                    path.append(target)
                elif component[target] < 0:
                    low[node] = min(low[node], index[target])
                continue
            path.pop()
            if path:
                low[path[-1]] = min(low[path[-1]], low[node])
            if low[node] == index[node]:
                _close(node, open_nodes, component)
    return component


def _close(root: int, open_nodes: list[int], component: array[int]) -> None:
    while True:
        node = open_nodes.pop()
        component[node] = root
        if node == root:
            return


def _adjacency(size: int, before: array[int], after: array[int]) -> tuple[array[int], array[int]]:
    """The targets of each node, one after the other: those of node n from starts[n] to starts[n + 1]."""
    starts = array("l", [0]) * (size + 1)
    for node in before:
        starts[node + 1] += 1
    for node in range(size):
        starts[node + 1] += starts[node]
    targets, free = array("l", [0]) * len(after), array("l", starts)
    for node, target in zip(before, after, strict=True):
        targets[free[node]] = target
        free[node] += 1
    return starts, targets


def _cycles_of(events: Events, found: list[Edge], words: Words) -> Iterator[Problem]:
    """Shortest cycles through strict edges of one component, until the edges that are left have none.

    Edges of a relation that made a cycle strict are left out of those that follow, so a thousand cycles through one
    wrong derivation are told once.
    """
    elements = [events.elements[node] for edge in found for node in (edge.before, edge.after)]
    names = {label for term in set(elements) if (label := events.instance.terms.label(term)) is not None}
    alive, strict = found, _on_cycles(found)
    for _ in range(_TOLD):
        if not strict:
            return
        cycle = _shortest_cycle(alive, strict)
        suspect, alive, strict = _suspect(cycle, alive)
        problem = _problem(events, cycle, words)
        problem.names = names
        problem.suspects = tuple(suspect.statements())
        problem.mended = not strict
        yield problem


def _suspect(cycle: list[Edge], alive: list[Edge]) -> tuple[Fact, list[Edge], list[Edge]]:
    """A relation of a strict edge of the cycle, the edges without it, and the strict edges on cycles of those.

    It is one without which no strict cycle is left, if one of those tried is; the last in the document first.
    """
    suspects = [edge.by for edge in cycle if edge.constraint == STRICT and edge.by is not None]
    for suspect in suspects[: -_affordable(alive) - 1 : -1]:
        left = [edge for edge in alive if not _rests_on(edge, suspect)]
        strict = _on_cycles(left)
        if not strict:
            break
    return suspect, left, strict


def _rests_on(edge: Edge, suspect: Fact) -> bool:
    """True when an edge is there by that fact, or by what inference 11 makes of it."""
    return any(
        fact is not None and (fact is suspect or suspect in fact.premises) for fact in (edge.by, edge.first, edge.last)
    )


def _affordable(alive: list[Edge]) -> int:
    """How many searches through these edges are worth their time."""
    return max(1, min(_TRIED, _SEARCHED // len(alive)))


def _shortest_cycle(alive: list[Edge], strict: list[Edge]) -> list[Edge]:
    """A shortest cycle through one of some strict edges that lie on cycles."""
    leaving: dict[int, list[Edge]] = {}
    for edge in alive:
        leaving.setdefault(edge.before, []).append(edge)
    best: list[Edge] = []
    for edge in strict[: _affordable(alive)]:
        way = _way(leaving, edge.after, edge.before, len(best) or len(alive) + 1)
        if way is not None and (not best or len(way) + 1 < len(best)):
            best = [edge, *way]
    return best


def _on_cycles(alive: list[Edge]) -> list[Edge]:
    """Some of the strict edges that lie on cycles, the last first."""
    numbers: dict[int, int] = {}
    for edge in alive:
        numbers.setdefault(edge.before, len(numbers))
        numbers.setdefault(edge.after, len(numbers))
    before = array("l", (numbers[edge.before] for edge in alive))
    after = array("l", (numbers[edge.after] for edge in alive))
    component = components(len(numbers), before, after)
    strict = (edge for edge in alive if edge.constraint == STRICT)
    found = [edge for edge in strict if component[numbers[edge.before]] == component[numbers[edge.after]]]
    return found[: -_TRIED - 1 : -1]


def _way(leaving: dict[int, list[Edge]], start: int, goal: int, limit: int) -> list[Edge] | None:
    """A shortest way of fewer than `limit` edges, or None."""
    came: dict[int, Edge | None] = {start: None}
    frontier, depth = deque([start]), 0
    while frontier and goal not in came and depth < limit:
        depth += 1
        for _ in range(len(frontier)):
            for edge in leaving.get(frontier.popleft(), ()):
                if edge.after not in came:
                    came[edge.after] = edge
                    frontier.append(edge.after)
    if goal not in came:
        return None
    way: list[Edge] = []
    edge_in = came[goal]
    while edge_in is not None:
        way.append(edge_in)
        edge_in = came[edge_in.before]
    return way[::-1]


def _problem(events: Events, cycle: list[Edge], words: Words) -> Problem:
    """The cycle in words, with its statements."""
    links = tuple(_links(events, cycle, words))
    support = Support()
    for link in links:
        support.statements.update(link.support.statements)
    first = links[0].before
    steps = [f"{link.before} {'strictly before' if link.strict else 'not after'} {link.after}" for link in links]
    if len(steps) > _WRITTEN:
        left_out = len(steps) - _WRITTEN
        steps = [*steps[: _WRITTEN // 2], f"... {left_out} more steps ...", *steps[-(_WRITTEN // 2) :]]
    text = f"The {first} would have to happen strictly before itself: {'; '.join(steps)}."
    return Problem(STRICT, first, text, support, links)


def _links(events: Events, cycle: list[Edge], words: Words) -> Iterator[Link]:
    """The edges as steps between events that are known to happen, and steps between simultaneous ones."""
    merged = list(_through_places(events, cycle))
    for number, chain in enumerate(merged):
        first, last, following = chain[0], chain[-1], merged[(number + 1) % len(merged)][0]
        # The fact of an event: the one that either edge speaks of, else any.
        begins, ends = first.first or _left(events, merged[number - 1]), last.last or _right(events, following)
        support = Support().facts([begins, *(edge.by for edge in chain), ends])
        _equalities(events, [begins, *(edge.by for edge in chain), ends], chain, support)
        before, after = _phrase(events, first.before, words, begins), _phrase(events, last.after, words, ends)
        yield Link(before, after, first.constraint == STRICT, first.constraint, support)
        if last.last and following.first and last.last is not following.first:
            kind = events.kinds[last.after]
            if kind in SIMULTANEOUS:
                support = Support().facts([last.last, following.first])
                support.equality(events.instance.terms, last.last.args[0], following.first.args[0])
                again = _phrase(events, last.after, words, following.first)
                yield Link(after, again, False, SIMULTANEOUS[kind], support)


def _left(events: Events, previous: list[Edge]) -> Fact | None:
    return previous[-1].last or events.facts[previous[-1].after]


def _right(events: Events, following: Edge) -> Fact | None:
    return following.first or events.facts[following.before]


def _through_places(events: Events, cycle: list[Edge]) -> Iterator[list[Edge]]:
    """The edges of a cycle, those of specializations in a row (inference 19) as one."""
    chain: list[Edge] = []
    for edge in _starting_at_an_event(events, cycle):
        chain.append(edge)
        if events.facts[edge.after] is not None:
            yield chain
            chain = []


def _starting_at_an_event(events: Events, cycle: list[Edge]) -> list[Edge]:
    # A cycle has a strict edge, and both ends of that are known to happen.
    place = next(place for place, edge in enumerate(cycle) if events.facts[edge.before] is not None)
    return cycle[place:] + cycle[:place]


def _equalities(events: Events, facts: Iterable[Fact | None], chain: list[Edge], support: Support) -> None:
    """Adds what makes the elements that these facts name the same, where they name them by different terms."""
    terms = events.instance.terms
    by_root: dict[int, int] = {}
    for fact in facts:
        for each in _with_premises(fact):
            for term in (*each.args, each.id):
                if term >= 0:
                    other = by_root.setdefault(terms.root(term), term)
                    if other != term:
                        support.equality(terms, other, term)


def _with_premises(fact: Fact | None) -> Iterator[Fact]:
    waiting = [fact] if fact is not None else []
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(one.premises)


def _phrase(events: Events, node: int, words: Words, fact: Fact | None) -> str:
    kind, instance = events.kinds[node], events.instance
    if kind == "used":
        use = events.facts[node]
        return (
            f"use of {words.term(instance, events.elements[node])} by {words.term(instance, use.args[0])}"
            if use
            else ""
        )
    phrase = f"{PHRASES[kind]} {words.term(instance, events.elements[node])}"
    identifier = instance.terms.label(fact.id) if fact is not None and fact.stated is not None else None
    return f"{phrase} ({words.name(identifier)})" if identifier and fact and fact.kind == kind else phrase
