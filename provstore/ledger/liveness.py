"""Liveness of a unit's documents: which of them speak now. Pure. Source: rule 8."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from provstore.model.document import Mode


class Stored(NamedTuple):
    """A stored, unretracted document of one unit: its number and what rule 8 looks at."""

    sequence: int
    mode: Mode
    event_time: str
    content_digest: str


def newest_snapshot(stored: Iterable[Stored]) -> Stored | None:
    """R of rule 8: the newest snapshot by (event time, content digest), or None."""
    snapshots = [one for one in stored if one.mode == "snapshot"]
    return max(snapshots, key=lambda one: (one.event_time, one.content_digest), default=None)


def live(stored: Collection[Stored]) -> frozenset[int]:
    """Which of a unit's documents are live: R and every event later than R; without R, every event (rule 8)."""
    newest = newest_snapshot(stored)
    return frozenset(one.sequence for one in stored if one is newest or (one.mode == "event" and is_later(one, newest)))


def is_later(event: Stored, newest: Stored | None) -> bool:
    """True when an event is later than R, so that it is live beside it."""
    return newest is None or event.event_time > newest.event_time
