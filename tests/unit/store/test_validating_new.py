"""What is taken in is judged as validating everything that would then be live judges it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provstore.ledger.sqlite import SqliteLedger
from provstore.model.statement import sid
from provstore.model.terms import PS
from provstore.store.receipt import IntakeReceipt
from provstore.store.validating_new import Validating
from provstore.validation import validate
from tests.oracle_validation.strategies import documents
from tests.support.ledgers import (
    activity,
    derived,
    document,
    entity,
    folder_in_memory,
    generated,
    inside,
    iri,
    used,
)

BOTH = [entity("e1"), entity("e2")]
CIRCLE = [derived("e1", "e2"), derived("e2", "e1")]


def validating(ledger, strictness="warn"):
    return Validating(ledger, lambda given: (ledger.append(given), True), strictness)


@pytest.fixture
def ledger(tmp_path):
    with SqliteLedger(tmp_path / "store.db") as opened:
        yield opened


@st.composite
def deliveries(draw):
    """A random document in random pieces: snapshots that replace others, and events, of few units, in two spaces."""
    said = draw(documents(max_statements=14))
    cuts = sorted(draw(st.lists(st.integers(0, len(said)), min_size=1, max_size=5)))
    pieces = [said[a:b] for a, b in zip([0, *cuts], [*cuts, len(said)], strict=True)]
    made = []
    for number, piece in enumerate(pieces):
        unit, mode = draw(st.sampled_from([("u1", "snapshot"), (f"u{number + 2}", "snapshot"), ("u1", "event")]))
        space = draw(st.sampled_from(["default", "default", "default", "other"]))
        made.append(document(unit, *piece, event_time=number, mode=mode, space=space))
    size = draw(st.integers(1, len(made)))
    return [made[start : start + size] for start in range(0, len(made), size)]


def live_after(live, new):
    """Rule 8 for documents that arrive in the order of their times: a snapshot replaces what its unit said."""
    key = (new.header.space, new.header.unit)
    kept = [one for one in live if new.header.mode == "event" or (one.header.space, one.header.unit) != key]
    return [*kept, new]


def is_valid(live):
    spaces = {one.header.space for one in live}
    return all(
        validate([a for one in live if one.header.space == space for a in one.assertions], lints=False).valid
        for space in spaces
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries())
def test_a_document_is_refused_exactly_when_all_that_would_be_live_is_invalid(batches):
    live, refused = [], []
    for one in (one for batch in batches for one in batch):
        after = live_after(live, one)
        if is_valid(after):
            live = after
        else:
            refused.append(one)
    with folder_in_memory() as folder, SqliteLedger(Path(folder) / "store.db") as ledger:
        checked = validating(ledger, "refuse")
        for batch in batches:
            checked.append(batch)
        assert len(checked.refused) == len(refused)
        stored = [list(ledger.document(entry.document).assertions) for entry in ledger.live()]
        assert sorted(map(repr, stored)) == sorted(repr([*one.assertions]) for one in live)


def test_a_finding_is_told_and_kept_with_the_document_that_it_came_with(ledger):
    checked = validating(ledger)
    receipts, _ = checked.append([
        document("one", *BOTH, CIRCLE[0], source="one.provn"),
        document("two", CIRCLE[1], source="two.provn"),
        document("three", entity("e3"), source="three.provn"),
    ])  # fmt: skip
    assert [receipt.outcome for receipt in receipts] == ["new"] * 3
    receipt = IntakeReceipt(path="x")
    checked.tell(receipt)
    [warning] = receipt.warnings
    assert warning.startswith("two.provn: constraint 42 (derivation-generation-generation-ordering): ")
    [kept] = [entry for entry in ledger.live() if entry.header.derived]
    said = [one.statement for one in ledger.document(kept.document).assertions]
    [finding] = [one for one in said if one.argument(f"{PS}constraint")]
    assert finding.argument(f"{PS}constraint") == "42"
    assert {value.lexical for value in finding.values(f"{PS}sid")} == set(map(sid, [*BOTH, *CIRCLE]))
    assert {value.lexical for value in finding.values(f"{PS}removal")} == {sid(CIRCLE[1])}
    [about] = [one for one in said if one.kind.endswith("#Usage")]
    assert about.argument("http://www.w3.org/ns/prov#entity") == receipts[1].document
    assert kept.actor == f"{PS}agent"
    assert validate(ledger.document(kept.document).assertions).valid


def test_the_same_document_again_is_not_told_again(ledger):
    again = [document("one", *BOTH, CIRCLE[0]), document("two", CIRCLE[1])]
    validating(ledger).append(again)
    checked = validating(ledger)
    receipts, _ = checked.append(again)
    assert [receipt.outcome for receipt in receipts] == ["duplicate"] * 2
    receipt = IntakeReceipt(path="x")
    checked.tell(receipt)
    assert receipt.warnings == []


def test_what_was_invalid_before_is_no_fault_of_what_comes_later(ledger):
    ledger.append([document("one", *BOTH, *CIRCLE)])
    checked = validating(ledger, "refuse")
    receipts, _ = checked.append([document("two", CIRCLE[0], used("a", "e1"))])
    assert len(receipts) == 1


def test_documents_of_one_list_are_judged_one_after_the_other(ledger):
    checked = validating(ledger, "refuse")
    starts = [activity("a", start=f"2026-01-0{day}T00:00:00Z") for day in (1, 2, 3)]
    receipts, _ = checked.append([
        document("run", starts[0], event_time=1), document("run", starts[1], event_time=2),
        document("other", starts[2]), document("run", starts[2], event_time=3), document("last", starts[2]),
    ])  # fmt: skip
    assert len(receipts) == 4
    assert [error.where for error in checked.refused] == ["other"]


def test_what_a_snapshot_replaces_does_not_contradict_it(ledger):
    checked = validating(ledger, "refuse")
    for minute in (1, 2):
        start = f"2026-01-0{minute}T00:00:00Z"
        assert checked.append([document("run", activity("a", start=start), event_time=minute)])[0]
    older = document("run", activity("a", start="2026-01-03T00:00:00Z"), event_time=1)
    assert checked.append([older])[0][0].stored_closed
    assert not checked.append([document("other", activity("a", start="2026-01-01T00:00:00Z"))])[0]


def test_what_provstore_itself_stated_contradicts_nothing(ledger):
    own = document("own", entity("x"), mode="event", derived=True, actor=None)
    ledger.append([own])
    assert validating(ledger, "refuse").append([document("one", activity("x"))])[0]


def test_each_bundle_and_each_space_is_for_itself(ledger):
    checked = validating(ledger, "refuse")
    checked.append([
        document("one", entity("x")),
        document("two", inside("b", activity("x"))),
        document("three", activity("x"), space="other"),
    ])  # fmt: skip
    assert not checked.refused
    checked.append([document("four", inside("b", entity("x")))])
    [error] = checked.refused
    assert [one.bundle for one in error.findings] == [iri("b")]


def test_what_is_too_much_to_look_at_is_said_and_kept_as_not_decided(ledger):
    ledger.append([document("many", *[derived(f"e{n}", "e") for n in range(2_100)])])
    checked = validating(ledger)
    checked.append([document("one", entity("e"), source="one.json")])
    receipt = IntakeReceipt(path="x")
    checked.tell(receipt)
    [warning] = receipt.warnings
    assert warning.startswith("one.json: whether it is valid was not decided")
    [kept] = [entry for entry in ledger.live() if entry.header.derived]
    said = [one.statement for one in ledger.document(kept.document).assertions]
    assert [one.argument(f"{PS}decided") for one in said if one.argument(f"{PS}decided")] == ["false"]


def test_a_refusal_is_decided_however_much_there_is_to_look_at(ledger):
    ledger.append([document("many", entity("e7"), *[derived(f"e{n}", "e") for n in range(2_100)])])
    checked = validating(ledger, "refuse")
    assert checked.append([document("one", generated("e"))])[0]
    assert not checked.append([document("two", derived("e", "e7"))])[0]


def test_of_many_findings_a_receipt_tells_five_and_counts_the_others(ledger):
    checked = validating(ledger)
    both = [stated for n in range(8) for stated in (entity(f"x{n}"), activity(f"x{n}"))]
    checked.append([document("one", *both)])
    receipt = IntakeReceipt(path="x")
    checked.tell(receipt)
    assert len(receipt.warnings) == 6
    assert receipt.warnings[-1] == "3 more findings of validation: provstore validate --stored --findings"
