"""What a ledger does for those who store documents and read them (ten methods), and the types that cross that line.

Questions, reports and exports are written against `Ledger`, so that one which shows some spaces only serves as well.
What a `Store` opens is a `DatabaseLedger`: it adds what validation, projection, checks and copies need besides, such as
reading at one moment, and what a document would close if it were stored.

Source: rules 5 to 18 and 24.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from provstore.model.arguments import Place
from provstore.model.document import Assertion, Document, Header
from provstore.model.fold import Mention


@dataclass(frozen=True, slots=True)
class Retraction:
    """A submission that takes a live document back; `reason` is kept for good."""

    document: str
    reason: str
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """A submission that erases a document's content; the leaf hashes stay (rule 13)."""

    document: str
    reason: str
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Replica:
    """A submission that repeats an entry of another ledger exactly, salts included (`copy`: the same Merkle root)."""

    entry: Entry
    assertions: Iterable[Assertion]
    blobs: tuple[bytes, ...] = ()


Submission = Document | Retraction | Erasure | Replica
EntryKind = Literal["append", "retract", "erase"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one submission. Counts as in rule 14.

    `outcome`: `new`, `duplicate` (nothing was written, `sequence` is the first one's), `retracted` or `erased`.
    `superseded`: documents that this entry closed. `sequence`: its ledger entry.
    """

    outcome: Literal["new", "duplicate", "retracted", "erased"]
    document: str
    sequence: int
    statements: int = 0
    new: int = 0
    elements: int = 0
    superseded: tuple[str, ...] = ()
    stored_closed: bool = False

    @property
    def duplicates(self) -> int:
        """Statements that were already asserted (rule 14)."""
        return self.statements - self.new


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the ledger (rule 11); entries never change.

    `opened` and `closed`: documents whose liveness this entry changed (an append may close others or be stored closed;
    a retraction may reopen an older one). `header` is None for retractions and erasures, and for what was erased.
    `salt` and `document_salt` are 16 bytes each, None once erased. `first_leaf` and `leaves` place its leaves in the
    tree: the entry's own leaf first, then one per assertion. `root`: the tree's root after this entry, 32 bytes.
    `blobs`: SHA-256 of the bytes that belong to the document, sorted.
    `erased_leaves`: once erased, the leaf hashes (32 bytes each), since nothing else tells them any more.
    """

    sequence: int
    kind: EntryKind
    time: str
    actor: str
    reason: str | None
    document: str
    header: Header | None
    content_digest: str | None
    statements: int
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    first_leaf: int
    leaves: int
    root: bytes
    salt: bytes | None
    document_salt: bytes | None
    blobs: tuple[str, ...] = ()
    erased_leaves: bytes | None = None

    @property
    def tree_size(self) -> int:
        """Leaves in the tree after this entry."""
        return self.first_leaf + self.leaves


@dataclass(frozen=True, slots=True)
class Head:
    """The state of the whole ledger: its id, last sequence (0: empty), that entry's time, tree size and root.

    `prefixes`: (prefix, namespace) pairs that its documents declared, in order of registration (names.Prefixes).
    """

    ledger_id: str
    sequence: int
    time: str | None
    tree_size: int
    root: bytes
    prefixes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A stored document: the entry that stored it, liveness now, and its assertions (read lazily, repeatable).

    `closed_by`: the sequence of the entry that closed it, its own if it was stored closed; None while it is live.
    """

    entry: Entry
    live: bool
    closed_by: int | None
    assertions: Iterable[Assertion]


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof of RFC 9162: inclusion of leaf `index` in the tree of `size`, or consistency from `index` to `size`.

    `leaf_data` (inclusion only) is the salted leaf; `opening` is what hashes to it: salt and the text it covers.
    """

    kind: Literal["inclusion", "consistency"]
    index: int
    size: int
    root: bytes
    path: tuple[bytes, ...]
    leaf_data: bytes | None = None
    opening: dict[str, str] | None = None


class Ledger(Protocol):
    """An append-only, durable, verifiable store of documents."""

    def append(self, submissions: Iterable[Submission]) -> list[Receipt]:
        """Stores all submissions in one transaction, fsynced before it returns (rules 7 to 14).

        Raises: Conflict: an idempotency key with other content, a retraction of what is closed; nothing is stored.
        NotFound: a retraction of an unknown document.
        """
        ...

    def head(self, as_of: int | str | None = None) -> Head:
        """The head now, or as of a sequence or a time (UTC text; last entry at or before it: rule 18)."""
        ...

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Entries with sequence > `after`, in order."""
        ...

    def document(self, document: str) -> StoredDocument:
        """One document by its IRI. Raises: NotFound."""
        ...

    def live(self, unit: str | None = None, space: str | None = None, as_of: int | None = None) -> list[Entry]:
        """The entries that stored the live documents of `unit` (None: all units) in `space` (None: all)."""
        ...

    def about(
        self,
        iris: Collection[str] | None,
        *,
        places: Sequence[Place] | None = None,
        kinds: Sequence[str] | None = None,
        as_of: int | None = None,
        one_each: bool = False,
        spaces: Collection[str] | None = None,
    ) -> Iterator[Mention]:
        """Live assertions whose statement names one of `iris` (None: any, in an unspecified but stable order).

        Args: places, kinds (statement kind IRIs): only those. as_of: a sequence; None: now. one_each: at most one
        mention per (iri, place, kind), for existence questions on hubs. spaces: only what is said in these (None: in
        all); with no `iris` the documents of others cost nothing. An IRI `sha256:<hex>` (any digest text, complete)
        finds the element statements that carry it as `ps:digest`, at place `element`.
        """
        ...

    def ever_about(self, iri: str) -> Iterator[Mention]:
        """Assertions of any stored document, live or not, whose statement names `iri`, as `about` finds them."""
        ...

    def entries_on(self, documents: Collection[int]) -> list[Entry]:
        """The entries that stored, opened or closed one of the documents of those sequences, in order."""
        ...

    def proof(
        self,
        *,
        sid: str | None = None,
        sequence: int | None = None,
        size: int | None = None,
        since: int | None = None,
    ) -> list[Proof]:
        """Inclusion proofs of every assertion of `sid` (or of entry `sequence`) in the tree of `size` leaves (None:
        now), or with `since` (a tree size) one consistency proof from it to `size`. Raises: NotFound."""
        ...

    def blob(self, sha256: str) -> bytes:
        """The bytes with that SHA-256 (64 hexadecimal digits). Raises: NotFound."""
        ...
