"""The states that a large document changes, streamed: memory grows with its elements, not with its statements.

What nobody spoke of before is projected while it streams by; what was known before is read from the history at the end.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import starmap
from typing import Final, Protocol, runtime_checkable

from provstore.batches import in_batches
from provstore.graph.changes import Group, origin_of
from provstore.graph.contract import Engine, Filter, States
from provstore.graph.history import History
from provstore.graph.reading import Reading
from provstore.graph.restitching import restitch
from provstore.graph.streaming import Left, Part, Stream
from provstore.model.document import Assertion
from provstore.model.statement import Statement, record

_CHUNK: Final = 5_000
_BATCH: Final = 500


def large_states(history: History, engine: Engine, group: Group) -> Iterator[States]:
    """The states of a group that is streamed."""
    sequence = group.last.sequence
    stream = Stream(None if engine.applied() is None else partial(_known, engine))
    for document in group.opened:
        stored = history.document(document)
        origin = origin_of(stored.entry)
        if origin is not None:
            stream.begin(origin)
            for part in parts(stored.assertions):
                yield States(sequence, *stream.opened(part))
    for document in group.closed:
        for part in parts(history.document(document).assertions):
            stream.closed(part)
    yield from left_states(history, engine, sequence, stream.left)


def left_states(history: History, engine: Engine, sequence: int, left: Left) -> Iterator[States]:
    """The states as of entry `sequence` of what could not be told while a document streamed by."""
    reading = Reading(history, sequence)
    again = left.again | _runs_of(reading, left.series)
    gone: list[str] = []
    for batch in in_batches(sorted(again), _BATCH):
        nodes = list(reading.nodes(batch))
        gone += set(batch) - {node.iri for node in nodes}
        yield States(sequence, nodes)
    for batch in in_batches(sorted(left.sources), _BATCH):
        yield _edges_again(engine, reading, batch, sequence)
    moved = again | left.sources | _influenced(engine, again)
    yield from restitch(engine, reading, sequence, left.restated | again, moved)
    yield States(sequence, gone_nodes=gone)


def parts(assertions: Iterable[Assertion]) -> Iterator[Part]:
    """The assertions in order, in parts; as they are stored where they can be had so."""
    rows: Iterator[tuple[str | None, str]]
    if isinstance(assertions, _Stored):
        rows = (row for each in assertions.records() for row in each)
    else:
        rows = ((bundle, record(stated).decode()) for bundle, stated in assertions)
    for batch in in_batches(rows, _CHUNK):
        texts = [text for _, text in batch]
        # Attributes are lists here, not tuples, which nobody minds who only reads them.
        stated = list(starmap(Statement, json.loads(f"[{','.join(texts)}]")))
        yield Part([bundle for bundle, _ in batch], stated, [sha256(text.encode()).hexdigest() for text in texts])


@runtime_checkable
class _Stored(Protocol):
    """Assertions that a ledger can give as it stores them."""

    def records(self) -> Iterator[list[tuple[str | None, str]]]:
        """(bundle, canonical record) in order, in parts."""
        ...


def _known(engine: Engine, iris: list[str]) -> set[str]:
    return {node.iri for batch in in_batches(iris, _CHUNK) for node in engine.nodes(Filter(iris=batch)).nodes}


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
        for batch in in_batches(sorted(iris), _BATCH)
        for edge in engine.expand(batch, ("wasInfluencedBy",), "in")
    }


def _runs_of(reading: Reading, series: Iterable[str]) -> set[str]:
    return {
        edge.target
        for batch in in_batches(sorted(series), _BATCH)
        for edge in reading.edges(batch, ("wasGeneratedBy",), "out")
    }
