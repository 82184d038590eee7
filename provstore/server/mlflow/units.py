"""The units that calls read and change: loaded from the ledger, and kept while it says nothing else of them.

In: a space and the name of a unit. Out: the unit as it is now; documents go to the service's one writer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from provstore.ledger.contract import Entry, Ledger
from provstore.model import times
from provstore.model.document import Document
from provstore.server.intake import count
from provstore.server.mlflow.unit import Said, Unit
from provstore.server.service import Service

Key = tuple[str, str]
# Units that are kept. Each is as large as its run: some kilobytes, and 24 bytes a metric point.
_KEPT: Final = 4_096
_LOCKS: Final = 64
_MICROSECOND: Final = timedelta(microseconds=1)


class Units:
    """The units of one service; what is kept is dropped when somebody else changes it in the ledger."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._kept: OrderedDict[Key, Unit] = OrderedDict()
        # Documents of these units that came since they were first asked for, by whomever.
        self._noted: dict[Key, set[str]] = {}
        self._read_to: int | None = None
        self._lock = threading.Lock()
        self._turns = [threading.Lock() for _ in range(_LOCKS)]

    @contextmanager
    def alone(self, space: str, *units: str) -> Iterator[None]:
        """While the context lasts no other call changes these units. Name all of them at once: a call waits once."""
        numbers = sorted({hash((space, unit)) % _LOCKS for unit in units})
        with ExitStack() as held:
            for number in numbers:
                held.enter_context(self._turns[number])
            yield

    def unit(self, space: str, unit: str) -> Unit:
        """The unit as it is now; an empty one when the ledger has nothing of it."""
        key = space, unit
        with self._service.readers.store() as store:
            with self._lock:
                self._follow(store.ledger)
                noted = self._noted.setdefault(key, set())
                kept = self._kept.get(key)
                if kept is not None and noted <= kept.known:
                    self._kept.move_to_end(key)
                    return kept
                # What is noted from here on is perhaps not in what is loaded now.
                before = frozenset(noted)
            loaded = _load(store.ledger, space, unit)
        loaded.known |= before
        with self._lock:
            self._keep(key, loaded)
        return loaded

    def write(self, documents: Sequence[Document]) -> None:
        """Appends documents in one transaction; returns when they are durable. The caller holds their units.

        Raises: BadInput, Conflict: nothing of them is stored. Busy, BackendUnavailable.
        """
        receipts, _ = self._service.writer.append(documents).result()
        count(self._service, receipts)
        for document, receipt in zip(documents, receipts, strict=True):
            key = document.header.space, document.header.unit
            with self._lock:
                kept = self._kept.pop(key, None) if receipt.stored_closed else self._kept.get(key)
            if kept is not None and receipt.document not in kept.known:
                kept.take(_said(document, receipt.document))

    def stamp(self, *units: Unit) -> str:
        """The time of what is written now: later than all that was said of these units before."""
        newest = max((one.newest for one in units), default="")
        now = times.now()
        return now if now > newest else times.text(datetime.fromisoformat(newest) + _MICROSECOND)

    def _follow(self, ledger: Ledger) -> None:
        """Notes which kept units were changed, by whomever."""
        if self._read_to is None:
            self._read_to = ledger.head().sequence
        for entry in ledger.entries(self._read_to):
            self._read_to = entry.sequence
            self._note(entry)

    def _keep(self, key: Key, loaded: Unit) -> None:
        if key not in self._noted:
            return
        self._kept[key] = loaded
        while len(self._kept) > _KEPT:
            dropped, _ = self._kept.popitem(last=False)
            del self._noted[dropped]

    def _note(self, entry: Entry) -> None:
        if entry.header is None:
            # Which unit a retraction or an erasure changed is no longer told.
            self._kept.clear()
            self._noted.clear()
            return
        noted = self._noted.get((entry.header.space, entry.header.unit))
        if noted is not None:
            noted.add(entry.document)


def _load(ledger: Ledger, space: str, unit: str) -> Unit:
    """The unit from its live documents (rule 8)."""
    loaded = Unit()
    found = []
    for entry in ledger.live(unit, space):
        if entry.header is not None:
            found.append((entry.header.event_time, entry.content_digest or "", entry, entry.header))
    for event_time, _, entry, header in sorted(found, key=lambda one: one[:2]):
        blobs = {digest: ledger.blob(digest) for digest in entry.blobs}
        assertions = ledger.document(entry.document).assertions
        loaded.take(Said(entry.document, header.mode == "snapshot", event_time, assertions, blobs))
    return loaded


def _said(document: Document, iri: str) -> Said:
    header = document.header
    blobs = {sha256(blob).hexdigest(): blob for blob in document.blobs}
    return Said(iri, header.mode == "snapshot", header.event_time, document.assertions, blobs)
