"""What the stored documents of a unit say about the next one: duplicate, live or closed, and what it closes.

The incremental form of `liveness`, as queries on one unit, so that a unit of many events stays cheap; `check` holds
it against the pure functions, tests against a naive model. Source: rules 8, 9 and 11.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from provstore.errors import Conflict, NotFound
from provstore.ledger.leaves import parse_header
from provstore.ledger.liveness import Stored, is_later
from provstore.ledger.session import Readable
from provstore.model.document import Document, Header, content_digest
from provstore.model.terms import DOCUMENT
from provstore.model.times import instant

_IRI = re.compile(re.escape(DOCUMENT) + "[0-9a-f]{64}")


def document_number(session: Readable, document: str) -> int:
    """The number of the document with that IRI. Raises: NotFound."""
    if _IRI.fullmatch(document):
        digest = bytes.fromhex(document.removeprefix(DOCUMENT))
        row = session.first("document_by_digest", (digest,))
        if row:
            return int(row[0])
    raise NotFound("no such document", where=document, next_step="List them with `provstore documents`.")


def repeatable(session: Readable, numbers: Sequence[int], *, events: bool) -> list[str] | None:
    """The IRIs of the documents of those numbers, when each would be a duplicate if it came again (rule 9).

    Args: events: whether events count; with False, a list with one gives None.
    Returns: None when one of them would be stored anew, whatever the time of the new snapshot.
    """
    rows = session.rows("repeatable", {"sequences": json.dumps(numbers), "events": events})
    return [DOCUMENT + digest.hex() for (digest,) in rows] if len(rows) == len(numbers) else None


class Effect(NamedTuple):
    """Whether a document is live when it is stored, and the numbers of the documents that it closes."""

    is_live: bool
    closed: list[int]


def effect_of(session: Readable, document: Document, actor: str) -> Effect | None:
    """As `DatabaseLedger.effect_of`; `actor` acts when the document does not say who does."""
    header = document.header
    moment = instant(header.event_time)
    header = replace(header, event_time=moment.utc) if moment else header
    if not session.rows("unit_is_known", {"space": header.space, "unit": header.unit}):
        return Effect(True, [])
    found = Units(session).verdict(header, content_digest(document.assertions), header.actor or actor)
    return Effect(found.is_live, found.closed) if found.repeats is None else None


class Verdict(NamedTuple):
    """What becomes of a delivered document: which one it repeats, or whether it is live, what it closes, and why."""

    repeats: int | None
    is_live: bool
    closed: list[int]
    reason: str | None


class Units:
    """Answers about units, inside a transaction."""

    def __init__(self, session: Readable) -> None:
        self._session = session

    def verdict(self, header: Header, content_digest: str, actor: str) -> Verdict:
        """What becomes of a document that is delivered now.

        Raises: Conflict: the idempotency key was used with other content.
        """
        if not self._session.rows("unit_is_known", {"space": header.space, "unit": header.unit}):
            # The commonest case, a unit of which nothing is stored, answers all that is asked below.
            return Verdict(self._delivered(header, content_digest, actor), True, [], header.reason)
        first = self.repeated(header, content_digest, actor)
        if first is not None:
            return Verdict(first, False, [], None)
        is_live, closed = self.effect_of(header, content_digest)
        return Verdict(None, is_live, closed, header.reason or self.importer_change(header, is_live=is_live))

    def repeated(self, header: Header, content_digest: str, actor: str) -> int | None:
        """The number of the document that this one repeats (rule 9), or None.

        Raises: Conflict: the idempotency key was used with other content.
        """
        delivered = self._delivered(header, content_digest, actor)
        same = self._same(header, content_digest)
        return delivered if same is None else same

    def effect_of(self, header: Header, content_digest: str) -> tuple[bool, list[int]]:
        """Whether the document is live when it is stored, and which documents it closes (rule 8)."""
        given = _stored(header, content_digest)
        newest = self._newest(header.space, header.unit)
        if header.mode == "event":
            return is_later(given, newest), []
        if newest and (newest.event_time, newest.content_digest) > (header.event_time, content_digest):
            return False, []
        live = self._rows("live_of_unit", header.space, header.unit)
        later = set(self._rows("later_events", header.space, header.unit, after=header.event_time))
        return True, [number for number in live if number not in later]

    def effect_of_withdrawing(self, number: int, document: str, *, retracting: bool) -> tuple[list[int], list[int]]:
        """What opens and what closes when the document is taken back.

        Raises: Conflict: it is closed (rule 11), or erased already.
        """
        row = self._session.first("document_row", (number,))
        space, unit, mode, salt = row[2], row[3], row[4], row[8]
        is_live = self._session.first("is_live", (number,)) is not None
        if salt is None or (retracting and not is_live):
            raise Conflict(
                "the document is erased" if salt is None else "the document is closed: nothing to take back",
                where=document, next_step="List the live ones with `provstore documents`.",
            )  # fmt: skip
        if not is_live or mode == "event":
            return [], [number] if is_live else []
        next_newest = self._newest(space, unit, but=number)
        after = next_newest.event_time if next_newest else ""
        open_now = set(self._rows("live_of_unit", space, unit))
        again = [event for event in self._rows("later_events", space, unit, after=after) if event not in open_now]
        return sorted([next_newest.sequence, *again] if next_newest else again), [number]

    def importer_change(self, header: Header, *, is_live: bool) -> str | None:
        """The reason of a snapshot that a newer version of the same importer made: `importer 1.2 -> 1.3` (rule 11)."""
        newest = self._newest(header.space, header.unit) if header.mode == "snapshot" and is_live else None
        if newest is None or header.importer is None or header.importer_version is None:
            return None
        before = self._header(newest.sequence)
        if before.importer != header.importer or before.importer_version is None:
            return None
        if _version(header.importer_version) <= _version(before.importer_version):
            return None
        return f"importer {before.importer_version} -> {header.importer_version}"

    def _same(self, header: Header, content_digest: str) -> int | None:
        """The two cases of rule 9."""
        values = {**_of(header), "content_digest": bytes.fromhex(content_digest)}
        row = self._session.first("same_document", values)
        if row[0] is not None or header.mode == "event":
            return None if row[0] is None else int(row[0])
        newest = self._newest(header.space, header.unit)
        if newest is None or newest.content_digest != content_digest:
            return None
        return newest.sequence if self._rows("live_of_unit", header.space, header.unit) == [newest.sequence] else None

    def _delivered(self, header: Header, content_digest: str, actor: str) -> int | None:
        """The unretracted document that came with the same idempotency key: the same delivery again."""
        if header.idempotency_key is None:
            return None
        key = {"space": header.space, "actor": actor, "key": header.idempotency_key}
        for number, unit, mode, content, withdrawn in self._session.rows("idempotency", key):
            if content.hex() != content_digest:
                raise Conflict(
                    "the idempotency key was used with other content; what was first is kept",
                    where=header.idempotency_key, next_step="Use a new key for new content.",
                )  # fmt: skip
            if withdrawn is None and (unit, mode) == (header.unit, header.mode):
                return int(number)
        return None

    def _newest(self, space: str, unit: str, *, but: int | None = None) -> Stored | None:
        values = {"space": space, "unit": unit, "but": but}
        row = self._session.first("newest_snapshot", values)
        return None if row is None else Stored(row[0], "snapshot", row[1], row[2].hex())

    def _rows(self, name: str, space: str, unit: str, **more: str) -> list[int]:
        return [row[0] for row in self._session.rows(name, {"space": space, "unit": unit, **more})]

    def _header(self, sequence: int) -> Header:
        return parse_header(self._session.first("header", (sequence,))[0])


def _stored(header: Header, content_digest: str) -> Stored:
    return Stored(0, header.mode, header.event_time, content_digest)


def _of(header: Header) -> dict[str, str]:
    return {"space": header.space, "unit": header.unit, "mode": header.mode, "event_time": header.event_time}


def _version(text: str) -> tuple[tuple[int, str], ...]:
    """A version as something that sorts: 1.10 after 1.9."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.+-]", text))
