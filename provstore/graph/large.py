"""The states that a large document changes, streamed: memory grows with its elements, not with its statements.

What nobody spoke of before is projected while it streams by; what was known before is read from the history at the end.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from itertools import islice, starmap
from typing import Final, NamedTuple, Protocol, TypeVar, runtime_checkable

from provstore.graph.changes import Group, origin_of
from provstore.graph.contract import Edge, Engine, Filter, Node, States
from provstore.graph.history import History
from provstore.graph.projection import METRIC_SERIES, edges_of, facts_of, make_node, plain_node
from provstore.graph.reading import Reading
from provstore.graph.restitching import restitch
from provstore.model.arguments import parse_pair
from provstore.model.document import Assertion
from provstore.model.fold import DIGEST, Claim, Origin
from provstore.model.statement import Statement, record, statement
from provstore.model.terms import ELEMENT_KINDS, ELEMENTS, KEY_ENTITY_PAIR, QUALIFIED_NAME, RECORD_TYPES, ElementKind

Item = TypeVar("Item")
Row = tuple[str | None, str]
_CHUNK: Final = 5_000
_BATCH: Final = 500
KIND_BITS: Final = {"entity": 1, "activity": 2, "agent": 4, "bundle": 1, "keys": 1, "element": 0}
_DECLARED: Final = 8
_KINDS: Final[tuple[tuple[ElementKind, ...], ...]] = tuple(
    tuple(kind for kind in ELEMENT_KINDS if mask & KIND_BITS[kind]) for mask in range(8)
)
# Per relation record: the attributes that name elements, with the kinds that follow.
_PLACES: Final = {
    record.iri: {name: KIND_BITS[holds] for name, holds in record.arguments if holds in KIND_BITS}
    for record in RECORD_TYPES
}


def large_states(history: History, engine: Engine, group: Group) -> Iterator[States]:
    """The states of a group that is streamed."""
    sequence = group.last.sequence
    stream = _Stream(engine, sequence)
    for document in group.opened:
        stored = history.document(document)
        origin = origin_of(stored.entry)
        if origin is not None:
            stream.begin(origin)
            for rows in records(stored.assertions):
                yield stream.opened(rows)
    for document in group.closed:
        for rows in records(history.document(document).assertions):
            stream.closed(rows)
    reading = Reading(history, sequence)
    stream.again |= _runs_of(reading, stream.series)
    gone: list[str] = []
    for batch in _batches(sorted(stream.again), _BATCH):
        nodes = list(reading.nodes(batch))
        gone += set(batch) - {node.iri for node in nodes}
        yield States(sequence, nodes)
    for batch in _batches(sorted(stream.sources), _BATCH):
        yield _edges_again(engine, reading, batch, sequence)
    moved = stream.again | stream.sources | _influenced(engine, stream.again)
    yield from restitch(engine, reading, sequence, stream.restated | stream.again, moved)
    yield States(sequence, gone_nodes=gone)


def records(assertions: Iterable[Assertion]) -> Iterator[list[Row]]:
    """(bundle, canonical record) of each assertion in order, in parts; as they are stored where they can be had so."""
    if isinstance(assertions, _Stored):
        yield from _batches((row for part in assertions.records() for row in part), _CHUNK)
    else:
        yield from _batches(((bundle, record(stated).decode()) for bundle, stated in assertions), _CHUNK)


@runtime_checkable
class _Stored(Protocol):
    """Assertions that a ledger can give as it stores them."""

    def records(self) -> Iterator[list[Row]]:
        """(bundle, canonical record) in order, in parts."""
        ...


class _Part(NamedTuple):
    """A part of a document by element: kinds that are said of it (bits), and the records about it."""

    kinds: dict[str, int]
    records: dict[str, list[int]]


class _Stream:
    """What has streamed by.

    `again`: elements to read at the end; `sources`: those whose edges are to be read. `restated`: entities with
    digests. `series`: metric series.
    """

    def __init__(self, engine: Engine, sequence: int):
        self.again: set[str] = set()
        self.sources: set[str] = set()
        self.restated: set[str] = set()
        self.series: set[str] = set()
        self._engine, self._sequence = engine, sequence
        self._empty = engine.applied() is None
        self._sent: dict[str, int] = {}
        self._bundles: dict[str, tuple[str, ...]] = {}
        self._origin: Origin | None = None
        self._spaces: tuple[str, ...] = ()

    def begin(self, origin: Origin) -> None:
        """Another document: it may speak of what the ones before spoke of, which must then be read."""
        self.again.update(self._sent)
        self._origin, self._spaces = origin, (origin.space,)

    def opened(self, rows: list[Row]) -> States:
        """The states that follow from a part of a document alone."""
        parsed = _parse(rows)
        part = _part(parsed)
        self._know(part.kinds)
        sent = self._sent
        nodes = [
            node
            for iri, kinds in part.kinds.items()
            # Most of what relations name was sent before: nothing is new about it.
            if kinds & ~sent.get(iri, 0) | kinds & _DECLARED or iri not in sent
            if (node := self._node(iri, kinds, part, rows, parsed))
        ]
        return States(self._sequence, nodes, self._edges(rows, parsed))

    def closed(self, rows: list[Row]) -> None:
        """Everything that a part of a document spoke of must be read again."""
        parsed = _parse(rows)
        part = _part(parsed)
        self.again.update(part.kinds)
        for iri, numbers in part.records.items():
            self._note(iri, [parsed[number] for number in numbers])
        for stated in parsed:
            self.sources.update(edge.source for edge in edges_of(stated, "", (), ())[:1])

    def _know(self, iris: Collection[str]) -> None:
        """Marks what the engine knew before; that is read at the end."""
        new = [] if self._empty else [iri for iri in iris if iri not in self._sent]
        for batch in _batches(new, _CHUNK):
            self.again.update(node.iri for node in self._engine.nodes(Filter(iris=batch)).nodes)

    def _node(self, iri: str, kinds: int, part: _Part, rows: list[Row], parsed: list[Statement]) -> Node | None:
        numbers = part.records.get(iri)
        if numbers:
            self._note(iri, [parsed[number] for number in numbers])
        if iri in self.again:
            return None
        before = self._sent.get(iri)
        if before is not None and not (numbers and kinds | before == kinds and not before & _DECLARED):
            if numbers or kinds & ~before:
                self.again.add(iri)
            return None
        self._sent[iri] = kinds
        if numbers is None:
            return Node(iri, _KINDS[kinds], False, spaces=self._spaces)
        found = None
        if len(numbers) == 1:
            found = plain_node(iri, _KINDS[kinds & ~_DECLARED], parsed[numbers[0]].attributes, self._spaces)
        return found or self._folded(iri, kinds, [(number, rows[number][0], parsed[number]) for number in numbers])

    def _folded(self, iri: str, kinds: int, said: Iterable[tuple[int, str | None, Statement]]) -> Node:
        assert self._origin is not None
        claims = [
            Claim(self._origin, bundle, number, statement(stated[0], stated[1], map(tuple, stated[2])))  # type: ignore[arg-type]
            for number, bundle, stated in said
        ]
        return make_node(iri, _KINDS[kinds & ~_DECLARED], True, facts_of(claims), self._spaces)

    def _note(self, iri: str, said: Iterable[Statement]) -> None:
        for stated in said:
            for attribute in stated[2]:
                if attribute[0] == DIGEST:
                    self.restated.add(iri)
                elif attribute[2] == METRIC_SERIES:
                    self.series.add(iri)

    def _edges(self, rows: list[Row], parsed: list[Statement]) -> list[Edge]:
        found: list[Edge] = []
        spaces, again, bundles_of = self._spaces, self.again, self._bundles
        for (bundle, text), stated in zip(rows, parsed, strict=True):
            if stated[0] in ELEMENTS:
                continue
            key = sha256(text.encode()).hexdigest()
            bundles = () if bundle is None else (bundle,)
            edges = edges_of(stated, key, bundles, spaces)
            if not edges:
                continue
            found += edges
            source = edges[0].source
            if source in again and all(edge.target in again for edge in edges):
                self.sources.add(source)
            elif (bundle or key in bundles_of) and bundles_of.setdefault(key, bundles) != bundles:
                # The same statement may stand in several bundles, in parts that are far apart.
                self.sources.add(source)
        return found


def _parse(rows: list[Row]) -> list[Statement]:
    """The statements of records; their attributes are lists, not tuples, which nobody minds who only reads them."""
    return list(starmap(Statement, json.loads(f"[{','.join([text for _, text in rows])}]")))


def _part(parsed: list[Statement]) -> _Part:
    kinds: dict[str, int] = {}
    records: dict[str, list[int]] = {}
    for number, (kind, identifier, attributes) in enumerate(parsed):
        element = ELEMENTS.get(kind)
        if element is not None:
            if identifier is not None:
                kinds[identifier] = kinds.get(identifier, 0) | KIND_BITS[element] | _DECLARED
                records.setdefault(identifier, []).append(number)
            continue
        places = _PLACES[kind]
        for name, datatype, lexical, _ in attributes:
            bit = places.get(name)
            if bit is None:
                continue
            if datatype == QUALIFIED_NAME:
                kinds[lexical] = kinds.get(lexical, 0) | bit
            elif datatype == KEY_ENTITY_PAIR:
                entity = parse_pair(lexical)[1]
                kinds[entity] = kinds.get(entity, 0) | bit
    return _Part(kinds, records)


def _edges_again(engine: Engine, reading: Reading, sources: Collection[str], sequence: int) -> States:
    alive = reading.edges(sources, None, "out")
    keys = {(edge.source, edge.relation, edge.target, edge.sid) for edge in alive}
    held = (edge for edge in engine.expand(sources, None, "out") if not edge.inferred)
    gone = {(edge.source, edge.relation, edge.target, edge.sid) for edge in held} - keys
    return States(sequence, (), alive, (), gone)


def _influenced(engine: Engine, iris: Iterable[str]) -> set[str]:
    """What is influenced by elements whose kinds may have changed (rule 22)."""
    return {
        edge.source
        for batch in _batches(sorted(iris), _BATCH)
        for edge in engine.expand(batch, ("wasInfluencedBy",), "in")
    }


def _runs_of(reading: Reading, series: Iterable[str]) -> set[str]:
    return {
        edge.target
        for batch in _batches(sorted(series), _BATCH)
        for edge in reading.edges(batch, ("wasGeneratedBy",), "out")
    }


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
