"""A ledger in a temporary folder, its clock under control."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provstore.ledger.checking import check
from provstore.ledger.sqlite import SqliteLedger
from tests.support.ledgers import at


class Clock:
    """A clock that stands still until it is set, in minutes."""

    def __init__(self) -> None:
        self.minute = 0

    def __call__(self) -> str:
        return at(self.minute)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path, clock) -> Iterator[SqliteLedger]:
    """After each test the ledger must pass its own check."""
    with SqliteLedger(tmp_path / "store.db", clock=clock) as opened:
        yield opened
        assert check(opened).findings == []
