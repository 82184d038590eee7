"""How far the vertices of a segment lie from its ends, and whether they are in one piece."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from provstore.graph.columns import EdgeColumns
from provstore.graph.contract import Edge

# The order of edges in a segment: relation, source, target, sid.
EDGE_ORDER: Final = itemgetter(0, 1, 2, 3)
_ENDS: Final = itemgetter(1, 2)
_UNREACHED: Final = -1


class Arrangement(NamedTuple):
    """The vertices by IRI; by number, which is the place there, their depths; the numbers by (depth, IRI); and whether
    the edges leave the vertices in one piece."""

    vertices: list[str]
    depths: list[int]
    order: list[int]
    connected: bool


def arranged(
    vertices: Collection[str], edges: Iterable[Edge], src: Collection[str], dst: Collection[str]
) -> Arrangement:
    """The depth of each vertex: fewest edges, whichever way they point, from a destination; in a piece without one from
    a source; in a piece with neither, 0.

    Args: edges: both ends are among the vertices, and so are `src` and `dst`; those in columns number the vertices
    alone.
    """
    order = sorted(vertices)
    near = _near(len(order), edges.ends() if isinstance(edges, EdgeColumns) else _ends(order, edges))
    depths = [_UNREACHED] * len(order)
    starts: list[int] = []
    for ends in (dst, src):
        further = [number for end in sorted(ends) if depths[number := bisect_left(order, end)] == _UNREACHED]
        starts += further
        _spread(near, further, depths)
    # What the starts all are joined to is in one piece when they are.
    connected = _are_joined(near, range(len(near)) if _UNREACHED in depths else starts)
    found = [max(depth, 0) for depth in depths]
    by_depth = sorted(range(len(order)), key=found.__getitem__)  # stable: those of one depth by IRI
    return Arrangement(order, found, by_depth, connected)


def in_one_piece(vertices: Collection[str], edges: Iterable[Edge]) -> bool:
    """Whether the edges leave the vertices in one piece; no vertices are."""
    near = _near(len(vertices), _ends(vertices, edges))
    return _are_joined(near, range(len(near)))


def _ends(vertices: Iterable[str], edges: Iterable[Edge]) -> Iterator[tuple[int, int]]:
    numbers = {iri: number for number, iri in enumerate(vertices)}
    return ((numbers[source], numbers[target]) for source, target in map(_ENDS, edges))


def _near(count: int, ends: Iterable[tuple[int, int]]) -> list[list[int]]:
    near: list[list[int]] = [[] for _ in range(count)]
    for one, other in ends:
        near[one].append(other)
        near[other].append(one)
    return near


def _are_joined(near: Sequence[Sequence[int]], wanted: Iterable[int]) -> bool:
    """Whether all that is wanted is in one piece; it looks no further than that."""
    waiting = set(wanted)
    frontier = [waiting.pop()] if waiting else []
    seen = set(frontier)
    for number in frontier:  # grows while it is read
        if not waiting:
            break
        new = [other for other in near[number] if other not in seen]
        seen.update(new)
        waiting.difference_update(new)
        frontier += new
    return not waiting


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
