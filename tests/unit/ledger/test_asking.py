"""`about`, `head`, `blob` and proofs."""

from __future__ import annotations

from hashlib import sha256

import pytest

from provstore.errors import NotFound
from provstore.ledger import mentions, merkle, preparing
from provstore.ledger.contract import Erasure, Retraction
from provstore.ledger.proving import proves_inclusion
from provstore.model.statement import sid
from provstore.model.terms import PROV
from tests.support.databases import empty_ledger
from tests.support.ledgers import (
    activity,
    associated,
    at,
    derived,
    document,
    entity,
    generated,
    inside,
    iri,
    used,
)

DIGEST = "sha256:" + "ab" * 32


def told(found):
    return sorted((m.iri, m.place, m.claim.origin.sequence, m.claim.position) for m in found)


def test_about_names_place_document_and_position(ledger):
    ledger.append([document("u", entity("e"), used("a", "e"), inside("b", generated("e", "a")))])
    found = list(ledger.about([iri("e")]))
    assert told(found) == [(iri("e"), "element", 1, 0), (iri("e"), "first", 1, 2), (iri("e"), "second", 1, 1)]
    (one,) = (m.claim for m in found if m.place == "first")
    (entry,) = ledger.entries()
    assert one.bundle == iri("b")
    assert one.statement == generated("e", "a")
    assert one.origin == ("default", "u", at(0), entry.content_digest, entry.document, 1)


def test_about_can_be_limited_to_places_and_kinds(ledger):
    ledger.append([document("u", activity("a"), used("a", "e"), associated("a", "g", "p"), derived("x", "y", "a"))])
    assert told(ledger.about([iri("a")], places=["first"])) == [(iri("a"), "first", 1, 1), (iri("a"), "first", 1, 2)]
    assert told(ledger.about([iri("a")], kinds=[PROV + "Derivation"])) == [(iri("a"), "third", 1, 3)]
    assert told(ledger.about([iri("p"), iri("y")], places=["third"])) == [(iri("p"), "third", 1, 2)]
    assert told(ledger.about(None, places=["element"])) == [(iri("a"), "element", 1, 0)]


def test_about_everything_goes_by_entry_and_position(ledger):
    ledger.append([document("u", entity("e"), used("a", "e")), document("v", entity("d"))])
    assert [(m.iri, m.claim.origin.sequence) for m in ledger.about(None)] == [
        (iri("e"), 1), (iri("a"), 1), (iri("e"), 1), (iri("d"), 2),
    ]  # fmt: skip


def test_about_as_of_an_entry_sees_what_was_live_then(ledger):
    ledger.append([document("u", entity("e"))])
    ledger.append([document("u", entity("e"), entity("d"), event_time=1)])
    assert told(ledger.about([iri("e")], as_of=1)) == [(iri("e"), "element", 1, 0)]
    assert told(ledger.about([iri("e")], as_of=2)) == told(ledger.about([iri("e")])) == [(iri("e"), "element", 2, 0)]
    assert told(ledger.about([iri("e")], as_of=0)) == []


@pytest.mark.parametrize("one_each", [False, True])
def test_about_in_some_spaces_tells_what_is_said_there(ledger, one_each):
    ledger.append([
        document("u", entity("e"), used("a", "e"), space="secret"), document("u", entity("e"), used("a", "e")),
        document("v", inside("b", entity("e")), space="other"), document("w", entity("e"), space="other", event_time=1),
    ])  # fmt: skip
    ledger.append([document("w", entity("d"), space="other", event_time=2)])

    def asked(iris, *spaces, **more):
        return told(ledger.about(iris, spaces=spaces, one_each=one_each, **more))

    mine = [(iri("e"), "element", 2, 0), (iri("e"), "second", 2, 1)]
    assert asked([iri("e")], "default") == mine
    assert asked(None, "default") == [(iri("a"), "first", 2, 1), *mine]
    assert asked(None, "default", places=["second"]) == mine[1:]
    assert asked(None, "other", "none") == [(iri("d"), "element", 5, 0), (iri("e"), "element", 3, 0)]
    assert asked(None, "other", as_of=4)[0] == (iri("e"), "element", 3, 0)
    assert asked(None, "other", as_of=4)[1:] == ([] if one_each else [(iri("e"), "element", 4, 0)])
    assert asked(None) == asked([iri("e")]) == asked([iri("e")], "none") == []


def test_one_each_gives_one_mention_per_element_place_and_kind(ledger):
    ledger.append([document("hub", *[used(f"a{n}", "e") for n in range(50)], generated("e", "a"), generated("e", "b"))])
    for asked in ([iri("e"), iri("a0"), iri("none")], None):
        found = [m for m in ledger.about(asked, one_each=True) if m.iri in (iri("e"), iri("a0"))]
        assert sorted((m.iri, m.place) for m in found) == [
            (iri("a0"), "first"),
            (iri("e"), "first"),
            (iri("e"), "second"),
        ]


def test_one_each_skips_what_is_closed(ledger):
    ledger.append([document("u", used("a", "e")), document("u", used("b", "e"), event_time=1)])
    assert told(ledger.about([iri("e")], one_each=True)) == [(iri("e"), "second", 2, 0)]
    assert told(ledger.about([iri("e")], one_each=True, as_of=1)) == [(iri("e"), "second", 1, 0)]


def test_ever_about_tells_of_what_is_closed_or_was_never_live_but_not_of_what_is_erased(ledger):
    receipts = ledger.append([
        document("u", entity("e"), event_time=2), document("u", used("a", "e"), event_time=1),
        document("u", entity("e", note="new"), event_time=3), document("v", entity("e"), entity("d")),
        document("w", inside("b", entity("e"))),
    ])  # fmt: skip
    ledger.append([Retraction(receipts[3].document, "wrong"), Erasure(receipts[4].document, "private")])
    assert [receipts[1].stored_closed, told(ledger.about([iri("e")]))] == [True, [(iri("e"), "element", 3, 0)]]
    assert told(ledger.ever_about(iri("e"))) == [
        *((iri("e"), "element", sequence, 0) for sequence in (1, 3, 4)), (iri("e"), "second", 2, 0),
    ]  # fmt: skip
    assert told(ledger.ever_about(iri("nothing"))) == []


def test_entries_on_documents_stored_opened_or_closed_one_of_them(ledger):
    receipts = ledger.append([
        document("u", entity("e"), event_time=1), document("other", entity("e")),
        document("u", entity("d"), event_time=2), document("other too", entity("e")),
    ])  # fmt: skip
    ledger.append([Retraction(receipts[2].document, "wrong")])
    assert [entry.sequence for entry in ledger.entries_on([1])] == [1, 3, 5]
    assert [entry.sequence for entry in ledger.entries_on({2, 3})] == [2, 3, 5]
    assert [entry for entry in ledger.entries_on([4, 1])] == [one for one in ledger.entries() if one.sequence != 2]
    assert ledger.entries_on([]) == []


def test_a_digest_finds_the_elements_that_carry_it(ledger):
    ledger.append(
        [document("u", entity("e", digest=DIGEST), entity("d", digest=[DIGEST, "md5:" + "c" * 32]), used("a", "e"))]
    )
    both = [(DIGEST, "element", 1, 0), (DIGEST, "element", 1, 1)]
    assert told(ledger.about([DIGEST])) == both
    # Which one is not promised.
    assert told(ledger.about([DIGEST], one_each=True)) in ([one] for one in both)


def test_two_names_with_the_same_key_are_told_apart(kind, monkeypatch):
    """The index holds 64 bits of a digest; here it holds none at all."""
    monkeypatch.setattr(preparing, "_keys", preparing._Keys())
    for module in (preparing, mentions):
        monkeypatch.setattr(module, "key", lambda text: 7)
    with empty_ledger(kind) as ledger:
        ledger.append([document("u", entity("e"), entity("d"), used("a", "d"))])
        only = [(iri("e"), "element", 1, 0)]
        assert told(ledger.about([iri("e")])) == told(ledger.about([iri("e")], one_each=True)) == only
        both = [(iri("d"), "element", 1, 1), (iri("d"), "second", 1, 2), *only]
        assert told(ledger.about([iri("e"), iri("d")])) == both
        assert told(ledger.about([iri("d"), iri("e")], one_each=True)) == both


def test_many_names_are_asked_at_once(ledger):
    ledger.append([document("u", *[entity(f"e{n}") for n in range(1_200)])])
    assert len(list(ledger.about([iri(f"e{n}") for n in range(1_200)]))) == 1_200


def test_the_head_as_of_a_time_is_the_last_entry_at_or_before_it(ledger, clock):
    for minute in (10, 20):
        clock.minute = minute
        ledger.append([document(f"u{minute}", entity("e"))])
    assert [ledger.head(at(minute)).sequence for minute in (9, 10, 19, 20, 99)] == [0, 1, 1, 2, 2]
    assert ledger.head("2026-01-01T01:10:00+01:00").sequence == 1
    assert ledger.head(1).tree_size == 2
    assert ledger.head(0) == ledger.head(at(0))
    assert ledger.head(0).root == merkle.EMPTY_ROOT


def test_bytes_come_back_by_their_digest(ledger):
    ledger.append([document("u", entity("e"), blobs=[b"one", b"two", b"one"])])
    assert ledger.blob(sha256(b"one").hexdigest()) == b"one"
    (entry,) = ledger.entries()
    assert entry.blobs == tuple(sorted(sha256(blob).hexdigest() for blob in (b"one", b"two")))
    for unknown in (sha256(b"three").hexdigest(), "zz"):
        with pytest.raises(NotFound):
            ledger.blob(unknown)


def test_every_assertion_of_a_statement_is_proved_to_whoever_has_the_root(ledger):
    ledger.append([document("u", entity("e"), entity("d")), document("v", inside("b", entity("e")))])
    head = ledger.head()
    proofs = ledger.proof(sid=sid(entity("e")))
    assert [proof.index for proof in proofs] == [1, 4]
    for proof in proofs:
        assert proves_inclusion(proof, index=proof.index, size=head.tree_size, root=head.root)
        assert not proves_inclusion(proof, index=proof.index + 1, size=head.tree_size, root=head.root)
        assert not proves_inclusion(proof, index=proof.index, size=head.tree_size, root=bytes(32))
    early = ledger.head(1)
    (proof,) = ledger.proof(sid=sid(entity("e")), size=early.tree_size)
    assert proves_inclusion(proof, index=1, size=early.tree_size, root=early.root)


def test_an_entry_is_proved_by_its_own_leaf(ledger):
    ledger.append([document("u", entity("e")), document("v", entity("e"))])
    head = ledger.head()
    (proof,) = ledger.proof(sequence=2)
    assert proves_inclusion(proof, index=2, size=head.tree_size, root=head.root)
    assert '"unit":"v"' in proof.opening["text"]
    forged = proof.opening | {"text": proof.opening["text"].replace('"v"', '"w"')}
    changed = type(proof)(proof.kind, 2, proof.size, proof.root, proof.path, proof.leaf_data, forged)
    assert not proves_inclusion(changed, index=2, size=head.tree_size, root=head.root)


def test_every_earlier_head_is_consistent_with_every_later_one(ledger):
    for number in range(12):
        ledger.append([document(f"u{number}", *[entity(f"e{n}") for n in range(number)])])
    heads = [ledger.head(number) for number in range(13)]
    for later in heads:
        for earlier in heads[: later.sequence + 1]:
            (proof,) = ledger.proof(since=earlier.tree_size, size=later.tree_size)
            assert proof.root == later.root
            assert merkle.verify_consistency(earlier.tree_size, later.tree_size, earlier.root, later.root, proof.path)


def test_what_is_not_there_or_erased_is_not_proved(ledger):
    (receipt,) = ledger.append([document("u", entity("e"))])
    for what in (
        {"sid": "00" * 32},
        {"sid": "zz"},
        {"sequence": 9},
        {"since": 9},
        {"sid": sid(entity("e")), "size": 1},
        {"sequence": 1, "size": 9},
    ):
        with pytest.raises(NotFound):
            ledger.proof(**what)
    ledger.append([Erasure(receipt.document, "r")])
    for what in ({"sid": sid(entity("e"))}, {"sequence": 1}):
        with pytest.raises(NotFound):
            ledger.proof(**what)
