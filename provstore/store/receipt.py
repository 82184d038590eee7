"""The receipt of one input path: what became of its documents, in the shape of docs/reference/json.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from provstore.importers.contract import Findings, Unmapped
from provstore.ledger.contract import Receipt


@dataclass(slots=True, kw_only=True)
class IntakeReceipt:
    """What one path gave. `kind` (importer) or `format` (PROV document) is set. Counts as in rule 14.

    `layout`: of the records, where an importer knows several. `documents`: the first two IRIs. `delivered`: the
    sequence of each document, in order. `refused`: messages of single documents that could not be taken while the rest
    went on. `dry_run`: nothing was stored; the counts are those that storing would give.
    """

    path: str
    kind: str | None = None
    layout: str = ""
    format: str | None = None
    sha256: str | None = None
    new_documents: int = 0
    superseded: int = 0
    duplicate_documents: int = 0
    documents: list[str] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    statements: int = 0
    new: int = 0
    elements: int = 0
    sequence: int = 0
    projected: bool = True
    unmapped: list[Unmapped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    dry_run: bool = False

    def add(self, receipts: Sequence[Receipt]) -> None:
        """Counts the ledger's receipts of one append in."""
        for receipt in receipts:
            self.new_documents += receipt.outcome == "new"
            self.duplicate_documents += receipt.outcome == "duplicate"
            self.superseded += len(receipt.superseded)
            self.statements += receipt.statements
            self.new += receipt.new
            self.sequence = max(self.sequence, receipt.sequence)
            self.delivered.append(receipt.sequence)
            if receipt.document and len(self.documents) < 2:
                self.documents.append(receipt.document)

    def tell(self, findings: Findings) -> None:
        """Takes over what an importer found: fields without a place, warnings, refused documents, redacted values."""
        self.unmapped = list(findings.unmapped.values())
        self.warnings += findings.warnings
        self.refused = findings.refused
        self.layout = findings.layout
        self.tell_redacted(findings.redacted)

    def tell_redacted(self, count: int) -> None:
        """Warns of so many values that were redacted; of none not."""
        if count:
            told = (
                "1 value looked like a secret and was" if count == 1 else f"{count} values looked like secrets and were"
            )
            self.warnings.append(f"{told} redacted")

    def tell_gone(self, units: Sequence[str]) -> None:
        """Warns of what an earlier import of the path brought and this one did not; it is kept (rule 31)."""
        if units:
            records = "1 record" if len(units) == 1 else f"{len(units):,} records"
            self.warnings.append(
                f"kept: {records} that an earlier import of this path brought and this one did not, such as {units[0]}"
            )

    @property
    def document(self) -> str | None:
        """The document's IRI when the path gave exactly one."""
        return self.documents[0] if self.total_documents == 1 and self.documents else None

    @property
    def total_documents(self) -> int:
        """Documents that were delivered and taken, new or not."""
        return self.new_documents + self.duplicate_documents

    def as_json(self) -> dict[str, Any]:
        """The receipt object of docs/reference/json.md."""
        named = {"kind": self.kind} if self.kind else {"format": self.format}
        if self.layout:
            named["layout"] = self.layout
        answer: dict[str, Any] = {
            "path": self.path,
            **named,
            "sha256": self.sha256,
            "documents": {
                "new": self.new_documents,
                "superseded": self.superseded,
                "duplicate": self.duplicate_documents,
                "refused": len(self.refused),
            },
            "document": self.document,
            "statements": self.statements,
            "new": self.new,
            "duplicates": self.statements - self.new,
            "elements": self.elements,
            "sequence": self.sequence,
            "projected": self.projected,
            "unmapped": [{"what": one.what, "count": one.count, "example": one.example} for one in self.unmapped],
            "warnings": [*self.refused, *self.warnings],
        }
        return answer | ({"dry_run": True} if self.dry_run else {})

    def text(self) -> str:
        """The receipt for people: one line, and one more for what was not mapped."""
        lines = [
            f"{self.path}: {self._source()}, {_count(self.total_documents, 'document')}"
            f" ({self.new_documents} new{self._asides()}),"
            f" {_count(self.statements, 'statement')} ({self.new} new), {_count(self.elements, 'element')}"
            + (" - dry run, nothing was stored" if self.dry_run else "")
        ]
        if not self.projected:
            lines.append("  not yet in the graph: provstore graph catch-up")
        if self.unmapped:
            fields = ", ".join(f"{one.what} ({one.count})" for one in self.unmapped[:5])
            more = f" and {len(self.unmapped) - 5} more" if len(self.unmapped) > 5 else ""
            lines.append(f"  not mapped: {fields}{more}")
        lines.extend(f"  refused: {message}" for message in self.refused)
        return "\n".join(lines)

    def _source(self) -> str | None:
        return f"{self.kind} ({self.layout})" if self.layout else self.kind or self.format

    def _asides(self) -> str:
        counted = [
            (self.duplicate_documents, "already stored"),
            (self.superseded, "superseded"),
            (len(self.refused), "refused"),
        ]
        return "".join(f", {count} {what}" for count, what in counted if count)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")
