"""What clients were answered, and what of it is not in the store.

In: answers, as they come. Out: findings, each a sentence; none when every promise was kept.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# Of the samples of a run the second quarter is compared with the last: the first one fills caches.
QUARTERS = 4
# What one service process may grow by between these, besides a share of what it had: caches, the allocator's holes.
SLACK_BYTES = 16 * 2**20
SLACK_SHARE = 0.1
MOST_KEPT = 5


class Stored(NamedTuple):
    """A document as the ledger has it."""

    sequence: int
    statements: int


@dataclass
class Record:
    """Filled by many threads. `units` by name: the sequence that was answered, None for one of several; `unknown`:
    lists that were sent when the service died; `runs` of MLflow: points that were answered, for each run."""

    dying: threading.Event = field(default_factory=threading.Event)
    units: dict[str, int | None] = field(default_factory=dict)
    unknown: list[list[str]] = field(default_factory=list)
    runs: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def acknowledged(self, units: Sequence[str], sequence: int, seconds: float) -> None:
        self.units.update(dict.fromkeys(units) if len(units) > 1 else {units[0]: sequence})
        self.seconds.append(seconds)

    def expect(self, what: str, status: int, allowed: Collection[int], text: str) -> bool:
        """Notes an answer; True when it is the first of the allowed ones."""
        allowed = tuple(allowed)
        self.answers[f"{what} {status}"] += 1
        if status not in allowed:
            self.findings.append(f"{what} was answered {status}: {text[:300]}")
        return status == allowed[0]

    def lost(self, what: str, error: Exception) -> None:
        """Notes a connection that broke, which is a finding unless the service was killed."""
        if not self.dying.is_set():
            self.findings.append(f"{what} was not answered: {error!r}")


def missing(record: Record, stored: Mapping[str, Stored]) -> list[str]:
    """What was answered and is not stored, or stored elsewhere than was told; what is stored by half."""
    found = [
        f"{unit} was answered with sequence {sequence}, and the ledger has {stored.get(unit)}"
        for unit, sequence in record.units.items()
        if unit not in stored or sequence not in (None, stored[unit].sequence)
    ]
    for units in record.unknown:
        there = [unit for unit in units if unit in stored]
        if 0 < len(there) < len(units):
            found.append(f"of a request of {len(units)} events {len(there)} are stored: {there}")
    return found


def growth(samples: Sequence[int]) -> int:
    """By how much the last quarter of the samples is above the second, on average."""
    quarter = len(samples) // QUARTERS
    if not quarter:
        return 0
    second, last = samples[quarter : 2 * quarter], samples[-quarter:]
    return round(sum(last) / quarter - sum(second) / quarter)


def too_much(samples: Sequence[int]) -> bool:
    """True when memory grew by more than what caches and the allocator explain."""
    quarter = len(samples) // QUARTERS
    before = sum(samples[quarter : 2 * quarter]) / quarter if quarter else 0
    return growth(samples) > SLACK_BYTES + SLACK_SHARE * before
