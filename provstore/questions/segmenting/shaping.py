"""How far the vertices of a segment lie from its ends, and whether they are in one piece."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from provstore.graph.contract import Edge

# The order of edges in a segment: relation, source, target, sid.
EDGE_ORDER: Final = itemgetter(0, 1, 2, 3)
_UNREACHED: Final = -1


class Arrangement(NamedTuple):
    """The vertices by (depth, IRI), each with its depth, and whether the edges leave them in one piece."""

    depths: list[tuple[str, int]]
    connected: bool


def arranged(
    vertices: Collection[str], edges: Iterable[Edge], src: Collection[str], dst: Collection[str]
) -> Arrangement:
    """The depth of each vertex: fewest edges, whichever way they point, from a destination; in a piece without one from
    a source; in a piece with neither, 0.

    Args: edges: both ends are among the vertices, and so are `src` and `dst`.
    """
    order = sorted(vertices)
    numbers = _numbered(order)
    near = _near(numbers, edges)
    depths = [_UNREACHED] * len(order)
    for ends in (dst, src):
        _spread(near, [number for end in sorted(ends) if depths[number := numbers[end]] == _UNREACHED], depths)
    found = [max(depth, 0) for depth in depths]
    places = sorted(range(len(order)), key=found.__getitem__)  # stable: those of one depth by IRI
    return Arrangement([(order[place], found[place]) for place in places], _is_one_piece(near))


def in_one_piece(vertices: Collection[str], edges: Iterable[Edge]) -> bool:
    """Whether the edges leave the vertices in one piece; no vertices are."""
    return _is_one_piece(_near(_numbered(vertices), edges))


def _numbered(vertices: Iterable[str]) -> dict[str, int]:
    return {iri: number for number, iri in enumerate(vertices)}


def _near(numbers: dict[str, int], edges: Iterable[Edge]) -> list[list[int]]:
    near: list[list[int]] = [[] for _ in numbers]
    for edge in edges:
        one, other = numbers[edge.source], numbers[edge.target]
        near[one].append(other)
        near[other].append(one)
    return near


def _is_one_piece(near: Sequence[Sequence[int]]) -> bool:
    depths = [_UNREACHED] * len(near)
    _spread(near, [0] if near else [], depths)
    return _UNREACHED not in depths


def _spread(near: Sequence[Sequence[int]], starts: list[int], depths: list[int]) -> None:
    """Writes the depth of everything that the starts, at 0, are joined to and that has none yet."""
    for start in starts:
        depths[start] = 0
    frontier = starts
    for number in frontier:  # grows while it is read
        further = depths[number] + 1
        for other in near[number]:
            if depths[other] == _UNREACHED:
                depths[other] = further
                frontier.append(other)
