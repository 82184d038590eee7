"""How far the vertices of a segment lie from its ends, and in how many pieces they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from provstore.graph.contract import Edge

Near = Mapping[str, Sequence[str]]


def depths(
    vertices: Iterable[str], edges: Iterable[Edge], src: Collection[str], dst: Collection[str]
) -> dict[str, int]:
    """By IRI fewest edges, whichever way they point, from a destination; in a piece without one from a source; in a
    piece with neither, 0.
    """
    near = _near(vertices, edges)
    found: dict[str, int] = {}
    _spread(near, dst, found)
    _spread(near, set(src) - found.keys(), found)
    return found | dict.fromkeys(near.keys() - found.keys(), 0)


def pieces(vertices: Iterable[str], edges: Iterable[Edge]) -> int:
    """How many pieces the edges leave the vertices in."""
    near = _near(vertices, edges)
    seen: dict[str, int] = {}
    count = 0
    for iri in near:
        if iri not in seen:
            _spread(near, {iri}, seen)
            count += 1
    return count


def _near(vertices: Iterable[str], edges: Iterable[Edge]) -> Near:
    near: dict[str, list[str]] = {iri: [] for iri in vertices}
    for edge in edges:
        near[edge.source].append(edge.target)
        near[edge.target].append(edge.source)
    return near


def _spread(near: Near, starts: Collection[str], depths: dict[str, int]) -> None:
    """Adds to `depths` everything that the starts, at 0, are joined to."""
    frontier = sorted(starts)
    depths.update(dict.fromkeys(frontier, 0))
    for iri in frontier:  # grows while it is read
        further = depths[iri] + 1
        for other in near[iri]:
            if other not in depths:
                depths[other] = further
                frontier.append(other)
