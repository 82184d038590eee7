"""What the store gives out: the list of documents, and exports into a file or a stream."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from provstore.errors import NotFound
from provstore.formats.contract import Loss
from provstore.graph.replay import hidden_among
from provstore.ledger.contract import Entry, Ledger
from provstore.model.terms import DOCUMENT
from provstore.store.replacing import replacing

if TYPE_CHECKING:
    from provstore.questions.result import Table
    from provstore.store.asking import Asking, AsOf, Spaces

COLUMNS = (
    "sequence", "time", "document", "live", "unit", "mode", "event_time", "space", "statements", "actor", "format",
    "importer", "source", "reason",
)  # fmt: skip


def documents(
    ledger: Ledger, *, live: bool = False, unit: str | None = None, spaces: Collection[str] | None = None
) -> Table:
    """Every stored document, or the live ones, or those of one unit, of some spaces, by sequence."""
    from provstore.questions.result import Table

    in_force = {entry.document for entry in ledger.live(unit)}
    stored = (entry for entry in ledger.entries() if entry.kind == "append")
    rows = tuple(
        row_of(entry, live=entry.document in in_force)
        for entry in stored
        if (entry.document in in_force or not live)
        and (unit is None or (entry.header is not None and entry.header.unit == unit))
        and (spaces is None or (entry.header is not None and entry.header.space in spaces))
    )
    return Table(question="documents", parameters={"live": live, "unit": unit}, columns=COLUMNS, rows=rows)


def export(
    ledger: Ledger,
    format_name: str,
    target: str | Path | BinaryIO,
    *,
    document: str | None = None,
    iris: Collection[str] | None = None,
    relations: Collection[str] | None = None,
    edges: Collection[str] = (),
    as_of: int | None = None,
    derived: bool = False,
    with_blobs: bool = False,
    spaces: Collection[str] | None = None,
) -> list[Loss]:
    """Writes an export to the file `target` (replaced once it is whole) or to a binary stream; returns the losses.

    With `with_blobs` the metric chunks are written beside the file, in `<file>.blobs/<sha256>`. spaces: only what is
    said in these; what is said elsewhere of an element of `iris` that lineage would follow is told as a loss (rule 25).
    Raises: NotFound: no such document in these spaces.
    """
    if document is not None and spaces is not None:
        _require_visible(ledger, document, spaces)
    from provstore.reports import export as exports

    what: dict[str, Any] = {
        "document": document, "iris": iris, "relations": relations, "edges": edges, "as_of": as_of,
        "derived": derived, "spaces": spaces,
    }  # fmt: skip
    hidden = hidden_among(ledger, iris, as_of, spaces) if iris and spaces is not None else ()
    unseen = [Loss("what other spaces say of an element", len(hidden), min(hidden), "rule 25")] if hidden else []
    if not isinstance(target, str | os.PathLike):
        return exports.export(ledger, format_name, target, **what) + unseen
    with replacing(Path(target)) as out:
        losses = exports.export(ledger, format_name, out.stream, **what)
        out.keep()
    if with_blobs:
        folder = Path(f"{target}.blobs")
        folder.mkdir(exist_ok=True)
        for sha256 in exports.chunk_digests(ledger, iris=iris, as_of=as_of, derived=derived, spaces=spaces):
            (folder / sha256).write_bytes(ledger.blob(sha256))
    return losses + unseen


def _require_visible(ledger: Ledger, document: str, spaces: Collection[str]) -> None:
    header = ledger.document(document).entry.header
    if header is None or header.space not in spaces:
        raise NotFound("no such document in this space", where=document, next_step="List them with `documents`.")


class Part(NamedTuple):
    """What an export holds: elements (None: everything, or a document), and the sids of the edges that led to them."""

    iris: set[str] | None
    edges: set[str]


def part_of(
    asking: Asking, name: str | None, *, upstream: bool, downstream: bool, as_of: AsOf, spaces: Spaces = None
) -> Part:
    """What an export of `name` holds. Raises: NotFound, Ambiguous."""
    from provstore.questions.resolve import resolve

    if not name or is_document(name):
        return Part(None, set())
    iris = set(resolve(asking.reader(as_of, spaces), asking.prefixes, name))
    edges: set[str] = set()
    for question in [asking.upstream] * upstream + [asking.downstream] * downstream:
        lineage = question(name, as_of=as_of, spaces=spaces)
        iris |= lineage.iris()
        edges.update(edge.sid for edge in lineage.edges)
    return Part(iris, edges)


def is_document(name: str | None) -> bool:
    """True when `name` is the IRI of a document in the ledger's own form."""
    return bool(name and name.startswith(DOCUMENT))


def row_of(entry: Entry, *, live: bool) -> tuple[Any, ...]:
    """The row of a stored document, by `COLUMNS`."""
    header = entry.header
    first = (entry.sequence, entry.time, entry.document, live)
    if header is None:  # erased
        return (*first, *[None] * 4, entry.statements, entry.actor, *[None] * 3, entry.reason)
    return (
        *first, header.unit, header.mode, header.event_time, header.space,
        entry.statements, entry.actor, header.format, header.importer, header.source, entry.reason,
    )  # fmt: skip
