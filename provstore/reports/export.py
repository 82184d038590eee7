"""Exports: statements of the ledger come in, a PROV document or CSV goes out on a binary stream.

Everything live, one document exactly as it was ingested, or what is said among a set of elements (a lineage).
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from provstore.batches import in_batches
from provstore.errors import NotFound
from provstore.formats.contract import Loss
from provstore.graph.contract import Filter
from provstore.ledger.contract import Entry, Ledger, StoredDocument
from provstore.model import series
from provstore.model.arguments import named
from provstore.model.document import Assertion, Header, Namespaces
from provstore.model.fold import Claim, Mention
from provstore.model.names import Prefixes
from provstore.model.statement import Statement, sid
from provstore.model.terms import ELEMENTS, PS
from provstore.reports import csv
from provstore.reports.renderings import CSV

if TYPE_CHECKING:
    from provstore.graph.replay import Replay

_CHUNK: Final = PS + "chunk"
_SERIES: Final = PS + "MetricSeries"
_BATCH: Final = 1_000


def export(
    ledger: Ledger,
    format_name: str,
    stream: BinaryIO,
    *,
    document: str | None = None,
    iris: Collection[str] | None = None,
    relations: Collection[str] | None = None,
    edges: Collection[str] = (),
    as_of: int | None = None,
    derived: bool = False,
    spaces: Collection[str] | None = None,
) -> list[Loss]:
    """Writes statements to `stream` and returns what the format could not hold.

    Args: format_name: one of formats.registry, or `csv` (nodes, edges and metric points; of everything or of `iris`).
    document: its IRI: that one alone, identical (rule 4), with its own prefixes. iris: only statements among these
    elements. relations: of the relations, those with these sids (None: all). edges: the sids of relations that belong
    even when one of their ends is no such element. as_of: a ledger sequence; None: now.
    derived: also what provstore itself stated (rule 16). spaces: only what is said in these (None: all).
    Raises: NotFound: no such document, or it is erased. UsageError: no such format.
    """
    if format_name == CSV:
        source = _asserted(ledger, as_of, derived, spaces)
        return _write_csv(source, stream, _named_in(ledger, document, iris), relations, as_of)
    from provstore.formats import registry

    writer = registry.by_name(format_name)
    if document is not None:
        stored = ledger.document(document)
        if stored.entry.header is None:
            raise NotFound("the document is erased: its content is gone for good", where=document)
        return writer.write(stored.assertions, _namespaces(stored), stream)
    source = _asserted(ledger, as_of, derived, spaces)
    if iris is None:
        statements = _everything(source.documents())
    else:
        statements = _among(source, frozenset(iris), relations, frozenset(edges), as_of)
    return writer.write(statements, {None: _shared(ledger, as_of)}, stream)


def chunk_digests(
    ledger: Ledger,
    *,
    iris: Collection[str] | None = None,
    as_of: int | None = None,
    derived: bool = False,
    spaces: Collection[str] | None = None,
) -> list[str]:
    """The SHA-256 (hexadecimal) of every metric chunk that an export names, for `--with-blobs`; sorted, each once."""
    source = _asserted(ledger, as_of, derived, spaces)
    mentions = source.about(iris, places=["element"], as_of=as_of)
    return sorted({_digest(value.lexical) for one in mentions for value in one.claim.statement.values(_CHUNK)})


class _Asserted:
    """A ledger without what provstore itself stated, or what lies in other spaces: the history that exports read."""

    def __init__(self, ledger: Ledger, entries: list[Entry], hidden: frozenset[str]) -> None:
        self._ledger, self._entries, self._hidden = ledger, entries, hidden

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def about(self, iris: Collection[str] | None, **options: Any) -> Iterator[Mention]:
        """As Ledger.about, without the hidden documents."""
        mentions = self._ledger.about(iris, **options)
        return (one for one in mentions if one.claim.origin.document not in self._hidden)

    def documents(self) -> list[StoredDocument]:
        """The live documents in the order of the ledger."""
        return [self._ledger.document(entry.document) for entry in self._entries]


def _asserted(ledger: Ledger, as_of: int | None, derived: bool, spaces: Collection[str] | None) -> _Asserted:
    live = sorted(ledger.live(as_of=as_of), key=lambda entry: entry.sequence)
    hidden = frozenset(one.document for one in live if one.header and not _is_shown(one.header, derived, spaces))
    return _Asserted(ledger, [entry for entry in live if entry.document not in hidden], hidden)


def _is_shown(header: Header, derived: bool, spaces: Collection[str] | None) -> bool:
    return (derived or not header.derived) and (spaces is None or header.space in spaces)


def _namespaces(stored: StoredDocument) -> Namespaces:
    return stored.entry.header.namespaces if stored.entry.header else {}


def _shared(ledger: Ledger, as_of: int | None) -> dict[str, str]:
    """The store's prefixes: those of several documents together, a taken one numbered (rule 30)."""
    prefixes = Prefixes(dict(ledger.head(as_of).prefixes))
    return {prefix: namespace for prefix, namespace in prefixes.items() if prefix}


def _everything(documents: list[StoredDocument]) -> Iterator[Assertion]:
    """All statements of the documents, each once in its bundle: the document's own first, then bundle by bundle.

    The documents are read again for each bundle, so that memory holds no statement.
    """
    holding: dict[str, list[StoredDocument]] = {}
    seen: set[bytes] = set()
    for stored in documents:
        for assertion in stored.assertions:
            if assertion.bundle is None:
                yield from _once(assertion, seen)
            elif not holding.get(assertion.bundle) or holding[assertion.bundle][-1] is not stored:
                holding.setdefault(assertion.bundle, []).append(stored)
    for bundle, holders in holding.items():
        seen.clear()
        for stored in holders:
            for assertion in stored.assertions:
                if assertion.bundle == bundle:
                    yield from _once(assertion, seen)


def _once(assertion: Assertion, seen: set[bytes]) -> Iterator[Assertion]:
    key = bytes.fromhex(sid(assertion.statement))
    if key not in seen:
        seen.add(key)
        yield assertion


def _among(
    source: _Asserted,
    iris: frozenset[str],
    relations: Collection[str] | None,
    edges: frozenset[str],
    as_of: int | None,
) -> Iterator[Assertion]:
    """The statements whose element and ends are all in `iris`, each once in its bundle, in the ledger's order.

    Args: relations: the sids of those relations that are wanted; None: all. edges: of those that belong wherever their
    ends are: the edge of a third argument has the sid of the whole statement (rule 20).
    """
    claims: dict[tuple[str, int], Claim] = {}
    for mention in source.about(iris, as_of=as_of):
        claim = mention.claim
        ends = (one.iri for one in named(claim.statement) if one.place != "third")
        among = iris.issuperset(ends) and _is_wanted(claim.statement, relations)
        if among or (edges and sid(claim.statement) in edges):
            claims[claim.origin.document, claim.position] = claim
    ordered = sorted(claims.values(), key=lambda one: (one.bundle or "", one.origin.sequence, one.position))
    distinct = dict.fromkeys(Assertion(claim.bundle, claim.statement) for claim in ordered)
    return iter(distinct)


def _is_wanted(stated: Statement, relations: Collection[str] | None) -> bool:
    return relations is None or stated.kind in ELEMENTS or sid(stated) in relations


def _named_in(ledger: Ledger, document: str | None, iris: Collection[str] | None) -> Collection[str] | None:
    if document is None:
        return iris
    return {one.iri for assertion in ledger.document(document).assertions for one in named(assertion.statement)}


def _write_csv(
    source: _Asserted,
    stream: BinaryIO,
    iris: Collection[str] | None,
    relations: Collection[str] | None,
    as_of: int | None,
) -> list[Loss]:
    from provstore.graph.replay import Replay

    prefixes = Prefixes(dict(source.head(as_of).prefixes))
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    csv.write(
        text, csv.columns("all", points=True), _rows(source, Replay(source, as_of), prefixes, iris, relations, as_of)
    )
    text.detach()
    return []


def _rows(
    source: _Asserted,
    reader: Replay,
    prefixes: Prefixes,
    iris: Collection[str] | None,
    relations: Collection[str] | None,
    as_of: int | None,
) -> Iterator[csv.Row]:
    """Nodes, then the edges among them, then the points of their metric series; memory holds identifiers only."""
    present: dict[str, bool] = {}
    for batch in in_batches(sorted(reader.iris() if iris is None else set(iris)), _BATCH):
        for node in reader.nodes(Filter(iris=batch)).nodes:
            present[node.iri] = _SERIES in node.types
            yield csv.node_row(node, prefixes)
    for batch in in_batches(present, _BATCH):
        edges = sorted(
            reader.expand(batch, None, "out"), key=lambda one: (one.source, one.relation, one.target, one.sid)
        )
        wanted = (edge for edge in edges if relations is None or edge.sid in relations)
        yield from (csv.edge_row(edge, prefixes) for edge in wanted if edge.target in present)
    for iri, is_series in present.items():
        if is_series:
            yield from (csv.point_row(iri, point) for point in _points(source, iri, as_of))


def _points(source: _Asserted, iri: str, as_of: int | None) -> list[series.Point]:
    """The points of one metric series in order (rule 17)."""
    chunks = [
        (one.claim.origin.event_time, source.blob(_digest(value.lexical)))
        for one in source.about([iri], places=["element"], as_of=as_of)
        for value in one.claim.statement.values(_CHUNK)
    ]
    return series.points(chunks)


def _digest(lexical: str) -> str:
    return lexical.rpartition(":")[2]
