"""What lies behind some destinations by `used` and `wasGeneratedBy`, as typed arrays in topological order.

In: edges of a reader. Out: a Subgraph, which the kernel walks by number. Source: rule 29.

A vertex has two places, for it may be of both kinds: number 2i is vertex i as an entity, 2i + 1 as an activity. `used`
leads from an activity's place to an entity's, `wasGeneratedBy` from an entity's to an activity's.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from provstore.errors import Conflict
from provstore.graph.contract import Edge

ANCESTRY: Final = frozenset({"used", "wasGeneratedBy"})
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Links:
    """Adjacency by number: the neighbours of place p are `ends[offsets[p]:offsets[p + 1]]`, each once (CSR)."""

    offsets: Sequence[int]
    ends: Sequence[int]

    def of(self, place: int) -> Sequence[int]:
        """The neighbours of a place, in ascending order."""
        return self.ends[self.offsets[place] : self.offsets[place + 1]]

    def count(self, place: int) -> int:
        """How many neighbours a place has."""
        return self.offsets[place + 1] - self.offsets[place]


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Vertices by number, the links between their places both ways, and an order in which effects precede causes.

    `ranks`: by place, where it stands in that order.
    """

    iris: Sequence[str]
    numbers: dict[str, int]
    causes: Links
    effects: Links
    ranks: Sequence[int]

    def entities(self, iris: Iterable[str]) -> list[int]:
        """The places, as entities, of those IRIs that the subgraph holds."""
        return [2 * self.numbers[iri] for iri in iris if iri in self.numbers]

    def named(self, places: Iterable[int]) -> set[str]:
        """The IRIs of places."""
        return {self.iris[place >> 1] for place in places}


def behind(destinations: Collection[str], edges: Iterable[Edge], name: Callable[[str], str] = str) -> Subgraph:
    """The subgraph of everything that `edges` lead to from the destinations.

    Args: destinations: full IRIs. edges: those of other relations are left aside; the same link said twice counts once.
    name: how an error calls an IRI.
    Raises: Conflict: elements that `used` and `wasGeneratedBy` lead round in a circle; its statements are named.
    """
    leaving: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.relation in ANCESTRY:
            leaving.setdefault(edge.source, []).append(edge)
    numbers = {iri: number for number, iri in enumerate(destinations)}
    iris = list(numbers)
    pairs: set[tuple[int, int]] = set()
    for number, iri in enumerate(iris):  # grows while it is read: a frontier
        for edge in leaving.get(iri, ()):
            target = numbers.setdefault(edge.target, len(iris))
            if target == len(iris):
                iris.append(edge.target)
            is_use = edge.relation == "used"
            pairs.add((2 * number + is_use, 2 * target + (not is_use)))
    causes = _links(pairs, 2 * len(iris))
    effects = _links({(end, start) for start, end in pairs}, 2 * len(iris))
    return Subgraph(iris, numbers, causes, effects, _ranks(causes, effects, iris, name))


def _links(pairs: Collection[tuple[int, int]], places: int) -> Links:
    counts = [0] * (places + 1)
    for start, _ in pairs:
        counts[start + 1] += 1
    return Links(array("q", accumulate(counts)), array("q", [end for _, end in sorted(pairs)]))


def _ranks(causes: Links, effects: Links, iris: Sequence[str], name: Callable[[str], str]) -> Sequence[int]:
    """Kahn's topological order (1962), effects first."""
    waiting = array("q", [effects.count(place) for place in range(2 * len(iris))])
    order = [place for place, count in enumerate(waiting) if not count]
    ranks = array("q", waiting)
    for rank, place in enumerate(order):  # grows while it is read
        ranks[place] = rank
        for cause in causes.of(place):
            waiting[cause] -= 1
            if not waiting[cause]:
                order.append(cause)
    if len(order) < len(waiting):
        raise _circular(_cycle(effects, waiting), iris, name)
    return ranks


def _cycle(effects: Links, waiting: Sequence[int]) -> list[int]:
    """One cycle among the places that wait for their effects, from effect to cause, the first place last again."""
    place = next(place for place, count in enumerate(waiting) if count)
    met: dict[int, int] = {}
    way: list[int] = []
    while place not in met:
        met[place] = len(way)
        way.append(place)
        place = next(effect for effect in effects.of(place) if waiting[effect])
    return [place, *reversed(way[met[place] :])]


def _circular(cycle: Sequence[int], iris: Sequence[str], name: Callable[[str], str]) -> Conflict:
    said = [
        f"{'used' if effect & 1 else 'wasGeneratedBy'}({name(iris[effect >> 1])}, {name(iris[cause >> 1])})"
        for effect, cause in pairwise(cycle)
    ]
    more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return Conflict(
        f"these statements lead round in a circle, so nothing lies a number of steps behind: {', '.join(said[:_SHOWN])}"
        f"{more}",
        where=name(iris[cycle[0] >> 1]),
        next_step="Retract the wrong one, or leave one of the elements out with --exclude.",
    )
