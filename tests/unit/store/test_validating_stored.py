"""The verdict on what a ledger holds is that on its live assertions, and names exactly the documents that say so."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provstore.ledger.contract import Retraction
from provstore.ledger.sqlite import SqliteLedger
from provstore.store.validating_stored import validate_stored
from provstore.validation import validate
from tests.oracle_validation.strategies import documents
from tests.support.ledgers import activity, document, entity, folder_in_memory, inside, used


@st.composite
def deliveries(draw):
    """Random assertions in documents of few units, some said twice, some in bundles, some by provstore itself."""
    said = draw(documents(max_statements=14))
    made = []
    for number in range(draw(st.integers(1, 6))):
        own = draw(st.lists(st.sampled_from(said), max_size=6)) if said else []
        derived = draw(st.sampled_from([False, False, False, True]))
        unit = draw(st.sampled_from(["u1", f"v{number}"]))
        space = draw(st.sampled_from(["default", "default", "other"]))
        mode = "event" if derived else "snapshot"
        made.append(document(unit, *own, event_time=number, space=space, derived=derived, mode=mode))
    return made


def live_assertions(ledger, space):
    """Each live assertion of what others stated, once, and the numbers of the documents that assert it (rule 16)."""
    found = {}
    for entry in ledger.live(space=space):
        if not entry.header.derived:
            for one in ledger.document(entry.document).assertions:
                found.setdefault(one, set()).add(entry.sequence)
    return found


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries(), st.data())
def test_the_verdict_is_that_on_the_live_assertions_with_their_documents(delivered, data):
    with folder_in_memory() as folder, SqliteLedger(Path(folder) / "store.db") as ledger:
        receipts = ledger.append(delivered)
        live = {entry.document for entry in ledger.live()}
        gone = data.draw(st.sets(st.sampled_from(sorted(live)))) if live else set()
        ledger.append([Retraction(one, "wrong") for one in sorted(gone)])
        assert len(receipts) == len(delivered)
        verdicts = {one.space: one for one in validate_stored(ledger)}
        others = [entry.header.space for entry in ledger.live() if not entry.header.derived]
        assert verdicts.keys() == set(others)
        for space, told in verdicts.items():
            expected = live_assertions(ledger, space)
            whole = validate(expected)
            assert told.verdict.findings == whole.findings
            assert (told.documents, told.statements) == (others.count(space), len(expected))
            assert [one for one in whole.lints if one.kind != "conflicting-attribute"] == [*told.verdict.lints]
            assert all(set(numbers) == expected[one] for one, numbers in told.asserted.items())
            assert all(entry.sequence == number for number, entry in told.entries.items())


def test_what_very_many_documents_say_is_counted_with_each_of_them(tmp_path):
    shared = entity("x", label="data")
    with SqliteLedger(tmp_path / "store.db") as ledger:
        ledger.append([document(f"u{n}", shared, activity(f"a{n}"), used(f"a{n}", "x")) for n in range(2_100)])
        ledger.append([document("last", activity("x"))])
        [told] = validate_stored(ledger)
        [finding] = told.verdict.findings
        assert finding.constraint == 55
        assert len(told.asserting(None, [shared])) == 2_100
        assert told.statements == 1 + 2 * 2_100 + 1


def test_bundles_are_validated_each_for_itself_and_closed_documents_between_are_left_out(tmp_path):
    with SqliteLedger(tmp_path / "store.db") as ledger:
        ledger.append([
            document("one", entity("x")),
            document("two", activity("x"), event_time=1),
            document("two", entity("y"), event_time=2),
            document("three", inside("b", activity("x"))),
        ])  # fmt: skip
        [told] = validate_stored(ledger)
        assert (told.verdict.valid, told.documents, told.statements) == (True, 3, 3)


def test_progress_tells_what_is_done_with_how_many_statements(tmp_path):
    told = []
    with SqliteLedger(tmp_path / "store.db") as ledger:
        ledger.append([document("one", entity("x"), entity("y")), document("two", activity("a"))])
        list(validate_stored(ledger, progress=lambda *said: told.append(said)))
    assert told[:2] == [("reading statements", 0, 3), ("merging statements", 0, 3)]
    assert ("ordering events", 0, 3) in told


@pytest.mark.parametrize("number", [0, 1])
def test_a_document_that_is_named_is_validated_live_or_not(tmp_path, number):
    with SqliteLedger(tmp_path / "store.db") as ledger:
        given = [document("one", entity("x"), activity("x"), entity(f"e{n}"), event_time=n + 1) for n in range(2)]
        stored = [one.document for one in ledger.append(given)]
        [told] = validate_stored(ledger, documents=[stored[number]])
        assert (told.verdict.valid, told.documents) == (False, 1)
        [finding] = told.verdict.findings
        assert told.to_retract(finding) == [stored[number]]
