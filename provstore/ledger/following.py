"""The ledger inside the transaction that appends, for a view in the same file that is brought up before the commit.

In: the writer's connection, entries as they are written. Out: a history that still has in hand what was just written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from provstore.ledger.contract import Entry, Head, StoredDocument
from provstore.ledger.mentions import Mentions
from provstore.ledger.reading import Reading
from provstore.ledger.session import Session
from provstore.model.arguments import Place
from provstore.model.columns import Chunk
from provstore.model.document import Assertion, Header
from provstore.model.fold import Mention


class ApartView(Protocol):
    """What a view makes of one large document where it is read, and keeps until the document is stored (rule 12).

    `rows` and `rest` are called in the process that reads, in which nothing is written; the others in the one that
    writes.
    """

    def rows(self, chunk: Chunk, sids: bytes) -> tuple[Any, ...]:
        """What it makes of the next assertions; `marshal` can write it. Args: sids: 32 bytes each."""
        ...

    def rest(self) -> tuple[Any, ...]:
        """What it makes of all of them together, after the last."""
        ...

    def create(self, connection: sqlite3.Connection) -> None:
        """Makes room in temporary tables of `connection`."""
        ...

    def keep(self, rows: tuple[Any, ...]) -> None:
        """Keeps what `rows` made."""
        ...

    def keep_rest(self, rest: tuple[Any, ...]) -> None:
        """Keeps what `rest` made."""
        ...

    def drop(self) -> None:
        """Removes its tables."""
        ...


class Follower(Protocol):
    """A view in the ledger's file, projected in the transaction that appends, so that one commit makes both durable."""

    def apart(self, header: Header) -> ApartView | None:
        """What it makes of a large document, the first of its unit, while that is read; None: nothing."""
        ...

    def takes(self, statements: int) -> bool:
        """True when it follows a list of so many statements."""
        ...

    def joined(self, connection: sqlite3.Connection) -> AbstractContextManager[object]:
        """While the context lasts the view is read and written through `connection`. Entered before the write lock is
        taken, so that whoever has the view waits for nobody who waits for it."""
        ...

    def follow(self, written: Written) -> None:
        """Projects what was written; called before the commit.

        Raises: ProvstoreError: it cannot; the ledger is then written without it.
        """
        ...


class InHand(NamedTuple):
    """A document that was just written, with the assertions that it was made of, their sids, 32 bytes each, and its
    blobs as (SHA-256, bytes)."""

    entry: Entry
    assertions: Sequence[Assertion]
    sids: bytes
    blobs: Sequence[tuple[bytes, bytes]]


class Written:
    """What one transaction wrote, as a history that can be read before it is committed.

    Args: session: in that transaction. before: the head that it began with. entries: what it added, in order.
    documents: of these, what is still in hand, by IRI.
    """

    def __init__(
        self, session: Session, before: Head, entries: Sequence[Entry], documents: Mapping[str, InHand]
    ) -> None:
        self.before = before
        self.written = entries
        self._documents = documents
        self._blobs = {digest.hex(): blob for one in documents.values() for digest, blob in one.blobs}
        self._reading = Reading(session, before.ledger_id)
        # Of this transaction only: should it be rolled back, its documents never were.
        self._mentions = Mentions(self._reading)

    @property
    def sids(self) -> dict[int, bytes]:
        """The sids of what is in hand, 32 bytes each in order, by the entry's sequence."""
        return {one.entry.sequence: one.sids for one in self._documents.values()}

    def head(self, as_of: int | str | None = None) -> Head:
        """As `Ledger.head`."""
        return self._reading.head(as_of)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """As `Ledger.entries`."""
        return self._reading.entries(after)

    def document(self, document: str) -> InHand | StoredDocument:
        """The entry and the assertions of a document, as they were given where they are still in hand."""
        return self._documents.get(document) or self._reading.document(document)

    def live(self, unit: str | None = None, space: str | None = None, as_of: int | None = None) -> list[Entry]:
        """As `Ledger.live`."""
        return self._reading.live(unit, space, as_of)

    def about(
        self, iris: Collection[str] | None, *, places: Sequence[Place] | None = None,
        kinds: Sequence[str] | None = None, as_of: int | None = None, one_each: bool = False,
        spaces: Collection[str] | None = None,
    ) -> Iterator[Mention]:  # fmt: skip
        """As `Ledger.about`."""
        return self._mentions.about(iris, places, kinds, as_of, one_each, spaces)

    def blob(self, sha256: str) -> bytes:
        """As `Ledger.blob`."""
        return self._blobs.get(sha256) or self._reading.blob(sha256)
