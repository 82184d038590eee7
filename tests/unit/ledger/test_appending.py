"""Documents come in: units, modes, liveness, duplicates, counts, entries (rules 5 to 16)."""

from __future__ import annotations

import pytest

from provstore.errors import BadInput, Conflict, NotFound
from provstore.ledger.contract import Erasure, Retraction
from provstore.model.document import Assertion, content_digest
from provstore.model.terms import DOCUMENT, PS
from tests.support.ledgers import at, document, entity, generated, inside, iri, used


def store(ledger, *documents):
    return ledger.append(documents)


def live(ledger, unit=None, **where):
    return [entry.sequence for entry in ledger.live(unit, **where)]


def test_what_went_in_comes_out_in_order_with_duplicates_and_bundles(ledger):
    stated = [entity("e"), used("a", "e"), entity("e"), inside("b", entity("e"))]
    (receipt,) = store(ledger, document("u", *stated))
    stored = ledger.document(receipt.document)
    expected = [one if isinstance(one, Assertion) else Assertion(None, one) for one in stated]
    assert list(stored.assertions) == list(stored.assertions) == expected
    assert stored.live
    assert stored.closed_by is None
    assert stored.entry.content_digest == content_digest(expected)


def test_the_entry_says_all_of_the_header(ledger, clock):
    clock.minute = 7
    given = document(
        "u", entity("e"), space="s", namespaces={None: {"ex": "http://e/", "a": "http://a/"}, iri("b"): {"": "http://d/"}},
        source="f.json", format="prov-json", raw_sha256="ab" * 32, importer="i", importer_version="1", reason="r",
        idempotency_key="k",
    )  # fmt: skip
    store(ledger, given)
    (entry,) = ledger.entries()
    assert entry.header == given.header
    assert list(entry.header.namespaces[None]) == ["ex", "a"]
    assert (entry.sequence, entry.kind, entry.time, entry.reason) == (1, "append", at(7), "r")
    assert (entry.first_leaf, entry.leaves, entry.tree_size) == (0, 2, 2)
    assert entry.opened == (entry.document,)


def test_the_actor_is_user_at_host_unless_one_is_given(ledger):
    store(ledger, document("u", entity("e"), actor=None), document("v", entity("e"), actor="ann"))
    assert [("@" in entry.actor, entry.header.actor) for entry in ledger.entries()] == [(True, None), (False, "ann")]


def test_sequences_have_no_gap_and_time_never_goes_back(ledger, clock):
    for minute in (5, 3, 9):
        clock.minute = minute
        store(ledger, document(f"u{minute}", entity("e")))
    assert [(entry.sequence, entry.time) for entry in ledger.entries()] == [(1, at(5)), (2, at(5)), (3, at(9))]
    assert [entry.sequence for entry in ledger.entries(after=2)] == [3]


def test_a_newer_snapshot_closes_the_older_one_and_the_events_before_it(ledger):
    first, event, late, second = store(
        ledger,
        document("u", entity("a"), event_time=1),
        document("u", entity("b"), event_time=2, mode="event"),
        document("u", entity("c"), event_time=9, mode="event"),
        document("u", entity("d"), event_time=3),
    )
    assert second.superseded == (first.document, event.document)
    assert live(ledger, "u") == [late.sequence, second.sequence]
    assert live(ledger, "u", as_of=2) == [1, 2]
    assert ledger.document(first.document).closed_by == second.sequence


def test_what_is_older_than_the_newest_snapshot_is_stored_closed(ledger):
    store(ledger, document("u", entity("a"), event_time=5))
    old, event, same_time = store(
        ledger,
        document("u", entity("b"), event_time=4),
        document("u", entity("c"), event_time=4, mode="event"),
        document("u", entity("d"), event_time=5, mode="event"),
    )
    assert old.stored_closed
    assert event.stored_closed
    assert same_time.stored_closed
    assert live(ledger) == [1]
    assert ledger.document(old.document).closed_by == old.sequence


def test_a_document_again_is_a_duplicate_and_nothing_is_written(ledger):
    given = document("u", entity("a"), entity("b"))
    (first,) = store(ledger, given)
    (again,) = store(ledger, given)
    assert (again.outcome, again.document, again.sequence) == ("duplicate", first.document, 1)
    assert (again.statements, again.new, again.duplicates, again.elements) == (2, 0, 2, 2)
    assert ledger.head().sequence == 1


def test_a_snapshot_of_the_same_content_is_a_duplicate_while_it_speaks_alone(ledger):
    store(ledger, document("u", entity("a"), event_time=1))
    (again,) = store(ledger, document("u", entity("a"), event_time=2))
    assert again.outcome == "duplicate"
    store(ledger, document("u", entity("b"), event_time=3, mode="event"))
    (beside,) = store(ledger, document("u", entity("a"), event_time=4))
    assert beside.outcome == "new"


def test_what_is_closed_is_repeated_at_its_own_time_and_in_its_own_mode_only(ledger):
    store(ledger, document("u", entity("a"), event_time=1), document("u", entity("b"), event_time=2))
    (again,) = store(ledger, document("u", entity("a"), event_time=1))
    assert (again.outcome, again.sequence) == ("duplicate", 1)
    (event,) = store(ledger, document("u", entity("a"), event_time=1, mode="event"))
    assert event.outcome == "new"
    (later,) = store(ledger, document("u", entity("a"), event_time=9))
    assert later.outcome == "new"


def test_an_event_is_repeated_at_its_own_time_only(ledger):
    events = [document("u", entity(name), event_time=minute, mode="event") for name, minute in (("a", 1), ("b", 3))]
    store(ledger, *events)
    (again,) = store(ledger, events[1])
    assert (again.outcome, again.sequence) == ("duplicate", 2)
    (moved,) = store(ledger, document("u", entity("b"), event_time=4, mode="event"))
    assert moved.outcome == "new"


def test_a_b_a_works(ledger):
    receipts = [store(ledger, document("u", entity(name), event_time=minute))[0] for minute, name in enumerate("aba")]
    assert [receipt.outcome for receipt in receipts] == ["new", "new", "new"]
    assert live(ledger, "u") == [3]


def test_ingesting_again_what_was_retracted_works(ledger):
    given = document("u", entity("a"))
    (first,) = store(ledger, given)
    ledger.append([Retraction(first.document, "wrong")])
    (again,) = store(ledger, given)
    assert again.outcome == "new"
    assert again.document != first.document


def test_an_event_of_the_same_content_at_another_time_is_new(ledger):
    given = [document("u", entity("a"), event_time=minute, mode="event") for minute in (1, 2, 1)]
    assert [receipt.outcome for receipt in store(ledger, *given)] == ["new", "new", "duplicate"]


def test_units_of_different_spaces_do_not_know_each_other(ledger):
    receipts = store(ledger, document("u", entity("a")), document("u", entity("a"), space="other", event_time=1))
    assert [(receipt.outcome, receipt.new) for receipt in receipts] == [("new", 1), ("new", 1)]
    assert live(ledger, "u") == [1, 2]
    assert live(ledger, "u", space="other") == live(ledger, space="other") == [2]


def test_an_idempotency_key_with_other_content_is_a_conflict_and_nothing_is_stored(ledger):
    store(ledger, document("u", entity("a"), idempotency_key="k"))
    with pytest.raises(Conflict, match="idempotency key"):
        store(ledger, document("v", entity("z")), document("u", entity("b"), idempotency_key="k", event_time=1))
    assert ledger.head().sequence == 1
    assert list(ledger.about([iri("z")])) == []


def test_an_idempotency_key_with_the_same_content_is_the_same_delivery_at_any_time(ledger):
    given = {"mode": "event", "idempotency_key": "k"}
    store(ledger, document("u", entity("a"), event_time=1, **given))
    (again,) = store(ledger, document("u", entity("a"), event_time=2, **given))
    assert again.outcome == "duplicate"


def test_an_idempotency_key_is_one_actors_in_one_space(ledger):
    receipts = store(
        ledger,
        document("u", entity("a"), idempotency_key="k"),
        document("u", entity("b"), idempotency_key="k", event_time=1, actor="ben"),
        document("u", entity("c"), idempotency_key="k", space="other"),
    )
    assert [receipt.outcome for receipt in receipts] == ["new"] * 3


def test_new_counts_what_no_live_document_of_the_space_says(ledger):
    (first,) = store(ledger, document("u", entity("a"), entity("b"), entity("a")))
    (second,) = store(ledger, document("v", entity("b"), entity("c")))
    (third,) = store(ledger, document("u", entity("c"), event_time=1))
    (fourth,) = store(ledger, document("w", entity("a")))
    assert (first.statements, first.new, first.duplicates, first.elements) == (3, 2, 1, 2)
    assert (second.new, second.duplicates) == (1, 1)
    assert third.new == 0
    assert fourth.new == 1  # nobody alive says it any more


def test_new_counts_what_no_earlier_document_of_the_list_says(ledger):
    store(ledger, document("u", entity("a")), document("u", entity("b"), event_time=1))
    receipts = store(ledger, document("u", entity("a")), document("v", entity("a")), document("w", entity("a")))
    assert [receipt.new for receipt in receipts] == [0, 0, 0]


def test_retracting_closes_and_reopens_what_was_behind(ledger):
    first, event, second = store(
        ledger,
        document("u", entity("a"), event_time=1),
        document("u", entity("b"), event_time=2, mode="event"),
        document("u", entity("c"), event_time=3),
    )
    (receipt,) = ledger.append([Retraction(second.document, "wrong", "ann")])
    assert receipt.outcome == "retracted"
    entry = list(ledger.entries())[-1]
    assert (entry.kind, entry.actor, entry.reason, entry.header) == ("retract", "ann", "wrong", None)
    assert entry.closed == (second.document,)
    assert entry.opened == (first.document, event.document)
    assert live(ledger) == [1, 2]
    assert live(ledger, as_of=3) == [3]


def test_retracting_what_is_closed_or_unknown_is_refused(ledger):
    first, _ = store(ledger, document("u", entity("a")), document("u", entity("b"), event_time=1))
    with pytest.raises(Conflict, match="closed"):
        ledger.append([Retraction(first.document, "wrong")])
    for unknown in (DOCUMENT + "00" * 32, "urn:x", DOCUMENT + "zz"):
        with pytest.raises(NotFound):
            ledger.append([Retraction(unknown, "wrong")])
    assert ledger.head().sequence == 2


def test_a_snapshot_by_a_newer_importer_says_so(ledger):
    by = {"importer": "mlflow"}
    store(ledger, document("u", entity("a"), importer_version="1.9", **by))
    store(ledger, document("u", entity("b"), importer_version="1.10", event_time=1, **by))
    store(ledger, document("u", entity("c"), importer_version="1.10", event_time=2, **by))
    store(ledger, document("u", entity("d"), importer_version="1.11", event_time=3, reason="mine", **by))
    store(ledger, document("u", entity("d"), importer_version="2", importer="other", event_time=4, mode="event"))
    assert [entry.reason for entry in ledger.entries()] == [None, "importer 1.9 -> 1.10", None, "mine", None]


def test_a_derived_document_is_an_event_by_provstore_and_counts_for_nobody(ledger):
    store(ledger, document("d", entity("a"), mode="event", derived=True, actor=None))
    (receipt,) = store(ledger, document("u", entity("a")))
    assert receipt.new == 1
    assert next(ledger.entries()).actor == PS + "agent"
    with pytest.raises(BadInput, match="event when it is derived"):
        store(ledger, document("d", entity("a"), derived=True))


@pytest.mark.parametrize("event_time", ["", "yesterday"])
def test_a_document_without_a_time_is_refused(ledger, event_time):
    with pytest.raises(BadInput, match="needs an event time"):
        store(ledger, document("u", entity("a"), mode="event", event_time=event_time))


def test_an_event_time_of_another_zone_is_kept_in_utc(ledger):
    store(ledger, document("u", entity("a"), event_time="2026-01-01T02:00:00+02:00"))
    assert next(ledger.entries()).header.event_time == at(0)


def test_one_bad_document_keeps_the_whole_list_out(ledger):
    for bad in (document("v", entity("\ud800")), document("v", entity("a"), source="\ud800"), document("\ud800")):
        with pytest.raises(BadInput, match="surrogate"):
            store(ledger, document("u", entity("a")), bad)
    assert ledger.head().sequence == 0


def test_prefixes_are_registered_in_order_and_a_taken_one_gets_a_number(ledger):
    store(ledger, document("u", namespaces={None: {"a": "http://one/", "": "http://two/"}}))
    store(ledger, document("v", namespaces={None: {"a": "http://three/", "z": "http://one/"}}))
    assert ledger.head().prefixes == (("a", "http://one/"), ("ns", "http://two/"), ("a2", "http://three/"))
    assert ledger.head(as_of=1).prefixes == (("a", "http://one/"), ("ns", "http://two/"))


def test_an_empty_document_is_a_document(ledger):
    (receipt,) = store(ledger, document("u"))
    assert (receipt.outcome, receipt.statements) == ("new", 0)
    assert ledger.append([]) == []


def test_erasing_deletes_what_nobody_else_says(ledger, tmp_path):
    secret, shared = entity("secret", label="hush hush"), used("a", "e")
    given = document(
        "u",
        secret,
        shared,
        inside("hidden-bundle", secret),
        blobs=[b"private bytes", b"common"],
        idempotency_key="kk-1",
    )
    first, other = store(ledger, given, document("v", shared, blobs=[b"common"]))
    private = ledger.document(first.document).entry.blobs
    before = ledger.head()
    (receipt,) = ledger.append([Erasure(first.document, "personal data")])
    assert receipt.outcome == "erased"
    stored = ledger.document(first.document)
    assert (stored.live, list(stored.assertions), stored.entry.header, stored.entry.salt) == (False, [], None, None)
    assert stored.entry.content_digest is None
    assert len(stored.entry.erased_leaves) == 4 * 32
    assert list(ledger.document(other.document).assertions) == [Assertion(None, shared)]
    assert list(ledger.about([iri("secret")], as_of=2)) == []
    assert [m.claim.origin.document for m in ledger.about([iri("e")])] == [other.document]
    assert ledger.blob(next(d for d in private if d in ledger.document(other.document).entry.blobs)) == b"common"
    with pytest.raises(NotFound):
        ledger.blob(next(d for d in private if d not in ledger.document(other.document).entry.blobs))
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for gone in (b"hush hush", b"private bytes", b"hidden-bundle", b"kk-1"):
        assert gone not in content
    assert ledger.head(as_of=2).root == before.root


def test_erasing_reopens_what_was_behind_and_works_once(ledger):
    first, second = store(ledger, document("u", entity("a")), document("u", entity("b"), event_time=1))
    ledger.append([Erasure(second.document, "r")])
    assert live(ledger) == [1]
    with pytest.raises(Conflict, match="erased"):
        ledger.append([Erasure(second.document, "r")])
    with pytest.raises(Conflict, match="erased"):
        ledger.append([Retraction(second.document, "r")])
    ledger.append([Retraction(first.document, "r"), Erasure(first.document, "r")])
    assert live(ledger) == []
    assert ledger.append([document("u", entity("b"), event_time=1)])[0].outcome == "new"


def test_a_statement_that_only_a_closed_document_says_survives_an_erasure_elsewhere(ledger):
    old, _, erased = store(
        ledger,
        document("u", generated("e", "a")),
        document("u", entity("b"), event_time=1),
        document("v", generated("e", "a")),
    )
    ledger.append([Erasure(erased.document, "r")])
    assert list(ledger.document(old.document).assertions) == [Assertion(None, generated("e", "a"))]
