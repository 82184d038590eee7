"""The store as a caller of some spaces sees it: what lies in other spaces is nowhere, and where it is missed is marked.

In: a store and the caller's spaces. Out: the same questions, answered from visible statements only. Source: rule 25.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, cast

from provstore.batches import in_batches
from provstore.errors import Denied, NotFound
from provstore.graph import replay
from provstore.graph.contract import Direction, Engine, Walk
from provstore.graph.replay import Replay
from provstore.ledger.contract import Entry, Head, Ledger, StoredDocument
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.reading import Span
from provstore.model.document import Assertion
from provstore.model.fold import Mention
from provstore.model.names import Prefixes
from provstore.store import Store
from provstore.store.asking import Asking, AsOf, Spaces

_AT_ONCE: Final = 1_000


class Index:
    """What the entries of some spaces bring along: prefixes, blobs and documents. Read on as the ledger grows.

    Args: spaces: those that are visible.
    """

    def __init__(self, spaces: frozenset[str]) -> None:
        self.spaces = spaces
        self.prefixes = Prefixes()
        self.blobs: set[str] = set()
        self.documents: set[str] = set()
        self.hides = False
        self._read_to = 0
        self._lock = threading.Lock()

    def update(self, ledger: Ledger) -> None:
        """Reads what was added since."""
        with self._lock:
            if ledger.head().sequence == self._read_to:
                return
            for entry in ledger.entries(self._read_to):
                self._read_to = entry.sequence
                self._note(entry)

    def _note(self, entry: Entry) -> None:
        if entry.kind != "append":
            return
        if entry.header is None or entry.header.space not in self.spaces:
            self.hides = True
            return
        self.documents.add(entry.document)
        self.blobs.update(entry.blobs)
        self.prefixes.declare(entry.header.namespaces)


class SeenLedger:
    """The reading side of a ledger, limited to the documents of some spaces."""

    def __init__(self, whole: DatabaseLedger, index: Index) -> None:
        index.update(whole)
        self._whole, self._index = whole, index

    def head(self, as_of: int | str | None = None) -> Head:
        """As `Ledger.head`, with the prefixes of visible documents."""
        return replace(self._whole.head(as_of), prefixes=tuple(self._index.prefixes.items()))

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """As `Ledger.entries`, of visible documents."""
        return (entry for entry in self._whole.entries(after) if self._sees(entry))

    def document(self, document: str) -> StoredDocument:
        """As `Ledger.document`. Raises: NotFound: there is none, or it is not visible, alike."""
        if document not in self._index.documents:
            # The same words as the ledger's own: that something is hidden is not told either.
            raise NotFound("no such document", where=document, next_step="List them with `provstore documents`.")
        return self._whole.document(document)

    def live(self, unit: str | None = None, space: str | None = None, as_of: int | None = None) -> list[Entry]:
        """As `Ledger.live`, of visible documents."""
        return [entry for entry in self._whole.live(unit, space, as_of) if self._sees(entry)]

    def about(self, iris: Collection[str] | None, **options: Any) -> Iterator[Mention]:
        """As `Ledger.about`, of visible documents."""
        asked = options.pop("spaces", None)
        spaces = self._index.spaces if asked is None else self._index.spaces.intersection(asked)
        return self._whole.about(iris, **options, spaces=spaces)

    def ever_about(self, iri: str) -> Iterator[Mention]:
        """As `Ledger.ever_about`, of visible documents."""
        return (one for one in self._whole.ever_about(iri) if one.claim.origin.space in self._index.spaces)

    def entries_on(self, documents: Collection[int]) -> list[Entry]:
        """As `Ledger.entries_on`, of visible documents."""
        return [entry for entry in self._whole.entries_on(documents) if self._sees(entry)]

    def live_spans(self) -> list[Span]:
        """As `DatabaseLedger.live_spans`, of visible documents."""
        return [span for span in self._whole.live_spans() if span.space in self._index.spaces]

    def asserted(self, spans: Iterable[Span]) -> Iterator[tuple[int, Assertion]]:
        """As `DatabaseLedger.asserted`, of visible documents."""
        return self._whole.asserted([span for span in spans if span.space in self._index.spaces])

    def numbered(self, numbers: Collection[int]) -> dict[int, Entry]:
        """As `DatabaseLedger.numbered`, of visible documents."""
        return {number: entry for number, entry in self._whole.numbered(numbers).items() if self._sees(entry)}

    def blob(self, sha256: str) -> bytes:
        """As `Ledger.blob`. Raises: NotFound: no visible document has it."""
        if sha256 not in self._index.blobs:
            raise NotFound("no such bytes", where=sha256)
        return self._whole.blob(sha256)

    def _sees(self, entry: Entry) -> bool:
        return entry.document in self._index.documents


class Seen(Asking):
    """The questions, asked by somebody who sees some spaces only."""

    def __init__(self, store: Store, index: Index) -> None:
        # The questions read it as they would read the ledger itself.
        super().__init__(cast(DatabaseLedger, SeenLedger(store.ledger, index)), store.engine)
        self._whole, self._index = store.ledger, index

    def reader(self, as_of: AsOf = None, spaces: Spaces = None) -> Replay:
        """What a question reads: the ledger, for these spaces; it marks what something invisible leaves."""
        return Replay(self._whole, self.sequence(as_of), self._index.spaces)

    def _graph(self) -> Engine:
        """Raises: Denied: what is asked of the graph itself is answered from every space."""
        raise Denied("a query on the graph sees every space, and you see some only")


class Views:
    """The views of all callers; each set of spaces is indexed once."""

    def __init__(self) -> None:
        self._indexes: dict[frozenset[str], Index] = {}
        self._lock = threading.Lock()

    @contextmanager
    def seen(self, store: Store, spaces: frozenset[str] | None) -> Iterator[Asking]:
        """What a caller of these spaces asks: the store itself when nothing of it is hidden."""
        if spaces is None:
            yield store
            return
        index = self._index(spaces)
        index.update(store.ledger)
        yield Seen(store, index) if index.hides else store

    def answer(self, store: Store, spaces: frozenset[str] | None, ask: Callable[[Asking], Any]) -> Any:
        """What `ask` makes of the caller's view.

        A document of another space that comes in meanwhile may have been seen: then it is asked again.
        """
        with self.seen(store, spaces) as asking:
            found = ask(asking)
        if asking is store and spaces is not None:
            with self.seen(store, spaces) as again:
                return found if again is store else ask(again)
        return found

    def _index(self, spaces: frozenset[str]) -> Index:
        with self._lock:
            return self._indexes.setdefault(spaces, Index(spaces))


def hidden_among(asking: Asking, iris: Iterable[str], *, as_of: AsOf = None) -> set[str]:
    """Of these elements, those that an invisible edge leaves which lineage would walk (rule 25)."""
    if not isinstance(asking, Seen):
        return set()
    return replay.hidden_among(asking._whole, iris, asking.sequence(as_of), asking._index.spaces)


def is_any_hidden(asking: Asking, *, as_of: AsOf = None) -> bool:
    """True when an invisible edge leaves anything that is visible: of an answer that tells all of it."""
    if not isinstance(asking, Seen):
        return False
    everything = in_batches(asking.reader(as_of).iris(), _AT_ONCE)
    return any(hidden_among(asking, some, as_of=as_of) for some in everything)


def is_incomplete(asking: Asking, iris: Iterable[str], direction: Direction = "out", *, as_of: AsOf = None) -> bool:
    """True when something invisible leaves what these elements were made from, or enters what was made from them."""
    if not isinstance(asking, Seen):
        return False
    starts = tuple(sorted(set(iris)))
    return bool(asking.reader(as_of).closure(Walk(starts, direction)).hidden)
