"""Provenance types of a radius: what a vertex's neighbourhood looks like, exactly or by colour refinement. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from provstore.errors import UsageError
from provstore.questions.summarizing.colouring import Colouring
from provstore.questions.summarizing.labelled import Arc, Labelled, around, labelled
from provstore.questions.summarizing.stopping import Stop, check, never

Hood = Literal["both", "out"]
RkMethod = Literal["exact", "wl"]
_MAX_TRIES: Final = 20_000


class _Ball(NamedTuple):
    """A neighbourhood, its vertices numbered anew; `names`: class and distance from the root by colour number."""

    graph: Labelled
    names: tuple[tuple[int, int], ...]


def types_of(
    graph: Labelled, radius: int, hood: Hood = "both", method: RkMethod = "exact", stop: Stop = never
) -> list[int]:
    """By vertex the number of its provenance type: equal for vertices whose neighbourhoods look alike.

    Args: radius: edges from the vertex, at least 0. hood: `both`: whichever way edges point; `out`: towards causes.
    method: `exact`: there is an isomorphism that maps one vertex to the other; `wl`: so many rounds of colour
    refinement cannot tell them apart, which is coarser or equal.
    Raises: Stopped. UsageError: neighbourhoods are too much alike to be compared exactly.
    """
    if not radius:
        return [0] * len(graph)
    if method == "wl":
        arcs, back = (around(graph), around(graph)) if hood == "both" else (graph.causes, graph.effects)
        return Colouring(graph.classes, arcs, back, counted=True, stop=stop).settle(radius)
    return _exact(graph, radius, hood, stop)


def _exact(graph: Labelled, radius: int, hood: Hood, stop: Stop) -> list[int]:
    """Balls with the same certificate are isomorphic; only those of one shape with several are compared in full."""
    balls: dict[Hashable, tuple[Hashable, _Ball]] = {}
    certificates: list[Hashable] = []
    for vertex in range(len(graph)):
        check(stop)
        ball = _ball(graph, vertex, radius, hood)
        shape, certificate = _described(ball)
        certificates.append(certificate)
        balls.setdefault(certificate, (shape, ball))
    same: dict[Hashable, Hashable] = {}
    by_shape: defaultdict[Hashable, list[Hashable]] = defaultdict(list)
    for certificate in sorted(balls, key=repr):
        shape, ball = balls[certificate]
        alike = (other for other in by_shape[shape] if _isomorphic(ball, balls[other][1]))
        same[certificate] = next(alike, certificate)
        if same[certificate] is certificate:
            by_shape[shape].append(certificate)
    numbers: dict[Hashable, int] = {}
    for certificate in same.values():
        numbers.setdefault(certificate, len(numbers))
    return [numbers[same[certificate]] for certificate in certificates]


def _ball(graph: Labelled, root: int, radius: int, hood: Hood) -> _Ball:
    """The vertices within the radius and all edges among them."""
    distances = {root: 0}
    frontier = [root]
    for vertex in frontier:  # grows while it is read
        if distances[vertex] < radius:
            for _, other in _seen(graph, vertex, hood):
                if other not in distances:
                    distances[other] = distances[vertex] + 1
                    frontier.append(other)
    numbers = {vertex: number for number, vertex in enumerate(frontier)}
    told = [(graph.classes[vertex], distances[vertex]) for vertex in frontier]
    names = sorted(set(told))
    edges = (
        (numbers[vertex], relation, numbers[cause])
        for vertex in frontier
        for relation, cause in graph.causes[vertex]
        if cause in numbers
    )
    return _Ball(labelled([names.index(one) for one in told], edges), tuple(names))


def _seen(graph: Labelled, vertex: int, hood: Hood) -> Iterator[Arc]:
    yield from graph.causes[vertex]
    if hood == "both":
        yield from graph.effects[vertex]


def _coloured(ball: _Ball, singled: Sequence[int] = ()) -> Colouring:
    arcs = around(ball.graph)
    colouring = Colouring(ball.graph.classes, arcs, arcs, counted=True)
    colouring.settle()
    for vertex in singled:
        colouring.single_out(vertex)
        colouring.settle()
    return colouring


def _described(ball: _Ball) -> tuple[Hashable, Hashable]:
    """What isomorphic balls have in common, and a certificate that only isomorphic balls share.

    Of vertices that colours do not tell apart the first one is singled out, and so on until all have a colour.
    """
    colouring = _coloured(ball)
    shape = ball.names, tuple(sorted(colouring.colours)), _edges(ball.graph, colouring.colours)
    while not colouring.discrete():
        colouring.single_out(colouring.first_shared()[0])
        colouring.settle()
    return shape, (shape, _edges(ball.graph, colouring.colours), _classes(ball, colouring.colours))


def _edges(graph: Labelled, colours: Sequence[int]) -> tuple[tuple[int, int, int], ...]:
    return tuple(
        sorted(
            (colours[v], relation, colours[cause]) for v, arcs in enumerate(graph.causes) for relation, cause in arcs
        )
    )


def _classes(ball: _Ball, colours: Collection[int]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(zip(colours, ball.graph.classes, strict=True)))


def _isomorphic(one: _Ball, other: _Ball) -> bool:
    """Whether a way of singling vertices out in `other` gives what the first choice gives in `one`.

    Raises: UsageError: too many ways were tried.
    """
    tries = 0
    waiting: list[tuple[list[int], list[int]]] = [([], [])]
    while waiting:
        tries += 1
        if tries > _MAX_TRIES:
            raise UsageError(
                "neighbourhoods are too much alike to be compared exactly",
                where="--rk",
                next_step="Compare them by --rk-method wl, or by a smaller --rk.",
            )
        ours, theirs = waiting.pop()
        mine, its = _coloured(one, ours), _coloured(other, theirs)
        if _edges(one.graph, mine.colours) != _edges(other.graph, its.colours):
            continue
        if _classes(one, mine.colours) != _classes(other, its.colours):
            continue
        if mine.discrete():
            return True
        chosen = mine.first_shared()[0]
        waiting += [([*ours, chosen], [*theirs, vertex]) for vertex in its.first_shared()]
    return False
