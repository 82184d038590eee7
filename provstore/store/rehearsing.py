"""A dry run: documents come in, and the receipts go out that storing them would give; nothing is stored.

Source: rules 8, 9 and 14.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from provstore.ledger.contract import Receipt
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.model.document import Document, content_digest
from provstore.model.statement import Statement


@dataclass(slots=True)
class Rehearsing:
    """Counts what appending documents would store, each beside what is stored and what came before it.

    A receipt names no document, and no entry: its `sequence` is 0.
    """

    ledger: DatabaseLedger
    # What earlier documents of the run said, by space, and which they were: hashes, for there may be millions.
    _said: set[int] = field(default_factory=set)
    _delivered: set[int] = field(default_factory=set)

    def append(self, documents: Sequence[Document]) -> tuple[list[Receipt], bool]:
        """The receipts that the ledger's `append` would give, and True. Raises: Conflict: as `append`."""
        known = [{hash((one.header.space, stated)) for stated in self._known(one)} for one in documents]
        return [self._receipt(one, asserted) for one, asserted in zip(documents, known, strict=True)], True

    def _receipt(self, document: Document, asserted: set[int]) -> Receipt:
        header, statements = document.header, [stated for _, stated in document.assertions]
        named = (header.space, header.unit, header.mode, header.event_time, content_digest(document.assertions))
        effect = None if hash(named) in self._delivered else self.ledger.effect_of(document)
        self._delivered.add(hash(named))
        said = {hash((header.space, stated)) for stated in statements}
        new = 0 if effect is None else len(said - asserted - self._said)
        self._said |= said
        closed = self.ledger.numbered(effect.closed).values() if effect else ()
        return Receipt(
            outcome="new" if effect else "duplicate", document="", sequence=0, statements=len(statements), new=new,
            superseded=tuple(entry.document for entry in closed),
        )  # fmt: skip

    def _known(self, document: Document) -> Iterator[Statement]:
        """What the document says that is stated in its space already."""
        said: dict[str | None, list[Statement]] = {}
        for bundle, stated in document.assertions:
            said.setdefault(bundle, []).append(stated)
        for bundle, statements in said.items():
            yield from self.ledger.stated(document.header.space, bundle).holding(statements)
