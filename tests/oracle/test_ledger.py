"""Hand-worked examples of rules 6 to 14."""

from __future__ import annotations

import pytest

from tests.oracle.ledger import BadInput, Conflict, NotFound, OracleDocument, OracleLedger
from tests.oracle.statements import OracleStatement, content_digest
from tests.oracle.terms import day, entity, used


def snapshot(at: int, *statements: OracleStatement, unit: str = "u", space: str = "default") -> OracleDocument:
    return OracleDocument(unit, tuple((None, s) for s in statements), "snapshot", day(at), space)


def event(at: int, *statements: OracleStatement, unit: str = "u", space: str = "default") -> OracleDocument:
    return OracleDocument(unit, tuple((None, s) for s in statements), "event", day(at), space)


A, B = entity("e1"), entity("e2")


def ledger_of(*documents: OracleDocument) -> OracleLedger:
    ledger = OracleLedger()
    for document in documents:
        ledger.append([document])
    return ledger


def test_the_newest_snapshot_is_live_alone():
    assert ledger_of(snapshot(1, A), snapshot(2, B)).live_at() == {2}


def test_a_late_snapshot_is_stored_closed():
    # "the order of arrival does not matter ... what is older than R is stored closed"
    ledger = ledger_of(snapshot(2, B), snapshot(1, A))
    assert ledger.live_at() == {1}
    assert ledger.stored_at() == {1, 2}
    assert ledger.log[1].closed == ()


def test_snapshots_of_the_same_time_are_told_apart_by_content_digest():
    first, second = snapshot(1, A), snapshot(1, B)
    greater = 1 if content_digest(first.assertions) > content_digest(second.assertions) else 2
    assert ledger_of(first, second).live_at() == {greater}
    assert ledger_of(second, first).live_at() == {3 - greater}


def test_without_a_snapshot_every_event_is_live():
    assert ledger_of(event(1, A), event(2, B)).live_at() == {1, 2}


def test_events_later_than_the_snapshot_are_live_and_earlier_ones_are_stored_closed():
    assert ledger_of(event(1, A), snapshot(2, B), event(3, A)).live_at() == {2, 3}
    assert ledger_of(snapshot(2, B), event(1, A), event(3, A)).live_at() == {1, 3}


def test_an_event_at_the_time_of_the_snapshot_is_not_later():
    assert ledger_of(snapshot(2, B), event(2, A)).live_at() == {1}


def test_units_and_spaces_do_not_close_each_other():
    ledger = ledger_of(snapshot(1, A), snapshot(2, A, unit="v"), snapshot(3, A, space="other"))
    assert ledger.live_at() == {1, 2, 3}


def test_retracting_the_newest_snapshot_opens_the_one_before_and_its_events():
    ledger = ledger_of(snapshot(1, A), event(2, B), snapshot(3, B))
    assert ledger.live_at() == {3}
    ledger.retract(3)
    assert ledger.live_at() == {1, 2}


def test_an_append_lists_what_it_closes():
    ledger = ledger_of(snapshot(1, A), event(2, B), snapshot(3, B))
    assert ledger.log[2].closed == (1, 2)


def test_the_same_delivery_again_writes_nothing_and_names_the_first_sequence():
    ledger = ledger_of(snapshot(1, A, B))
    (receipt,) = ledger.append([snapshot(1, A, B)])
    assert (receipt.duplicate, receipt.sequence, receipt.new, receipt.duplicates) == (True, 1, 0, 2)
    assert ledger.head == 1


def test_an_event_again_at_another_time_is_no_duplicate():
    assert ledger_of(event(1, A), event(2, A)).head == 2


def test_a_later_snapshot_of_the_content_of_the_only_live_document_is_a_duplicate():
    assert ledger_of(snapshot(1, A), snapshot(2, A)).head == 1


def test_a_later_snapshot_of_the_same_content_is_stored_when_an_event_is_live_too():
    # "while R is the unit's only live document": here the event is live as well, and the new snapshot closes it.
    ledger = ledger_of(snapshot(1, A), event(2, B), snapshot(3, A))
    assert ledger.head == 3
    assert ledger.live_at() == {3}


def test_a_b_a_is_three_entries_and_the_last_is_live():
    # "So A, B, A works"
    ledger = ledger_of(snapshot(1, A), snapshot(2, B), snapshot(3, A))
    assert ledger.head == 3
    assert ledger.live_at() == {3}


def test_a_closed_document_delivered_again_is_a_duplicate():
    ledger = ledger_of(snapshot(1, A), snapshot(2, B), snapshot(1, A))
    assert ledger.head == 2


def test_what_was_retracted_can_be_ingested_again():
    ledger = ledger_of(snapshot(1, A))
    ledger.retract(1)
    (receipt,) = ledger.append([snapshot(1, A)])
    assert (receipt.duplicate, receipt.new) == (False, 1)
    assert ledger.live_at() == {2}


def test_the_same_content_in_another_space_or_unit_or_mode_is_no_duplicate():
    ledger = ledger_of(snapshot(1, A), snapshot(1, A, space="other"), snapshot(1, A, unit="v"), event(1, A))
    assert ledger.head == 4


def test_a_duplicate_within_one_list_is_one_entry():
    ledger = OracleLedger()
    first, second = ledger.append([event(1, A), event(1, A)])
    assert (first.sequence, second.sequence, second.duplicate, ledger.head) == (1, 1, True, 1)


def test_a_key_with_other_content_is_a_conflict_and_nothing_is_stored():
    ledger = OracleLedger()
    ledger.append([OracleDocument("u", ((None, A),), "event", day(1), key="k")])
    with pytest.raises(Conflict):
        ledger.append([event(1, A, unit="v"), OracleDocument("u", ((None, B),), "event", day(2), key="k")])
    assert (ledger.head, len(ledger.documents)) == (1, 1)


def test_a_key_with_the_same_content_is_the_same_delivery():
    # An intake that stamps the time of receipt gives a retry another event time; the key still knows it.
    ledger = OracleLedger()
    ledger.append([OracleDocument("u", ((None, A),), "event", day(1), key="k")])
    (receipt,) = ledger.append([OracleDocument("u", ((None, A),), "event", day(2), key="k")])
    assert (receipt.duplicate, ledger.head) == (True, 1)


def test_keys_are_per_principal_and_space():
    ledger = OracleLedger()
    ledger.append([OracleDocument("u", ((None, A),), "event", day(1), key="k")])
    ledger.append([OracleDocument("u", ((None, B),), "event", day(1), key="k", actor="someone@else")])
    ledger.append([OracleDocument("u", ((None, B),), "event", day(1), key="k", space="other")])
    assert ledger.head == 3


def test_the_late_repeat_of_rule_9_makes_the_order_of_arrival_matter():
    # NOTES.md, "Where the rules disagree": by the letter of rule 9, A@3 makes A@5 a duplicate, then B@4 is the newest.
    in_order = ledger_of(snapshot(3, A), snapshot(4, B), snapshot(5, A))
    late = ledger_of(snapshot(3, A), snapshot(5, A), snapshot(4, B))
    assert [in_order.documents[i].assertions for i in in_order.live_at()] == [((None, A),)]
    assert [late.documents[i].assertions for i in late.live_at()] == [((None, B),)]


def test_an_event_without_event_time_is_bad_input():
    with pytest.raises(BadInput):
        OracleLedger().append([OracleDocument("u", ((None, A),), "event")])


def test_sequences_are_gapless_and_times_never_go_back():
    # "time = max(clock, last)"
    ledger = OracleLedger()
    ledger.append([event(1, A)], clock=day(5))
    ledger.append([event(2, A)], clock=day(3))
    ledger.retract(1, clock=day(6))
    assert [(e.sequence, e.time) for e in ledger.log] == [(1, day(5)), (2, day(5)), (3, day(6))]


def test_retracting_what_is_closed_is_a_conflict():
    ledger = ledger_of(snapshot(1, A), snapshot(2, B))
    with pytest.raises(Conflict):
        ledger.retract(1)
    ledger.retract(2)
    with pytest.raises(Conflict):
        ledger.retract(2)


def test_retracting_what_is_unknown_is_not_found():
    with pytest.raises(NotFound):
        OracleLedger().retract(1)


def test_an_erased_document_says_nothing_now_or_before_and_can_be_ingested_again():
    ledger = ledger_of(snapshot(1, A))
    ledger.erase(1)
    assert ledger.assertions_at() == []
    assert ledger.assertions_at(1) == []
    assert ledger.append([snapshot(1, A)])[0].duplicate is False
    with pytest.raises(Conflict):
        ledger.erase(1)


def test_erasing_one_document_leaves_what_another_says():
    ledger = ledger_of(event(1, A), event(2, A))
    ledger.erase(1)
    assert [a.document_id for a in ledger.assertions_at()] == [2]


def test_as_of_an_entry_shows_what_was_live_then():
    ledger = ledger_of(snapshot(1, A), snapshot(2, B))
    ledger.retract(2)
    assert [ledger.live_at(n) for n in range(4)] == [set(), {1}, {2}, {1}]


def test_as_of_a_time_is_the_last_entry_at_or_before_it():
    ledger = OracleLedger()
    ledger.append([event(1, A)], clock=day(2))
    ledger.append([event(2, A)], clock=day(4))
    assert [ledger.sequence_at(day(d)) for d in (1, 2, 3, 4, 5)] == [0, 1, 1, 2, 2]


def test_the_counts_of_a_first_document():
    # three assertions, of which two are the same statement; two element records name two IRIs
    (receipt,) = OracleLedger().append([event(1, A, A, B, used("a1", "e1"))])
    assert (receipt.statements, receipt.new, receipt.duplicates, receipt.elements) == (4, 3, 1, 2)


def test_new_counts_what_no_live_document_of_the_space_asserted():
    ledger = ledger_of(event(1, A, unit="v"), event(1, B, unit="w", space="other"))
    (receipt,) = ledger.append([event(2, A, B)])
    assert (receipt.new, receipt.duplicates) == (1, 1)


def test_what_only_a_closed_document_asserted_is_new_again():
    ledger = ledger_of(snapshot(1, A), snapshot(2, B))
    (receipt,) = ledger.append([event(3, A)])
    assert receipt.new == 1


def test_an_earlier_document_of_the_same_list_counts():
    first, second = OracleLedger().append([snapshot(2, A), snapshot(1, A, B, unit="v")])
    assert (first.new, second.new) == (1, 1)


def test_an_earlier_document_of_another_space_does_not_count():
    _, second = OracleLedger().append([event(1, A, space="other"), event(1, A)])
    assert second.new == 1


def test_an_earlier_document_of_the_list_counts_even_when_it_is_stored_closed():
    ledger = ledger_of(snapshot(2, B))
    closed, other = ledger.append([snapshot(1, A), event(1, A, unit="v")])
    assert (closed.new, other.new) == (1, 0)
