"""How far the vertices of a segment lie from its ends, and in how many pieces they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from provstore.graph.contract import Edge


def shape(
    vertices: Collection[str], edges: Iterable[Edge], src: Collection[str], dst: Collection[str]
) -> tuple[dict[str, int], int]:
    """By IRI the depth, and the number of pieces.

    The depth: fewest edges, whichever way they point, from a destination; in a piece without one from a source; in a
    piece with neither, 0.
    """
    near: dict[str, list[str]] = {iri: [] for iri in vertices}
    for edge in edges:
        near[edge.source].append(edge.target)
        near[edge.target].append(edge.source)
    depths: dict[str, int] = {}
    _spread(near, dst, depths)
    # Behind one destination everything is in its piece; that is most segments.
    pieces = 1 if len(dst) == 1 and len(depths) == len(near) else _pieces(near)
    _spread(near, set(src) - depths.keys(), depths)
    depths |= dict.fromkeys(near.keys() - depths.keys(), 0)
    return depths, pieces


def _spread(near: Mapping[str, Sequence[str]], starts: Collection[str], depths: dict[str, int]) -> None:
    """Adds to `depths` everything that the starts, at 0, are joined to."""
    frontier = sorted(starts)
    depths.update(dict.fromkeys(frontier, 0))
    for iri in frontier:  # grows while it is read
        further = depths[iri] + 1
        for other in near[iri]:
            if other not in depths:
                depths[other] = further
                frontier.append(other)


def _pieces(near: Mapping[str, Sequence[str]]) -> int:
    seen: dict[str, int] = {}
    count = 0
    for iri in near:
        if iri not in seen:
            _spread(near, {iri}, seen)
            count += 1
    return count
