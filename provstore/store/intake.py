"""Taking in one path: documents come in from an importer or a format, a receipt goes out when they are durable."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from provstore.errors import Conflict, Interrupted, UsageError
from provstore.importers import registry as importers
from provstore.importers.contract import Findings, Importer, Request
from provstore.ledger.apart import Apart
from provstore.ledger.contract import Receipt
from provstore.model import times
from provstore.model.document import Assertion, Document, Header
from provstore.model.terms import ELEMENTS
from provstore.store.inputs import format_of, open_input
from provstore.store.receipt import IntakeReceipt
from provstore.store.remembering import Memory

Append = Callable[[Sequence[Document]], tuple[list[Receipt], bool]]
Progress = Callable[[int, int | None], None]

# One fsync for so much: small enough that an interrupted import loses little work.
BATCH_STATEMENTS = 5_000
BATCH_DOCUMENTS = 500


def ingest_file(
    path: str, append: Append, *, format_name: str | None, space: str, actor: str, whole: bool
) -> IntakeReceipt:
    """Takes in one PROV document; `path` `-` is standard input.

    Args: append: may leave the document out. whole: it needs all assertions at once, in this process.
    Raises: BadInput: no such file, no such format, or not a document of it; nothing is stored.
    """
    with open_input(path) as stream:
        sha256 = _sha256(stream)
        chosen = format_of(stream, path, format_name)
        reading = chosen.read(stream, source=path)
        header = Header(
            unit=f"sha256:{sha256}",
            event_time=times.now(),
            space=space,
            namespaces=reading.namespaces,
            source=path,
            format=chosen.name,
            raw_sha256=sha256,
            importer=chosen.name,
            importer_version=chosen.reader_version,
            actor=actor,
        )
        size_bytes = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        said: Iterable[Assertion] = Apart(
            reading.assertions, warnings=reading.warnings, size_bytes=size_bytes, columns=reading.chunks
        )
        receipts, projected = append([Document(header, tuple(said) if whole else said)])
    receipt = IntakeReceipt(path=path, format=chosen.name, sha256=sha256, projected=projected)
    receipt.add(receipts)
    receipt.elements = sum(one.elements for one in receipts)
    receipt.warnings = list(reading.warnings)
    return receipt


def import_path(
    path: str,
    append: Append,
    *,
    kind: str | None,
    request: Request,
    guard: Callable[[Importer, Document], None],
    memory: Memory | None,
    dry_run: bool,
) -> IntakeReceipt:
    """Takes in the records of another tracker, in batches.

    Args: append: may leave documents out. guard: raises Conflict when a document's unit contradicts the stored one
    (rule 31). memory: of earlier imports; None: it is read, whatever was imported before. dry_run: `append` stores
    nothing, and nothing is remembered.
    Raises: BadInput: the path as a whole cannot be read. Conflict: another store of the same tracker needs a scope.
    """
    importer = importers.load(kind) if kind else importers.find_out(path)
    if request.mapping and not getattr(importer, "takes_mapping", False):
        raise UsageError(f"records of {importer.kind} have one layout: --mapping is not for them", where=path)
    findings = Findings()
    if dry_run:
        return _read(importer, append, request, guard, findings, dry_run=True)
    if memory is not None and (receipt := memory.recall(importer, request)) is not None:
        receipt.projected = append([])[1]
        request.progress(receipt.total_documents, receipt.total_documents)
        return receipt
    receipt = _read(importer, append, request, guard, findings)
    if memory is not None:
        memory.remember(importer, request, findings.footprint, receipt)
    return receipt


def _read(
    importer: Importer,
    append: Append,
    request: Request,
    guard: Callable[[Importer, Document], None],
    findings: Findings,
    *,
    dry_run: bool = False,
) -> IntakeReceipt:
    path, digest = request.path, findings.footprint.whole(request.path)
    receipt = IntakeReceipt(path=path, kind=importer.kind, sha256=digest, dry_run=dry_run)
    elements: set[int] = set()
    try:
        for batch in _batches(importer.documents(request, findings)):
            for document in batch:
                guard(importer, document)
                _note_elements(document.assertions, elements)
                # What has the time of reading is another event each time.
                findings.footprint.is_complete &= not _is_event_of(document.header, request.read_at)
            receipts, projected = append(batch)
            receipt.add(receipts)
            receipt.projected = receipt.projected and projected
            request.progress(receipt.total_documents, None)
    except KeyboardInterrupt:
        raise Interrupted(
            f"interrupted after {receipt.total_documents} documents, which are stored",
            where=path,
            next_step="Run the same command again to take in the rest; nothing is stored twice.",
        ) from None
    request.progress(receipt.total_documents, receipt.total_documents)
    receipt.elements = len(elements)
    receipt.tell(findings)
    return receipt


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        listed = document if isinstance(document.assertions, Sequence) else _listed(document)
        batch.append(listed)
        size += len(listed.assertions)  # type: ignore[arg-type]
        if size >= BATCH_STATEMENTS or len(batch) >= BATCH_DOCUMENTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _listed(document: Document) -> Document:
    return Document(document.header, tuple(document.assertions), document.blobs)


def _is_event_of(header: Header, time: str) -> bool:
    return header.mode == "event" and header.event_time == time


def _note_elements(assertions: Iterable[Assertion], elements: set[int]) -> None:
    elements.update(hash(stated.identifier) for _, stated in assertions if stated.kind in ELEMENTS)


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    stream.seek(0)
    return digest.hexdigest()


def refuse_other_store(document: Document, stored: Iterable[Assertion], immutable: Sequence[str]) -> None:
    """Raises Conflict when `stored` gives another value for an attribute that never changes within a unit (rule 31)."""
    facts = {
        (stated.identifier, name): stated.values(name)
        for _, stated in stored
        if stated.kind in ELEMENTS
        for name in immutable
        if stated.values(name)
    }
    for _, stated in document.assertions:
        for name in immutable if stated.kind in ELEMENTS else ():
            known = facts.get((stated.identifier, name))
            if known and stated.values(name) and stated.values(name) != known:
                raise Conflict(
                    f"{document.header.unit} was imported from another store: {name.rpartition('#')[2]} is"
                    f" {stated.values(name)[0].lexical} here and {known[0].lexical} there",
                    where=document.header.source,
                    next_step="Tell the two stores apart: provstore import --scope NAME PATH",
                )
