"""The reading side of the ledger: rows become entries, documents and mentions.

In: names and sequences. Out: contract types. Every method reads what is committed, by a session of its own.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from provstore.errors import NotFound
from provstore.ledger.contract import Entry, Head, StoredDocument
from provstore.ledger.leaves import parse_header
from provstore.ledger.merkle import EMPTY_ROOT
from provstore.ledger.session import Readable, Values
from provstore.ledger.tiles import TILE_BYTES, WIDTH_BITS, tile_id
from provstore.ledger.units import document_number
from provstore.model.document import Assertion
from provstore.model.statement import parse_records
from provstore.model.terms import DOCUMENT
from provstore.model.times import instant

NOW = 2**62
_ENTRIES_AT_ONCE = 500
_STATEMENTS_AT_ONCE = 2_000
_HASH_BYTES = 32
# From so many entries on, one pass over all costs less than a look-up of each.
_PASS = 2_000


class Span(NamedTuple):
    """Where the assertions of a document lie: its number, its space, whether provstore itself stated it (rule 16),
    and its leaves from `first` to before `end`.
    """

    document: int
    space: str
    derived: bool
    first: int
    end: int


class Reading:
    """Reads a ledger. Args: session: its own. ledger_id: of the ledger."""

    def __init__(self, session: Readable, ledger_id: str) -> None:
        self._session = session
        self._ledger_id = ledger_id

    def rows(self, name: str, values: Values = ()) -> list[Any]:
        """All rows of one of the ledger's statements, by its name."""
        return self._session.rows(name, values)

    def stream(self, name: str, values: Values = ()) -> Iterator[Any]:
        """The same, a part at a time, for answers too large for memory."""
        return self._session.stream(name, values)

    def head(self, as_of: int | str | None = None) -> Head:
        """As `Ledger.head`."""
        if isinstance(as_of, str):
            moment = instant(as_of)
            as_of = self.rows("sequence_at", {"time": moment.utc if moment else as_of})[0][0] or 0
        found = self.rows("head", {"sequence": NOW if as_of is None else as_of})
        sequence, time, size, root = found[0] if found else (0, None, 0, EMPTY_ROOT)
        prefixes = tuple(self.rows("prefixes", {"sequence": sequence}))
        return Head(self._ledger_id, sequence, time, size, root, prefixes)

    def entries(self, after: int = 0, upto: int = NOW) -> Iterator[Entry]:
        """As `Ledger.entries`, up to and with entry `upto`."""
        while True:
            rows = self.rows("entries", {"after": after, "upto": upto, "limit": _ENTRIES_AT_ONCE})
            for row in rows:
                yield self._entry(row)
            if not rows:
                return
            after = rows[-1][0]

    def entry(self, sequence: int) -> Entry:
        """The entry with that sequence. Raises: NotFound."""
        rows = self.rows("entries", {"after": sequence - 1, "upto": sequence, "limit": 1})
        if not rows:
            raise NotFound("no such entry", where=str(sequence), next_step="See `provstore documents`.")
        return self._entry(rows[0])

    def numbered(self, numbers: Collection[int]) -> dict[int, Entry]:
        """The entries of those numbers."""
        if len(numbers) < _PASS:
            return {number: self.entry(number) for number in sorted(numbers)}
        return {entry.sequence: entry for entry in self.entries() if entry.sequence in numbers}

    def entries_on(self, documents: Collection[int]) -> list[Entry]:
        """As `Ledger.entries_on`."""
        rows = self.rows("changes_on", {"documents": json.dumps(sorted(documents))})
        numbers = {*documents, *(row[0] for row in rows)}
        return [entry for _, entry in sorted(self.numbered(numbers).items())]

    def document(self, document: str) -> StoredDocument:
        """As `Ledger.document`."""
        number = document_number(self._session, document)
        entry = self.entry(number)
        is_live = bool(self.rows("is_live", (number,)))
        closed_by = None if is_live else self.rows("closed_by", (number,))[0][0] or number
        assertions = _Assertions(self, entry.first_leaf + 1, entry.first_leaf + 1 + entry.statements)
        return StoredDocument(entry, is_live, closed_by, assertions)

    def assertions(self, first: int, end: int) -> Iterator[Assertion]:
        """The assertions of the leaves from `first` to before `end`."""
        for start in range(first, end, _STATEMENTS_AT_ONCE):
            rows = self.rows("assertions", {"first": start, "end": min(end, start + _STATEMENTS_AT_ONCE)})
            stated = parse_records([record for _, record in rows], {})
            yield from (Assertion(bundle, one) for (bundle, _), one in zip(rows, stated, strict=True))

    def live_spans(self) -> list[Span]:
        """Where the assertions of all live documents lie, by number."""
        return [Span(*row) for row in self.rows("live_spans")]

    def asserted(self, spans: Iterable[Span]) -> Iterator[tuple[int, Assertion]]:
        """The assertions of documents, each with the document's number. Args: spans: ordered by number."""
        shared: dict[Any, Any] = {}
        for first, end in _joined(spans):
            for start in range(first, end, _STATEMENTS_AT_ONCE):
                rows = self.rows("asserted", {"first": start, "end": min(end, start + _STATEMENTS_AT_ONCE)})
                stated = parse_records([record for *_, record in rows], shared)
                for (document, bundle, _), one in zip(rows, stated, strict=True):
                    yield document, Assertion(bundle, one)

    def live(self, unit: str | None, space: str | None, as_of: int | None) -> list[Entry]:
        """As `Ledger.live`."""
        values = {"space": space, "as_of": NOW if as_of is None else as_of}
        if unit is None:
            rows = self.rows("live_documents", values)
        else:
            rows = self.rows("live_documents_of_unit", {**values, "unit": unit})
        return [self.entry(row[0]) for row in rows]

    def blob(self, sha256: str) -> bytes:
        """As `Ledger.blob`."""
        try:
            found = self.rows("blob", (bytes.fromhex(sha256),))
        except ValueError:
            found = []
        if not found:
            raise NotFound("no such bytes are kept", where=sha256)
        return bytes(found[0][0])

    def tile(self, number: int) -> bytes:
        """The hashes of a tile by its id (tiles.tile_id); none if there is no such tile."""
        rows = self.rows("tile", (number,))
        return bytes(rows[0][0]) if rows else b""

    def leaf_hashes(self, first: int, end: int) -> bytes:
        """The stored leaf hashes from leaf `first` to before `end`."""
        numbers = range(first >> WIDTH_BITS, ((end - 1) >> WIDTH_BITS) + 1)
        joined = b"".join(self.tile(tile_id(0, number)) for number in numbers)
        skipped = numbers.start * TILE_BYTES
        return joined[first * _HASH_BYTES - skipped : end * _HASH_BYTES - skipped]

    def document_iri(self, number: int) -> str:
        """The IRI of the document of that number."""
        digest: bytes = self.rows("document_row", (number,))[0][1]
        return DOCUMENT + digest.hex()

    def _entry(self, row: Sequence[Any]) -> Entry:
        sequence, kind, time, actor, reason, header, opened, closed, first_leaf, leaves, root, salt = row[:12]
        digest, content_digest, statements, document_salt, blobs = row[12:]
        stores = kind == "append"
        own = {sequence: DOCUMENT + digest.hex()} if stores else {}
        erased = None if salt else self.leaf_hashes(first_leaf, first_leaf + leaves)
        return Entry(
            sequence=sequence, kind=kind, time=time, actor=actor, reason=reason, document=DOCUMENT + digest.hex(),
            header=parse_header(header) if header else None,
            content_digest=content_digest.hex() if stores and content_digest else None,
            statements=statements if stores else 0,
            opened=tuple(own.get(number) or self.document_iri(number) for number in json.loads(opened)),
            closed=tuple(self.document_iri(number) for number in json.loads(closed)),
            first_leaf=first_leaf, leaves=leaves, root=root, salt=salt,
            document_salt=document_salt if stores else None,
            blobs=tuple(sorted(blobs.lower().split(","))) if blobs else (), erased_leaves=erased,
        )  # fmt: skip


def _joined(spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """The leaves of documents, those as one that follow each other with nothing but an entry's own leaf between."""
    first = end = 0
    for span in spans:
        if span.first > end + 1:
            yield first, end
            first = span.first
        end = span.end
    yield first, end


@dataclass(frozen=True, slots=True)
class _Assertions(Collection[Assertion]):
    """A document's assertions: read anew each time, a part at a time."""

    reading: Reading
    first: int
    end: int

    def __iter__(self) -> Iterator[Assertion]:
        return self.reading.assertions(self.first, self.end)

    def records(self) -> Iterator[list[tuple[str | None, str]]]:
        """(bundle, canonical record) of each in order, in parts, for readers that need no statements."""
        for start in range(self.first, self.end, _STATEMENTS_AT_ONCE):
            yield self.reading.rows("assertions", {"first": start, "end": min(self.end, start + _STATEMENTS_AT_ONCE)})

    def __len__(self) -> int:
        return self.end - self.first

    def __contains__(self, item: object) -> bool:
        return any(assertion == item for assertion in self)
