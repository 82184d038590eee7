"""Step (5) of `check`: which documents were live when is what the pure function of rule 8 says."""

from __future__ import annotations

from collections import defaultdict

from provstore.ledger.contract import Entry
from provstore.ledger.liveness import Stored, is_later, live, newest_snapshot
from provstore.ledger.reading import Reading
from provstore.ledger.report import Report

Unit = tuple[str, str]


class _Replay:
    """The units as they were after each entry: their unretracted documents, and which of them are live."""

    def __init__(self) -> None:
        self.stored: dict[Unit, dict[str, Stored]] = defaultdict(dict)
        self.unit_of: dict[str, Unit] = {}
        self.number_of: dict[str, int] = {}
        self.live: set[str] = set()
        # Erased documents that were in force: what they did to others cannot be recomputed.
        self.unknown: set[str] = set()

    def take(self, entry: Entry) -> Unit | None:
        """Takes the entry in; returns the unit that it is about, if that is known."""
        self.live.difference_update(entry.closed)
        self.live.update(entry.opened)
        if entry.kind != "append":
            self.unknown.discard(entry.document)
            unit = self.unit_of.get(entry.document)
            if unit:
                self.stored[unit].pop(entry.document, None)
            return unit
        self.number_of[entry.document] = entry.sequence
        if entry.header is None:
            self.unknown.add(entry.document)
            return None
        unit = self.unit_of[entry.document] = (entry.header.space, entry.header.unit)
        one = Stored(entry.sequence, entry.header.mode, entry.header.event_time, entry.content_digest or "")
        self.stored[unit][entry.document] = one
        return unit

    def is_right(self, unit: Unit, entry: Entry) -> bool:
        """True when the unit's live documents are those of rule 8."""
        documents = self.stored[unit]
        if entry.header is not None and entry.header.mode == "event":
            # An event changes nobody else, so one document is looked at; that keeps long streams of events cheap.
            own = documents[entry.document]
            expected = is_later(own, newest_snapshot(documents.values()))
            return entry.closed == () and (entry.opened == (entry.document,)) == expected
        return {one.sequence for iri, one in documents.items() if iri in self.live} == live(documents.values())


def check(reading: Reading, report: Report) -> None:
    """After each entry, and now; and the stored intervals are those that the entries tell."""
    replay = _Replay()
    intervals: set[tuple[int, int, int | None]] = set()
    since: dict[str, int] = {}
    for entry in reading.entries():
        unit = replay.take(entry)
        since.update(dict.fromkeys(entry.opened, entry.sequence))
        for iri in entry.closed:
            intervals.add((replay.number_of[iri], since.pop(iri), entry.sequence))
        if unit and not replay.unknown and not replay.is_right(unit, entry):
            report.add(f"entry {entry.sequence}", "the live documents of its unit are not those of rule 8")
    intervals |= {(replay.number_of[iri], start, None) for iri, start in since.items()}
    if set(reading.rows("all_live")) != intervals:
        report.add("liveness", "the stored intervals are not those of the entries")
    for unit, documents in replay.stored.items():
        current = live(documents.values())
        if {one.sequence for iri, one in documents.items() if iri in replay.live} != current:
            report.add(f"unit {unit[1]}", "its live documents are not those of rule 8")
    _check_withdrawn(reading, report)
    report.checked.update(documents=len(replay.number_of))


def _check_withdrawn(reading: Reading, report: Report) -> None:
    """A document is marked as withdrawn by the first entry that retracts or erases it, and by no other."""
    first: dict[str, int] = {}
    for entry in reading.entries():
        if entry.kind != "append":
            first.setdefault(entry.document, entry.sequence)
    marked = {reading.document_iri(number): by for number, by in reading.rows("all_withdrawn")}
    if marked != first:
        report.add("documents", "those marked as withdrawn are not those that entries withdraw")
