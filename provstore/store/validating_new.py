"""Validating what is taken in, together with what is stored: documents come in, receipts go out.

Documents of one batch are validated together; only when that finds something, or cannot decide, is the batch halved,
down to the document with which the violation came. Source: rules 8, 9 and 16; docs/decisions/0007-validation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from provstore.errors import BadInput
from provstore.ledger.contract import Receipt
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.model import times
from provstore.model.document import Document
from provstore.model.statement import Statement
from provstore.settings import Strictness
from provstore.store.findings import findings_document
from provstore.store.receipt import IntakeReceipt
from provstore.store.validating import ReadablePrefixes
from provstore.validation import Added, Finding, validate_added
from provstore.validation.removal import names_in

Append = Callable[[Sequence[Document]], tuple[list[Receipt], bool]]
# How many stored statements are looked at beside those of one batch. A refusal must be decided, whatever that takes.
_MAX_STATEMENTS: Final = {"warn": 2_000, "refuse": 200_000}
# Findings that a receipt tells; all are kept in the store.
_TOLD: Final = 5
_UNDECIDED: Final = "was not decided, since too many stored statements would have to be looked at"
_NEXT_STEP: Final = "`--validate warn` takes it in and keeps the findings."


class InvalidInput(BadInput):
    """A document was refused: with what is stored it is not valid, or that was not decided; `findings` say why."""

    def __init__(
        self, findings: Sequence[Finding], *, where: str, prefixes: ReadablePrefixes, next_step: str = _NEXT_STEP
    ) -> None:
        super().__init__(_sentences(findings) or f"whether it is valid {_UNDECIDED}", where=where, next_step=next_step)
        self.findings = tuple(findings)
        self._prefixes = prefixes

    def as_json(self) -> dict[str, Any]:
        """As of any error, and the findings in the shape of a verdict."""
        return {**super().as_json(), "findings": [one.as_json(self._prefixes) for one in self.findings]}


@dataclass(slots=True)
class Validating:
    """Appends documents as `append` does, after validating them.

    Args: strictness: `warn` stores what is not valid and keeps the findings; `refuse` leaves it out. known: the
    namespaces by prefix that findings are told with, beside those of the documents; None: all that the store knows.
    """

    ledger: DatabaseLedger
    append_valid: Append
    strictness: Strictness
    known: Mapping[str, str] | None = None
    refused: list[InvalidInput] = field(default_factory=list)
    _warnings: list[str] = field(default_factory=list)

    def append(self, documents: Sequence[Document]) -> tuple[list[Receipt], bool]:
        """Stores the documents, or those that are valid; the receipts of what is stored, and whether it is projected.

        Raises: Conflict, BadInput: as the ledger's `append`.
        """
        if not documents:
            return self.append_valid(documents)
        taken = list(self._taken(documents))
        return [one for receipts, _ in taken for one in receipts], all(projected for _, projected in taken)

    def tell(self, receipt: IntakeReceipt) -> None:
        """Adds what was found to the receipt of the path."""
        receipt.refused += [f"{error.where}: {error.message}" for error in self.refused]
        receipt.warnings += self._warnings[:_TOLD]
        if (more := len(self._warnings) - _TOLD) > 0:
            receipt.warnings.append(f"{more} more findings of validation: provstore validate --stored --findings")

    def _taken(self, documents: Sequence[Document]) -> Iterator[tuple[list[Receipt], bool]]:
        added = self.validated(documents)
        if added.decided and not added.findings:
            yield self.append_valid(documents)
        elif len(documents) == 1:
            yield from self._doubtful(documents[0], added)
        else:
            half = len(documents) // 2
            yield from self._taken(documents[:half])
            yield from self._taken(documents[half:])

    def _doubtful(self, document: Document, added: Added) -> Iterator[tuple[list[Receipt], bool]]:
        where = document.header.source or document.header.unit
        if self.strictness == "refuse":
            prefixes = self._prefixes([document])
            self.refused.append(InvalidInput(added.findings, where=where, prefixes=prefixes))
            return
        receipts, projected = self.append_valid([document])
        if receipts[0].outcome == "new":
            self._warnings += [f"{where}: {_sentence(one)}" for one in added.findings]
            if not added.decided:
                self._warnings.append(f"{where}: whether it is valid {_UNDECIDED}: provstore validate --stored")
            kept = findings_document(receipts[0].document, document.header.space, added, times.now())
            projected &= self.append_valid([kept])[1]
        yield receipts, projected

    def require_valid(self, documents: Sequence[Document], *, where: str, next_step: str) -> None:
        """Raises: InvalidInput: together with what is stored they are not valid, or that was not decided."""
        added = self.validated(documents)
        if added.findings or not added.decided:
            prefixes = self._prefixes(documents)
            raise InvalidInput(added.findings, where=where, prefixes=prefixes, next_step=next_step)

    def validated(self, documents: Sequence[Document]) -> Added:
        """What the documents would break among themselves and with what is stored; stores nothing.

        One document is judged exactly, beside what stays live with it (rule 8). Of several none is left out that
        another closes, so that they are valid one after the other when they are valid together.
        """
        said: dict[tuple[str, str | None], dict[Statement, None]] = {}
        closed: set[int] = set()
        for document in documents:
            effect = self.ledger.effect_of(document)
            if effect is not None and effect.is_live and not document.header.derived:
                closed.update(effect.closed if len(documents) == 1 else ())
                for bundle, stated in document.assertions:
                    said.setdefault((document.header.space, bundle), {})[stated] = None
        prefixes = self._prefixes(documents)
        found = [self._added(space, bundle, list(new), closed, prefixes) for (space, bundle), new in said.items()]
        return Added(tuple(one for each in found for one in each.findings), all(each.decided for each in found))

    def _added(
        self, space: str, bundle: str | None, new: list[Statement], closed: set[int], prefixes: ReadablePrefixes
    ) -> Added:
        stated = self.ledger.stated(space, bundle, closed)
        known = stated.known({name for one in new for name in names_in(one)})
        again = stated.holding(one for one in new if known.issuperset(names_in(one)))
        fresh = [one for one in new if one not in again]
        limit = _MAX_STATEMENTS[self.strictness]
        return validate_added(fresh, stated, bundle=bundle, prefixes=prefixes, max_statements=limit)

    def _prefixes(self, documents: Sequence[Document]) -> ReadablePrefixes:
        """The known prefixes, and those that the documents will add to them."""
        prefixes = ReadablePrefixes(dict(self.ledger.head().prefixes if self.known is None else self.known))
        for document in documents:
            prefixes.declare(document.header.namespaces)
        return prefixes


def _sentences(findings: Sequence[Finding]) -> str:
    more = f" And {len(findings) - _TOLD} more findings." if len(findings) > _TOLD else ""
    return " ".join(map(_sentence, findings[:_TOLD])) + more


def _sentence(finding: Finding) -> str:
    return f"constraint {finding.constraint} ({finding.name}): {finding.message}"
