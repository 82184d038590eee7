"""The PROV-N writer: what it writes reads back to the same, here and by `prov`; what it can't write is told."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import quote

import prov.model
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provstore.formats import spool
from provstore.model.document import Assertion
from provstore.model.statement import reference, statement
from provstore.model.terms import BY_NAME, RECORD_TYPES
from tests.support.by_value import of_ours, of_prov
from tests.unit.formats import strategies
from tests.unit.formats.reading import EX, NAME, PROV, XSD
from tests.unit.formats.reading_prov_n import document, read, reading, write

NAMESPACES = {None: {"ex": EX}}


def bundles_last(assertions):
    """The order that PROV-N has: the document's own, then bundle by bundle."""
    order = [None, *dict.fromkeys(a.bundle for a in assertions)]
    return sorted(assertions, key=lambda a: order.index(a.bundle))


def entity(iri, *attributes):
    return Assertion(None, statement(PROV + "Entity", iri, attributes))


@given(strategies.documents(), strategies.NAMESPACES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_document_reads_back_or_its_losses_are_told(assertions, namespaces):
    text, losses = write(assertions, namespaces)
    back = read(text)
    assert len(back) == len(assertions)
    assert (back == bundles_last(assertions)) or losses
    again, none = write(back, reading(text).namespaces)
    assert none == []
    assert read(again) == back


LOCALS = st.text(
    st.sampled_from("aZ_09/@~&+*?#$!%=',-:;()[].\\<>\"{}|^` \u00e9\u00b7\u0300\u00d7\U0001f600\x01"), max_size=6
)


@given(
    st.lists(st.builds(lambda stem, local: stem + local, st.sampled_from([EX, EX + "b/", "urn:x:", "x"]), LOCALS)),
    st.sampled_from([{}, {None: {"ex": EX}}, {None: {"": EX, "b": EX + "b/"}}, {None: {"x": "x", "": "urn:"}}]),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_iri_reads_back_but_for_the_characters_that_no_iri_has(iris, namespaces):
    assertions = [entity(iri, reference(PROV + "type", iri)) for iri in iris]
    text, losses = write(assertions, namespaces)
    back = [(a.statement.identifier, a.statement.argument(PROV + "type")) for a in read(text)]
    encoded = ["".join(quote(c, safe="") if c in '<>"{}|^`\\ \x01' else c for c in iri) for iri in iris]
    assert back == [(iri, iri) for iri in encoded]
    assert sum(loss.count for loss in losses) == 2 * sum(a != b for a, b in zip(iris, encoded, strict=True))


TIMES = st.sampled_from(["2026-01-01T10:00:00Z", "2026-02-28T23:59:59.123456+14:00", "2000-02-29T00:00:00"])
PLAIN = st.sampled_from([EX + "a", EX + "a/b c".replace(" ", ""), EX + "1", "urn:y:z", EX + "x=y(z)"])
VALUES = st.one_of(
    st.tuples(st.just(XSD + "string"), st.text(st.characters(codec="utf-8"), max_size=8), st.just("")),
    st.tuples(st.just(PROV + "InternationalizedString"), st.just("chat"), st.sampled_from(["en", "fr-CA"])),
    st.tuples(st.just(NAME), PLAIN, st.just("")),
    st.tuples(st.just(XSD + "int"), st.sampled_from(["0", "-7", "42"]), st.just("")),
    st.tuples(st.just(EX + "type"), st.text(st.characters(codec="utf-8"), max_size=5), st.just("")),
)


@st.composite
def strict_statements(draw):
    """A statement that the productions of the Recommendation allow."""
    record = draw(st.sampled_from([r for r in RECORD_TYPES if r.code <= 18]))
    attributes = [
        (argument.iri, XSD + "dateTime", draw(TIMES), "")
        if argument.holds == "time"
        else reference(argument.iri, draw(PLAIN))
        for argument in record.arguments
    ]
    bare = record.name in ("hadMember", "specializationOf", "alternateOf", "mentionOf")
    if not bare:
        names = st.sampled_from([EX + "p", PROV + "type", PROV + "label", "urn:y:q"])
        attributes += [(name, *value) for name, value in draw(st.lists(st.tuples(names, VALUES), max_size=3))]
    return statement(
        record.iri, draw(PLAIN) if record.is_element else None if bare else draw(st.none() | PLAIN), attributes
    )


@given(st.lists(st.builds(Assertion, st.sampled_from([None, EX + "bundle"]), strict_statements()), max_size=6))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.filterwarnings("error:.*prov 3.3.0.*")
def test_prov_reads_the_same_document_under_its_strict_profile(assertions):
    text, losses = write(assertions, NAMESPACES)
    parsed = prov.model.ProvDocument.deserialize(content=text, format="provn", profile="strict")
    assert losses == []
    assert read(text) == bundles_last(assertions)
    assert {b: Counter(v) for b, v in _by_bundle(of_prov(parsed)).items()} == {
        b: Counter(v) for b, v in _by_bundle(map(of_ours, assertions)).items()
    }


def _by_bundle(found):
    by_bundle = {}
    for one in found:
        by_bundle.setdefault(one[0], []).append(one)
    return by_bundle


def pair(key, iri, name="key-entity-set"):
    return PROV + name, PROV + "KeyEntityPair", json.dumps([*key, iri], separators=(",", ":")), ""


INT_KEY, TEXT_KEY = (XSD + "int", "1", ""), (XSD + "string", "k", "")


@pytest.mark.parametrize(
    ("stated", "line"),
    [
        (
            statement(
                BY_NAME["hadDictionaryMember"].iri,
                None,
                [reference(PROV + "dictionary", EX + "d"), pair(TEXT_KEY, EX + "e")],
            ),
            'prov:hadDictionaryMember(ex:d, ex:e, "k")',
        ),
        (
            statement(
                BY_NAME["hadDictionaryMember"].iri,
                EX + "m",
                [reference(PROV + "dictionary", EX + "d"), pair(INT_KEY, EX + "f"), pair(TEXT_KEY, EX + "e")],
            ),
            'prov:hadDictionaryMember(ex:m; ex:d, {(1, ex:f), ("k", ex:e)})',
        ),
        (
            statement(
                BY_NAME["derivedByInsertionFrom"].iri,
                None,
                [
                    reference(PROV + "after", EX + "d2"),
                    reference(PROV + "before", EX + "d1"),
                    pair(TEXT_KEY, EX + "e"),
                    (EX + "a", XSD + "string", "x", ""),
                ],
            ),
            'prov:derivedByInsertionFrom(ex:d2, ex:d1, {("k", ex:e)}, [ex:a="x"])',
        ),
        (
            statement(
                BY_NAME["derivedByRemovalFrom"].iri,
                EX + "r",
                [
                    reference(PROV + "after", EX + "d2"),
                    reference(PROV + "before", EX + "d1"),
                    (PROV + "key-set", XSD + "string", "k", ""),
                    (PROV + "key-set", NAME, EX + "q", ""),
                ],
            ),
            "prov:derivedByRemovalFrom(ex:r; ex:d2, ex:d1, {'ex:q', \"k\"})",
        ),
    ],
)
def test_dictionaries_are_written_and_read(stated, line):
    text, losses = write([Assertion(None, stated)], NAMESPACES)
    written = text.splitlines()[2].strip()
    assert sorted(written) == sorted(line)  # the order inside of a set is free
    assert losses == []
    assert read(text) == [Assertion(None, stated)] == read(document(line))


@pytest.mark.parametrize(
    ("lost", "kept", "what"),
    [
        (
            statement(PROV + "Usage", None, [(PROV + "time", XSD + "dateTime", "yesterday", "")]),
            statement(PROV + "Usage", None, []),
            "xsd:dateTime",
        ),
        (
            statement(
                PROV + "Usage", None, [reference(PROV + "entity", EX + "a"), reference(PROV + "entity", EX + "b")]
            ),
            statement(PROV + "Usage", None, [reference(PROV + "entity", EX + "a")]),
            "once",
        ),
        (
            statement(PROV + "Usage", None, [(PROV + "entity", XSD + "string", "x", "")]),
            statement(PROV + "Usage", None, []),
            "once",
        ),
        (
            statement(PROV + "Entity", EX + "e", [(EX + "a", PROV + "InternationalizedString", "x", "no tag")]),
            statement(PROV + "Entity", EX + "e", [(EX + "a", PROV + "InternationalizedString", "x", "")]),
            "language",
        ),
        (
            statement(PROV + "Entity", EX + "e", [(EX + "a", XSD + "QName", "x", "")]),
            statement(PROV + "Entity", EX + "e", [(EX + "a", XSD + "string", "x", "")]),
            "xsd:QName",
        ),
        (statement(PROV + "Entity", EX + "a b", []), statement(PROV + "Entity", EX + "a%20b", []), "percent-encoded"),
        (
            statement(PROV + "Removal", None, [pair(TEXT_KEY, EX + "e", "key-set")]),
            statement(PROV + "Removal", None, []),
            "keys",
        ),
    ],
)
def test_what_prov_n_cannot_say_is_lost_and_told(lost, kept, what):
    text, (loss,) = write([Assertion(None, lost)], NAMESPACES)
    assert read(text) == [Assertion(None, kept)]
    assert what in loss.what
    assert loss.count == 1


def test_an_element_without_identifier_is_left_out_and_told():
    text, (loss,) = write([Assertion(None, statement(PROV + "Entity", None, [])), entity(EX + "e")], NAMESPACES)
    assert read(text) == [entity(EX + "e")]
    assert loss.count == 1


def test_statements_come_before_bundles_and_each_bundle_in_one_piece():
    mixed = [
        Assertion(b, statement(PROV + "Entity", f"{EX}{n}", []))
        for n, b in enumerate([EX + "b", None, "urn:c", EX + "b"])
    ]
    text, losses = write(mixed, NAMESPACES)
    assert losses == []
    assert read(text) == [mixed[1], mixed[0], mixed[3], mixed[2]]
    assert reading(text).warnings == []


def test_namespaces_are_written_per_document_and_bundle():
    bundle = "http://other/b"
    namespaces = {None: {"": "http://d/", "ex": EX}, bundle: {"ex": "http://other/"}, "urn:empty": {}}
    text, _ = write([Assertion(bundle, statement(PROV + "Entity", "http://other/e", []))], namespaces)
    found = reading(text).namespaces
    assert found == {None: {"": "http://d/", "ex": EX}, bundle: {"ex": "http://other/"}, "urn:empty": {"urn": "urn:"}}
    assert "entity(ex:e)" in text


def test_many_statements_go_through_a_temporary_file(monkeypatch):
    monkeypatch.setattr(spool, "_BUFFERED_BYTES", 40)
    many = [Assertion(b, statement(PROV + "Entity", f"{EX}{n}", [])) for n in range(20) for b in (None, EX + "b")]
    assert read(write(many, NAMESPACES)[0]) == bundles_last(many)


@pytest.mark.parametrize(
    ("local", "text"),
    [
        ("a", "a"),
        ("4567", "4567"),
        ("a//b", "a//b"),
        ("//a", "http://d///a"),
        ("/*a", "http://d//*a"),
        ("a:b", r"http://d/a\:b"),
    ],
)
def test_a_name_has_no_prefix_where_that_is_no_comment_and_needs_no_escape(local, text):
    written, _ = write([entity("http://d/" + local)], {None: {"": "http://d/"}})
    assert f"entity({text})" in written
    assert read(written) == [entity("http://d/" + local)]


def test_a_backslash_of_an_iri_is_never_taken_for_an_escape():
    for namespaces in ({None: {"": EX}}, {None: {"ex": EX}}, {}):
        written, (loss,) = write([entity(EX + "a\\=b")], namespaces)
        assert read(written) == [entity(EX + "a%5C=b")]
        assert loss.count == 1
