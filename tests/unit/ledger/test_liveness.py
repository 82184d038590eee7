"""Rule 8, by hand."""

from __future__ import annotations

from itertools import permutations

from provstore.ledger.liveness import Stored, live

A1 = Stored(1, "snapshot", "t1", "aa")
B2 = Stored(2, "snapshot", "t2", "bb")
E1 = Stored(3, "event", "t1", "e1")
E3 = Stored(4, "event", "t3", "e3")


def test_without_a_snapshot_every_event_is_live():
    assert live([E1, E3]) == {3, 4}


def test_the_newest_snapshot_and_later_events_are_live():
    assert live([A1, B2, E1, E3]) == {2, 4}


def test_between_snapshots_of_one_time_the_content_digest_decides():
    assert live([Stored(1, "snapshot", "t", "bb"), Stored(2, "snapshot", "t", "aa")]) == {1}


def test_the_order_does_not_matter():
    assert {live(order) for order in permutations([A1, B2, E1, E3])} == {frozenset({2, 4})}
