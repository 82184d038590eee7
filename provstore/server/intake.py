"""Taking in over HTTP: a request's documents come in, a receipt goes out when they are durable.

Importers and formats read what the request holds; no path or URL that a client names is ever opened.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from provstore.errors import BadInput, ProvstoreError
from provstore.formats.contract import Format, Reading
from provstore.ledger.contract import Receipt
from provstore.model import times
from provstore.model.document import Assertion, Document, Header
from provstore.server import validated
from provstore.server.access import Call
from provstore.server.problems import TooLarge
from provstore.server.service import Service
from provstore.settings import Strictness
from provstore.store.receipt import IntakeReceipt

MAX_ATTRIBUTES: Final = 4_096
MAX_TEXT_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request's documents go and come from. `key`: the client's idempotency key, `unit` and `mode`: rule 7."""

    space: str
    actor: str
    key: str | None = None
    unit: str | None = None
    mode: Any = "snapshot"
    event_time: str | None = None


def document_of(raw: bytes, chosen: Format, origin: Origin, *, max_records: int) -> tuple[Document, list[str]]:
    """The document of a PROV file's bytes, and what reading it warned of.

    Raises: BadInput: it is no such document, or an event without a time. TooLarge: it has more than `max_records`.
    """
    reading = chosen.read(io.BytesIO(raw), source="body")
    assertions = assertions_of(reading, max_records)
    digest = sha256(raw).hexdigest()
    if origin.mode == "event" and not origin.event_time:
        raise BadInput("an event needs its time", where="event_time", next_step="Add ?event_time=2026-11-21T10:00:00Z.")
    header = Header(
        unit=origin.unit or (f"key:{origin.actor}/{origin.key}" if origin.key else f"sha256:{digest}"),
        mode=origin.mode,
        event_time=origin.event_time or times.now(),
        space=origin.space,
        namespaces=reading.namespaces,
        format=chosen.name,
        raw_sha256=digest,
        importer=chosen.name,
        importer_version=chosen.reader_version,
        actor=origin.actor,
        idempotency_key=origin.key,
    )
    return Document(header, tuple(assertions)), reading.warnings


def assertions_of(reading: Reading, max_records: int) -> list[Assertion]:
    """What a document says. Raises: TooLarge: it is too much for one request. Otherwise as the format's reader."""
    assertions: list[Assertion] = []
    for one in reading.assertions:
        require_small(one)
        assertions.append(one)
        if len(assertions) > max_records:
            raise _too_many(max_records)
    return assertions


def require_records(documents: Sequence[Document], max_records: int) -> None:
    """Raises: TooLarge: the documents, whose assertions are sequences, say too much for one request."""
    total = 0
    for document in documents:
        for one in document.assertions:
            require_small(one)
            total += 1
    if total > max_records:
        raise _too_many(max_records)


def require_small(one: Assertion) -> None:
    """Raises: TooLarge: a record has too many attributes, or a text is too long (rule 33)."""
    attributes = one.statement.attributes
    if len(attributes) > MAX_ATTRIBUTES:
        raise TooLarge(f"a record has {MAX_ATTRIBUTES:,} attributes at most", where=one.statement.identifier)
    # A character has four bytes at most: most texts need not be encoded to know that they are short.
    for _, _, text, _ in attributes:
        if len(text) * 4 > MAX_TEXT_BYTES and len(text.encode()) > MAX_TEXT_BYTES:
            raise TooLarge(f"a text has {MAX_TEXT_BYTES:,} bytes at most", where=one.statement.identifier)


def _too_many(max_records: int) -> ProvstoreError:
    return TooLarge(
        f"a request takes {max_records:,} records at most",
        next_step="Send it in parts, or take it in where the store is: provstore ingest, provstore import.",
    )


async def deliver(
    call: Call, documents: Sequence[Document], receipt: IntakeReceipt, how: Strictness = "off"
) -> IntakeReceipt:
    """Appends documents in one transaction and counts them in the receipt, once they are durable.

    Args: how: whether they are validated before. What is not valid and taken in all the same may take several
    transactions.
    Raises: BadInput, Conflict: nothing of them is stored. Busy, BackendUnavailable.
    """
    if how == "off":
        delivered = await asyncio.wrap_future(call.service.writer.append(documents))
    else:
        delivered, judge = await validated.deliver(call, documents, how)
        judge.tell(receipt)
    receipts, projected = delivered
    receipt.add(receipts)
    receipt.elements += sum(one.elements for one in receipts)
    receipt.projected = receipt.projected and projected
    count(call.service, receipts)
    return receipt


def count(service: Service, receipts: Sequence[Receipt]) -> None:
    """Counts what became of documents in the figures."""
    metrics = service.metrics
    for one in receipts:
        metrics.documents.labels(one.outcome).inc()
        metrics.statements.labels("new").inc(one.new)
        metrics.statements.labels("duplicate").inc(one.duplicates)
