"""`about`: who mentions an element, now or as of an entry.

In: IRIs. Out: mentions, each checked against the record itself, because the index holds shortened digests.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from provstore.ledger.preparing import SLOTS, key, mentioned_at, place_of, slot_of
from provstore.ledger.reading import NOW, Reading
from provstore.model.arguments import PLACES, Place, named
from provstore.model.fold import Claim, Mention, Origin
from provstore.model.statement import Statement, parse_record
from provstore.model.terms import DOCUMENT

# Other slots are of identifiers of statements, which are no elements (rule 19).
_ELEMENT_SLOTS = frozenset(SLOTS)
_IRIS_AT_ONCE = 500
_ORIGINS_KEPT = 10_000


@dataclass(slots=True)
class Question:
    """What `about` was asked: the slots wanted (None: all), the entry as of which, and in which spaces (None: all)."""

    places: Sequence[Place] | None
    kinds: Sequence[str] | None
    as_of: int
    spaces: Collection[str] | None
    slots: list[int] | None = field(init=False)

    def __post_init__(self) -> None:
        self.slots = [slot for slot in SLOTS if self.wants(slot)] if self.places or self.kinds else None

    def wants(self, slot: int) -> bool:
        """True when mentions of that slot are asked for."""
        kind, place = place_of(slot)
        return (self.places is None or place in self.places) and (self.kinds is None or kind in self.kinds)


class Mentions:
    """Answers `about`. Args: reading: of the ledger."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._origins: dict[int, tuple[Origin, int]] = {}

    def forget(self) -> None:
        """Drops what was remembered of documents: after an erasure."""
        self._origins.clear()

    def about(
        self, iris: Collection[str] | None, places: Sequence[Place] | None, kinds: Sequence[str] | None,
        as_of: int | None, one_each: bool, spaces: Collection[str] | None,
    ) -> Iterator[Mention]:  # fmt: skip
        """As `Ledger.about`."""
        question = Question(places, kinds, NOW if as_of is None else as_of, spaces)
        if iris is None:
            found = self._all(question)
            yield from _first_of_each(found) if one_each else found
            return
        ordered = list(dict.fromkeys(iris))
        for start in range(0, len(ordered), _IRIS_AT_ONCE):
            wanted: dict[int, list[str]] = {}
            for iri in ordered[start : start + _IRIS_AT_ONCE]:
                wanted.setdefault(key(iri), []).append(iri)
            if one_each and spaces is None:
                yield from self._one_each(wanted, question)
            else:
                # The one that a probe meets may be said in another space.
                found = self._every(wanted, question)
                yield from _first_of_each(found) if one_each else found

    def ever_about(self, iri: str) -> Iterator[Mention]:
        """As `Ledger.ever_about`."""
        for row in self._reading.stream("ever_about", {"key": key(iri)}):
            yield from self._true_mentions(row, {row[0]: [iri]})

    def _every(self, wanted: dict[int, list[str]], question: Question) -> Iterator[Mention]:
        values = {"keys": json.dumps(list(wanted)), "as_of": question.as_of}
        if question.slots is None:
            rows = self._reading.stream("about", values)
        else:
            rows = self._reading.stream("about_slots", {**values, "slots": json.dumps(question.slots)})
        for row in rows:
            for mention in self._true_mentions(row, wanted):
                if question.spaces is None or mention.claim.origin.space in question.spaces:
                    yield mention

    def _one_each(self, wanted: dict[int, list[str]], question: Question) -> Iterator[Mention]:
        slots = list(SLOTS) if question.slots is None else question.slots
        values = {"keys": json.dumps(list(wanted)), "slots": json.dumps(slots), "as_of": question.as_of}
        for row in self._reading.rows("about_one_each", values):
            iris = wanted[row[0]]
            found = list(self._true_mentions(row, wanted))
            if {mention.iri for mention in found} == set(iris):
                yield from found
            else:  # the probe met another text with this key: read them all
                own = {"keys": json.dumps([row[0]]), "slots": json.dumps([row[1]]), "as_of": question.as_of}
                rows = self._reading.stream("about_slots", own)
                yield from _first_of_each(m for each in rows for m in self._true_mentions(each, wanted))

    def _all(self, question: Question) -> Iterator[Mention]:
        wanted = None if question.slots is None else frozenset(question.slots)
        if question.spaces is None:
            rows = self._reading.stream("about_all", {"as_of": question.as_of})
        else:
            values = {"as_of": question.as_of, "spaces": json.dumps(sorted(question.spaces))}
            rows = self._reading.stream("about_spaces", values)
        for leaf, document, bundle, record in rows:
            stated = parse_record(record)
            claim = self._claim(leaf, document, bundle, stated)
            for each in named(stated):
                if wanted is None or slot_of(stated.kind, each.place) in wanted:
                    yield Mention(each.iri, each.place, claim)

    def _true_mentions(self, row: Sequence[Any], wanted: dict[int, list[str]]) -> Iterator[Mention]:
        """The mentions that an index row stands for, if the record bears it out."""
        hashed, slot, leaf, document, bundle, record = row
        if slot not in _ELEMENT_SLOTS:
            return
        stated = parse_record(record)
        texts = mentioned_at(stated, slot)
        for iri in wanted[hashed]:
            if iri in texts:
                yield Mention(iri, PLACES[slot & 3], self._claim(leaf, document, bundle, stated))

    def _claim(self, leaf: int, document: int, bundle: str | None, stated: Statement) -> Claim:
        known = self._origins.get(document)
        if known is None:
            if len(self._origins) >= _ORIGINS_KEPT:
                self._origins.clear()
            known = self._origins[document] = self._origin(document)
        return Claim(known[0], bundle, leaf - known[1], stated)

    def _origin(self, document: int) -> tuple[Origin, int]:
        row = self._reading.rows("document_row", (document,))[0]
        _, digest, space, unit, _, event_time, content_digest, _, _, _, first_leaf, _ = row
        return Origin(space, unit, event_time, content_digest.hex(), DOCUMENT + digest.hex(), document), first_leaf


def _first_of_each(mentions: Iterable[Mention]) -> Iterator[Mention]:
    seen: set[tuple[str, Place, str]] = set()
    for mention in mentions:
        probe = (mention.iri, mention.place, mention.claim.statement.kind)
        if probe not in seen:
            seen.add(probe)
            yield mention
