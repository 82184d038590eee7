"""Writing PROV-XML: what is written reads back the same, and what XML cannot hold is told."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from lxml import etree
from prov.model import ProvDocument

from provstore.formats import spool
from provstore.formats.prov_documents import assertions_of
from provstore.model.document import Assertion
from provstore.model.statement import reference, statement
from provstore.model.terms import RECORD_TYPES
from tests.support.differences import losses_between
from tests.unit.formats import strategies
from tests.unit.formats.reading import EX, NAME, PREFIX, PROV, XSD
from tests.unit.formats.xml_reading import XML_LITERAL, reading, write

LOST_STATEMENT = "statements with a name that XML cannot hold"
LOST_VALUE = "values with a character or a name that XML cannot hold"
WHITE_SPACE = "white space that the datatype of a value collapses"


def entity(*attributes, iri=EX + "e"):
    return Assertion(None, statement(PROV + "Entity", iri, attributes))


def again(assertions, namespaces=None):
    """What comes back, the losses, and the text."""
    data, losses = write(assertions, namespaces)
    return list(reading(data).assertions), losses, data.decode()


SINGLE = {r.iri: {a.iri for a in r.arguments if a.holds != "keys"} for r in RECORD_TYPES}
KEYS = {PROV + "key-entity-set"}


def is_text(text):
    return all(ord(c) >= 0x20 or c in "\t\n\r" for c in text) and not {"\ufffe", "\uffff"} & set(text)


def is_cut(iri):
    """A local name needs a character, and a namespace one that may begin a URI reference (RFC 3986, section 4.1)."""
    return is_text(iri) and len(iri) > 1 and re.match("[A-Za-z0-9-._~!$&'()*+,;=@]", iri) is not None


def is_name(iri):
    """Xs:QName collapses white space."""
    return is_cut(iri) and " ".join(re.split("[ \t\n\r]+", iri)).strip(" ") == iri


def held_value(datatype, lexical, language):
    """The value as XML holds it, or None."""
    if datatype == NAME:
        return (datatype, lexical, language) if is_name(lexical) else None
    if not (is_text(lexical) and is_text(language) and is_name(datatype)):
        return None
    if datatype.startswith(XSD) and datatype != XSD + "string":
        lexical = re.sub("[ \t\n\r]+", " ", lexical).strip(" ")
    return datatype, lexical, language


def held_attribute(name, *value):
    if name in KEYS:
        *key, iri = json.loads(value[1])
        key = held_value(*key)
        if key is None or not is_name(iri):
            return None
        return name, value[0], json.dumps([*key, iri], ensure_ascii=False, separators=(",", ":")), ""
    kept = held_value(*value)
    return None if kept is None or not is_cut(name) else (name, *kept)


def account(assertions):
    """What must come back, and the losses that must be told."""
    back, losses = [], Counter()
    for bundle, stated in assertions:
        arguments = [a for a in stated.attributes if a.name in SINGLE[stated.kind]]
        names = [n for n in (bundle, stated.identifier) if n is not None]
        if not all(map(is_name, names)) or any(held_attribute(*a) is None for a in arguments):
            losses[LOST_STATEMENT] += 1
            continue
        attributes = [held_attribute(*a) for a in stated.attributes]
        losses[LOST_VALUE] += attributes.count(None)
        kept = [a for a in attributes if a is not None]
        losses[WHITE_SPACE] += sum(a != tuple(b) for a, b in zip(attributes, stated.attributes, strict=True) if a)
        back.append(Assertion(bundle, statement(stated.kind, stated.identifier, kept)))
    return back, +losses


@settings(max_examples=300, deadline=None)
@given(strategies.documents(), strategies.NAMESPACES)
def test_any_document_comes_back_or_its_losses_are_told(assertions, namespaces):
    found, losses, text = again(assertions, namespaces)
    expected, lost = account(assertions)
    assert Counter(found) == Counter(expected)
    assert losses == lost
    etree.fromstring(text.encode())


def test_a_document_is_written_as_the_note_writes_it():
    activity = statement(
        PROV + "Usage",
        EX + "u",
        [
            reference(PROV + "activity", EX + "a"),
            reference(PROV + "entity", EX + "e"),
            (PROV + "time", XSD + "dateTime", "2026-01-01T10:00:00Z", ""),
            (PROV + "role", XSD + "string", "input", ""),
            (PROV + "label", PROV + "InternationalizedString", "utilisé", "fr"),
            (EX + "count", XSD + "int", "5", ""),
            (EX + "note", XSD + "string", "a < b\r", ""),
            reference(PROV + "type", EX + "Reading"),
        ],
    )
    data, losses = write([Assertion(None, activity)], {None: PREFIX})
    assert losses == {}
    assert (
        data.decode()
        == """<?xml version="1.0" encoding="UTF-8"?>
<prov:document xmlns:prov="http://www.w3.org/ns/prov#" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ex="http://example.org/">
  <prov:used prov:id="ex:u">
    <prov:activity prov:ref="ex:a"/>
    <prov:entity prov:ref="ex:e"/>
    <prov:time>2026-01-01T10:00:00Z</prov:time>
    <prov:label xml:lang="fr">utilisé</prov:label>
    <prov:role xsi:type="xsd:string">input</prov:role>
    <prov:type xsi:type="xsd:QName">ex:Reading</prov:type>
    <ex:count xsi:type="xsd:int">5</ex:count>
    <ex:note>a &lt; b&#xD;</ex:note>
  </prov:used>
</prov:document>
"""  # noqa: E501
    )


def test_a_name_without_a_prefix_is_cut_where_its_last_part_is_an_ncname():
    _, losses, text = again([entity(iri="urn:provstore:mlflow:run/1cb3")])
    assert losses == {}
    assert '<prov:entity xmlns:ns1="urn:provstore:mlflow:run/1" prov:id="ns1:cb3"/>' in text


def test_a_name_that_is_no_qname_is_written_as_it_is():
    given = [entity(iri="http://example.org/model/3"), entity(reference(PROV + "type", EX + "3"))]
    found, losses, text = again(given, {None: PREFIX})
    assert found == given
    assert 'prov:id="ex:model/3"' in text
    assert losses == {}


def test_an_attribute_whose_name_ends_in_no_ncname_is_escaped():
    attribute = ("urn:provstore:terms#loss@1", XSD + "string", "x", "")
    found, losses, text = again([entity(attribute)], {None: {"ps": "urn:provstore:terms#"}})
    assert (found, losses) == ([entity(attribute)], {})
    assert "<ps:loss_x0040_1>x</ps:loss_x0040_1>" in text


@pytest.mark.parametrize("local", ["_x0041_", "_x00_x0041_", "_x0041€", "1_x005F_", "ä ö", "😀", "a/_x0041_"])
def test_what_looks_escaped_is_escaped_again(local):
    given = [entity((EX + local, XSD + "string", "x", ""))]
    found, losses, _ = again(given, {None: PREFIX})
    assert (found, losses) == (given, {})


def test_a_local_prefix_is_none_that_the_document_has():
    given = [entity((EX + "ns1", XSD + "string", "", ""), reference(EX + "a", "http://y.org/b"))]
    found, _, text = again(given, {None: {"ns1": EX}})
    assert found == given
    assert 'xmlns:ns2="http://y.org/"' in text


def test_names_of_xml_schema_keep_the_number_sign_that_xml_leaves_out():
    given = [entity(reference(PROV + "type", XSD + "int"), (EX + "a", XSD + "int", "5", ""))]
    for prefixes in ({"xs": XSD}, {"xs": XSD[:-1]}, {"": XSD}, {"xsd": EX}):
        assert again(given, {None: prefixes})[:2] == (given, {})


@pytest.mark.parametrize(
    "prefixes",
    [{"xml": EX}, {"xmlns": EX}, {"prov": EX}, {"xsi": EX}, {"1": EX}, {"a b": EX}, {"x": ""}, {"x": "http://[/"}],
)
def test_prefixes_that_xml_does_not_allow_are_replaced(prefixes):
    given = [entity((EX + "a", XSD + "int", "5", ""))]
    assert again(given, {None: prefixes})[:2] == (given, {})


@pytest.mark.parametrize(
    ("iri", "prefixes"),
    [
        ("http://www.w3.org/2000/xmlns/ab", {}),
        ("http://www.w3.org/2000/xmlns/ab", {"x": "http://www.w3.org/2000/xmlns/"}),
        ("http://www.w3.org/XML/1998/namespace1", {"x": "http://www.w3.org/XML/1998/namespace"}),
        (XSD[:-1] + "X", {"x": XSD[:-1]}),
        ("http://a b/c", {"x": "http://a b/"}),
        ("http://[::1]/c", {"x": "http://[::1]/"}),
        ("http://exämple.org/1", {}),
        ("http://e/a#b#c", {"x": "http://e/a#b#"}),
        ("http://e/%zz/c", {"x": "http://e/%zz/"}),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_no_namespace_is_declared_that_a_parser_refuses_or_that_has_another_meaning(iri, prefixes):
    given = [entity((iri, XSD + "string", "x", ""), reference(PROV + "type", iri), iri=iri)]
    found, losses, text = again(given, {None: prefixes})
    assert (found, losses) == (given, {})
    theirs = assertions_of(ProvDocument.deserialize(content=text.encode(), format="xml"))
    assert losses_between(given, theirs) == []


@pytest.mark.parametrize(
    ("stated", "lost"),
    [
        (entity(iri="x"), {LOST_STATEMENT: 1}),
        (entity(iri="http://e/\x01"), {LOST_STATEMENT: 1}),
        (entity(iri="http://e/a "), {LOST_STATEMENT: 1}),
        (entity((EX + "a", XSD + "string", "\x01", "")), {LOST_VALUE: 1}),
        (entity((EX + "a\uffff", XSD + "string", "x", "")), {LOST_VALUE: 1}),
        (entity((EX + "a", NAME, "", "")), {LOST_VALUE: 1}),
        (entity((EX + "a", XSD + "int", " 5", "")), {WHITE_SPACE: 1}),
        (entity((EX + "a", XSD + "QName", "ex:a", "")), {"the datatype xsd:QName": 1}),
        (
            entity((EX + "a", PROV + "KeyEntityPair", "x", "")),
            {"key-entity pairs outside of a dictionary's key-entity set": 1},
        ),
        (
            Assertion(None, statement(PROV + "Removal", None, [(PROV + "key", XSD + "string", "k", "")])),
            {"attributes and types that are the format's own way to say something else": 1},
        ),
        (
            Assertion(
                None, statement(PROV + "Usage", None, [reference(PROV + "entity", EX + n) for n in ("a", "b", "c")])
            ),
            {"further values of an argument that has one": 2},
        ),
    ],
)
def test_what_cannot_be_held_is_told_by_kind(stated, lost):
    found, losses, _ = again([stated, entity(iri=EX + "other")])
    assert losses == lost
    assert found[-1] == entity(iri=EX + "other")


def test_an_argument_that_cannot_be_held_takes_its_statement_along():
    usage = statement(
        PROV + "Usage", None, [reference(PROV + "activity", EX + "a"), reference(PROV + "entity", "\x00x")]
    )
    assert again([Assertion(None, usage)])[:2] == ([], {LOST_STATEMENT: 1})


def test_a_bundle_whose_name_cannot_be_held_is_lost_with_its_statements():
    given = [Assertion("b", entity().statement), entity()]
    assert again(given)[:2] == ([entity()], {LOST_STATEMENT: 1})


@pytest.mark.parametrize(
    ("lexical", "as_elements"),
    [
        ('<b xmlns="urn:b"><c>x</c></b>', True),
        ("a<!--c--><b></b>", True),
        ("<b/>", False),  # not canonical: it would come back as <b></b>
        ("<b>", False),
        ("</x><x>", False),
        ("<a:b></a:b>", False),
        ("a &amp; b", False),
        ("no & markup", False),
        ("<b>" * 70 + "</b>" * 70, False),
    ],
)
def test_an_xml_literal_is_written_as_elements_when_it_comes_back_so(lexical, as_elements):
    given = [entity((EX + "a", XML_LITERAL, lexical, ""))]
    found, losses, text = again(given, {None: PREFIX})
    assert (found, losses) == (given, {})
    assert (lexical in text) == as_elements


@pytest.mark.parametrize(("name", "prefixes"), [(PROV + "value", PREFIX), (EX + "a", {"ex": EX, "": "urn:d:"})])
def test_an_xml_literal_is_text_where_the_schema_or_a_default_namespace_forbids_elements(name, prefixes):
    given = [entity((name, XML_LITERAL, "<b></b>", ""))]
    found, _, text = again(given, {None: prefixes})
    assert found == given
    assert "&lt;b&gt;" in text


def in_bundle(bundle, *names):
    return [Assertion(bundle, statement(PROV + "Entity", EX + name, [])) for name in names]


def test_bundles_keep_their_place_and_their_prefixes():
    given = in_bundle(None, "a") + in_bundle(EX + "b", "c", "d") + in_bundle(None, "e") + in_bundle("urn:x:b", "f")
    namespaces = {None: PREFIX | {"x": "urn:x:"}, EX + "b": {"y": "http://y.org/"}, "urn:x:b": {}}
    data, losses = write(given, namespaces)
    found = reading(data)
    assert (list(found.assertions), losses) == (given, {})
    assert found.namespaces == namespaces


def test_a_bundle_that_comes_in_pieces_is_one_element():
    given = in_bundle(EX + "b", "a") + in_bundle(None, "c") + in_bundle(EX + "b", "d")
    found, _, text = again(given)
    assert found == [given[0], given[2], given[1]]
    assert text.count("<prov:bundleContent") == 1


def test_an_empty_bundle_is_kept():
    namespaces = {None: PREFIX, EX + "b": {"y": "http://y.org/"}}
    assert reading(write([], namespaces)[0]).namespaces == namespaces


def test_bundles_that_do_not_fit_into_memory_are_written_all_the_same(monkeypatch):
    monkeypatch.setattr(spool, "_BUFFERED_BYTES", 200)
    given = [one for n in range(30) for one in in_bundle((None, EX + "b", "urn:x:c")[n % 3], f"e{n}")]
    found, losses, _ = again(given)
    assert (Counter(found), losses) == (Counter(given), {})
    for bundle in (None, EX + "b", "urn:x:c"):
        assert [a for a in found if a.bundle == bundle] == [a for a in given if a.bundle == bundle]


def read_by_prov(stated):
    """Without what `prov` refuses or changes: times that are none, numbers that no double holds, white space that is
    none for XML; and without white space that it keeps in an xsd:token (XML Schema part 2, 4.3.6: it collapses)."""
    kept = [a for a in stated.attributes if a.name not in TIMES and a.lexical != "1" * 20]
    kept = [a for a in kept if a.datatype != XSD + "token" or a.lexical == " ".join(a.lexical.split())]
    return statement(stated.kind, stated.identifier, [a for a in kept if not OTHER_SPACE(a.lexical)])


OTHER_SPACE = re.compile(r"(?![ \t\r\n])\s").search
TIMES = {a.iri for r in RECORD_TYPES for a in r.arguments if a.holds == "time"}
DICTIONARIES = {r.iri for r in RECORD_TYPES if any(a.holds == "keys" for a in r.arguments)}


@settings(max_examples=150, deadline=None)
@given(strategies.documents(), strategies.NAMESPACES)
@pytest.mark.filterwarnings("ignore")
def test_prov_reads_what_is_written_to_the_same_document(assertions, namespaces):
    known = [Assertion(b, read_by_prov(s)) for b, s in assertions if s.kind not in DICTIONARIES]
    data, _ = write(known, namespaces)
    theirs = assertions_of(ProvDocument.deserialize(content=data, format="xml"))
    differences = losses_between(list(reading(data).assertions), theirs)
    assert [loss for loss in differences if not loss.what.startswith("the spelling of values")] == []
