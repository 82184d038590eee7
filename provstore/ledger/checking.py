"""`check`: everything that the ledger keeps, recomputed from the canonical records and compared.

In: a ledger. Out: a report with every finding, located to the record. Nothing is changed. The numbered steps:
(1) the file, (2) entries, leaves and roots, (3) tiles, (4) statements and their index, (5) liveness, (6) the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from provstore.errors import ProvstoreError
from provstore.ledger import checking_index, checking_liveness
from provstore.ledger.contract import Entry
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.leaves import assertion_text, document_iri, entry_hash, leaf_data
from provstore.ledger.merkle import HASH_BYTES, leaf_hash
from provstore.ledger.reading import Reading
from provstore.ledger.report import Report
from provstore.ledger.tiles import WIDTH, WIDTH_BITS, Tree, tile_id
from provstore.model.document import ContentDigest


def check(ledger: DatabaseLedger) -> Report:
    """Recomputes everything (rules 2, 5, 8, 11, 13, 15 and 30), as of one moment, while others may write."""
    report = Report()
    damage = (ledger.database_error, ProvstoreError, ValueError, TypeError, LookupError, AttributeError)
    with ledger.at_one_moment() as reading:
        steps = (_check_file, _check_entries, _check_tiles, checking_index.check, checking_liveness.check, _check_rest)
        for step in steps:
            # Damage can make any row unreadable; that is a finding too, and the other steps still say theirs.
            try:
                step(reading, report)
            except damage as error:
                report.add("ledger", f"cannot be read: {type(error).__name__}: {error}")
    return report


def _check_file(reading: Reading, report: Report) -> None:
    """(1) What the database says of itself: SQLite of the file's structure, PostgreSQL of what makes it durable."""
    for (line,) in reading.rows("integrity"):
        if line != "ok":
            report.add("file", line)


def _check_entries(reading: Reading, report: Report) -> None:
    """(2) The sequence has no gap, times do not go back, every leaf and root is what the content says."""
    tree = Tree(0, lambda number: b"")
    sequence, time = 0, ""
    rows = _Rows(reading.stream("leaves"))
    for entry in reading.entries():
        where = f"entry {entry.sequence}"
        if (entry.sequence, entry.first_leaf) != (sequence + 1, tree.size) or entry.time < time:
            report.add(where, "does not follow the entry before it")
        sequence, time = entry.sequence, entry.time
        hashes = _recomputed(reading, entry, rows, report)
        _compare_leaves(reading, entry, hashes, report)
        tree.extend(hashes)
        if tree.root() != entry.root:
            report.add(where, "the root is not that of the leaves")
        report.checked.update(entries=1, leaves=entry.leaves)
    if (sequence, reading.rows("count_entries")[0][0]) != (reading.head().sequence, sequence):
        report.add("ledger", "entries are missing")
    if not rows.exhausted:
        report.add("assertions", "there are assertions that belong to no entry")


def _recomputed(reading: Reading, entry: Entry, rows: _Rows, report: Report) -> bytes:
    """The entry's leaf hashes from its content; what is erased has only its hashes."""
    end = entry.first_leaf + entry.leaves
    if entry.salt is None:
        return entry.erased_leaves or b""
    own = entry_hash(entry, entry.salt)
    if entry.kind != "append":
        return own
    assert entry.document_salt is not None
    digest, hashes, next_leaf = ContentDigest(), [own], entry.first_leaf + 1
    for leaf, document, bundle, record in rows.before(end):
        if (leaf, document) != (next_leaf, entry.sequence):
            report.add(f"leaf {leaf}", "the assertion is not at its place")
        text = assertion_text(record, entry.document, leaf - entry.first_leaf - 1, bundle)
        hashes.append(leaf_hash(leaf_data(entry.document_salt, text)))
        digest.add(bundle, sha256(record.encode()).hexdigest())
        next_leaf = leaf + 1
    if next_leaf != end:
        report.add(entry.document, f"{end - next_leaf} assertions are missing")
    _check_document(reading, entry, digest.hexdigest(), report)
    return b"".join(hashes)


def _compare_leaves(reading: Reading, entry: Entry, hashes: bytes, report: Report) -> None:
    stored = reading.leaf_hashes(entry.first_leaf, entry.first_leaf + entry.leaves)
    if stored == hashes:
        return
    for index in range(entry.leaves):
        part = slice(index * HASH_BYTES, (index + 1) * HASH_BYTES)
        if stored[part] != hashes[part]:
            what = f"assertion {index - 1} of {entry.document}" if index else f"entry {entry.sequence}"
            report.add(what, f"leaf {entry.first_leaf + index} is not the hash of its content")


def _check_document(reading: Reading, entry: Entry, content_digest: str, report: Report) -> None:
    """The document's row repeats its header, and its name is the digest of what it is (rules 5 and 11)."""
    header, salt = entry.header, entry.document_salt
    assert header is not None
    assert salt is not None
    if content_digest != entry.content_digest:
        report.add(entry.document, "the content digest is not that of the assertions")
    if document_iri(header.space, header.unit, content_digest, salt) != entry.document:
        report.add(entry.document, "the document's name is not the digest of what it is")
    row = reading.rows("document_row", (entry.sequence,))[0]
    given = (header.space, header.unit, header.mode, header.event_time, int(header.derived), entry.first_leaf + 1)
    if (*row[2:6], row[7], row[10]) != given or entry.leaves != entry.statements + 1:
        report.add(entry.document, "the document's row differs from its header")


def _check_tiles(reading: Reading, report: Report) -> None:
    """(3) Every tile follows from the leaf hashes."""
    head = reading.head()
    tree = Tree(0, lambda number: b"")
    expected: dict[int, bytes] = {}
    number_of_leaf_tiles = (head.tree_size + WIDTH - 1) >> WIDTH_BITS
    for number in range(number_of_leaf_tiles):
        tree.extend(reading.tile(tile_id(0, number)))
        for identifier, hashes in tree.changed():
            if identifier >> 40:
                expected[identifier] = hashes
    stored = dict(reading.rows("upper_tiles", {"first": tile_id(1, 0)}))
    count = reading.rows("count_tiles")[0][0]
    if (tree.size, stored, count) != (head.tree_size, expected, number_of_leaf_tiles + len(expected)):
        report.add("tiles", "the tree's tiles do not follow from its leaves")
    report.checked.update(tiles=count)


def _check_rest(reading: Reading, report: Report) -> None:
    """(6) Bytes, prefixes and idempotency keys."""
    for digest, content in reading.stream("all_blobs"):
        if sha256(content).digest() != digest:
            report.add(f"blob {digest.hex()}", "the bytes do not have that digest")
        report.checked.update(blobs=1)
    for (digest,) in reading.rows("unmatched_blobs"):
        report.add(f"blob {digest.hex()}", "the bytes are missing, or belong to no document")
    checking_index.check_names(reading, report)


class _Rows:
    """Rows that begin with an ascending number, taken up to a bound."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def before(self, end: int) -> Iterator[Any]:
        """The rows whose number is below `end`."""
        while self._next is not None and self._next[0] < end:
            row, self._next = self._next, next(self._rows, None)
            yield row

    @property
    def exhausted(self) -> bool:
        """True when no row is left."""
        return self._next is None
