"""Direct and similar paths (C1, C2) of a segment, by number over a Subgraph. Near linear: edges times runs of depths.

Source: operator PgSeg of Miao and Deshpande, "Understanding Data Science Lifecycle Provenance via Graph Segmentation
and Summarization" (arXiv 1810.04599). A vertex is similar when it lies on a walk behind a destination that has as many
activity hops as some walk from there to a source.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from provstore.questions.segmenting.depths import Depths, first_common, spread, union
from provstore.questions.segmenting.subgraph import Links, Subgraph


@dataclass(frozen=True, slots=True)
class Levels:
    """How deep things lie behind destinations that the same activities generated.

    `depths`: by place, at how many activity hops it lies; an activity at the depth of what it generated.
    `source_depths`: those at which a source lies, all at least 1; empty when none does.
    """

    destinations: tuple[int, ...]
    depths: Mapping[int, Depths]
    source_depths: Depths


def direct(subgraph: Subgraph, sources: Iterable[int], destinations: Iterable[int]) -> set[str]:
    """C1: the IRIs on directed paths from a destination back to a source, both ends included.

    Args: sources, destinations: places. A vertex of both kinds is passed through as either.
    """
    up = _reached(subgraph.causes, destinations)
    return subgraph.named(up & _reached(subgraph.effects, sources))


def similar(subgraph: Subgraph, sources: Sequence[int], destinations: Sequence[int]) -> set[str]:
    """C2: the IRIs on walks from a destination that are as long as one from there to a source.

    Args: sources, destinations: places.
    """
    further = further_hops(subgraph)
    found: set[int] = set()
    for levels in all_levels(subgraph, sources, destinations):
        if levels.source_depths:
            found.update(levels.destinations)
            found.update(place for place in levels.depths if end_depth(levels, further, place) is not None)
    return subgraph.named(found)


def all_levels(subgraph: Subgraph, sources: Sequence[int], destinations: Sequence[int]) -> Iterator[Levels]:
    """The levels behind each destination; those of equal generation have the same, computed once."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for place in destinations:
        groups.setdefault(tuple(subgraph.causes.of(place)), []).append(place)
    for generation, group in groups.items():
        depths = _depths(subgraph, generation)
        reached = [depths[source] for source in sources if source in depths]
        yield Levels(tuple(group), depths, union(reached) if reached else ())


def further_hops(subgraph: Subgraph) -> Sequence[int]:
    """By place, the most activity hops that a walk can take from there; -1 for an activity that used nothing.

    The hop that an activity is part of counts.
    """
    hops = array("q", bytes(8 * len(subgraph.ranks)))
    for place in sorted(range(len(hops)), key=subgraph.ranks.__getitem__, reverse=True):
        below = [hops[cause] for cause in subgraph.causes.of(place)]
        hops[place] = max(below, default=-2) + 1 if place & 1 else max([0, *below])
    return hops


def end_depth(levels: Levels, further: Sequence[int], place: int) -> int | None:
    """The least depth of a source at which a walk through the place can end, or None.

    Walks may stop at any entity, so from depth m they end at every depth from m to m plus the hops that are left.
    """
    left, through = further[place], place & 1  # a walk cannot end at an activity: one hop more at least
    if left < 0:
        return None
    return first_common(spread(levels.depths[place], through, left), levels.source_depths)


def _depths(subgraph: Subgraph, generation: Iterable[int]) -> dict[int, Depths]:
    """The depths of everything behind the activities of a generation, themselves at 0."""
    causes, ranks = subgraph.causes, subgraph.ranks
    met: dict[int, list[Depths]] = {activity: [((0, 0),)] for activity in generation}
    frontier = list(met)
    for place in frontier:  # grows while it is read
        for cause in causes.of(place):
            if cause not in met:
                met[cause] = []
                frontier.append(cause)
    depths: dict[int, Depths] = {}
    for place in sorted(frontier, key=ranks.__getitem__):
        above = union(met.pop(place))
        depths[place] = here = above if place & 1 else spread(above, 1, 1)
        for cause in causes.of(place):
            met[cause].append(here)
    return depths


def _reached(links: Links, starts: Iterable[int]) -> set[int]:
    """The places that links lead to from the starts, either place of a vertex leading on as the other."""
    found = {place for start in starts for place in (start, start ^ 1)}
    frontier = list(found)
    for place in frontier:  # grows while it is read
        for end in links.of(place):
            if end not in found:
                found.update((end, end ^ 1))
                frontier.extend((end, end ^ 1))
    return found
