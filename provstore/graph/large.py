"""The states that a large document changes, streamed: memory grows with its elements, not with its statements.

What nobody spoke of before is projected while it streams by; what was known before is read from the history at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

from provstore.graph.changes import Group, claims
from provstore.graph.contract import Edge, Engine, Filter, Node, States
from provstore.graph.history import History
from provstore.graph.projection import METRIC_SERIES, project_edges, project_node
from provstore.graph.reading import Reading
from provstore.graph.restitching import restitch
from provstore.model.arguments import named
from provstore.model.fold import DIGEST, Claim, Mention
from provstore.model.statement import sid
from provstore.model.terms import ELEMENTS

Item = TypeVar("Item")
_CHUNK: Final = 10_000
_BATCH: Final = 500
_KINDS: Final = {None: 0, "entity": 1, "activity": 2, "agent": 4}
_DECLARED: Final = 8


def large_states(history: History, engine: Engine, group: Group) -> Iterator[States]:
    """The states of a group that is streamed."""
    sequence = group.last.sequence
    stream = _Stream(engine, sequence)
    for document in group.opened:
        stream.begin()
        for chunk in _batches(claims(history.document(document)), _CHUNK):
            yield stream.opened(chunk)
    for document in group.closed:
        for chunk in _batches(claims(history.document(document)), _CHUNK):
            stream.closed(chunk)
    reading = Reading(history, sequence)
    stream.again |= _runs_of(reading, stream.series)
    gone: list[str] = []
    for batch in _batches(sorted(stream.again), _BATCH):
        nodes = list(reading.nodes(batch))
        gone += set(batch) - {node.iri for node in nodes}
        yield States(sequence, nodes)
    for batch in _batches(sorted(stream.sources), _BATCH):
        yield _edges_again(engine, reading, batch, sequence)
    yield restitch(engine, reading, sequence, stream.restated | stream.again, stream.sources)
    yield States(sequence, gone_nodes=gone)


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

    def begin(self) -> None:
        """Another document: it may speak of what the ones before spoke of, which must then be read."""
        self.again.update(self._sent)

    def opened(self, said: list[Claim]) -> States:
        """The states that follow from a part of a document alone."""
        mentions: dict[str, list[Mention]] = {}
        relations: dict[str, list[Claim]] = {}
        for claim in said:
            for iri, place, _ in named(claim.statement):
                mentions.setdefault(iri, []).append(Mention(iri, place, claim))
            if not _is_element(claim):
                relations.setdefault(sid(claim.statement), []).append(claim)
        self._know(mentions)
        nodes = [node for iri, found in mentions.items() if (node := self._node(iri, found))]
        edges = [edge for key, found in relations.items() for edge in self._edges(key, found)]
        return States(self._sequence, nodes, edges)

    def closed(self, said: list[Claim]) -> None:
        """Everything that a part of a document spoke of must be read again."""
        for claim in said:
            names = [found.iri for found in named(claim.statement)]
            self.again.update(names)
            if _is_element(claim):
                self._note(names[0] if names else "", [claim])
            else:
                self.sources.update(names[:1])

    def _know(self, iris: Collection[str]) -> None:
        """Marks what the engine knew before; that is read at the end."""
        new = [] if self._empty else [iri for iri in iris if iri not in self._sent]
        for batch in _batches(new, _CHUNK):
            self.again.update(node.iri for node in self._engine.nodes(Filter(iris=batch)).nodes)

    def _node(self, iri: str, found: list[Mention]) -> Node | None:
        self._note(iri, [mention.claim for mention in found if mention.place == "element"])
        if iri in self.again:
            return None
        node = project_node(iri, found)
        if node is None:
            return None
        mask = sum(_KINDS[kind] for kind in node.kinds) + (_DECLARED if node.declared else 0)
        before = self._sent.get(iri)
        if before is None or (node.declared and not before & _DECLARED and not before & ~mask):
            self._sent[iri] = mask
            return node
        if node.declared or mask & ~before:
            self.again.add(iri)
        return None

    def _note(self, iri: str, said: list[Claim]) -> None:
        attributes = [attribute for claim in said for attribute in claim.statement.attributes]
        if any(attribute[0] == DIGEST for attribute in attributes):
            self.restated.add(iri)
        if any(attribute[2] == METRIC_SERIES for attribute in attributes):
            self.series.add(iri)

    def _edges(self, key: str, found: list[Claim]) -> list[Edge]:
        edges = project_edges(found, key)
        if not edges:
            return []
        if all(end in self.again for edge in edges for end in (edge.source, edge.target)):
            self.sources.add(edges[0].source)
        elif (edges[0].bundles or key in self._bundles) and self._bundles.setdefault(
            key, edges[0].bundles
        ) != edges[0].bundles:
            # The same statement may stand in several bundles, in parts that are far apart.
            self.sources.add(edges[0].source)
        return edges


def _edges_again(engine: Engine, reading: Reading, sources: Collection[str], sequence: int) -> States:
    alive = reading.edges(sources, None, "out")
    keys = {(edge.source, edge.relation, edge.target, edge.sid) for edge in alive}
    held = (edge for edge in engine.expand(sources, None, "out") if not edge.inferred)
    gone = {(edge.source, edge.relation, edge.target, edge.sid) for edge in held} - keys
    return States(sequence, (), alive, (), gone)


def _runs_of(reading: Reading, series: Iterable[str]) -> set[str]:
    return {
        edge.target
        for batch in _batches(sorted(series), _BATCH)
        for edge in reading.edges(batch, ("wasGeneratedBy",), "out")
    }


def _is_element(claim: Claim) -> bool:
    return claim.statement.kind in ELEMENTS


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
