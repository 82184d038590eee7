"""Rules 1 and 2: the canonical form and the sid, against a naive RFC 8785 writer and hashlib."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.model.statement import Attribute, Value, parse_record, record, reference, sid, statement

ENTITY = "http://www.w3.org/ns/prov#Entity"
STRING = "http://www.w3.org/2001/XMLSchema#string"
NAME = "http://www.w3.org/ns/prov#QUALIFIED_NAME"

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
QUADRUPLES = st.lists(st.tuples(TEXTS, TEXTS, TEXTS, st.sampled_from(["", "en", "fr-CA"])))


def jcs_text(text: str) -> str:
    """A string as RFC 8785 section 3.2.2.2 wants it, character by character."""
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    out = ""
    for character in text:
        if character in short:
            out += short[character]
        elif ord(character) < 0x20:
            out += f"\\u{ord(character):04x}"
        else:
            out += character
    return f'"{out}"'


def naive_record(kind: str, identifier: str | None, quadruples) -> bytes:
    """Rule 2 word for word."""
    distinct = []
    for one in quadruples:
        if one not in distinct:
            distinct.append(one)
    distinct.sort(key=lambda quadruple: [part.encode() for part in quadruple])
    lists = ",".join("[" + ",".join(jcs_text(part) for part in quadruple) + "]" for quadruple in distinct)
    name = "null" if identifier is None else jcs_text(identifier)
    return f"[{jcs_text(kind)},{name},[{lists}]]".encode()


@given(TEXTS, st.one_of(st.none(), TEXTS), QUADRUPLES)
def test_the_canonical_record_is_rfc_8785(kind, identifier, quadruples):
    stated = statement(kind, identifier, quadruples)
    assert record(stated) == naive_record(kind, identifier, quadruples)
    assert sid(stated) == hashlib.sha256(naive_record(kind, identifier, quadruples)).hexdigest()


@given(st.one_of(st.none(), TEXTS), QUADRUPLES, st.randoms())
def test_order_and_repeats_of_attributes_do_not_matter(identifier, quadruples, random):
    shuffled = quadruples + quadruples[:2]
    random.shuffle(shuffled)
    assert statement(ENTITY, identifier, shuffled) == statement(ENTITY, identifier, quadruples)


@given(st.one_of(st.none(), TEXTS), QUADRUPLES)
def test_a_record_parses_back(identifier, quadruples):
    stated = statement(ENTITY, identifier, quadruples)
    assert parse_record(record(stated)) == stated
    assert parse_record(record(stated).decode()) == stated


@pytest.mark.parametrize(
    ("identifier", "quadruples", "canonical"),
    [
        (None, [], b'["http://www.w3.org/ns/prov#Entity",null,[]]'),
        ("http://e/x", [], b'["http://www.w3.org/ns/prov#Entity","http://e/x",[]]'),
        (
            "http://e/x",
            [("http://e/b", STRING, "2", ""), ("http://e/a", STRING, "\u00e9\u2028\x7f", "fr")],
            b'["http://www.w3.org/ns/prov#Entity","http://e/x",'
            b'[["http://e/a","http://www.w3.org/2001/XMLSchema#string","\xc3\xa9\xe2\x80\xa8\x7f","fr"],'
            b'["http://e/b","http://www.w3.org/2001/XMLSchema#string","2",""]]]',
        ),
    ],
)
def test_examples_worked_by_hand(identifier, quadruples, canonical):
    stated = statement(ENTITY, identifier, quadruples)
    assert record(stated) == canonical
    assert sid(stated) == hashlib.sha256(canonical).hexdigest()


def test_the_sid_of_an_empty_entity_is_frozen():
    # printf '["http://www.w3.org/ns/prov#Entity",null,[]]' | sha256sum
    assert sid(statement(ENTITY, None, [])) == "40d065b5248a0b6020586aba5d1a6391f95bfa436a3e3e9cab54909a3c54a4bc"


def test_characters_beyond_the_first_plane_sort_by_utf_8_and_not_by_utf_16():
    stated = statement(ENTITY, None, [("\U0001f600", "", "", ""), ("\uffee", "", "", "")])
    assert [a.name for a in stated.attributes] == ["\uffee", "\U0001f600"]


def test_no_text_is_normalised():
    assert sid(statement(ENTITY, "e\u0301", [])) != sid(statement(ENTITY, "\u00e9", []))


def test_no_identifier_is_not_an_empty_one():
    assert sid(statement(ENTITY, None, [])) != sid(statement(ENTITY, "", []))


def test_a_lone_surrogate_is_refused_with_the_name_of_the_record():
    with pytest.raises(BadInput) as error:
        record(statement(ENTITY, "http://e/x", [("a", STRING, "\udc00", "")]))
    assert error.value.where == "http://e/x"
    with pytest.raises(BadInput) as error:
        sid(statement(ENTITY, None, [("a", STRING, "\ud800", "")]))
    assert error.value.where == ENTITY


def test_values_and_arguments_are_looked_up_by_full_name():
    stated = statement(ENTITY, None, [("a", STRING, "2", ""), ("a", STRING, "1", "en"), reference("b", "http://e/x")])
    assert stated.values("a") == (Value(STRING, "1", "en"), Value(STRING, "2", ""))
    assert stated.values("c") == ()
    assert stated.argument("b") == "http://e/x"
    assert stated.argument("c") is None
    assert stated.attributes[2] == Attribute("b", NAME, "http://e/x", "")
