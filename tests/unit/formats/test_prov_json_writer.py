"""What is written reads back: every record type, every value, any prefixes (rule 4)."""

from __future__ import annotations

import json
from collections import Counter

import prov.model
import pytest
from hypothesis import given, settings

from provstore.errors import BadInput
from provstore.formats import spool
from provstore.model.document import Assertion
from provstore.model.statement import reference, statement
from provstore.model.terms import BY_NAME
from tests.unit.formats import strategies
from tests.unit.formats.reading import EX, NAME, PREFIX, PROV, XSD, read, reading, write


@settings(max_examples=200)
@given(strategies.documents(), strategies.NAMESPACES)
def test_whatever_is_written_reads_back_equal(assertions, namespaces):
    text, losses = write(assertions, namespaces)
    one = reading(text)
    assert losses == []
    assert Counter(one.assertions) == Counter(assertions)
    assert one.warnings == []


@given(strategies.documents(), strategies.NAMESPACES)
def test_what_was_read_is_written_identical_with_its_prefixes(assertions, namespaces):
    first = reading(write(assertions, namespaces)[0])
    listed = list(first.assertions)
    again = reading(write(listed, first.namespaces)[0])
    assert again.namespaces == first.namespaces
    assert list(again.assertions) == listed


@given(strategies.documents(), strategies.NAMESPACES)
def test_what_is_written_is_json(assertions, namespaces):
    text, _ = write(assertions, namespaces)
    json.loads(text)


def test_a_document_looks_like_this():
    assertions = [
        Assertion(
            None,
            statement(
                PROV + "Entity", EX + "e", [(EX + "n", XSD + "int", "5", ""), (PROV + "type", NAME, EX + "T", "")]
            ),
        ),
        Assertion(
            None,
            statement(
                PROV + "Usage", None, [reference(PROV + "activity", EX + "a"), reference(PROV + "entity", EX + "e")]
            ),
        ),
        Assertion(EX + "b", statement(PROV + "Entity", "http://y.org/e", [])),
    ]
    text, _ = write(assertions, {None: PREFIX, EX + "b": {"y": "http://y.org/"}})
    assert text == (
        '{\n"prefix": {"ex": "http://example.org/"},\n'
        '"entity": {\n"ex:e": {"ex:n": 5, "prov:type": {"$": "ex:T", "type": "prov:QUALIFIED_NAME"}}\n},\n'
        '"used": {\n"_:n1": {"prov:activity": "ex:a", "prov:entity": "ex:e"}\n},\n'
        '"bundle": {\n"ex:b": {\n"prefix": {"y": "http://y.org/"},\n"entity": {\n"y:e": {}\n}\n}\n}\n}\n'
    )


def test_a_name_that_no_prefix_fits_is_written_whole():
    (assertion,) = read(text := write([Assertion(None, statement(PROV + "Entity", "http://z.org/a/b", []))])[0])
    assert json.loads(text) == {"prefix": {"http": "http:"}, "entity": {"http://z.org/a/b": {}}}
    assert assertion.statement.identifier == "http://z.org/a/b"


def test_prov_reads_a_written_document_to_the_same_names():
    assertions = [Assertion(None, statement(PROV + "Entity", iri, [])) for iri in ("http://z.org/a", EX + "b", "urn:x")]
    document = prov.model.ProvDocument.deserialize(content=write(assertions, {None: {"": EX}})[0])
    assert [record.identifier.uri for record in document.get_records()] == ["http://z.org/a", EX + "b", "urn:x"]


def test_two_texts_that_look_like_a_typed_value_stay_two_texts():
    stated = statement(PROV + "Entity", EX + "e", [(EX + "a", XSD + "string", t, "") for t in ("5", "xsd:int")])
    assert read(write([Assertion(None, stated)])[0])[0].statement == stated


def test_records_of_one_name_are_an_array_even_far_apart():
    names = ["a", "b", "a", "c", "a"]
    assertions = [
        Assertion(None, statement(PROV + "Entity", EX + n, [(EX + "n", XSD + "int", str(k), "")]))
        for k, n in enumerate(names)
    ]
    text, _ = write(assertions, {None: PREFIX})
    assert json.loads(text)["entity"] == {
        "ex:a": [{"ex:n": 0}, {"ex:n": 2}, {"ex:n": 4}],
        "ex:b": {"ex:n": 1},
        "ex:c": {"ex:n": 3},
    }


def test_a_document_larger_than_the_buffer_is_written_through_a_file(monkeypatch):
    monkeypatch.setattr(spool, "_BUFFERED_BYTES", 40)
    kinds = [PROV + "Entity", PROV + "Agent", PROV + "Entity"]
    assertions = [
        Assertion(bundle, statement(kind, f"{EX}é{n % 7}", []))
        for n in range(20)
        for kind in kinds
        for bundle in (None, EX + "b")
    ]
    assert Counter(read(write(assertions)[0])) == Counter(assertions)


def test_what_no_prov_json_can_say_is_told():
    usage = statement(PROV + "Usage", None, [reference(PROV + "entity", EX + n) for n in "abc"])
    keys = statement(PROV + "DictionaryMembership", EX + "m", [(PROV + "key-entity-set", XSD + "string", "x", "")])
    qname = statement(PROV + "Entity", EX + "e", [(EX + "a", XSD + "QName", "ex:b", "")])
    _, losses = write([Assertion(None, one) for one in (usage, keys, qname)])
    assert [(loss.what, loss.count, loss.example) for loss in losses] == [
        ("further values of an argument that has one", 2, "used"),
        ("values that are no key-entity pairs", 1, f"hadDictionaryMember {EX}m"),
        ("the datatype xsd:QName", 1, f"entity {EX}e"),
    ]


def test_a_lone_surrogate_is_not_written():
    with pytest.raises(BadInput):
        write([Assertion(None, statement(PROV + "Entity", EX + "\ud800", []))])


@pytest.mark.parametrize("name", BY_NAME)
def test_every_record_type_is_written_under_its_keyword(name):
    text, _ = write([Assertion(None, statement(BY_NAME[name].iri, EX + "r", []))])
    assert list(json.loads(text)) == ["prefix", name]
