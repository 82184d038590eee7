"""A document on its way in: parsed, prepared and digested before the write lock is taken (rule 12).

In: assertions. Out: a `Spool` that can be read again and again; what is large lies in a file that has no name.
"""

from __future__ import annotations

import marshal
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from provstore.ledger.database import translated
from provstore.ledger.leaves import assertion_hashes
from provstore.ledger.preparing import Batch, batches
from provstore.model.document import Assertion, ContentDigest

MEMORY_BYTES = 64 * 2**20
_HASHED_EARLY_STATEMENTS = 5_000


class Kept:
    """Batches that are read again: in memory at first, then in one file.

    Args: folder: for the file, which has no name.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._memory: list[Batch] = []
        self._memory_bytes = 0
        self._file: IO[bytes] | None = None

    @property
    def in_file(self) -> bool:
        """True for batches that are too large to be kept in memory."""
        return self._file is not None

    def add(self, batch: Batch) -> None:
        """Keeps one more. Raises: BackendUnavailable: there is no room for it."""
        if self._file is None and self._memory_bytes < MEMORY_BYTES:
            self._memory.append(batch)
            self._memory_bytes += sum(map(len, batch.records)) + 100 * len(batch.records)
            return
        with translated(self._folder):
            if self._file is None:
                # Beside the store, because the place for temporary files may be small, or in memory.
                self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by close
            marshal.dump(tuple(batch), self._file)

    def __iter__(self) -> Iterator[Batch]:
        """All batches in order."""
        yield from self._memory
        if self._file is not None:
            self._file.seek(0)
            while True:
                try:
                    yield Batch._make(marshal.load(self._file))  # noqa: S302 - our own file, without a name
                except EOFError:
                    break

    def close(self) -> None:
        """Frees the file."""
        self._memory = []
        if self._file is not None:
            self._file.close()
            self._file = None


class Spool:
    """Prepared assertions, with what a document's entry says of them all together.

    `statements`: how many. `content_digest`: rule 5, 64 hexadecimal digits. `elements`: rule 14.
    """

    def __init__(self, assertions: Iterable[Assertion], folder: Path) -> None:
        self.statements = 0
        self._kept = Kept(folder)
        digest, elements = ContentDigest(), array("q")
        try:
            for batch in batches(assertions):
                self.statements += len(batch.records)
                elements.frombytes(batch.elements)
                add_to_digest(digest, batch)
                self._kept.add(batch)
        except BaseException:
            self.close()
            raise
        self.content_digest = digest.hexdigest()
        self.elements = count_distinct(elements)

    @property
    def is_hashed_early(self) -> bool:
        """True when the leaves take so long to hash that it is done before the lock is taken."""
        return self.statements >= _HASHED_EARLY_STATEMENTS

    def leaf_hashes(self, document: str, salt: bytes) -> bytes:
        """The leaf hashes of all assertions, in one piece (rule 13)."""
        return b"".join(assertion_hashes(self, document, salt))

    @property
    def in_file(self) -> bool:
        """True for a document that is too large to be kept in memory."""
        return self._kept.in_file

    def __iter__(self) -> Iterator[Batch]:
        """All batches in order."""
        return iter(self._kept)

    def close(self) -> None:
        """Frees the file."""
        self._kept.close()


def add_to_digest(digest: ContentDigest, batch: Batch) -> None:
    """Adds a batch to a content digest (rule 5)."""
    if batch.bundles is None:
        digest.add_unbundled(batch.sids)
        return
    sids = batch.sids.hex()
    for number, bundle in enumerate(batch.bundles):
        digest.add(bundle, sids[64 * number : 64 * number + 64])


def count_distinct(keys: array[int]) -> int:
    """How many different keys; in parts, so that a million of them need little memory."""
    parts = 1 + len(keys) // 100_000
    if parts == 1:
        return len(set(keys))
    return sum(len({key for key in keys if key % parts == part}) for part in range(parts))
