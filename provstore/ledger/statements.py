"""Writes the statements and assertions of a document: in sorted runs, each statement once (rule 2).

In: batches. Out: rows, and how many statements are new (rule 14). Runs inside the transaction of its caller.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain, compress, repeat
from typing import NamedTuple

from provstore.ledger.apart import ApartSpool
from provstore.ledger.preparing import Batch, sid_keys
from provstore.ledger.session import Session

RUN_STATEMENTS = 65_536


class Place(NamedTuple):
    """Where a document's assertions go: its number, its first leaf, its space.

    Earlier documents of the list (rule 14): those stored after entry `start`, and those that were `repeated`.
    """

    document: int
    first_leaf: int
    space: str
    start: int
    repeated: Sequence[int] = ()


class StatementWriter:
    """Writes assertions, giving new statements the next numbers. `last`: the number of the newest one.

    Args: session: in a transaction.
    """

    def __init__(self, session: Session, last: int) -> None:
        self._session = session
        self.last = last
        self._bundles: dict[str | None, int | None] = {None: None}

    def write(self, batches: Iterable[Batch], place: Place) -> int:
        """Writes all batches of a document; returns how many of its statements are new (rule 14)."""
        if isinstance(batches, ApartSpool) and not self._session.first("scratch_repeats")[0]:
            return self._copy(batches, place)
        new, leaf = 0, place.first_leaf
        for run in _runs(batches):
            numbers, known = self._numbers(run)
            new += len(set(numbers)) - self._asserted(known, place)
            self._write_assertions(run, numbers, leaf, place.document)
            leaf += len(numbers)
        return new

    def _copy(self, spool: ApartSpool, place: Place) -> int:
        """Copies a document of new statements from the temporary tables, in their order."""
        values = {"number": self.last + 1, "leaf": place.first_leaf, "document": place.document}
        bundles = ("copy_bundles",) if spool.speaks_of_bundles else ()
        for name in ("copy_statements", "copy_sids", "copy_mentions", *bundles, "copy_assertions"):
            self._session.run(name, values)
        self.last += spool.statements
        return spool.statements

    def _numbers(self, run: list[Batch]) -> tuple[Sequence[int], list[int]]:
        """The statement number of each assertion, new statements written; and the numbers that were there before."""
        sids = b"".join([batch.sids for batch in run])
        keys = sid_keys(sids)
        known = self._known(keys) if self.last else {}
        first, count = self.last + 1, len(keys)
        if not known and len(set(keys)) == count:
            numbers: Sequence[int] = range(first, first + count)
            self.last += count
            self._write_statements(run, keys, numbers, None)
            return numbers, []
        by_sid, numbers, fresh = dict(known), [], bytearray(count)
        for index in range(count):
            sid = sids[32 * index : 32 * index + 32]
            number = by_sid.get(sid)
            if number is None:
                self.last += 1
                number = by_sid[sid] = self.last
                fresh[index] = 1
            numbers.append(number)
        self._write_statements(run, keys, numbers, fresh)
        return numbers, list(known.values())

    def _known(self, keys: array[int]) -> dict[bytes, int]:
        """Statements among `keys` that are stored: number by sid. The sid is made from the record, not believed."""
        wanted = {"keys": str(keys.tolist())}  # of numbers this is JSON
        rows = self._session.rows("known_statements", wanted)
        return {sha256(record.encode()).digest(): number for _, number, record in rows}

    def _asserted(self, known: list[int], place: Place) -> int:
        if not known:
            return 0
        values = {
            "statements": json.dumps(known),
            "space": place.space,
            "start": place.start,
            "repeated": json.dumps(place.repeated),
        }
        found: int = self._session.first("count_asserted", values)[0]
        return found

    def _write_statements(
        self, run: list[Batch], keys: array[int], numbers: Sequence[int], fresh: bytearray | None
    ) -> None:
        records: Iterable[str] = chain.from_iterable(batch.records for batch in run)
        rows: Iterable[tuple[int, str]] = zip(numbers, records, strict=True)
        sids: Iterable[tuple[int, int]] = zip(keys, numbers, strict=True)
        if fresh is not None:
            rows, sids = compress(rows, fresh), compress(sids, fresh)
        self._session.run_many("add_statement", rows)
        self._session.run_many("add_sid", sorted(sids))
        self._session.run_many("add_mention", sorted(_mentions(run, numbers, fresh)))

    def _write_assertions(self, run: list[Batch], numbers: Sequence[int], leaf: int, document: int) -> None:
        bundles: Iterable[int | None] = repeat(None)
        if any(batch.bundles for batch in run):
            bundles = [self._bundle(iri) for batch in run for iri in batch.bundles or [None] * len(batch.records)]
        rows = zip(range(leaf, leaf + len(numbers)), numbers, repeat(document), bundles, strict=False)
        self._session.run_many("add_assertion", rows)

    def _bundle(self, iri: str | None) -> int | None:
        if iri not in self._bundles:
            if not self._session.rows("bundle", {"iri": iri}):
                self._session.run("add_bundle", (iri,))
            self._bundles[iri] = self._session.first("bundle", {"iri": iri})[0]
        return self._bundles[iri]


def _runs(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    """Batches together, up to about RUN_STATEMENTS: rows are sorted by key within a run."""
    run: list[Batch] = []
    count = 0
    for batch in batches:
        run.append(batch)
        count += len(batch.records)
        if count >= RUN_STATEMENTS:
            yield run
            run, count = [], 0
    if run:
        yield run


def _mentions(run: list[Batch], numbers: Sequence[int], fresh: bytearray | None) -> Iterator[tuple[int, int, int]]:
    """(key, slot, statement) of what new statements mention."""
    first = 0
    for batch in run:
        owners = array("H", batch.owners)
        own = numbers[first : first + len(batch.records)]
        rows = zip(array("q", batch.mention_keys), batch.slots, map(own.__getitem__, owners), strict=True)
        if fresh is None:
            yield from rows
        else:
            yield from compress(rows, map(fresh[first : first + len(own)].__getitem__, owners))
        first += len(batch.records)
