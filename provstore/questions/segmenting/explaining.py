"""Why an element is on a similar path: two walks of equal length from one destination, one of them to a source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from provstore.questions.segmenting.depths import first_common
from provstore.questions.segmenting.kernel import Levels, all_levels, end_depth, further_hops
from provstore.questions.segmenting.subgraph import Subgraph


class MirroredPaths(NamedTuple):
    """IRIs of two paths from one destination, of as many steps: to a source, and through the element asked for."""

    to_source: tuple[str, ...]
    through: tuple[str, ...]


def mirrored_paths(
    subgraph: Subgraph, sources: Sequence[int], destinations: Sequence[int], iri: str
) -> MirroredPaths | None:
    """Two such paths for an element, or None when it is on no similar path.

    Args: sources, destinations: places.
    """
    number = subgraph.numbers.get(iri)
    if number is None:
        return None
    further = further_hops(subgraph)
    for levels in all_levels(subgraph, sources, destinations):
        walks = _Walks(subgraph, levels, further)
        for place in (2 * number, 2 * number + 1):
            found = walks.mirrored(place, sources)
            if found:
                return MirroredPaths(*(tuple(subgraph.iris[step >> 1] for step in walk) for walk in found))
    return None


class _Walks:
    """Walks behind one destination, found step by step from what is known of each place."""

    def __init__(self, subgraph: Subgraph, levels: Levels, further: Sequence[int]):
        self._subgraph, self._levels, self._further = subgraph, levels, further

    def mirrored(self, place: int, sources: Iterable[int]) -> tuple[list[int], list[int]] | None:
        """The walk to a source and the one through the place, or None."""
        levels = self._levels
        if place in levels.destinations and levels.source_depths:
            end = first_common(levels.source_depths, ((0, len(self._subgraph.ranks)),))
            assert end is not None
            walk = self._to_source(sources, end, place)
            return walk, walk
        end = end_depth(levels, self._further, place) if place in levels.depths else None
        if end is None:
            return None
        left = self._further[place]
        depth = first_common(levels.depths[place], ((end - left, end - (place & 1)),))
        assert depth is not None
        top = levels.destinations[0]
        through = [*self._from_destination(place, depth, top), *self._onwards(place, end - depth)]
        return self._to_source(sources, end, top), through

    def _to_source(self, sources: Iterable[int], depth: int, top: int) -> list[int]:
        source = next(place for place in sources if place in self._levels.depths and self._lies(place, depth))
        return self._from_destination(source, depth, top)

    def _from_destination(self, place: int, depth: int, top: int) -> list[int]:
        """A walk from the destination `top` to the place at that depth."""
        walk = [place]
        while depth or not place & 1:
            depth -= not place & 1
            place = next(one for one in self._subgraph.effects.of(place) if self._lies(one, depth))
            walk.append(place)
        return [top, *reversed(walk)]

    def _onwards(self, place: int, hops: int) -> list[int]:
        """What follows the place on a walk that goes on for so many hops."""
        walk = []
        while hops:
            hops -= place & 1
            place = next(one for one in self._subgraph.causes.of(place) if self._further[one] >= hops)
            walk.append(place)
        return walk

    def _lies(self, place: int, depth: int) -> bool:
        depths = self._levels.depths.get(place, ())
        return first_common(depths, ((depth, depth),)) is not None
