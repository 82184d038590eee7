"""A ledger in a database: everything but where the connections and the transactions come from.

In: submissions. Out: receipts, when they are durable. Source: rules 5 to 18; the contract is
`provstore.ledger.contract`.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

from provstore.ledger.apart import Scratch
from provstore.ledger.contract import Entry, Erasure, Head, Proof, Receipt, StoredDocument, Submission
from provstore.ledger.following import ApartView, Follower
from provstore.ledger.mentions import Mentions
from provstore.ledger.merkle import EMPTY_ROOT
from provstore.ledger.proving import prove
from provstore.ledger.reading import NOW, Reading, Span
from provstore.ledger.session import Readable, Session
from provstore.ledger.stated import Stated
from provstore.ledger.submitting import Ready, Salt
from provstore.ledger.tiles import Tree
from provstore.ledger.units import Effect, effect_of
from provstore.ledger.writing import End, Writing
from provstore.model.arguments import Place
from provstore.model.document import Assertion, Document, Header
from provstore.model.fold import Mention
from provstore.settings import Settings


class Done(NamedTuple):
    """What one transaction did: the head that it began with, where the ledger ends then, what was written, receipts."""

    before: Head
    end: End
    writing: Writing
    receipts: list[Receipt]


class DatabaseLedger(ABC):
    """What the ledgers of all databases share; a context manager. `ledger_id` names the ledger for good.

    Args: session: for reading what is committed. folder: where large documents are spooled. clock: UTC text of now.
    salt: 16 fresh random bytes at each call.
    """

    # Of the driver: what damage raises.
    database_error: ClassVar[type[Exception]]

    def __init__(
        self, session: Readable, *, folder: Path, settings: Settings, clock: Callable[[], str], salt: Salt
    ) -> None:
        self._settings = settings
        self._clock, self._salt = clock, salt
        self._folder = folder
        self._lock = threading.Lock()
        self._session = session
        self.ledger_id: str = session.first("version")[1]
        self._reading = Reading(session, self.ledger_id)
        self._mentions = Mentions(self._reading)
        self._end: End | None = None
        self._scratch: Scratch | None = None

    @cached_property
    def _actor(self) -> str:
        """Who acts when a submission does not say; asking the system costs more than a small document."""
        return self._settings.who()

    @property
    def reading(self) -> Reading:
        """What copying reads through."""
        return self._reading

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Ends all connections."""

    @abstractmethod
    def at_one_moment(self) -> AbstractContextManager[Reading]:
        """Reads the ledger as it is when the context is entered, while others go on writing."""

    @abstractmethod
    def _translated(self) -> AbstractContextManager[None]:
        """Turns the driver's errors into ours."""

    @abstractmethod
    def _store(self, ready: Sequence[Ready], follower: Follower | None) -> list[Receipt]:
        """One transaction under the write lock, durable when it returns."""

    @abstractmethod
    def _forget(self) -> None:
        """After an erasure: what the database still has of the deleted rows goes."""

    def append(self, submissions: Iterable[Submission], follower: Follower | None = None) -> list[Receipt]:
        """As `Ledger.append`; in the same transaction `follower` projects what is written, if it takes so much.

        Args: follower: of a view in the ledger's own file.
        Raises besides: BadInput: a document cannot be taken. BackendUnavailable.
        """
        with ExitStack() as stack:
            # Errors of whoever reads the assertions are theirs, and stay as they are.
            ready = [self._ready(one, stack, follower) for one in submissions]
            if not ready:
                return []
            erases = any(isinstance(one.submission, Erasure) for one in ready)
            # What an erased document said is gone: its view is compared with the ledger afterwards.
            follows = follower is not None and not erases and follower.takes(sum(one.statements for one in ready))
            with self._lock, self._translated():
                receipts = self._store(ready, follower if follows else None)
                if erases:
                    self._mentions.forget()
                    self._forget()
            return receipts

    def head(self, as_of: int | str | None = None) -> Head:
        """As `Ledger.head`."""
        with self._translated():
            return self._reading.head(as_of)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """As `Ledger.entries`."""
        with self._translated():
            yield from self._reading.entries(after)

    def document(self, document: str) -> StoredDocument:
        """As `Ledger.document`."""
        with self._translated():
            return self._reading.document(document)

    def live(self, unit: str | None = None, space: str | None = None, as_of: int | None = None) -> list[Entry]:
        """As `Ledger.live`."""
        with self._translated():
            return self._reading.live(unit, space, as_of)

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
        """As `Ledger.about`."""
        with self._translated():
            yield from self._mentions.about(iris, places, kinds, as_of, one_each, spaces)

    def ever_about(self, iri: str) -> Iterator[Mention]:
        """As `Ledger.ever_about`."""
        with self._translated():
            yield from self._mentions.ever_about(iri)

    def entries_on(self, documents: Collection[int]) -> list[Entry]:
        """As `Ledger.entries_on`."""
        with self._translated():
            return self._reading.entries_on(documents)

    def has_key(self, space: str, actor: str, key: str) -> bool:
        """True when a document came with this idempotency key."""
        with self._translated():
            return bool(self._reading.rows("idempotency", {"space": space, "actor": actor, "key": key}))

    def live_spans(self) -> list[Span]:
        """Where the assertions of all live documents lie, by number."""
        with self._translated():
            return self._reading.live_spans()

    def asserted(self, spans: Iterable[Span]) -> Iterator[tuple[int, Assertion]]:
        """The assertions of documents, each with the document's number. Args: spans: ordered by number."""
        with self._translated():
            yield from self._reading.asserted(spans)

    def numbered(self, numbers: Collection[int]) -> dict[int, Entry]:
        """The entries of those numbers."""
        with self._translated():
            return self._reading.numbered(numbers)

    def stated(self, space: str, bundle: str | None, without: Collection[int] = ()) -> Stated:
        """What is live now in one bundle of one space, by what it names; `without` documents of those numbers."""
        with self._translated():
            return Stated(self._reading, space, bundle, without)

    def effect_of(self, document: Document) -> Effect | None:
        """What becomes live and what closes if the document is stored now (rule 8); None: it repeats one (rule 9).

        Args: document: its assertions are read, when anything of its unit is stored.
        Raises: Conflict: as `append`.
        """
        with self._translated():
            return effect_of(self._session, document, self._actor)

    def proof(
        self, *, sid: str | None = None, sequence: int | None = None, size: int | None = None,
        since: int | None = None,
    ) -> list[Proof]:  # fmt: skip
        """As `Ledger.proof`."""
        with self._translated():
            return prove(self._reading, sid=sid, sequence=sequence, size=size, since=since)

    def blob(self, sha256: str) -> bytes:
        """As `Ledger.blob`."""
        with self._translated():
            return self._reading.blob(sha256)

    def _ready(self, submission: Submission, stack: ExitStack, follower: Follower | None) -> Ready:
        def view(header: Header) -> ApartView | None:
            """Of the first document of a unit, which closes no other; more often than not a second one is a repeat."""
            return None if follower is None or self._knows_unit(header) else follower.apart(header)

        scratch = self._scratch
        ready = Ready(
            submission, self._folder, actor=self._actor, salt=self._salt, scratch=scratch, view=view,
            next_leaf=lambda: self.head().tree_size,
        )  # fmt: skip
        stack.callback(ready.close)
        if isinstance(submission, Document) and ready.content.is_hashed_early and not self._has_content(ready):
            ready.hashes()
        return ready

    def _knows_unit(self, header: Header) -> bool:
        with self._translated():
            return bool(self._reading.rows("unit_is_known", {"space": header.space, "unit": header.unit}))

    def _has_content(self, ready: Ready) -> bool:
        """True when the unit has a document of that content, so that this one may be a duplicate."""
        header = ready.header
        values = {"space": header.space, "unit": header.unit, "mode": header.mode}
        digest = bytes.fromhex(ready.content.content_digest)
        with self._translated():
            return bool(self._reading.rows("content_of_unit", {**values, "content_digest": digest}))

    def _written(self, session: Session, ready: Sequence[Ready], known: End | None) -> Done:
        """Stores everything within the transaction of `session`, not yet committed.

        Args: known: where the ledger ended when this process last wrote.
        """
        before, end = self._current_end(session, known)
        writing = Writing(session, end, self._clock())
        receipts = [writing.store(one) for one in ready]
        writing.finish()
        return Done(before, end, writing, receipts)

    def _current_end(self, session: Session, known: End | None) -> tuple[Head, End]:
        """The head, and where the ledger ends; another process may have moved it on since we wrote."""
        row = session.first("head", {"sequence": NOW})
        sequence, time, size, root = row or (0, "", 0, EMPTY_ROOT)
        before = Head(self.ledger_id, sequence, time, size, root)
        if known is not None and (known.sequence, known.tree.size) == (sequence, size):
            return before, known
        tree = Tree(size, Reading(session, self.ledger_id).tile)
        return before, End(sequence, time, tree, session.first("last_statement")[0])
