"""A large document that is read, prepared and hashed in a child process, on another core (rule 12).

In: `Apart` assertions. Out: an `ApartSpool`, whose rows lie sorted in temporary tables of the ledger's connection while
the child still reads, so that under the write lock SQLite copies whole tables.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from provstore.batches import in_batches
from provstore.collecting import without_collecting
from provstore.ledger.child import fork_is_safe, run_in_child
from provstore.ledger.database import sql, translated
from provstore.ledger.following import ApartView
from provstore.ledger.leaves import assertion_hashes, document_iri
from provstore.ledger.preparing import Batch, batch, sid_keys
from provstore.ledger.preparing_columns import batch_of
from provstore.ledger.spool import Kept, add_to_digest, count_distinct
from provstore.ledger.tiles import NOT_KNOWN, Filled, filled
from provstore.model.columns import Chunk
from provstore.model.document import Assertion, ContentDigest, Header
from provstore.model.statement import parse_record
from provstore.transactions import run_script

APART_BYTES = 2 * 2**20
_BATCH_STATEMENTS = 2_048


class Apart:
    """Assertions that may be read in a child process: reading them changes nothing but `warnings`.

    Args: assertions: read once, in order. warnings: a list that grows while they are read; what the child added is
    added here. size_bytes: of the input; a child is started for large inputs only. columns: the same assertions, where
    there is this faster way to read them; one of the two is read.
    """

    def __init__(
        self,
        assertions: Iterable[Assertion],
        *,
        warnings: list[str],
        size_bytes: int,
        columns: Iterator[Chunk] | None = None,
    ) -> None:
        self.assertions = assertions
        self.warnings = warnings
        self._size_bytes = size_bytes
        self._columns = columns

    def __iter__(self) -> Iterator[Assertion]:
        return iter(self.assertions)

    def chunks(self) -> Iterator[Chunk]:
        """All of them in chunks."""
        return self._columns or map(Chunk.of, in_batches(self.assertions, _BATCH_STATEMENTS))

    def is_worthwhile(self) -> bool:
        """True when a child can be started, and will save more time than its start takes."""
        return self._size_bytes >= APART_BYTES and fork_is_safe()


class Scratch:
    """The temporary tables of a connection; one document at a time. They lock nobody out of the store.

    Args: path: of the store, for errors. Raises, in each method: BackendUnavailable: there is no room for them.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.folder = path.parent
        self._path = path
        self._whole = False
        self._view: ApartView | None = None

    def create(self, view: ApartView | None) -> None:
        """Makes the tables, empty, in a transaction of their own. Args: view: which has tables beside them."""
        self._whole, self._view = False, view
        with translated(self._path):
            run_script(self.connection, sql("create_scratch"))
            if view is not None:
                view.create(self.connection)
            self.connection.execute(sql("begin_reading"))

    def add(self, first: int, made: Batch) -> None:
        """Adds a batch whose first assertion has position `first`; sorted, since tables grow faster that way."""
        count = len(made.records)
        positions = range(first, first + count)
        rows = zip(positions, made.records, made.bundles or [None] * count, strict=True)
        mentioned = (first + owner for owner in array("H", made.owners))
        mentions = sorted(zip(array("q", made.mention_keys), made.slots, mentioned, strict=True))
        sids = sorted(zip(sid_keys(made.sids), positions, strict=True))
        with translated(self._path):
            self.connection.executemany(sql("add_scratch_statement"), rows)
            self.connection.executemany(sql("add_scratch_sid"), sids)
            self.connection.executemany(sql("add_scratch_mention"), mentions)

    def keep(self, rows: tuple[Any, ...]) -> None:
        """Keeps what the view made of a batch."""
        assert self._view is not None
        with translated(self._path):
            self._view.keep(rows)

    def keep_rest(self, rest: tuple[Any, ...]) -> None:
        """Keeps what the view made of all batches together."""
        assert self._view is not None
        with translated(self._path):
            self._view.keep_rest(rest)

    def finish(self) -> None:
        """All batches are there."""
        with translated(self._path):
            self.connection.execute(sql("commit"))
        self._whole = True

    def drop(self) -> None:
        """Removes the tables."""
        if self.connection.in_transaction:
            self.connection.execute(sql("rollback"))
        if self._whole:
            self.connection.execute(sql("unjournal_scratch"))
        run_script(self.connection, sql("drop_scratch"))
        if self._view is not None:
            self._view.drop()


class ApartSpool:
    """What `Spool` is, for `Apart` assertions.

    Args: assertions: read in the child. header, salt: of the document, which the leaves depend on. scratch: where the
    rows go; taken until this is closed. view: is made in the child, too. first_leaf: where the assertions' leaves will
    lie if nobody else appends meanwhile.
    `speaks_of_bundles`: some assertion is in a bundle. `filled`: by the leaves, known after `leaf_hashes`.
    """

    def __init__(
        self, assertions: Apart, header: Header, salt: bytes, scratch: Scratch, view: ApartView | None, first_leaf: int
    ) -> None:
        self.statements = 0
        self.speaks_of_bundles = False
        self.filled = NOT_KNOWN
        self.scratch = scratch
        self._items: Iterator[Any] = run_in_child(
            lambda: _read_apart(assertions, header, salt, view, scratch.folder, first_leaf)
        )
        try:
            with without_collecting():
                elements, ending = self._receive(view)
        except BaseException:
            self.close()
            raise
        _, self.content_digest, warnings = ending
        assertions.warnings.extend(warnings)
        self.elements = count_distinct(elements)

    def _receive(self, view: ApartView | None) -> tuple[array[int], tuple[Any, ...]]:
        """Puts everything that the child reads into tables; returns the keys of elements, and the item at the end."""
        elements = array("q")
        self.scratch.create(view)
        while (item := next(self._items))[0] != "read":
            if item[0] == "batch":
                made = Batch._make(item[1])
                self.scratch.add(self.statements, made)
                self.statements += len(made.records)
                self.speaks_of_bundles |= made.bundles is not None
                elements.frombytes(made.elements)
            elif item[0] == "view":
                self.scratch.keep(item[1])
            else:
                self.scratch.keep_rest(item[1])
        self.scratch.finish()
        return elements, item

    def __iter__(self) -> Iterator[Batch]:
        """All batches, prepared again: for documents of which some statements are stored already."""
        rows = self.scratch.connection.execute(sql("scratch_statements"))
        while found := rows.fetchmany(_BATCH_STATEMENTS):
            yield batch([Assertion(bundle, parse_record(record)) for bundle, record in found])

    # The child hashes the leaves while the rows are copied.
    is_hashed_early = False

    def leaf_hashes(self, document: str, salt: bytes) -> bytes:
        """The leaf hashes of all assertions, from the child."""
        *hashes, (_, offset, roots) = self._items
        self.filled = Filled(offset, roots)
        return b"".join([part for _, part in hashes])

    def close(self) -> None:
        """Ends the child and removes the tables."""
        self._items.close()  # type: ignore[attr-defined]
        self.scratch.drop()


def _read_apart(
    assertions: Apart, header: Header, salt: bytes, view: ApartView | None, folder: Path, first_leaf: int
) -> Iterator[tuple[Any, ...]]:
    """In the child: batches, and what the view makes of each and of all, then content digest and new warnings, then the
    leaf hashes and the tiles that they fill."""
    known = len(assertions.warnings)
    kept, digest = Kept(folder), ContentDigest()
    for said in assertions.chunks():
        made = batch_of(said)
        yield "batch", tuple(made)
        if view is not None:
            yield "view", view.rows(said, made.sids)
        add_to_digest(digest, made)
        kept.add(made)
    content_digest = digest.hexdigest()
    if view is not None:
        yield "rest", view.rest()
    yield "read", content_digest, assertions.warnings[known:]
    document = document_iri(header.space, header.unit, content_digest, salt)
    # All before the first is sent: the parent is busy with the rows, and takes none before they are copied.
    hashes = list(assertion_hashes(kept, document, salt))
    tiles = filled(first_leaf, b"".join(hashes))
    for part in hashes:
        yield "hashes", part
    yield "filled", *tiles
