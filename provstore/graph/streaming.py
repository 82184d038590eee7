"""What follows from a large document part by part, while it streams by: nodes and edges that nothing else speaks of.

In: parts of documents. Out: states, and what must be read from the history at the end. Memory grows with the
elements, not with the statements. Source: rules 18 to 20.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, NamedTuple

from provstore.graph.contract import Edge, Node
from provstore.graph.projection import METRIC_SERIES, edges_of, facts_of, make_node, plain_node
from provstore.model.arguments import parse_pair
from provstore.model.fold import DIGEST, Claim, Origin
from provstore.model.statement import Statement, statement
from provstore.model.terms import ELEMENT_KINDS, ELEMENTS, KEY_ENTITY_PAIR, QUALIFIED_NAME, RECORD_TYPES, ElementKind

KIND_BITS: Final = {"entity": 1, "activity": 2, "agent": 4, "bundle": 1, "keys": 1, "element": 0}
DECLARED: Final = 8
_KINDS: Final[tuple[tuple[ElementKind, ...], ...]] = tuple(
    tuple(kind for kind in ELEMENT_KINDS if mask & KIND_BITS[kind]) for mask in range(8)
)
# Per relation record: the attributes that name elements, with the kinds that follow.
PLACES: Final = {
    record.iri: {name: KIND_BITS[holds] for name, holds in record.arguments if holds in KIND_BITS}
    for record in RECORD_TYPES
}
# Of some IRIs those that the graph knew before.
Known = Callable[[list[str]], Iterable[str]]


class Part(NamedTuple):
    """Assertions that follow each other in a document, as columns: bundle IRIs, statements, and sids in hexadecimal.

    `stated`: attributes may be lists instead of tuples.
    """

    bundles: Sequence[str | None]
    stated: Sequence[Statement]
    sids: Sequence[str]


class Left(NamedTuple):
    """What is read from the history once all has streamed by.

    `again`: elements; `sources`: elements whose edges are read. `restated`: entities with digests. `series`: metric
    series.
    """

    again: set[str]
    sources: set[str]
    restated: set[str]
    series: set[str]


class Stream:
    """What has streamed by.

    Args: known: tells what the graph knew before; None: nothing.
    """

    def __init__(self, known: Known | None = None):
        self.left = Left(set(), set(), set(), set())
        self._known = known
        self._sent: dict[str, int] = {}
        self._bundles: dict[str, tuple[str, ...]] = {}
        self._origin: Origin | None = None
        self._spaces: tuple[str, ...] = ()

    def begin(self, origin: Origin) -> None:
        """Another document: it may speak of what the ones before spoke of, which must then be read."""
        self.left.again.update(self._sent)
        self._origin, self._spaces = origin, (origin.space,)

    def opened(self, part: Part) -> tuple[list[Node], list[Edge]]:
        """The nodes and edges that follow from a part of a document alone."""
        kinds_of, numbers_of = _elements(part.stated)
        self._know(kinds_of)
        sent = self._sent
        nodes = [
            node
            for iri, kinds in kinds_of.items()
            # Most of what relations name was sent before: nothing is new about it.
            if kinds & ~sent.get(iri, 0) | kinds & DECLARED or iri not in sent
            if (node := self._node(iri, kinds, numbers_of.get(iri), part))
        ]
        return nodes, self._edges(part)

    @property
    def speaks_of_bundles(self) -> bool:
        """True when a statement in a bundle has streamed by: the same one may come outside of it."""
        return bool(self._bundles)

    def named(self, columns: Iterable[tuple[Sequence[str], int]]) -> dict[str, int]:
        """What is new about elements that relations name: the kinds that are said of them (bits), by IRI.

        Args: columns: IRIs, and the bits of the kind that follows for them.
        """
        found: dict[str, int] = {}
        sent = self._sent
        for column, bits in columns:
            for iri in dict.fromkeys(column):
                known = sent.get(iri)
                if known is None or bits & ~known:
                    found[iri] = found.get(iri, 0) | bits
        return found

    def declared(self, iris: Sequence[str], bits: int, named: dict[str, int]) -> list[int | None]:
        """Sends the nodes of elements that one record each is about: the bits of their kinds, None where it is `left`.

        Args: bits: what the records say. named: as `named` gave it; what is sent here is taken out.
        """
        sent, again = self._sent, self.left.again
        if not named and not again and sent.keys().isdisjoint(iris):
            sent.update(dict.fromkeys(iris, bits))
            return [bits & ~DECLARED] * len(iris)
        return [self._declared(iri, bits | named.pop(iri, 0)) for iri in iris]

    def _declared(self, iri: str, kinds: int) -> int | None:
        before = self._sent.get(iri)
        if before is not None and (before & ~kinds or before & DECLARED):
            self.left.again.add(iri)
        if iri in self.left.again:
            return None
        self._sent[iri] = kinds
        return kinds & ~DECLARED

    def undeclared(self, named: dict[str, int]) -> list[tuple[str, int]]:
        """Sends the nodes of what relations name for the first time: IRIs and the bits of their kinds."""
        found = []
        for iri, kinds in named.items():
            if iri not in self._sent:
                self._sent[iri] = kinds
                found.append((iri, kinds))
            elif kinds & ~self._sent[iri]:
                self.left.again.add(iri)
        return found

    def connected(self, ends: Iterable[tuple[str, ...]]) -> None:
        """Notes the sources of edges of which all ends are read again. Args: ends: the source first."""
        again = self.left.again
        if again:
            self.left.sources.update(one[0] for one in ends if again.issuperset(one))

    def closed(self, part: Part) -> None:
        """Everything that a part of a document spoke of must be read again."""
        kinds_of, numbers_of = _elements(part.stated)
        self.left.again.update(kinds_of)
        for iri, numbers in numbers_of.items():
            self._note(iri, [part.stated[number] for number in numbers])
        for stated in part.stated:
            self.left.sources.update(edge.source for edge in edges_of(stated, "", (), ())[:1])

    def _know(self, iris: Collection[str]) -> None:
        """Marks what the graph knew before; that is read at the end."""
        if self._known is not None:
            self.left.again.update(self._known([iri for iri in iris if iri not in self._sent]))

    def _node(self, iri: str, kinds: int, numbers: list[int] | None, part: Part) -> Node | None:
        if numbers:
            self._note(iri, [part.stated[number] for number in numbers])
        if iri in self.left.again:
            return None
        before = self._sent.get(iri)
        if before is not None and not (numbers and kinds | before == kinds and not before & DECLARED):
            if numbers or kinds & ~before:
                self.left.again.add(iri)
            return None
        self._sent[iri] = kinds
        if numbers is None:
            return Node(iri, _KINDS[kinds], False, spaces=self._spaces)
        found = None
        if len(numbers) == 1:
            attributes = part.stated[numbers[0]].attributes
            found = plain_node(iri, _KINDS[kinds & ~DECLARED], attributes, self._spaces)
        return found or self._folded(iri, kinds, numbers, part)

    def _folded(self, iri: str, kinds: int, numbers: list[int], part: Part) -> Node:
        assert self._origin is not None
        claims = []
        for number in numbers:
            kind, identifier, attributes = part.stated[number]
            stated = statement(kind, identifier, map(tuple, attributes))  # type: ignore[arg-type]
            claims.append(Claim(self._origin, part.bundles[number], number, stated))
        return make_node(iri, _KINDS[kinds & ~DECLARED], True, facts_of(claims), self._spaces)

    def _note(self, iri: str, said: Iterable[Statement]) -> None:
        for stated in said:
            for attribute in stated[2]:
                if attribute[0] == DIGEST:
                    self.left.restated.add(iri)
                elif attribute[2] == METRIC_SERIES:
                    self.left.series.add(iri)

    def _edges(self, part: Part) -> list[Edge]:
        found: list[Edge] = []
        spaces, again, bundles_of = self._spaces, self.left.again, self._bundles
        for bundle, stated, sid in zip(*part, strict=True):
            if stated[0] in ELEMENTS:
                continue
            bundles = () if bundle is None else (bundle,)
            edges = edges_of(stated, sid, bundles, spaces)
            if not edges:
                continue
            found += edges
            source = edges[0].source
            if source in again and all(edge.target in again for edge in edges):
                self.left.sources.add(source)
            elif (bundle or sid in bundles_of) and bundles_of.setdefault(sid, bundles) != bundles:
                # The same statement may stand in several bundles, in parts that are far apart.
                self.left.sources.add(source)
        return found


def _elements(said: Iterable[Statement]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """By element that a part names: the kinds that are said of it (bits), and the numbers of the records about it."""
    kinds: dict[str, int] = {}
    records: dict[str, list[int]] = {}
    for number, (kind, identifier, attributes) in enumerate(said):
        element = ELEMENTS.get(kind)
        if element is not None:
            if identifier is not None:
                kinds[identifier] = kinds.get(identifier, 0) | KIND_BITS[element] | DECLARED
                records.setdefault(identifier, []).append(number)
            continue
        places = PLACES[kind]
        for name, datatype, lexical, _ in attributes:
            bit = places.get(name)
            if bit is None:
                continue
            if datatype == QUALIFIED_NAME:
                kinds[lexical] = kinds.get(lexical, 0) | bit
            elif datatype == KEY_ENTITY_PAIR:
                entity = parse_pair(lexical)[1]
                kinds[entity] = kinds.get(entity, 0) | bit
    return kinds, records
