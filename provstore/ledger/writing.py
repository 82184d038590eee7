"""One write transaction: entries are made, documents opened and closed, leaves appended (rules 8 to 16).

In: what is `Ready`. Out: receipts, valid once the caller has committed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from provstore.errors import Conflict
from provstore.ledger.contract import Entry, EntryKind, Erasure, Receipt, Replica, Retraction
from provstore.ledger.erasing import erase_content
from provstore.ledger.following import InHand
from provstore.ledger.leaves import entry_hash, header_text
from provstore.ledger.session import Session
from provstore.ledger.statements import Place, StatementWriter
from provstore.ledger.submitting import Ready
from provstore.ledger.tiles import NOT_KNOWN, Filled, Tree
from provstore.ledger.units import Units, document_number
from provstore.model.document import Document, Header
from provstore.model.names import Prefixes
from provstore.model.terms import DOCUMENT


@dataclass(slots=True)
class End:
    """Where the ledger ends: last sequence and time, the tree's growing end, the number of the newest statement.

    `prefixes`: those of the store, once somebody needed them.
    """

    sequence: int
    time: str
    tree: Tree
    statement: int
    prefixes: Prefixes | None = None


class Writing:
    """Stores submissions one after the other, inside the transaction of its caller.

    `entries`: what was added. `documents`: of these, by IRI, those whose assertions are in hand.

    Args: session: holding the write lock. end: where the ledger ends; moved on. now: the clock, UTC text.
    """

    def __init__(self, session: Session, end: End, now: str) -> None:
        self._session = session
        self._end = end
        self._start = end.sequence
        self._now = now
        self._units = Units(session)
        self._statements = StatementWriter(session, end.statement)
        self._repeated: list[int] = []
        self.entries: list[Entry] = []
        self.documents: dict[str, InHand] = {}

    def store(self, ready: Ready) -> Receipt:
        """Stores one submission. Raises: Conflict, NotFound: as `Ledger.append`."""
        submission = ready.submission
        match submission:
            case Document():
                return self._append(ready)
            case Retraction():
                return self._withdraw(ready, submission, "retract")
            case Erasure():
                return self._withdraw(ready, submission, "erase")
            case Replica():
                return self._repeat(ready, submission.entry)
            case _:
                assert_never(submission)

    def finish(self) -> None:
        """Writes what all entries together changed: the tree's tiles."""
        self._end.statement = self._statements.last
        if self._end.sequence > self._start:
            self._session.run_many("put_tile", self._end.tree.changed())

    def _append(self, ready: Ready) -> Receipt:
        header, content = ready.header, ready.content
        first, is_live, closed, reason = self._units.verdict(header, content.content_digest, ready.actor)
        if first is not None:
            self._repeated.append(first)
            return Receipt(
                outcome="duplicate", document=self._iri(first), sequence=first,
                statements=content.statements, elements=content.elements,
            )  # fmt: skip
        sequence = self._end.sequence + 1
        opened = [ready.document] if is_live else []
        entry = self._entry(ready, "append", ready.document, reason, opened, self._iris(closed))
        new = self._write_content(ready, entry)
        self._change_liveness(sequence, [sequence] if is_live else [], closed)
        self._add(entry, ready.hashes(), sequence, ready.header_text, ready.filled)
        if isinstance(ready.submission, Document) and isinstance(ready.submission.assertions, Sequence):
            sids = b"".join([batch.sids for batch in content])
            self.documents[entry.document] = InHand(self.entries[-1], ready.submission.assertions, sids, ready.blobs)
        return Receipt(
            outcome="new", document=ready.document, sequence=sequence, statements=content.statements, new=new,
            elements=content.elements, superseded=entry.closed, stored_closed=not is_live,
        )  # fmt: skip

    def _withdraw(self, ready: Ready, given: Retraction | Erasure, kind: EntryKind) -> Receipt:
        number = document_number(self._session, given.document)
        opened, closed = self._units.effect_of_withdrawing(number, given.document, retracting=kind == "retract")
        entry = self._entry(ready, kind, given.document, given.reason, self._iris(opened), self._iris(closed))
        self._apply_withdrawal(entry.sequence, number, kind, opened, closed)
        self._add(entry, b"", number)
        outcome: Any = "retracted" if kind == "retract" else "erased"
        return Receipt(outcome=outcome, document=given.document, sequence=entry.sequence, superseded=entry.closed)

    def _apply_withdrawal(
        self, sequence: int, number: int, kind: EntryKind, opened: Sequence[int], closed: Sequence[int]
    ) -> None:
        self._change_liveness(sequence, opened, closed)
        self._session.run("withdraw", {"sequence": sequence, "document": number})
        if kind == "erase":
            erase_content(self._session, number)

    def _repeat(self, ready: Ready, entry: Entry) -> Receipt:
        """Stores an entry of another ledger as it is, and compares the root (rule 13)."""
        if (entry.sequence, entry.first_leaf) != (self._end.sequence + 1, self._end.tree.size):
            raise Conflict(
                f"entry {entry.sequence} does not follow entry {self._end.sequence} here",
                next_step="Copy into an empty store, or go on with the copy that was begun.",
            )
        new = 0
        if entry.kind == "append":
            number, erased = entry.sequence, entry.salt is None
            new = self._write_content(ready, entry)
            hashes = entry.erased_leaves or b"" if erased else ready.hashes()
            self._change_liveness(number, *self._numbers(entry))
        else:
            number, hashes = document_number(self._session, entry.document), entry.erased_leaves or b""
            self._apply_withdrawal(entry.sequence, number, entry.kind, *self._numbers(entry))
        root = self._add(entry, hashes, number)
        if root != entry.root:
            raise Conflict(
                "the entry is not what its root says", where=f"entry {entry.sequence}",
                next_step="Run `provstore check` on the store that it comes from.",
            )  # fmt: skip
        outcome: Any = {"append": "new", "retract": "retracted", "erase": "erased"}[entry.kind]
        return Receipt(
            outcome=outcome, document=entry.document, sequence=entry.sequence, statements=entry.statements, new=new,
            elements=ready.content.elements, superseded=entry.closed,
            stored_closed=entry.kind == "append" and not entry.opened,
        )  # fmt: skip

    def _entry(
        self, ready: Ready, kind: EntryKind, document: str, reason: str | None,
        opened: Sequence[str], closed: Sequence[str],
    ) -> Entry:  # fmt: skip
        """The next entry, its root still open; its time never goes back (rule 11)."""
        content = ready.spool if kind == "append" else None
        return Entry(
            sequence=self._end.sequence + 1, kind=kind, time=max(self._now, self._end.time), actor=ready.actor,
            reason=reason, document=document, header=ready.header if content else None,
            content_digest=content.content_digest if content else None,
            statements=content.statements if content else 0, opened=tuple(opened), closed=tuple(closed),
            first_leaf=self._end.tree.size, leaves=1 + (content.statements if content else 0), root=b"",
            salt=ready.salt, document_salt=ready.document_salt if content else None,
            blobs=tuple(sorted({digest.hex() for digest, _ in ready.blobs})),
        )  # fmt: skip

    def _add(
        self, entry: Entry, hashes: bytes | bytearray, document: int, header: str | None = None,
        filled: Filled = NOT_KNOWN,
    ) -> bytes:  # fmt: skip
        """Appends the leaves and writes the entry; returns the root after it.

        Args: header: as text, if known. filled: by the leaves, if known.
        """
        tree = self._end.tree
        if entry.header is not None and header is None:
            header = header_text(entry.header)
        if entry.salt is not None:
            tree.extend(entry_hash(entry, entry.salt, header))
        tree.extend(hashes, filled)
        self._end.sequence, self._end.time = entry.sequence, entry.time
        root = tree.root()
        opened, closed = self._numbers(entry)
        row = {
            "sequence": entry.sequence, "kind": entry.kind, "time": entry.time, "actor": entry.actor,
            "reason": entry.reason, "document": document, "opened": json.dumps(opened), "closed": json.dumps(closed),
            "header": header,
            "first_leaf": entry.first_leaf, "leaves": entry.leaves, "root": root, "salt": entry.salt,
        }  # fmt: skip
        self._session.run("add_entry", row)
        self.entries.append(replace(entry, root=root))
        return root

    def _write_content(self, ready: Ready, entry: Entry) -> int:
        """The document's row, statements, blobs and names; returns how many statements are new."""
        header, sequence = entry.header, entry.sequence
        given = {name: getattr(header, name, None) for name in ("space", "unit", "mode", "event_time", "derived")}
        digest = entry.content_digest and bytes.fromhex(entry.content_digest)
        row = {
            **given, "sequence": sequence, "digest": bytes.fromhex(entry.document.removeprefix(DOCUMENT)),
            "content_digest": digest, "salt": entry.document_salt, "statements": entry.statements,
            "first_leaf": entry.first_leaf + 1,
        }  # fmt: skip
        self._session.run("add_document", row)
        if header is None:
            return 0
        place = Place(sequence, entry.first_leaf + 1, header.space, self._start, self._repeated)
        new = self._statements.write(ready.content, place)
        self._write_blobs(ready, sequence)
        self._register_prefixes(header, sequence)
        if header.idempotency_key is not None:
            key = (header.space, entry.actor, header.idempotency_key, sequence)
            self._session.run("add_idempotency", key)
        return new

    def _write_blobs(self, ready: Ready, sequence: int) -> None:
        if ready.blobs:
            blobs = sorted(ready.blobs)
            self._session.run_many("add_blob", blobs)
            self._session.run_many("add_attachment", [(sequence, digest) for digest, _ in blobs])

    def _register_prefixes(self, header: Header, sequence: int) -> None:
        """Every prefix that the document declares gets one in the store (rule 30)."""
        declared = dict.fromkeys(pair for scope in header.namespaces.values() for pair in scope.items())
        for prefix, namespace in declared:
            if self._end.prefixes is None:
                self._end.prefixes = Prefixes(dict(self._session.rows("prefixes", {"sequence": sequence})))
            if not self._end.prefixes.knows(namespace):
                chosen = self._end.prefixes.register(prefix, namespace)
                self._session.run("add_prefix", (chosen, namespace, sequence))

    def _change_liveness(self, sequence: int, opened: Sequence[int], closed: Sequence[int]) -> None:
        if closed:
            self._session.run_many("end_live", [(sequence, number) for number in closed])
        if opened:
            self._session.run_many("add_live", [(number, sequence) for number in opened])

    def _numbers(self, entry: Entry) -> tuple[list[int], list[int]]:
        """The numbers of what the entry opened and closed; the document that it stores has its own sequence."""
        numbers = [
            [
                entry.sequence
                if iri == entry.document and entry.kind == "append"
                else document_number(self._session, iri)
                for iri in changed
            ]
            for changed in (entry.opened, entry.closed)
        ]
        return numbers[0], numbers[1]

    def _iri(self, number: int) -> str:
        digest: bytes = self._session.first("document_row", (number,))[1]
        return DOCUMENT + digest.hex()

    def _iris(self, numbers: Sequence[int]) -> list[str]:
        return [self._iri(number) for number in numbers]
