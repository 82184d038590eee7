"""Edges as columns, without an object for each: what an engine gives that can be asked for all of its graph at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence, Set
from functools import partial
from itertools import accumulate, chain, compress, islice
from operator import and_, itemgetter
from typing import Any, Final, NamedTuple, Protocol, overload, runtime_checkable

from provstore.graph.contract import Edge, Engine, Node
from provstore.graph.members import Members, flags_of

# What an edge has after its sid.
Rest = tuple[Any, ...]
# A tuple of all fields as an edge: there may be a million.
_edge: Final = partial(tuple.__new__, Edge)
_RELATION: Final = itemgetter(0)


class RelationColumns(NamedTuple):
    """The edges of one relation, as columns of equal length; those between the same two nodes are in order of sid.

    `sources`, `targets`: numbers of nodes. `sids`: as bytes. `rests`: edges without detail share one.
    """

    relation: str
    sources: Sequence[int]
    targets: Sequence[int]
    sids: Sequence[bytes]
    rests: Sequence[Rest]

    def kept(self, mask: bytes) -> RelationColumns:
        """The edges for which the mask, a 0 or 1 for each, is 1."""
        return self._each(lambda column: list(compress(column, mask)))

    def numbered(self, numbers: Sequence[int]) -> RelationColumns:
        """The same, of nodes that have other numbers; `numbers`: these, by those they have."""
        sources, targets = (list(map(numbers.__getitem__, ends)) for ends in (self.sources, self.targets))
        return RelationColumns(self.relation, sources, targets, self.sids, self.rests)

    def sorted(self) -> RelationColumns:
        """The edges by source, target, sid."""
        width = max(self.targets, default=0).bit_length()
        keys = [source << width | target for source, target in zip(self.sources, self.targets, strict=True)]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        return self._each(lambda column: list(map(column.__getitem__, order)))

    def _each(self, changed: Callable[[Sequence[Any]], Sequence[Any]]) -> RelationColumns:
        relation, sources, targets, sids, rests = self
        return RelationColumns(relation, changed(sources), changed(targets), changed(sids), changed(rests))


class EdgeColumns(Sequence[Edge]):
    """Edges in columns, relation by relation; an `Edge` is made whenever one is looked at.

    Args: iris: of nodes, ascending; the number of a node is its place there. relations: in any order.
    """

    __slots__ = ("iris", "relations")

    def __init__(self, iris: Sequence[str], relations: Sequence[RelationColumns]):
        self.iris = iris
        self.relations = tuple(sorted(relations, key=_RELATION))

    def of(self, relations: Collection[str]) -> EdgeColumns:
        """Those of some relations."""
        return EdgeColumns(self.iris, [one for one in self.relations if one.relation in relations])

    def leaving(self, iris: Set[str]) -> EdgeColumns:
        """Those whose source is one of the nodes."""
        near = flags_of(iris, self.iris)
        return EdgeColumns(self.iris, [one.kept(_chosen(near, one.sources)) for one in self.relations])

    def entering(self, iris: Set[str]) -> EdgeColumns:
        """Those whose target is one of the nodes."""
        near = flags_of(iris, self.iris)
        return EdgeColumns(self.iris, [one.kept(_chosen(near, one.targets)) for one in self.relations])

    def among(self, iris: Set[str]) -> EdgeColumns:
        """Those of which both ends are among the nodes."""
        near = flags_of(iris, self.iris)
        return EdgeColumns(self.iris, [one.kept(_joining(near, one)) for one in self.relations])

    def over(self, iris: Set[str]) -> EdgeColumns:
        """The edges by relation, source, target, sid; only these nodes have numbers, and all ends are among them."""
        near = flags_of(iris, self.iris)
        numbers = list(accumulate(near, initial=0))
        return EdgeColumns(list(compress(self.iris, near)), [one.numbered(numbers).sorted() for one in self.relations])

    def source_iris(self) -> Members:
        """The IRIs of all sources."""
        return Members.numbered(self.iris, chain.from_iterable(one.sources for one in self.relations))

    def target_iris(self) -> Members:
        """The IRIs of all targets."""
        return Members.numbered(self.iris, chain.from_iterable(one.targets for one in self.relations))

    def ends(self) -> Iterator[tuple[int, int]]:
        """The numbers of source and target, edge by edge."""
        return chain.from_iterable(zip(one.sources, one.targets, strict=True) for one in self.relations)

    def __len__(self) -> int:
        return sum(len(one.sources) for one in self.relations)

    def __iter__(self) -> Iterator[Edge]:
        iris = self.iris
        for relation, *columns in self.relations:
            for source, target, sid, rest in zip(*columns, strict=True):
                yield _edge((relation, iris[source], iris[target], sid.hex(), *rest))

    @overload
    def __getitem__(self, place: int) -> Edge: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Edge]: ...
    def __getitem__(self, place: int | slice) -> Edge | Sequence[Edge]:
        chosen = range(len(self))[place]
        if isinstance(chosen, range):
            return tuple(self)[place]
        return next(islice(self, chosen, None))

    __hash__ = None  # type: ignore[assignment]  # as a tuple of edges has none: attributes are mappings

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, EdgeColumns) else other)


def _chosen(near: bytes, ends: Sequence[int]) -> bytes:
    return bytes(map(near.__getitem__, ends))


def _joining(near: bytes, one: RelationColumns) -> bytes:
    return bytes(map(and_, map(near.__getitem__, one.sources), map(near.__getitem__, one.targets)))


class Scan(NamedTuple):
    """All nodes by IRI, and all edges of some relations, whose columns number these; from one view of the graph."""

    nodes: Sequence[Node]
    edges: EdgeColumns


@runtime_checkable
class Scannable(Engine, Protocol):
    """An engine that gives everything in one go much faster than it finds most of it one by one."""

    def spans(self, starts: Collection[str], relations: Collection[str], share: float) -> bool:
        """Whether more than that share (0 to 1) of all nodes are the starts and what those relations lead to."""
        ...

    def scan(self, relations: Collection[str]) -> Scan:
        """All nodes, and all edges of those relations."""
        ...
