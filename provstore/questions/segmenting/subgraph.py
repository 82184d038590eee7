"""What lies behind some destinations by `used` and `wasGeneratedBy`, as typed arrays in topological order.

In: edges of a reader. Out: a Subgraph, which the kernel walks by number. Source: rule 29.

A vertex has up to two places, for it may be of both kinds: one as an entity, one as an activity. `used` leads from an
activity's place to an entity's, `wasGeneratedBy` from an entity's to an activity's. Places are numbered so that every
link leads to a greater number.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, chain, compress, pairwise, repeat
from typing import Final, NamedTuple

from provstore.errors import Conflict
from provstore.graph.columns import EdgeColumns
from provstore.graph.contract import Edge
from provstore.graph.members import Members, number_of

ANCESTRY: Final = frozenset({"used", "wasGeneratedBy"})
_SHOWN = 20
_HALF: Final = 32  # bits of a place in the code of a link
_NOT_MET: Final = -1
_MASK: Final = (1 << _HALF) - 1


@dataclass(frozen=True, slots=True)
class Links:
    """Adjacency by number: the neighbours of place p are `ends[offsets[p]:offsets[p + 1]]`, each once (CSR)."""

    offsets: Sequence[int]
    ends: Sequence[int]

    def of(self, place: int) -> Sequence[int]:
        """The neighbours of a place."""
        return self.ends[self.offsets[place] : self.offsets[place + 1]]


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Vertices by place, effects before causes, and the links from effect to cause.

    `names`: by place, the IRI. `is_activity`: by place, 1 or 0. `tails`: by link, the place that it leaves, ascending;
    `causes.ends` holds where it leads. `number`, `places`: the place of an IRI as an entity is
    `places[2 * number(iri)]`, as an activity `places[2 * number(iri) + 1]`; -1 or no number: it has none. `twins`: of
    places of vertices that have two, the other one. `scanned`: the IRIs of the scan that the edges are of, and by place
    its number there.
    """

    names: Sequence[str]
    is_activity: Sequence[int]
    tails: array[int]
    causes: Links
    number: Callable[[str], int | None]
    places: Sequence[int]
    twins: dict[int, int]
    scanned: tuple[Sequence[str], Sequence[int]] | None = None

    def entities(self, iris: Iterable[str]) -> list[int]:
        """The places, as entities, of those IRIs that have one."""
        return [place for iri in iris for place in self.both(iri) if not self.is_activity[place]]

    def both(self, iri: str) -> list[int]:
        """The places of an IRI: none, one or two."""
        number = self.number(iri)
        return [] if number is None else [one for one in self.places[2 * number : 2 * number + 2] if one >= 0]

    def named(self, places: Iterable[int]) -> set[str]:
        """The IRIs of places."""
        return {self.names[place] for place in places}

    def marked(self, marks: Iterable[int]) -> Set[str]:
        """The IRIs of the places whose mark is not 0. Args: marks: one for each place."""
        if self.scanned is None:
            return set(compress(self.names, marks))
        iris, numbers = self.scanned
        return Members.numbered(iris, compress(numbers, marks))

    def links_back(self) -> Iterator[tuple[int, int]]:
        """Every link as (place it leaves, place it leads to), the last places first."""
        return zip(reversed(self.tails), reversed(self.causes.ends), strict=True)

    def effects(self) -> Links:
        """The links from cause to effect."""
        return _links([cause << _HALF | effect for effect, cause in self.links_back()], len(self.names))


class _Numbered(NamedTuple):
    """Elements by number, and links between 2n (element n as an entity) and 2n + 1 (as an activity).

    `scanned`: the IRIs of the scan that they are of, and by number their number there.
    """

    iris: Sequence[str]
    number: Callable[[str], int | None]
    links: Links
    scanned: tuple[Sequence[str], Sequence[int]] | None = None


def behind(destinations: Collection[str], edges: Iterable[Edge], name: Callable[[str], str] = str) -> Subgraph:
    """The subgraph of everything that `edges` lead to from the destinations.

    Args: destinations: full IRIs. edges: those of other relations are left aside; the same link said twice counts once.
    name: how an error calls an IRI.
    Raises: Conflict: elements that `used` and `wasGeneratedBy` lead round in a circle; its statements are named.
    """
    numbered = (isinstance(edges, EdgeColumns) and _renumbered(destinations, edges)) or _numbered(destinations, edges)
    order = _in_order(numbered, 2 * len(set(destinations)), name)
    iris = numbered.iris
    places = array("q", [-1]) * (2 * len(iris))
    for place, before in enumerate(order):
        places[before] = place
    at, causes = numbered.links.offsets, numbered.links.ends
    in_order = (causes[at[before] : at[before + 1]] for before in order)
    ends = array("q", map(places.__getitem__, chain.from_iterable(in_order)))
    counts = [at[before + 1] - at[before] for before in order]
    tails = array("q", chain.from_iterable(map(repeat, range(len(order)), counts)))
    offsets = array("q", accumulate(counts, initial=0))
    names = [iris[before >> 1] for before in order]
    kinds = bytearray([before & 1 for before in order])
    twins = {place: twin for place, before in enumerate(order) if (twin := places[before ^ 1]) >= 0}
    scanned = numbered.scanned and (numbered.scanned[0], [numbered.scanned[1][before >> 1] for before in order])
    return Subgraph(names, kinds, tails, Links(offsets, ends), numbered.number, places, twins, scanned)


def _numbered(destinations: Iterable[str], edges: Iterable[Edge]) -> _Numbered:
    numbers: dict[str, int] = {}
    number = numbers.setdefault
    for iri in destinations:
        number(iri, len(numbers))
    codes: list[int] = []  # plain integers: a million containers would keep the garbage collector busy
    for edge in edges:
        if edge.relation == "used":
            effect, cause = 2 * number(edge.source, len(numbers)) + 1, 2 * number(edge.target, len(numbers))
        elif edge.relation == "wasGeneratedBy":
            effect, cause = 2 * number(edge.source, len(numbers)), 2 * number(edge.target, len(numbers)) + 1
        else:
            continue
        codes.append(effect << _HALF | cause)
    return _Numbered(list(numbers), numbers.get, _links(codes, 2 * len(numbers)))


def _renumbered(destinations: Collection[str], edges: EdgeColumns) -> _Numbered | None:
    """As `_numbered`, of edges whose ends have numbers; None: a destination has none."""
    iris = edges.iris
    starts = [number for iri in destinations if (number := number_of(iris, iri)) is not None]
    if len(starts) < len(destinations):
        return None
    used, generated = edges.of({"used"}), edges.of({"wasGeneratedBy"})
    met = list(dict.fromkeys(chain(starts, chain.from_iterable(chain(used.ends(), generated.ends())))))
    at = [_NOT_MET] * len(iris)
    for number, known in enumerate(met):
        at[known] = number
    codes = [at[effect] << _HALF + 1 | 1 << _HALF | at[cause] << 1 for effect, cause in used.ends()]
    codes += [at[effect] << _HALF + 1 | at[cause] << 1 | 1 for effect, cause in generated.ends()]

    def found(iri: str) -> int | None:
        known = number_of(iris, iri)
        return None if known is None or at[known] == _NOT_MET else at[known]

    return _Numbered([iris[known] for known in met], found, _links(codes, 2 * len(met)), (iris, met))


def _links(codes: list[int], places: int) -> Links:
    codes.sort()
    each_once = [code for code, before in zip(codes, chain([-1], codes), strict=False) if code != before]
    counts = [0] * (places + 1)
    for code in each_once:
        counts[(code >> _HALF) + 1] += 1
    return Links(list(accumulate(counts)), array("q", [code & _MASK for code in each_once]))


def _in_order(numbered: _Numbered, starts: int, name: Callable[[str], str]) -> list[int]:
    """What lies behind the first `starts` places, effects first (Kahn 1962); those that nothing links to are dropped.

    An element is passed through as either of its kinds. Destinations, the entities among the first, stay in any case.
    """
    offsets, ends = numbered.links.offsets, numbered.links.ends
    reached, waiting = bytearray(len(offsets)), [0] * len(offsets)
    reached[:starts] = b"\1" * starts
    frontier = list(range(starts))
    for place in frontier:  # grows while it is read
        first, end = offsets[place], offsets[place + 1]
        if first < end:
            for cause in ends[first:end]:
                waiting[cause] += 1
                if not reached[cause]:
                    reached[cause] = reached[cause ^ 1] = 1
                    frontier += (cause, cause ^ 1)
    blocked = sum(1 for place in frontier if waiting[place])
    order = [
        place
        for place in frontier
        if not waiting[place] and (offsets[place] < offsets[place + 1] or (place < starts and not place & 1))
    ]
    free = len(order)
    for place in order:  # grows while it is read
        first, end = offsets[place], offsets[place + 1]
        if first < end:
            for cause in ends[first:end]:
                waiting[cause] -= 1
                if not waiting[cause]:
                    order.append(cause)
    if len(order) < free + blocked:
        raise _circular(_cycle(numbered, waiting), numbered.iris, name)
    return order


def _cycle(numbered: _Numbered, waiting: Sequence[int]) -> list[int]:
    """One cycle among the places that wait for their effects, from effect to cause, the first place last again.

    Which one and where it begins follows from IRIs alone, however the edges were read.
    """
    rank = {iri: place for place, iri in enumerate(sorted(numbered.iris))}
    ranks = [2 * rank[iri] + kind for iri in numbered.iris for kind in (0, 1)]
    effects: dict[int, int] = {}  # of each place that waits, the first effect that waits
    for place in sorted((place for place, count in enumerate(waiting) if count), key=ranks.__getitem__):
        for cause in numbered.links.of(place):
            if waiting[cause]:
                effects.setdefault(cause, place)
    place = min(effects, key=ranks.__getitem__)
    met: dict[int, int] = {}
    way: list[int] = []
    while place not in met:
        met[place] = len(way)
        way.append(place)
        place = effects[place]
    return [place, *reversed(way[met[place] :])]


def _circular(cycle: Sequence[int], iris: Sequence[str], name: Callable[[str], str]) -> Conflict:
    said = [
        f"{'used' if effect & 1 else 'wasGeneratedBy'}({name(iris[effect >> 1])}, {name(iris[cause >> 1])})"
        for effect, cause in pairwise(cycle)
    ]
    more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return Conflict(
        f"these statements form a cycle, so distances are undefined: {', '.join(said[:_SHOWN])}{more}",
        where=name(iris[cycle[0] >> 1]),
        next_step="Retract the wrong one, or leave out one of the elements (--exclude) or edges (--exclude-edges).",
    )
