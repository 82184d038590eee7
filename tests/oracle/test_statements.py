"""Hand-worked examples of rules 1 to 5."""

from __future__ import annotations

import hashlib

import pytest

from tests.oracle.statements import OracleStatement, canonical, content_digest, equal, identical, name_blanks, sid
from tests.oracle.terms import EX, PROV, PS, QUALIFIED_NAME, RELATIONS, XSD, entity, relation, text, used


def test_the_canonical_record_is_a_json_list_of_kind_identifier_and_quadruples():
    # Rule 2: `[kind, id | null, [[attribute IRI, datatype IRI, lexical, language]...]]`, no white space (RFC 8785).
    statement = OracleStatement(PROV + "Entity", EX + "e1", ((PS + "size", XSD + "int", "7", ""),))
    assert canonical(statement) == (
        b'["http://www.w3.org/ns/prov#Entity","http://example.org/e1",'
        b'[["urn:provstore:terms#size","http://www.w3.org/2001/XMLSchema#int","7",""]]]'
    )


def test_a_relation_without_identifier_has_null_there():
    assert canonical(OracleStatement(PROV + "Usage", None, ())) == b'["http://www.w3.org/ns/prov#Usage",null,[]]'


def test_the_sid_is_the_sha_256_of_the_canonical_record_in_hex():
    record = b'["http://www.w3.org/ns/prov#Usage",null,[]]'
    assert sid(OracleStatement(PROV + "Usage", None, ())) == hashlib.sha256(record).hexdigest()


def test_quadruples_are_sorted_by_utf_8_bytes_and_repeats_count_once():
    # U+FFFD is EF BF BD and U+1F600 is F0 9F 98 80 in UTF-8; in UTF-16 (D83D < FFFD) the order would be the other one.
    low, high = text("urn:a", "\ufffd"), text("urn:a", "\U0001f600")
    assert sid(entity("e1", high, low, low)) == sid(entity("e1", low, high))
    assert canonical(entity("e1", high, low)).index("\ufffd".encode()) < canonical(entity("e1", high, low)).index(
        "\U0001f600".encode()
    )


def test_control_characters_are_escaped_and_others_are_utf_8():
    # RFC 8785 3.2.2.2: \b \t \n \f \r \" \\ have short forms, other controls are \u00hh in lower case.
    record = canonical(entity("e1", text("urn:a", '"\\\n\x1fé/')))
    assert '"\\"\\\\\\n\\u001fé/"'.encode() in record


def test_no_unicode_normalisation():
    assert sid(entity("e1", text("urn:a", "\u00e9"))) != sid(entity("e1", text("urn:a", "e\u0301")))


def test_a_lone_surrogate_is_refused():
    with pytest.raises(ValueError, match="surrogates"):
        canonical(entity("e1", text("urn:a", "\ud800")))


def test_lexical_form_datatype_and_language_are_part_of_a_statement():
    plain = entity("e1", (PS + "size", XSD + "double", "1.10", ""))
    assert sid(plain) != sid(entity("e1", (PS + "size", XSD + "double", "1.1", "")))
    assert sid(plain) != sid(entity("e1", (PS + "size", XSD + "string", "1.10", "")))
    assert sid(entity("e1", text("urn:a", "x", "en"))) != sid(entity("e1", text("urn:a", "x", "de")))


def test_the_same_fact_in_two_bundles_is_one_statement_but_other_content():
    fact = used("a1", "e1")
    assert content_digest([(None, fact)]) != content_digest([("urn:b", fact)])


def test_documents_are_equal_in_any_order_and_identical_only_in_the_same():
    first, second = used("a1", "e1"), used("a1", "e2")
    here, there = [(None, first), (None, second)], [(None, second), (None, first)]
    assert equal(here, there)
    assert not identical(here, there)
    assert identical(here, list(here))


def test_a_repeated_statement_makes_documents_unequal():
    # Rule 4: a multiset, so duplicates count.
    fact = used("a1", "e1")
    assert not equal([(None, fact)], [(None, fact), (None, fact)])


def test_an_absent_argument_is_absent():
    assert relation("used", "a1", None).attributes == ((PROV + "activity", QUALIFIED_NAME, EX + "a1", ""),)


RELATION_KINDS = set(RELATIONS)


def test_a_blank_name_that_nothing_refers_to_is_no_identifier():
    statement = OracleStatement(PROV + "Usage", "_:u1", used("a1", "e1").attributes)
    assert name_blanks([(None, statement)], RELATION_KINDS) == [(None, used("a1", "e1"))]


def test_a_blank_name_that_is_referred_to_becomes_an_iri_of_the_content_as_written():
    generation = OracleStatement(PROV + "Generation", "_:g1", relation("wasGeneratedBy", "e2", "a1").attributes)
    derivation = relation("wasDerivedFrom", "e2", "e1", "a1", "_:g1")
    written = [(None, generation), (None, derivation)]
    expected = f"urn:provstore:blank:{content_digest(written)}:g1"
    (_, first), (_, second) = name_blanks(written, RELATION_KINDS)
    assert first.identifier == expected
    assert second.values(PROV + "generation") == [(QUALIFIED_NAME, expected, "")]


def test_a_blank_element_keeps_a_name():
    written = [(None, OracleStatement(PROV + "Entity", "_:e", ()))]
    ((_, statement),) = name_blanks(written, RELATION_KINDS)
    assert statement.identifier == f"urn:provstore:blank:{content_digest(written)}:e"
