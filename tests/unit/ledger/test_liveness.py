"""Rules 8 and 9, by hand."""

from __future__ import annotations

from itertools import permutations

from provstore.ledger.liveness import Stored, duplicate, live

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


def test_the_same_content_at_the_same_time_is_a_duplicate():
    assert duplicate(A1._replace(sequence=0), [A1, B2]) == 1
    assert duplicate(A1._replace(sequence=0, mode="event"), [A1, B2]) is None


def test_the_content_of_the_only_live_snapshot_is_a_duplicate_at_any_time():
    assert duplicate(Stored(0, "snapshot", "t9", "bb"), [A1, B2]) == 2
    assert duplicate(Stored(0, "snapshot", "t9", "aa"), [A1, B2]) is None


def test_beside_a_later_event_the_same_snapshot_is_no_duplicate():
    assert duplicate(Stored(0, "snapshot", "t9", "bb"), [A1, B2, E3]) is None


def test_an_event_is_repeated_only_at_its_own_time():
    assert duplicate(E3._replace(sequence=0), [E1, E3]) == 4
    assert duplicate(E3._replace(sequence=0, event_time="t4"), [E1, E3]) is None
