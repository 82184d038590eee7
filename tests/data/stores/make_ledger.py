"""Made `ledger-001.db` and `ledger-002.db`: a store with something of everything, for the tests that open stores of earlier versions.

Run in the checkout of the version whose store it is to be: python -m tests.data.stores.make_ledger ledger-NNN.db
Every test of `tests/unit/ledger/test_versions.py` must go on passing with every file that was ever made.
"""

from __future__ import annotations

import sys
from pathlib import Path

from provstore.ledger.contract import Erasure, Retraction
from provstore.ledger.sqlite import SqliteLedger
from tests.support.ledgers import activity, associated, at, document, entity, generated, inside, used

DIGEST = "sha256:" + "ab" * 32


class Numbers:
    """A clock and a source of salts that give the same at each run."""

    def __init__(self) -> None:
        self.number = 0

    def clock(self) -> str:
        """The next minute."""
        self.number += 1
        return at(self.number)

    def salt(self) -> bytes:
        """The next 16 bytes."""
        self.number += 1
        return self.number.to_bytes(16, "big")


def make(path: Path) -> None:
    """Writes the store."""
    numbers = Numbers()
    with SqliteLedger(path, clock=numbers.clock, salt=numbers.salt) as ledger:
        first, _, erased = ledger.append([
            document(
                "run/1", activity("train", start=at(1), status="running"), used("train", "data"),
                entity("data", digest=DIGEST), event_time=1, namespaces={None: {"ex": "http://example.org/"}},
                blobs=[b"a blob"], source="run.json", format="prov-json", idempotency_key="once",
            ),
            document("run/1", activity("train", status="finished"), event_time=2, mode="event"),
            document("private", entity("person", label="Ann"), inside("notes", entity("person")), event_time=1),
        ])  # fmt: skip
        (second,) = ledger.append([document("run/1", generated("model", "train"), event_time=3)])
        ledger.append(
            [
                Retraction(second.document, "wrong model", "ann@example"),
                Erasure(erased.document, "personal data", "ann@example"),
            ]
        )
        ledger.append([
            document("many", *[entity(f"e{n}", size=n) for n in range(300)], event_time=4),
            document("run/2", associated("train", "ann", "plan"), event_time=4, space="other"),
        ])  # fmt: skip
        assert first.sequence == 1


if __name__ == "__main__":
    make(Path(sys.argv[1]))
