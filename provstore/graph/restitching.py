"""Which stitches change when statements do: only content nodes that are touched are worked out again.

In: entities whose digests may have changed, sources of lineage edges that came or went. Out: states. Source: rule 21.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from provstore.batches import in_batches
from provstore.graph.contract import Edge, Engine, Filter, Node, States
from provstore.graph.reading import Reading
from provstore.graph.stitching import (
    BOILERPLATE,
    LIMIT,
    Content,
    alternates,
    content_node,
    lineage_stitches,
    parse_content,
)

# A content node has up to some hundred edges of each kind.
_BATCH: Final = 100
_LINEAGE: Final = ("sameBytes", "bytesOf")
EdgeKey = tuple[str, str, str, str]


def restitch(
    engine: Engine, reading: Reading, sequence: int, restated: Iterable[str], moved: Iterable[str]
) -> Iterator[States]:
    """The inferred edges and content nodes that change, in parts that each leave some content nodes as they shall be.

    Args: engine: before its stitches change. restated: entities whose digests may have changed, or that are gone.
    moved: nodes that a lineage edge leaves, or left.
    """
    work = _Restitching(engine, reading)
    for batch in in_batches(sorted(set(restated)), _BATCH):
        work.restate(batch)
    for batch in in_batches(sorted(set(moved)), _BATCH):
        work.move(batch)
    yield from work.states(sequence)


class _Restitching:
    def __init__(self, engine: Engine, reading: Reading):
        self._engine, self._reading = engine, reading
        self._joined: dict[Content, list[str]] = {}
        self._left: dict[Content, list[str]] = {}
        self._moved: set[Content] = set()

    def restate(self, entities: Collection[str]) -> None:
        """Compares the content nodes of entities before and after."""
        before = self._held(entities)
        after = self._reading.contents(entities)
        for iri in entities:
            held, now = before.get(iri, set()), set(after.get(iri, ()))
            for content in now - held:
                self._joined.setdefault(content, []).append(iri)
            for content in held - now:
                self._left.setdefault(content, []).append(iri)

    def move(self, sources: Collection[str]) -> None:
        """Content nodes of what a changed lineage edge leaves, and of what such an activity generated."""
        made = {edge.source for edge in self._engine.expand(sources, ("wasGeneratedBy",), "in")}
        for contents in self._held({*sources, *made}).values():
            self._moved |= contents

    def states(self, sequence: int) -> Iterator[States]:
        """Everything that changes."""
        for batch in in_batches(sorted(self._joined.keys() | self._left.keys() | self._moved), _BATCH):
            yield self._part(sequence, batch)

    def _part(self, sequence: int, contents: list[Content]) -> States:
        nodes: list[Node] = []
        gone_nodes: list[str] = []
        edges: list[Edge] = []
        gone: set[EdgeKey] = set()
        held = self._nodes(contents)
        for content in contents:
            edges += alternates(content, self._joined.get(content, ()))
            gone.update(map(_key, alternates(content, self._left.get(content, ()))))
            before = held.get(content.iri)
            if before and BOILERPLATE in before.types and content not in self._left:
                continue
            members = self._reading.members(content, LIMIT + 1)
            if members:
                nodes.append(content_node(content, members))
            elif before:
                gone_nodes.append(content.iri)
            wanted, unwanted = self._lineage(content, members, known=before is not None)
            edges += wanted
            gone |= unwanted
        return States(sequence, nodes, edges, gone_nodes, gone)

    def _lineage(self, content: Content, members: list[str], known: bool) -> tuple[list[Edge], set[EdgeKey]]:
        wanted = lineage_stitches(content, members, self._reading.within(content.space))
        held = [
            edge
            for direction in (("in", "out") if known else ())
            for edge in self._engine.expand([content.iri], _LINEAGE, direction)
        ]
        return wanted, set(map(_key, held)) - set(map(_key, wanted))

    def _held(self, entities: Collection[str]) -> dict[str, set[Content]]:
        found: dict[str, set[Content]] = {}
        for edge in self._engine.expand(entities, ("alternateOf",), "out"):
            content = parse_content(edge.target) if edge.inferred else None
            if content:
                found.setdefault(edge.source, set()).add(content)
        return found

    def _nodes(self, contents: Collection[Content]) -> dict[str, Node]:
        return {node.iri: node for node in self._engine.nodes(Filter(iris=[content.iri for content in contents])).nodes}


def _key(edge: Edge) -> EdgeKey:
    return edge.source, edge.relation, edge.target, edge.sid
