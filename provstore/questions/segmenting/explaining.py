"""Why an element is on a similar path: two walks of equal length from one destination, one of them to a source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from provstore.questions.segmenting.depths import first_common
from provstore.questions.segmenting.kernel import Levels, all_levels, end_depth, further_edges
from provstore.questions.segmenting.subgraph import Links, Subgraph


class MirroredPaths(NamedTuple):
    """IRIs of two paths from one destination, of as many steps: to a source, and through the element asked for."""

    to_source: tuple[str, ...]
    through: tuple[str, ...]


def mirrored_paths(
    subgraph: Subgraph, sources: Sequence[int], destinations: Sequence[int], iri: str
) -> MirroredPaths | None:
    """The shortest two such paths for an element, or None when it is on no similar path.

    Of equals those of the first destination, to the first source. Args: sources, destinations: places.
    """
    further, effects = further_edges(subgraph), subgraph.effects()
    found = (
        walks
        for levels in all_levels(subgraph, sources, destinations)
        for place in subgraph.both(iri)
        if (walks := _Walks(subgraph, effects, levels, further).mirrored(place, sources))
    )
    shortest = min(found, key=lambda walks: len(walks[0]), default=None)
    return shortest and MirroredPaths(*(tuple(subgraph.names[step] for step in walk) for walk in shortest))


class _Walks:
    """Walks behind one destination, found step by step from what is known of each place."""

    def __init__(self, subgraph: Subgraph, effects: Links, levels: Levels, further: Sequence[int]):
        self._subgraph, self._effects, self._levels, self._further = subgraph, effects, levels, further

    def mirrored(self, place: int, sources: Iterable[int]) -> tuple[list[int], list[int]] | None:
        """The walk to a source and the one through the place, or None."""
        levels = self._levels
        if place in levels.destinations and levels.source_depths:
            end = first_common(levels.source_depths, ((0, len(self._subgraph.names)),))
            assert end is not None
            walk = self._to_source(sources, end, place)
            return walk, walk
        end = end_depth(self._subgraph, levels, self._further, place)
        if end is None:
            return None
        left = (self._further[place] + 1) >> 1
        depth = first_common(levels.depths(place), ((end - left, end - self._subgraph.is_activity[place]),))
        assert depth is not None
        top = levels.destinations[0]
        through = [*self._from_destination(place, depth, top), *self._onwards(place, end - depth)]
        return self._to_source(sources, end, top), through

    def _to_source(self, sources: Iterable[int], depth: int, top: int) -> list[int]:
        source = next(place for place in sources if self._lies(place, depth))
        return self._from_destination(source, depth, top)

    def _from_destination(self, place: int, depth: int, top: int) -> list[int]:
        """A walk from the destination `top` to the place at that depth."""
        walk = [place]
        while depth or not self._subgraph.is_activity[place]:
            depth -= not self._subgraph.is_activity[place]
            place = self._first(one for one in self._effects.of(place) if self._lies(one, depth))
            walk.append(place)
        return [top, *reversed(walk)]

    def _onwards(self, place: int, hops: int) -> list[int]:
        """What follows the place on a walk that goes on for so many hops."""
        walk = []
        while hops:
            hops -= self._subgraph.is_activity[place]
            place = self._first(one for one in self._subgraph.causes.of(place) if (self._further[one] + 1) >> 1 >= hops)
            walk.append(place)
        return walk

    def _first(self, places: Iterable[int]) -> int:
        """The first by IRI: the order of places is that in which the edges were read."""
        return min(places, key=self._subgraph.names.__getitem__)

    def _lies(self, place: int, depth: int) -> bool:
        return first_common(self._levels.depths(place), ((depth, depth),)) is not None
