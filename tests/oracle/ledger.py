"""Rules 5 to 16 without proofs: a list of entries; everything else is recomputed from it at every question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tests.oracle.statements import Assertion, OracleStatement, content_digest, sid
from tests.oracle.terms import ELEMENT_KINDS

START = datetime(2026, 1, 1, tzinfo=UTC)


class OracleError(Exception):
    """The ledger refuses; nothing was stored."""


class Conflict(OracleError):
    """Exit code 6."""


class NotFound(OracleError):
    """Exit code 3."""


class BadInput(OracleError):
    """Exit code 4."""


@dataclass(frozen=True)
class OracleDocument:
    """Rules 5 to 7: assertions in order, and what the document speaks for.

    `digest` may be handed in (the one that the real implementation computed), so that ties are broken alike.
    """

    unit: str
    assertions: tuple[Assertion, ...]
    mode: str = "snapshot"  # or "event"
    event_time: datetime | None = None
    space: str = "default"
    key: str | None = None
    actor: str = "user@host"
    digest: str | None = None

    @property
    def content(self) -> str:
        """Rule 5: the content digest."""
        return self.digest or content_digest(self.assertions)

    @property
    def when(self) -> datetime:
        """The event time; every stored document has one."""
        assert self.event_time is not None
        return self.event_time


@dataclass(frozen=True)
class Entry:
    """Rule 11: an append, a retraction or an erasure; entries never change."""

    sequence: int
    time: datetime
    action: str  # "append" | "retract" | "erase"
    document_id: int
    closed: tuple[int, ...] = ()
    actor: str = "user@host"
    reason: str = ""


@dataclass(frozen=True)
class Receipt:
    """Rules 9 and 14."""

    sequence: int
    document_id: int
    duplicate: bool
    statements: int
    new: int
    duplicates: int
    elements: int
    closed: tuple[int, ...]


@dataclass(frozen=True)
class LiveAssertion:
    """One assertion of a live document, with all that the view needs to know of where it comes from."""

    document_id: int
    space: str
    unit: str
    event_time: datetime
    content: str
    bundle: str | None
    statement: OracleStatement

    @property
    def sid(self) -> str:
        """The id of the statement."""
        return sid(self.statement)


def live_of(documents: Iterable[tuple[int, OracleDocument]]) -> set[int]:
    """Rule 8: which of one unit's stored, unretracted documents are live.

    The newest snapshot R by (event time, content digest) and every event later than R; without one, every event.
    """
    documents = list(documents)
    events = [(i, d) for i, d in documents if d.mode == "event"]
    snapshots = [(i, d) for i, d in documents if d.mode == "snapshot"]
    if not snapshots:
        return {i for i, _ in events}
    newest_id, newest = max(snapshots, key=lambda pair: (pair[1].when, pair[1].content))
    return {newest_id} | {i for i, d in events if d.when > newest.when}


class OracleLedger:
    """The full log, and the documents as they were delivered, by oracle-local id (1, 2, 3, ...)."""

    def __init__(self) -> None:
        self.log: list[Entry] = []
        self.documents: dict[int, OracleDocument] = {}

    @property
    def head(self) -> int:
        """The sequence number of the last entry, 0 when there is none."""
        return len(self.log)

    def stored_at(self, sequence: int | None = None) -> set[int]:
        """Documents that are stored and neither retracted nor erased as of an entry (default: now)."""
        upto = self.log[: self.head if sequence is None else sequence]
        gone = {e.document_id for e in upto if e.action != "append"}
        return {e.document_id for e in upto if e.action == "append"} - gone

    def live_at(self, sequence: int | None = None) -> set[int]:
        """Rule 8, for every (space, unit), as of an entry (default: now)."""
        stored = [(i, self.documents[i]) for i in sorted(self.stored_at(sequence))]
        units = {(d.space, d.unit) for _, d in stored}
        return {i for unit in units for i in live_of((i, d) for i, d in stored if (d.space, d.unit) == unit)}

    def sequence_at(self, time: datetime) -> int:
        """Rule 18: the last entry at or before a time, 0 when there is none."""
        return max((e.sequence for e in self.log if e.time <= time), default=0)

    def content_of(self, document_id: int) -> tuple[Assertion, ...]:
        """What a document asserts; nothing once it was erased (rule 13), for the past as well."""
        erased = {e.document_id for e in self.log if e.action == "erase"}
        return () if document_id in erased else self.documents[document_id].assertions

    def assertions_at(self, sequence: int | None = None) -> list[LiveAssertion]:
        """All assertions of live documents as of an entry (default: now)."""
        return [
            LiveAssertion(i, d.space, d.unit, d.when, d.content, bundle, statement)
            for i in sorted(self.live_at(sequence))
            for d in [self.documents[i]]
            for bundle, statement in self.content_of(i)
        ]

    def live_sids(self, space: str, sequence: int | None = None) -> set[str]:
        """Distinct statements that live documents of a space assert."""
        return {a.sid for a in self.assertions_at(sequence) if a.space == space}

    def append(self, documents: Sequence[OracleDocument], clock: datetime = START) -> list[Receipt]:
        """Rules 7 to 14: store a list of documents, all or none.

        Raises: BadInput: an event without an event time. Conflict: an idempotency key was used with other content.
        """
        saved_log, saved_documents = list(self.log), dict(self.documents)
        delivered: list[OracleDocument] = []
        receipts: list[Receipt] = []
        try:
            for document in documents:
                receipts.append(self._append_one(document, clock, delivered))
                delivered.append(document)
        except OracleError:
            self.log, self.documents = saved_log, saved_documents
            raise
        return receipts

    def retract(self, document_id: int, reason: str = "", clock: datetime = START) -> Entry:
        """Rule 11: take back a live document; what is closed can't be taken back."""
        self._known(document_id)
        if document_id not in self.live_at():
            raise Conflict(f"document {document_id} is closed")
        return self._enter("retract", document_id, clock, reason=reason)

    def erase(self, document_id: int, clock: datetime = START) -> Entry:
        """Rule 13: forget the content of a stored document, live or closed; the erasure is an entry."""
        self._known(document_id)
        if any(e.action == "erase" and e.document_id == document_id for e in self.log):
            raise Conflict(f"document {document_id} is erased already")
        return self._enter("erase", document_id, clock)

    def _known(self, document_id: int) -> None:
        if document_id not in self.documents:
            raise NotFound(f"no document {document_id}")

    def _append_one(self, document: OracleDocument, clock: datetime, earlier: list[OracleDocument]) -> Receipt:
        if document.mode == "event" and document.event_time is None:
            raise BadInput("an event must have an event time")  # rule 7
        if document.event_time is None:
            document = replace(document, event_time=self._time(clock))
        known = self._duplicate_of(document)
        if known is not None:
            return self._receipt(document, known, new=0, duplicate=True, closed=())
        new = len(self._new_sids(document, earlier))
        document_id = len(self.documents) + 1
        live_before = self.live_at()
        self.documents[document_id] = document
        self._enter("append", document_id, clock, actor=document.actor)
        closed = tuple(sorted(live_before - self.live_at()))
        self.log[-1] = replace(self.log[-1], closed=closed)
        return self._receipt(document, document_id, new=new, duplicate=False, closed=closed)

    def _duplicate_of(self, document: OracleDocument) -> int | None:
        """Rule 9: the stored document that makes this one a duplicate."""
        replayed = self._keyed(document)
        stored = [(i, self.documents[i]) for i in sorted(self.stored_at())]
        unit = [(i, d) for i, d in stored if (d.space, d.unit) == (document.space, document.unit)]
        for i, d in unit:
            if (d.mode, d.content, d.when) == (document.mode, document.content, document.when):
                return i
        live = live_of(unit)
        if document.mode == "snapshot" and len(live) == 1:
            only = self.documents[next(iter(live))]
            if only.mode == "snapshot" and only.content == document.content:
                return next(iter(live))
        return replayed

    def _keyed(self, document: OracleDocument) -> int | None:
        """Rule 9, last sentence; the same key with the same content is the same delivery again."""
        if document.key is None:
            return None
        erased = {e.document_id for e in self.log if e.action == "erase"}
        for i, d in self.documents.items():
            if i in erased or (d.space, d.actor, d.key) != (document.space, document.actor, document.key):
                continue
            if d.content != document.content:
                raise Conflict(f"idempotency key {document.key} was used with other content")
            if i in self.stored_at() and (d.unit, d.mode) == (document.unit, document.mode):
                return i
        return None

    def _new_sids(self, document: OracleDocument, earlier: list[OracleDocument]) -> set[str]:
        """Rule 14: sids that no live document of the space, nor an earlier one of the list, asserted before."""
        of_list = {sid(s) for d in earlier if d.space == document.space for _, s in d.assertions}
        return {sid(s) for _, s in document.assertions} - self.live_sids(document.space) - of_list

    def _receipt(
        self, document: OracleDocument, document_id: int, *, new: int, duplicate: bool, closed: tuple[int, ...]
    ) -> Receipt:
        statements = len(document.assertions)
        elements = {s.identifier for _, s in document.assertions if s.kind in ELEMENT_KINDS}
        first = next(e.sequence for e in self.log if e.action == "append" and e.document_id == document_id)
        return Receipt(first, document_id, duplicate, statements, new, statements - new, len(elements), closed)

    def _time(self, clock: datetime) -> datetime:
        """Rule 11: max(clock, last)."""
        return max([clock, *(e.time for e in self.log[-1:])])

    def _enter(
        self, action: str, document_id: int, clock: datetime, *, actor: str = "user@host", reason: str = ""
    ) -> Entry:
        entry = Entry(self.head + 1, self._time(clock), action, document_id, actor=actor, reason=reason)
        self.log.append(entry)
        return entry
