"""Submissions on their way in: checked, prepared and hashed before the write lock is taken (rule 12).

In: a submission. Out: a `Ready`, which holds everything that does not depend on what others write meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from provstore.errors import BadInput, printable
from provstore.ledger.apart import Apart, ApartSpool, Scratch
from provstore.ledger.contract import Replica, Submission
from provstore.ledger.following import ApartView
from provstore.ledger.leaves import document_iri, header_text
from provstore.ledger.spool import Spool
from provstore.ledger.tiles import NOT_KNOWN, Filled
from provstore.model.document import Document, Header
from provstore.model.terms import PS
from provstore.model.times import instant

SALT_BYTES = 16
PROVSTORE_AGENT = PS + "agent"
Salt = Callable[[], bytes]


def fresh_salt() -> bytes:
    """16 random bytes (rule 13)."""
    return os.urandom(SALT_BYTES)


class Ready:
    """A submission with its spool, if it brings content.

    `document`: the IRI that a new document gets. `salt`: of its entry, `document_salt`: of its assertions.
    `blobs`: (SHA-256, bytes) of each (rule 15).

    Args: scratch: for a large document. view: what is made of one while it is read. next_leaf: where the tree ends now.
    """

    def __init__(
        self, submission: Submission, folder: Path, *, actor: str, salt: Salt, scratch: Scratch | None = None,
        view: Callable[[Header], ApartView | None] = lambda header: None, next_leaf: Callable[[], int] = lambda: 0,
    ) -> None:  # fmt: skip
        self.submission = submission
        self.salt, self.document_salt = salt(), salt()
        _require_text(getattr(submission, "reason", ""), "the reason")
        self.actor = getattr(submission, "actor", None) or actor
        self.spool: Spool | ApartSpool | None = None
        self.document = ""
        self.blobs = [(sha256(blob).digest(), blob) for blob in getattr(submission, "blobs", ())]
        self._hashes: bytes | None = None
        if isinstance(submission, Document):
            self.header, self.header_text = _checked(submission.header)
            self.actor = self.header.actor or (PROVSTORE_AGENT if self.header.derived else actor)
            assertions = submission.assertions
            if isinstance(assertions, Apart) and scratch is not None and assertions.is_worthwhile():
                # The first leaf is the entry's own.
                own, first_leaf = view(self.header), next_leaf() + 1
                self.spool = ApartSpool(assertions, self.header, self.document_salt, scratch, own, first_leaf)
            else:
                self.spool = Spool(assertions, folder)
            self.document = document_iri(
                self.header.space, self.header.unit, self.spool.content_digest, self.document_salt
            )
        elif isinstance(submission, Replica):
            self.spool = Spool(submission.assertions, folder)
            entry = submission.entry
            self.document = entry.document
            self.salt, self.document_salt = entry.salt or b"", entry.document_salt or b""

    @property
    def content(self) -> Spool | ApartSpool:
        """The spool of a submission that brings content."""
        assert self.spool is not None
        return self.spool

    @property
    def statements(self) -> int:
        """How many assertions it brings."""
        return 0 if self.spool is None else self.spool.statements

    def hashes(self) -> bytes:
        """The leaf hashes of the assertions; worked out once."""
        if self._hashes is None:
            self._hashes = self.content.leaf_hashes(self.document, self.document_salt)
        return self._hashes

    @property
    def filled(self) -> Filled:
        """The tiles that `hashes` fill, where that is known."""
        return self.spool.filled if isinstance(self.spool, ApartSpool) else NOT_KNOWN

    def close(self) -> None:
        """Frees the spool."""
        if self.spool is not None:
            self.spool.close()


def _checked(header: Header) -> tuple[Header, str]:
    """The header, its event time in UTC, and as JSON text. Raises: BadInput: rules 7 and 16 are broken."""
    moment = instant(header.event_time) if header.event_time else None
    if moment is None:
        raise BadInput(
            f"a document of mode {header.mode} needs an event time, this one has {header.event_time!r}",
            where=header.source or header.unit,
            next_step="Give it as 2026-11-21T10:00:00Z.",
        )
    if header.mode not in ("snapshot", "event") or (header.derived and header.mode != "event"):
        raise BadInput(
            "a document is a snapshot or an event, and an event when it is derived",
            where=header.source or header.unit,
        )
    if moment.utc != header.event_time:
        header = replace(header, event_time=moment.utc)
    text = header_text(header)
    _require_text(text, header.source or header.unit)
    return header, text


def _require_text(text: str, where: str) -> None:
    """Raises: BadInput: a lone surrogate (rule 1)."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadInput(
            "the text holds a lone surrogate, which is no Unicode character",
            where=printable(where),
        ) from error
