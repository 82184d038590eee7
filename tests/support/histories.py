"""Histories for tests of the view: the oracle's ledger as the graph reads it, and both sides' graphs as plain data.

history = OracleHistory(ledger)      satisfies provstore.graph.history.History
engine_graph(engine), oracle_graph(view)      equal when the projection is right
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from provstore.errors import NotFound
from provstore.graph.contract import Direction, Edge, Node, Reader, Walk
from provstore.graph.sweeping import engine_nodes
from provstore.model.arguments import Place, named
from provstore.model.document import Assertion, Header
from provstore.model.fold import DIGEST, Claim, Mention, Origin
from provstore.model.statement import Attribute, Statement, statement
from provstore.model.terms import ELEMENTS, ROLE, TYPE
from provstore.model.times import instant, text
from tests.oracle.ledger import OracleLedger
from tests.oracle.statements import OracleStatement
from tests.oracle.view import Edge as OracleEdge
from tests.oracle.view import View

Graph = tuple[dict[str, Any], dict[tuple[Any, ...], Any]]


@dataclass(frozen=True)
class Entry:
    """What the graph reads of an entry."""

    sequence: int
    document: str
    header: Header | None
    content_digest: str | None
    statements: int
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    root: bytes


@dataclass(frozen=True)
class Stored:
    """What the graph reads of a document."""

    entry: Entry
    assertions: Sequence[Assertion]


@dataclass(frozen=True)
class Head:
    """What the graph reads of a head."""

    ledger_id: str
    sequence: int
    root: bytes
    prefixes: tuple[tuple[str, str], ...] = ()


class OracleHistory:
    """An oracle's ledger as a history. Args: blobs: bytes by SHA-256 (hexadecimal)."""

    def __init__(self, ledger: OracleLedger, blobs: dict[str, bytes] | None = None):
        self.ledger = ledger
        self.blobs = blobs or {}

    def head(self, as_of: int | str | None = None) -> Head:
        sequence = min(self.ledger.head, as_of) if isinstance(as_of, int) else self.ledger.head
        return Head("the-ledger", sequence, sha256(str(sequence).encode()).digest())

    def entries(self, after: int = 0) -> Iterator[Entry]:
        for entry in self.ledger.log[after:]:
            now, before = self.ledger.live_at(entry.sequence), self.ledger.live_at(entry.sequence - 1)
            yield self._entry(entry.sequence, _iris(now - before), _iris(before - now))

    def document(self, document: str) -> Stored:
        number = int(document.rpartition(":")[2])
        erased = any(entry.action == "erase" and entry.document_id == number for entry in self.ledger.log)
        assertions = [] if erased else [Assertion(b, _real(s)) for b, s in self.ledger.documents[number].assertions]
        sequence = next(e.sequence for e in self.ledger.log if e.action == "append" and e.document_id == number)
        return Stored(self._entry(sequence, (), (), erased), assertions)

    def live(self, unit: str | None = None, space: str | None = None, as_of: int | None = None) -> list[Entry]:
        stored = ((number, self.ledger.documents[number]) for number in sorted(self.ledger.live_at(as_of)))
        wanted = [n for n, d in stored if unit in (None, d.unit) and space in (None, d.space)]
        return [self.document(iri).entry for iri in _iris(wanted)]

    def about(
        self,
        iris: Collection[str] | None,
        *,
        places: Sequence[Place] | None = None,
        kinds: Sequence[str] | None = None,
        as_of: int | None = None,
        one_each: bool = False,
        spaces: Collection[str] | None = None,
    ) -> Iterator[Mention]:
        live = self.ledger.live_at(as_of)
        if spaces is not None:
            live = {number for number in live if self.ledger.documents[number].space in spaces}
        return self._mentions(live, iris, places, kinds, one_each)

    def ever_about(self, iri: str) -> Iterator[Mention]:
        return self._mentions(self.ledger.documents, [iri])

    def entries_on(self, documents: Collection[int]) -> list[Entry]:
        wanted = {one.document for one in self.entries() if one.sequence in documents}
        return [one for one in self.entries() if one.sequence in documents or wanted & {*one.opened, *one.closed}]

    def _mentions(
        self, documents: Iterable[int], iris: Collection[str] | None, places: Sequence[Place] | None = None,
        kinds: Sequence[str] | None = None, one_each: bool = False,
    ) -> Iterator[Mention]:  # fmt: skip
        seen = set()
        for number in sorted(documents):
            stored = self.document(_iris([number])[0])
            for position, (bundle, stated) in enumerate(stored.assertions):
                claim = Claim(_origin(stored.entry), bundle, position, stated)
                names = {(one.iri, one.place) for one in named(stated)}
                if stated.kind in ELEMENTS:
                    names |= {(value.lexical, "element") for value in stated.values(DIGEST)}
                for iri, place in sorted(names):
                    fits = (iris is None or iri in iris) and (places is None or place in places)
                    probe = (iri, place, stated.kind)
                    if fits and (kinds is None or stated.kind in kinds) and not (one_each and probe in seen):
                        seen.add(probe)
                        yield Mention(iri, place, claim)

    def blob(self, sha256: str) -> bytes:
        try:
            return self.blobs[sha256]
        except KeyError:
            raise NotFound("no such blob", where=sha256) from None

    def _entry(self, sequence: int, opened: tuple[str, ...], closed: tuple[str, ...], erased: bool = False) -> Entry:
        said = self.ledger.documents[self.ledger.log[sequence - 1].document_id]
        header = Header(unit=said.unit, mode=said.mode, event_time=text(said.when), space=said.space)
        return Entry(
            sequence,
            _iris([self.ledger.log[sequence - 1].document_id])[0],
            None if erased else header,
            None if erased else said.content,
            len(said.assertions),
            opened,
            closed,
            self.head(sequence).root,
        )


def engine_graph(reader: Reader, nodes: Iterable[Node]) -> Graph:
    """Everything that a reader holds, as plain data."""
    found = {node.iri: plain_node(node) for node in nodes}
    edges = {}
    for edge in reader.expand(list(found), None, "out"):
        edges[plain_key(edge)] = plain_edge(edge)
    return found, edges


def graph_of(engine: Any) -> Graph:
    """The whole graph of an engine."""
    return engine_graph(engine, engine_nodes(engine))


def plain_node(node: Node) -> Any:
    attributes = {name: tuple(map(tuple, values)) for name, values in node.attributes.items()}
    return node.kinds, node.declared, attributes, set(node.conflicts), set(node.spaces)


def plain_key(edge: Edge) -> tuple[Any, ...]:
    return (None if edge.inferred else edge.sid), edge.relation, edge.source, edge.target


def plain_edge(edge: Edge) -> Any:
    third = {name: value for name, value in edge.third.items() if name != "key"}
    described = (edge.identifier, set(edge.roles), edge.time, set(edge.types), third, edge.third.get("key"))
    return described, set(edge.bundles), set(edge.spaces)


def oracle_graph(view: View) -> Graph:
    """The oracle's view, as the same plain data."""
    nodes = {}
    for iri, node in view.nodes.items():
        attributes = {name: found.values for name, found in node.attributes.items()}
        conflicts = {name for name, found in node.attributes.items() if found.conflict}
        nodes[iri] = (node.kinds, node.declared, attributes, conflicts, set(node.spaces))
    edges: dict[tuple[Any, ...], Any] = {}
    for edge in view.edges:
        key = oracle_key(edge)
        if key in edges:  # a dictionary may hold one entity under two keys
            former = edges[key][0][5]
            edge = _with_key(edge, f"{former}, {edge.key}")
        edges[key] = _plain_oracle_edge(edge)
    return nodes, edges


def oracle_key(edge: OracleEdge) -> tuple[Any, ...]:
    return edge.sid, edge.relation, edge.source, edge.target


def _plain_oracle_edge(edge: OracleEdge) -> Any:
    moment = instant(edge.time) if edge.time else None
    third = {name: value for name, value in edge.arguments if not name.startswith("key")}
    described = (
        edge.id, set(edge.values(ROLE)), moment.utc if moment else None, set(edge.values(TYPE)), third, edge.key
    )  # fmt: skip
    return described, set(edge.bundles), set(edge.spaces)


def _with_key(edge: OracleEdge, key: str) -> OracleEdge:
    return replace(edge, key=key)


def _iris(numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(f"urn:provstore:document:{number}" for number in sorted(numbers))


def _origin(entry: Entry) -> Origin:
    header = entry.header
    assert header is not None
    assert entry.content_digest is not None
    return Origin(header.space, header.unit, header.event_time, entry.content_digest, entry.document, entry.sequence)


def _real(stated: OracleStatement) -> Statement:
    return statement(stated.kind, stated.identifier, [Attribute(*one) for one in stated.attributes])


def walks(direction: Direction, starts: Iterable[str], **given: Any) -> Walk:
    """A walk by short options: agents, parents, depth."""
    options = frozenset(name for name in ("agents", "parents") if given.get(name))
    return Walk(tuple(starts), direction, given.get("depth"), options)
