"""An empty ledger of each kind, its clock under control."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provstore.ledger.checking import check
from provstore.ledger.database_ledger import DatabaseLedger
from tests.support.databases import KINDS, empty_ledger
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


@pytest.fixture(params=KINDS)
def kind(request) -> str:
    return request.param


@pytest.fixture
def ledger(kind, clock) -> Iterator[DatabaseLedger]:
    """After each test the ledger must pass its own check."""
    with empty_ledger(kind, clock=clock) as opened:
        yield opened
        assert check(opened).findings == []
