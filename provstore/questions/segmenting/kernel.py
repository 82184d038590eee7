"""Direct and similar paths (C1, C2) of a segment, by number over a Subgraph. Near linear: edges times runs of depths.

Source: operator PgSeg of Miao and Deshpande, "Understanding Data Science Lifecycle Provenance via Graph Segmentation
and Summarization" (arXiv 1810.04599). A vertex is similar when it lies on a walk behind a destination that has as many
activity hops as some walk from there to a source.

Walks are counted in edges: an entity lies an even number behind, an activity an odd one. Nearly always a vertex lies
at every such depth between its least and its greatest, so two numbers say all; sets are kept where there are gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain, count
from typing import Final

from provstore.questions.segmenting.depths import Bits, Depths, first_common, spread, union
from provstore.questions.segmenting.subgraph import Subgraph

_NOWHERE: Final = -(1 << 62)  # where a walk from an activity that used nothing ends
_GAPS: Final = -1  # the least depth of a place that has gaps


@dataclass(frozen=True, slots=True)
class Levels:
    """How deep things lie behind destinations that the same activities generated.

    `least`, `greatest`: by place, in edges; 0: nowhere behind. `gaps`: of places that do not lie at all depths between
    (their least is -1), the depths in activity hops. `source_depths`: those, in hops, at which a source lies, all at
    least 1; empty when none does.
    """

    destinations: tuple[int, ...]
    least: list[int]
    greatest: list[int]
    gaps: dict[int, Depths]
    source_depths: Depths = ()

    def depths(self, place: int) -> Depths:
        """At how many activity hops a place lies; an activity at the depth of what it generated."""
        if place in self.gaps:
            return self.gaps[place]
        return ((self.least[place] >> 1, self.greatest[place] >> 1),) if self.least[place] else ()


def direct(subgraph: Subgraph, sources: Iterable[str]) -> Set[str]:
    """C1: the IRIs on directed paths from a destination back to a source, both ends included.

    Args: sources: IRIs. A vertex of both kinds is passed through as either.
    """
    reaching = bytearray(len(subgraph.names))
    for iri in sources:
        for place in subgraph.both(iri):
            reaching[place] = 1
    for effect, cause in subgraph.links_back():
        if reaching[cause]:
            reaching[effect] = 1
    _spread_to_twins(subgraph, reaching)
    return subgraph.marked(reaching)


def similar(subgraph: Subgraph, sources: Iterable[int], destinations: Sequence[int]) -> Set[str]:
    """C2: the IRIs on walks from a destination that are as long as one from there to a source.

    Args: sources, destinations: places.
    """
    further = further_edges(subgraph)
    found = bytearray(len(subgraph.names))
    for levels in all_levels(subgraph, sources, destinations):
        if levels.source_depths:
            for place in chain(_on_walks(subgraph, levels, further), levels.destinations):
                found[place] = 1
    return subgraph.marked(found)


def all_levels(subgraph: Subgraph, sources: Iterable[int], destinations: Sequence[int]) -> Iterator[Levels]:
    """The levels behind each destination; those of equal generation have the same, computed once."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for place in destinations:
        groups.setdefault(tuple(subgraph.causes.of(place)), []).append(place)
    for generation, group in groups.items():
        least, greatest, gaps = _depths(subgraph, generation)
        levels = Levels(tuple(group), least, greatest, gaps)
        reached = [depths for source in sources if (depths := levels.depths(source))]
        yield Levels(tuple(group), least, greatest, gaps, union(reached) if reached else ())


def further_edges(subgraph: Subgraph) -> list[int]:
    """By place, the most edges that a walk can go on for and end at an entity; far below 0: it cannot."""
    further = [_NOWHERE if activity else 0 for activity in subgraph.is_activity]
    for effect, cause in subgraph.links_back():
        more = further[cause] + 1
        if more > further[effect]:
            further[effect] = more
    return further


def end_depth(subgraph: Subgraph, levels: Levels, further: Sequence[int], place: int) -> int | None:
    """The least depth of a source, in hops, at which a walk through the place can end, or None.

    Walks may stop at any entity, so from depth m they end at every depth from m to m plus the hops that are left.
    """
    if further[place] < 0:
        return None
    through = subgraph.is_activity[place]  # a walk cannot end at an activity: one hop more at least
    return first_common(spread(levels.depths(place), through, (further[place] + 1) >> 1), levels.source_depths)


def _on_walks(subgraph: Subgraph, levels: Levels, further: Sequence[int]) -> Iterator[int]:
    """The places on walks behind one group of destinations that end where a source lies."""
    following = _following(levels.source_depths)
    last = len(following) - 1
    # A place without gaps lies at every other depth from least to greatest: its walks end everywhere from there on.
    places = zip(count(), levels.least, levels.greatest, further, strict=False)
    for place, least, greatest, more in places:
        if 0 < least <= last and following[least] <= greatest + more:
            yield place
    yield from (place for place in levels.gaps if end_depth(subgraph, levels, further, place) is not None)


def _following(depths: Depths) -> list[int]:
    """By number of edges, up to the greatest depth of the set: the least of it that is no less, in edges."""
    if isinstance(depths, Bits):
        numbers = [depths.low + bit for bit in range(depths.bits.bit_length()) if depths.bits >> bit & 1]
    else:
        numbers = [number for low, high in depths for number in range(low, high + 1)]
    following = [0]
    for number in numbers:
        following += [2 * number] * (2 * number + 1 - len(following))
    return following


def _depths(subgraph: Subgraph, generation: Iterable[int]) -> tuple[list[int], list[int], dict[int, Depths]]:
    """`least`, `greatest` and `gaps` of everything behind the activities of a generation, themselves at 1."""
    least, greatest = [0] * len(subgraph.names), [0] * len(subgraph.names)
    gaps: dict[int, Depths] = {}
    for activity in generation:
        least[activity] = greatest[activity] = 1
    levels = Levels((), least, greatest, gaps)
    for effect, cause in zip(subgraph.tails, subgraph.causes.ends, strict=True):
        low, known = least[effect] + 1, least[cause]
        if low > 1:
            high = greatest[effect] + 1
            if known > 0 and low <= greatest[cause] + 2 and high >= known - 2:
                if low < known:
                    least[cause] = low
                if high > greatest[cause]:
                    greatest[cause] = high
            elif known:
                _join(subgraph, levels, effect, cause)
            else:
                least[cause], greatest[cause] = low, high
        elif low == _GAPS + 1:
            _join(subgraph, levels, effect, cause)
    return least, greatest, gaps


def _join(subgraph: Subgraph, levels: Levels, effect: int, cause: int) -> None:
    """The cause lies one edge behind the effect, too, where this or that has gaps, or there is one between them."""
    hop, through = subgraph.is_activity[effect], subgraph.is_activity[cause]
    known = levels.depths(cause)
    depths = union([spread(levels.depths(effect), hop, hop), *([known] if known else [])])
    levels.gaps.pop(cause, None)
    if not isinstance(depths, Bits) and len(depths) == 1:
        ((low, high),) = depths
        levels.least[cause], levels.greatest[cause] = 2 * low + through, 2 * high + through
    else:
        levels.gaps[cause] = depths
        levels.least[cause] = _GAPS


def _spread_to_twins(subgraph: Subgraph, reaching: bytearray) -> None:
    """A vertex of both kinds is reached as one when it is as the other; so is all that leads to it."""
    twins = subgraph.twins
    frontier = [other for one, other in twins.items() if reaching[one] and not reaching[other]]
    effects = subgraph.effects() if frontier else None
    for place in frontier:  # grows while it is read
        if not reaching[place] and effects:
            reaching[place] = 1
            frontier += effects.of(place)
            frontier += [twins[place]] if place in twins else []
