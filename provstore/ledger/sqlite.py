"""The default ledger: one SQLite file, written by several processes at once.

In: submissions. Out: receipts, after fsync. Source: rules 5 to 18; the contract is `provstore.ledger.contract`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import Self

from provstore.errors import ProvstoreError
from provstore.ledger.apart import ApartSpool, Scratch
from provstore.ledger.contract import Entry, Erasure, Head, Proof, Receipt, StoredDocument, Submission
from provstore.ledger.database import connect, open_database, sql, translated
from provstore.ledger.following import ApartView, Follower, Written
from provstore.ledger.mentions import Mentions
from provstore.ledger.merkle import EMPTY_ROOT
from provstore.ledger.proving import prove
from provstore.ledger.reading import NOW, Reading
from provstore.ledger.stated import Stated
from provstore.ledger.submitting import Ready, Salt, fresh_salt
from provstore.ledger.tiles import Tree
from provstore.ledger.units import Effect, effect_of
from provstore.ledger.writing import End, Writing
from provstore.model import times
from provstore.model.arguments import Place
from provstore.model.document import Document, Header
from provstore.model.fold import Mention
from provstore.settings import Settings, load
from provstore.transactions import transaction


def open_ledger(location: str | Path, *, create: bool = True, settings: Settings | None = None) -> SqliteLedger:
    """The ledger in the file `location`; made when it is missing and `create` is true.

    Raises: NotFound: nothing is there. BadInput: the file is not ours. Conflict: it is of a newer version.
    BackendUnavailable: it cannot be opened, or is damaged.
    """
    return SqliteLedger(Path(location), create=create, settings=settings or load())


class SqliteLedger:
    """A ledger in one SQLite file; a context manager. `path` is the file, `ledger_id` names the ledger for good.

    Args: clock: UTC text of now. salt: 16 fresh random bytes at each call. Both are there for tests.
    """

    def __init__(
        self,
        path: Path,
        *,
        create: bool = True,
        settings: Settings | None = None,
        clock: Callable[[], str] = times.now,
        salt: Salt = fresh_salt,
    ) -> None:
        self.path = path
        self._settings = settings or load()
        self._clock, self._salt = clock, salt
        self._lock = threading.Lock()
        timeout_s = self._settings.busy_timeout_s
        self._writer = open_database(path, create=create, busy_timeout_s=timeout_s)
        self._reader = connect(path, timeout_s)
        self.ledger_id: str = self._reader.execute(sql("version")).fetchone()[1]
        self._reading = Reading(self._reader, self.ledger_id)
        self._mentions = Mentions(self._reading)
        self._end: End | None = None
        self._scratch: Scratch | None = Scratch(self._writer, path)

    @cached_property
    def _actor(self) -> str:
        """Who acts when a submission does not say; asking the system costs more than a small document."""
        return self._settings.who()

    @property
    def reading(self) -> Reading:
        """What checking and copying read through."""
        return self._reading

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; the last one to close it folds SQLite's log into it."""
        self._reader.close()
        self._writer.close()

    def append(self, submissions: Iterable[Submission], follower: Follower | None = None) -> list[Receipt]:
        """As `Ledger.append`; in the same transaction `follower` projects what is written, if it takes so much.

        Raises besides: BadInput: a document cannot be taken. BackendUnavailable.
        """
        with ExitStack() as stack:
            # Errors of whoever reads the assertions are theirs, and stay as they are.
            ready = [self._ready(one, stack, follower) for one in submissions]
            if not ready:
                return []
            erases = any(isinstance(one.submission, Erasure) for one in ready)
            # What an erased document said is gone: its view is compared with the ledger afterwards.
            follows = follower is not None and not erases and follower.takes(sum(one.statements for one in ready))
            with self._lock, translated(self.path):
                receipts = self._store(ready, follower if follows else None)
                if erases:
                    self._forget()
            return receipts

    def head(self, as_of: int | str | None = None) -> Head:
        """As `Ledger.head`."""
        with translated(self.path):
            return self._reading.head(as_of)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """As `Ledger.entries`."""
        with translated(self.path):
            yield from self._reading.entries(after)

    def document(self, document: str) -> StoredDocument:
        """As `Ledger.document`."""
        with translated(self.path):
            return self._reading.document(document)

    def live(self, unit: str | None = None, space: str | None = None, as_of: int | None = None) -> list[Entry]:
        """As `Ledger.live`."""
        with translated(self.path):
            return self._reading.live(unit, space, as_of)

    def about(
        self,
        iris: Collection[str] | None,
        *,
        places: Sequence[Place] | None = None,
        kinds: Sequence[str] | None = None,
        as_of: int | None = None,
        one_each: bool = False,
    ) -> Iterator[Mention]:
        """As `Ledger.about`."""
        with translated(self.path):
            yield from self._mentions.about(iris, places, kinds, as_of, one_each)

    def stated(self, space: str, bundle: str | None, without: Collection[int] = ()) -> Stated:
        """What is live now in one bundle of one space, by what it names; `without` documents of those numbers."""
        with translated(self.path):
            return Stated(self._reading, space, bundle, without)

    def effect_of(self, document: Document) -> Effect | None:
        """What becomes live and what closes if the document is stored now (rule 8); None: it repeats one (rule 9).

        Args: document: its assertions are read, when anything of its unit is stored.
        Raises: Conflict: as `append`.
        """
        with translated(self.path):
            return effect_of(self._reader, document, self._actor)

    def proof(
        self, *, sid: str | None = None, sequence: int | None = None, size: int | None = None,
        since: int | None = None,
    ) -> list[Proof]:  # fmt: skip
        """As `Ledger.proof`."""
        with translated(self.path):
            return prove(self._reading, sid=sid, sequence=sequence, size=size, since=since)

    def blob(self, sha256: str) -> bytes:
        """As `Ledger.blob`."""
        with translated(self.path):
            return self._reading.blob(sha256)

    def _ready(self, submission: Submission, stack: ExitStack, follower: Follower | None) -> Ready:
        scratch, self._scratch = self._scratch, None  # one document at a time can have it
        stack.callback(setattr, self, "_scratch", scratch)

        def view(header: Header) -> ApartView | None:
            """Of the first document of a unit, which closes no other; more often than not a second one is a repeat."""
            return None if follower is None or self._knows_unit(header) else follower.apart(header)

        ready = Ready(submission, self.path.parent, actor=self._actor, salt=self._salt, scratch=scratch, view=view)
        stack.callback(ready.close)
        if not isinstance(ready.spool, ApartSpool):
            self._scratch = scratch
        if isinstance(submission, Document) and ready.content.is_hashed_early and not self._has_content(ready):
            ready.hashes()
        return ready

    def _knows_unit(self, header: Header) -> bool:
        with translated(self.path):
            return bool(self._reading.rows("unit_is_known", (header.space, header.unit)))

    def _has_content(self, ready: Ready) -> bool:
        """True when the unit has a document of that content, so that this one may be a duplicate."""
        header = ready.header
        values = {"space": header.space, "unit": header.unit, "mode": header.mode}
        digest = bytes.fromhex(ready.content.content_digest)
        with translated(self.path):
            return bool(self._reading.rows("content_of_unit", {**values, "content_digest": digest}))

    def _store(self, ready: Sequence[Ready], follower: Follower | None) -> list[Receipt]:
        """One transaction. When it fails because of the follower, which has damage of its own, it is done without."""
        if follower is not None:
            with suppress(_NotFollowed), follower.joined(self._writer):
                return self._write(ready, follower)
        return self._write(ready, None)

    def _write(self, ready: Sequence[Ready], follower: Follower | None) -> list[Receipt]:
        """What was known of the ledger's end is forgotten when the transaction fails."""
        known, self._end = self._end, None
        with transaction(self._writer, sql):
            before, end = self._current_end(known)
            writing = Writing(self._writer, end, self._clock())
            receipts = [writing.store(one) for one in ready]
            writing.finish()
            if follower is not None:
                _follow(follower, Written(self._writer, before, writing.entries, writing.documents))
        self._end = end
        return receipts

    def _current_end(self, known: End | None) -> tuple[Head, End]:
        """The head, and where the ledger ends; another process may have moved it on since we wrote."""
        row = self._writer.execute(sql("head"), {"sequence": NOW}).fetchone()
        sequence, time, size, root = row or (0, "", 0, EMPTY_ROOT)
        before = Head(self.ledger_id, sequence, time, size, root)
        if known is not None and (known.sequence, known.tree.size) == (sequence, size):
            return before, known
        return before, End(sequence, time, Tree(size, Reading(self._writer, self.ledger_id).tile))

    def _forget(self) -> None:
        """After an erasure, SQLite's log is folded in and emptied, and nothing of it is remembered."""
        self._mentions.forget()
        self._writer.execute(sql("checkpoint"))


class _NotFollowed(Exception):
    """The follower could not project; nothing is committed."""


def _follow(follower: Follower, written: Written) -> None:
    try:
        follower.follow(written)
    except ProvstoreError as error:
        raise _NotFollowed from error
