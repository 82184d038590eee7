"""Random histories give the receipts, live documents and counts of the naive model, and pass the check."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provstore import errors
from provstore.ledger.checking import check
from provstore.ledger.contract import Erasure, Receipt, Retraction
from provstore.ledger.copying import copy
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.leaves import entry_text
from provstore.model import times
from provstore.model.document import Assertion, Document, Header
from provstore.model.statement import sid, statement
from tests.oracle import ledger as oracle
from tests.oracle import strategies
from tests.oracle.statements import sid as oracle_sid
from tests.oracle.terms import day
from tests.support.databases import empty_ledger
from tests.support.ledgers import at

KEYS = st.sampled_from([None, None, "k", "l"])
HISTORIES = strategies.histories(max_steps=10, erasures=True)


def translated(one: oracle.OracleDocument, key: str | None) -> Document:
    header = Header(
        unit=one.unit, mode=one.mode, event_time=times.text(one.event_time), space=one.space, actor=one.actor,
        idempotency_key=key,
    )  # fmt: skip
    stated = [Assertion(bundle, statement(s.kind, s.identifier, s.attributes)) for bundle, s in one.assertions]
    return Document(header, stated)


class Both:
    """The same history, played on the ledger and on the model."""

    def __init__(self, ledger: DatabaseLedger) -> None:
        self.ledger, self.model = ledger, oracle.OracleLedger()
        self.iris: dict[int, str] = {}
        self.receipts: list[Receipt] = []

    def play(self, step, number, keys):
        if step[0] == "append":
            self.append(step[1], number, keys)
            return
        target = strategies.target_of(self.model, step)
        if target is None:
            return
        if step[0] == "retract":
            self.model.retract(target, "r", clock=day(number))
            self.ledger.append([Retraction(self.iris[target], "r")])
        else:
            self.model.erase(target, clock=day(number))
            self.ledger.append([Erasure(self.iris[target], "r")])

    def append(self, documents, number, keys):
        keyed = [oracle.replace(one, key=keys[at % len(keys)], digest=content(one)) for at, one in enumerate(documents)]
        try:
            expected = self.model.append(keyed, clock=day(number))
        except oracle.Conflict:
            expected = None
        try:
            receipts = self.ledger.append([translated(one, one.key) for one in keyed])
        except errors.Conflict:
            receipts = None
        assert (expected is None) == (receipts is None)
        self.receipts += receipts or []
        for theirs, ours in zip(expected or [], receipts or [], strict=True):
            self.iris.setdefault(theirs.document_id, ours.document)
            assert self.iris[theirs.document_id] == ours.document
            assert (ours.outcome == "duplicate") == theirs.duplicate
            assert (ours.sequence, ours.statements, ours.new, ours.duplicates, ours.elements) == (
                theirs.sequence, theirs.statements, theirs.new, theirs.duplicates, theirs.elements,
            )  # fmt: skip
            assert sorted(ours.superseded) == sorted(self.iris[number] for number in theirs.closed)

    def compare(self):
        head = self.ledger.head()
        assert head.sequence == self.model.head
        for sequence in range(head.sequence + 1):
            erased = {self.iris[e.document_id] for e in self.model.log if e.action == "erase"}
            ours = {entry.document for entry in self.ledger.live(as_of=sequence)}
            assert ours == {self.iris[number] for number in self.model.live_at(sequence)}
            said = sorted(
                (m.origin.document, m.bundle or "", sid(m.statement))
                for m in {
                    (m.claim.origin.document, m.claim.position): m.claim for m in self.everything(sequence)
                }.values()
            )
            expected = sorted(
                (self.iris[a.document_id], a.bundle or "", oracle_sid(a.statement))
                for a in self.model.assertions_at(sequence)
            )
            assert [one for one in expected if one[0] not in erased] == expected
            assert said == expected

    def everything(self, sequence):
        return self.ledger.about(None, as_of=sequence)


def content(one: oracle.OracleDocument) -> str:
    from provstore.model.document import content_digest

    return content_digest(translated(one, None).assertions)


@settings(max_examples=150, deadline=None)
@given(HISTORIES, st.lists(KEYS, min_size=1, max_size=3))
def test_any_history_is_told_as_the_model_tells_it(history, keys):
    with empty_ledger("sqlite") as ledger, empty_ledger("sqlite") as other:
        tell_and_copy(ledger, other, history, keys)


@pytest.mark.servers
@settings(max_examples=12, deadline=None)
@given(HISTORIES, st.lists(KEYS, min_size=1, max_size=3))
def test_postgresql_tells_any_history_as_the_model_does_and_copies_it_to_sqlite_and_back(history, keys):
    with empty_ledger("postgres") as ledger, empty_ledger("sqlite") as file, empty_ledger("postgres") as back:
        tell_and_copy(ledger, file, history, keys)
        assert copy(file, back).root == ledger.head().root
        assert list(map(exactly, back.entries())) == list(map(exactly, ledger.entries()))
        assert check(back).findings == []


class Repeatable:
    """A clock and salts that are the same for two ledgers."""

    def __init__(self):
        self.numbers = count(1)

    def given(self):
        return {"clock": lambda: at(next(self.numbers)), "salt": lambda: next(self.numbers).to_bytes(16, "big")}


@pytest.mark.servers
@settings(max_examples=12, deadline=None)
@given(HISTORIES, st.lists(KEYS, min_size=1, max_size=3))
def test_both_ledgers_keep_the_same_bytes_and_give_the_same_receipts_roots_and_proofs(history, keys):
    one, two = Repeatable().given(), Repeatable().given()
    with empty_ledger("sqlite", **one) as file, empty_ledger("postgres", **two) as server:
        told = []
        for ledger in (file, server):
            both = Both(ledger)
            for number, step in enumerate(history, start=1):
                both.play(step, number, keys)
            entries = list(ledger.entries())
            assertions = [list(ledger.document(one.document).assertions) for one in entries]
            sids = sorted({sid(said.statement) for each in assertions for said in each})
            proofs = [ledger.proof(sid=one) for one in sids]
            told.append(
                (both.receipts, list(map(exactly, entries)), assertions, proofs, replace(ledger.head(), ledger_id=""))
            )
        assert told[0] == told[1]


def tell_and_copy(ledger, other, history, keys):
    both = Both(ledger)
    for number, step in enumerate(history, start=1):
        both.play(step, number, keys)
    both.compare()
    assert check(ledger).findings == []
    assert copy(ledger, other).root == ledger.head().root
    assert list(map(exactly, other.entries())) == list(map(exactly, ledger.entries()))
    assert check(other).findings == []


def exactly(entry):
    """All that an entry says, and what its document asserts, as bytes that the root covers."""
    return entry, entry.root, entry_text(entry)
