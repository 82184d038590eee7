"""What is prepared without the store equals what the model says."""

from __future__ import annotations

from array import array
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.ledger.preparing import (
    SLOTS,
    batches,
    canonical,
    key,
    mentioned_at,
    place_of,
    prepare,
    sid_keys,
    slot_of,
)
from provstore.model.arguments import PLACES, named, pair
from provstore.model.document import Assertion
from provstore.model.fold import DIGEST
from provstore.model.statement import Attribute, record, sid, statement
from provstore.model.terms import BY_IRI, ELEMENTS, PROV, QUALIFIED_NAME, RECORD_TYPES, STRING
from tests.support.ledgers import document, entity, inside, iri, used

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = st.sampled_from([DIGEST] + [a.iri for r in RECORD_TYPES for a in r.arguments] + ["urn:x", 'urn:"\\\n'])
ATTRIBUTES = st.lists(st.tuples(NAMES, st.sampled_from([QUALIFIED_NAME, STRING]), TEXT, st.sampled_from(["", "en"])))
STATEMENTS = st.builds(
    statement, st.sampled_from([record.iri for record in RECORD_TYPES]), st.none() | TEXT, ATTRIBUTES
)


@given(STATEMENTS)
def test_record_and_sid_are_those_of_rule_2(stated):
    made = prepare(Assertion(None, stated))
    assert made.record.encode() == canonical(stated).encode() == record(stated)
    assert made.sid.hex() == sid(stated)
    assert sid_keys(made.sid)[0] == int.from_bytes(made.sid[:8], "big", signed=True)


@given(STATEMENTS)
def test_mentions_are_the_elements_that_the_model_names_and_the_digests(stated):
    expected = {(each.iri, slot_of(stated.kind, each.place)) for each in named(stated)}
    if stated.kind in ELEMENTS:
        expected |= {(value.lexical, slot_of(stated.kind, "element")) for value in stated.values(DIGEST)}
    found = {(hashed, slot) for hashed, slot in prepare(Assertion(None, stated)).mentions if slot in SLOTS}
    assert found == {(key(text), slot) for text, slot in expected}
    assert {
        (text, slot) for slot in SLOTS if slot >> 2 == BY_IRI[stated.kind].code for text in mentioned_at(stated, slot)
    } == expected


@given(STATEMENTS)
def test_the_identifiers_of_statements_have_slots_of_their_own(stated):
    expected = set()
    if stated.kind not in ELEMENTS and stated.identifier is not None:
        expected.add((stated.identifier, BY_IRI[stated.kind].code * 4))
    if stated.kind == PROV + "Derivation":
        named_ones = [a for a in stated.attributes if a.datatype == QUALIFIED_NAME]
        expected |= {(a.lexical, 1) for a in named_ones if a.name == PROV + "generation"}
        expected |= {(a.lexical, 2) for a in named_ones if a.name == PROV + "usage"}
    found = {(hashed, slot) for hashed, slot in prepare(Assertion(None, stated)).mentions if slot not in SLOTS}
    assert found == {(key(text), slot) for text, slot in expected}
    assert all(text in mentioned_at(stated, slot) for text, slot in expected)


def test_a_key_is_the_beginning_of_the_digest():
    assert key("urn:x") == int.from_bytes(sha256(b"urn:x").digest()[:8], "big", signed=True)


def test_the_entity_of_a_dictionary_pair_is_mentioned():
    stated = statement(
        PROV + "Insertion",
        None,
        [
            Attribute(PROV + "key-entity-set", *pair((STRING, "k", ""), iri("e"))),
            Attribute(PROV + "after", QUALIFIED_NAME, iri("d")),
        ],
    )
    assert set(prepare(Assertion(None, stated)).mentions) == {
        (key(iri("e")), slot_of(stated.kind, "third")),
        (key(iri("d")), slot_of(stated.kind, "first")),
    }


def test_a_slot_says_kind_and_place():
    for slot in SLOTS:
        kind, place = place_of(slot)
        assert slot_of(kind, place) == slot
        assert place in PLACES


def test_batches_keep_order_and_bundles():
    given_document = document("u", *[entity(f"e{n}") for n in range(5)], inside("b", used("a", "e0")))
    made = list(batches(given_document.assertions, size=4))
    assert [record for batch in made for record in batch.records] == [
        canonical(stated) for _, stated in given_document.assertions
    ]
    assert made[0].bundles is None
    assert made[1].bundles == [None, iri("b")]
    assert array("q", made[0].elements).tolist() == [key(iri(f"e{n}")) for n in range(4)]


@pytest.mark.parametrize("stated", [entity("\ud800"), entity("e", {"ex:a": "\udfff"}), used("a", "\ud800")])
def test_a_lone_surrogate_is_refused_with_its_place(stated):
    with pytest.raises(BadInput, match="lone surrogate") as caught:
        prepare(Assertion(None, stated))
    assert caught.value.where
    caught.value.where.encode()


def test_a_lone_surrogate_in_a_bundle_name_is_refused():
    with pytest.raises(BadInput):
        prepare(Assertion("\ud800", entity("e")))


def test_an_unknown_kind_is_refused():
    with pytest.raises(BadInput, match="urn:kind is no kind of PROV record"):
        prepare(Assertion(None, statement("urn:kind", "urn:x", [])))
