"""Reading PROV-XML: records, arguments, names, bundles, dictionaries; expected values worked out by hand."""

from __future__ import annotations

import hashlib
import json

import pytest

from provstore.model.document import Assertion
from provstore.model.statement import reference, statement
from provstore.model.terms import RECORD_TYPES
from tests.unit.formats.reading import EX, NAME, PROV, XSD
from tests.unit.formats.xml_reading import document, place, read, reading, statements, warnings

STRING = XSD + "string"

# Elements that stand for a base record of a type (PROV-XML sections 3.1 to 3.6, PROV-Dictionary section 5).
SUBTYPES = {
    "person": ("Agent", "Person"),
    "organization": ("Agent", "Organization"),
    "softwareAgent": ("Agent", "SoftwareAgent"),
    "plan": ("Entity", "Plan"),
    "bundle": ("Entity", "Bundle"),
    "collection": ("Entity", "Collection"),
    "emptyCollection": ("Entity", "EmptyCollection"),
    "dictionary": ("Entity", "Dictionary"),
    "emptyDictionary": ("Entity", "EmptyDictionary"),
    "wasRevisionOf": ("Derivation", "Revision"),
    "wasQuotedFrom": ("Derivation", "Quotation"),
    "hadPrimarySource": ("Derivation", "PrimarySource"),
}


@pytest.mark.parametrize(
    "record", [r for r in RECORD_TYPES if not any(a.holds == "keys" for a in r.arguments)], ids=lambda r: r.name
)
def test_each_record_reads_with_its_arguments(record):
    inside, expected = "", []
    for number, argument in enumerate(record.arguments):
        name = argument.iri.removeprefix(PROV)
        if argument.holds == "time":
            inside += f"<prov:{name}>\n 2026-01-01T10:00:00.0000000Z </prov:{name}>"
            expected.append((argument.iri, XSD + "dateTime", "2026-01-01T10:00:00.0000000Z", ""))
        else:
            inside += f'<prov:{name} prov:ref="ex:n{number}"/>'
            expected.append(reference(argument.iri, f"{EX}n{number}"))
    (found,) = statements(f'<prov:{record.name} prov:id="ex:r">{inside}</prov:{record.name}>')
    assert found == statement(record.iri, EX + "r", expected)


@pytest.mark.parametrize("element", SUBTYPES)
def test_an_element_of_a_subtype_is_its_base_record_with_a_type(element):
    base, local = SUBTYPES[element]
    (found,) = statements(f'<prov:{element} prov:id="ex:r"><prov:label>x</prov:label></prov:{element}>')
    expected = [(PROV + "label", STRING, "x", ""), reference(PROV + "type", PROV + local)]
    assert found == statement(PROV + base, EX + "r", expected)


def test_a_type_that_is_said_twice_is_one():
    inside = '<prov:plan prov:id="ex:p"><prov:type xsi:type="xsd:QName">prov:Plan</prov:type></prov:plan>'
    assert statements(inside) == [statement(PROV + "Entity", EX + "p", [reference(PROV + "type", PROV + "Plan")])]


def test_the_xml_type_of_a_record_is_a_type_of_it():
    (found,) = statements('<prov:agent prov:id="ex:a" xsi:type="ex:Robot"/>')
    assert found == statement(PROV + "Agent", EX + "a", [reference(PROV + "type", EX + "Robot")])


def test_an_xml_attribute_of_another_namespace_is_an_attribute_and_told():
    inside = '<prov:entity prov:id="ex:e" ex:version="2" xsi:schemaLocation="a b" xml:lang="en"/>'
    assert statements(inside) == [statement(PROV + "Entity", EX + "e", [(EX + "version", STRING, "2", "")])]
    assert warnings(inside) == [
        place(inside, "<prov:entity") + ": an XML attribute was taken as an attribute of the record: ex:version",
        place(inside, "<prov:entity") + ": an XML attribute of a record was left out: xml:lang",
    ]


def test_records_keep_their_order_and_their_repeats():
    inside = '<prov:entity prov:id="ex:b"/><prov:agent prov:id="ex:a"/><prov:entity prov:id="ex:b"/>'
    assert [s.identifier for s in statements(inside)] == [EX + "b", EX + "a", EX + "b"]


def test_arguments_may_come_in_another_order_than_the_schema_has():
    inside = """<prov:used><prov:time>2026-01-01T00:00:00</prov:time><ex:a>1</ex:a><prov:entity prov:ref="ex:e"/>
        <prov:activity prov:ref="ex:a"/></prov:used>"""
    (found,) = statements(inside)
    assert found.argument(PROV + "activity") == EX + "a"
    assert found.argument(PROV + "time") == "2026-01-01T00:00:00"
    assert found.argument(EX + "a") == "1"


def test_a_membership_of_several_entities_is_one_statement_for_each():
    inside = """<prov:hadMember><prov:collection prov:ref="ex:c"/>
        <prov:entity prov:ref="ex:2"/><prov:entity prov:ref="ex:1"/></prov:hadMember>"""
    assert [s.argument(PROV + "entity") for s in statements(inside)] == [EX + "2", EX + "1"]
    assert {s.argument(PROV + "collection") for s in statements(inside)} == {EX + "c"}


def test_an_argument_inside_of_another_element_is_taken_and_told():
    inside = '<prov:hadMember><prov:entity><prov:entity prov:ref="ex:e"/></prov:entity></prov:hadMember>'
    assert [s.argument(PROV + "entity") for s in statements(inside)] == [EX + "e"]
    assert warnings(inside) == [
        place(inside, "<prov:entity prov:ref") + ": an argument was written inside of another element: prov:entity"
    ]


def test_an_argument_that_is_a_text_is_taken_and_told():
    inside = "<prov:used><prov:entity> ex:e </prov:entity></prov:used>"
    assert [s.argument(PROV + "entity") for s in statements(inside)] == [EX + "e"]
    assert "instead of a prov:ref" in warnings(inside)[0]


def test_other_content_is_left_out_and_told():
    inside = '<prov:other>text<ex:a prov:id="x:y"><ex:b/></ex:a></prov:other><prov:entity prov:id="ex:e"/><prov:other/>'
    assert [s.identifier for s in statements(inside)] == [EX + "e"]
    assert warnings(inside) == [
        place(inside, "<prov:other") + ": an element that states nothing was left out: prov:other (and 1 more)"
    ]


def test_comments_and_instructions_outside_of_values_do_not_count():
    inside = "<?x y?><!-- a --><prov:entity prov:id='ex:e'><!-- b --><ex:a>1<!-- c -->2<?d e?>3</ex:a></prov:entity>"
    assert [s.argument(EX + "a") for s in statements(inside)] == ["123"]


@pytest.mark.parametrize(
    ("declarations", "name", "iri"),
    [
        ("", "ex:a", EX + "a"),
        ("", " ex:a\n", EX + "a"),
        ("", "ex:a:b", EX + "a:b"),
        ('xmlns="urn:d:"', "a", "urn:d:a"),
        ('xmlns:_="urn:u:"', "_:a", "urn:u:a"),
        ("", "xsd:int", XSD + "int"),
        ('xmlns="http://www.w3.org/2001/XMLSchema"', "int", XSD + "int"),
        ('xmlns:s="http://www.w3.org/2001/XMLSchema#"', "s:int", XSD + "int"),
        ("", "xml:a", "http://www.w3.org/XML/1998/namespacea"),
    ],
)
def test_a_name_is_its_namespace_and_its_local_part(declarations, name, iri):
    (found,) = statements(f'<prov:entity prov:id="{name}"/>', declarations)
    assert found.identifier == iri


def test_a_name_without_prefix_and_default_namespace_is_taken_as_it_is_and_told():
    inside = '<prov:entity prov:id="ex:e"><prov:type xsi:type="xsd:QName">editorship</prov:type></prov:entity>'
    assert statements(inside)[0].attributes == (reference(PROV + "type", "editorship"),)
    assert "no default namespace is declared" in warnings(inside)[0]


def test_declarations_hold_for_their_element_and_what_is_inside():
    inside = """<prov:entity prov:id="ex:a" xmlns:ex="urn:one:">
          <ex:v xmlns:ex="urn:two:" xsi:type="ex:t">x</ex:v></prov:entity><prov:entity prov:id="ex:a"/>"""
    first, second = statements(inside)
    assert first == statement(PROV + "Entity", "urn:one:a", [("urn:two:v", "urn:two:t", "x", "")])
    assert second.identifier == EX + "a"


def test_a_thousand_scopes_are_not_mixed_up():
    inside = "".join(f'<prov:entity xmlns:n="urn:{k % 1300}:" prov:id="n:a"/>' for k in range(3000))
    assert [s.identifier for s in statements(inside)] == [f"urn:{k % 1300}:a" for k in range(3000)]


def test_a_character_of_an_attribute_name_may_be_escaped():
    name = "ex:a_x0040_1_x0001F600__xD800_"
    (found,) = statements(f'<prov:entity prov:id="ex:e"><{name}>x</{name}></prov:entity>')
    assert found.attributes[0].name == EX + "a@1😀_xD800_"


def test_the_default_namespace_may_be_that_of_prov():
    root = f'<document xmlns="{PROV}" xmlns:p="{PROV}" xmlns:ex="{EX}">'
    data = f'{root}<entity p:id="ex:e"><label>x</label></entity></document>'
    found = [a.statement for a in reading(data.encode()).assertions]
    assert found == [statement(PROV + "Entity", EX + "e", [(PROV + "label", STRING, "x", "")])]


def test_the_namespaces_are_those_of_the_document_and_of_each_bundle():
    data = document(
        '<prov:bundleContent prov:id="y:b" xmlns:y="urn:y:" xmlns="urn:d:" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        '<prov:entity prov:id="e" xmlns:z="urn:z:"/></prov:bundleContent>',
        'xmlns="urn:n:" xmlns:xs="http://www.w3.org/2001/XMLSchema"',
    )
    found = reading(data)
    assert found.namespaces == {
        None: {"ex": EX, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "": "urn:n:", "xs": XSD},
        "urn:y:b": {"y": "urn:y:", "": "urn:d:"},
    }
    assert list(found.assertions) == [Assertion("urn:y:b", statement(PROV + "Entity", "urn:d:e", []))]


@pytest.mark.parametrize("element", ["bundleContent", "bundle"])
def test_a_bundle_is_read_in_both_dialects(element):
    inside = f"""<prov:entity prov:id="ex:b"/>
        <prov:{element} prov:id="ex:b"> <!-- x --> <prov:agent prov:id="ex:a"><ex:v>1</ex:v></prov:agent>
          <prov:used><prov:activity prov:ref="ex:r"/></prov:used></prov:{element}>
        <prov:entity prov:id="ex:e"/>"""
    found = read(inside)
    assert [(a.bundle, a.statement.kind) for a in found] == [
        (None, PROV + "Entity"),
        (EX + "b", PROV + "Agent"),
        (EX + "b", PROV + "Usage"),
        (None, PROV + "Entity"),
    ]
    assert found[1].statement.argument(EX + "v") == "1"


@pytest.mark.parametrize("inside", ["", '<prov:type xsi:type="xsd:QName">prov:Bundle</prov:type>'])
def test_a_bundle_element_without_records_is_an_entity(inside):
    expected = statement(PROV + "Entity", EX + "b", [reference(PROV + "type", PROV + "Bundle")])
    assert read(f'<prov:bundle prov:id="ex:b">{inside}</prov:bundle>') == [Assertion(None, expected)]
    nested = (
        f'<prov:bundleContent prov:id="ex:c"><prov:bundle prov:id="ex:b">{inside}</prov:bundle></prov:bundleContent>'
    )
    assert read(nested) == [Assertion(EX + "c", expected)]


def test_a_bundle_in_two_pieces_is_one():
    one = '<prov:bundleContent prov:id="ex:b" xmlns:y="{}"><prov:entity prov:id="y:e"/></prov:bundleContent>'
    found = reading(document(one.format("urn:1:") + one.format("urn:2:")))
    assert [(a.bundle, a.statement.identifier) for a in found.assertions] == [
        (EX + "b", "urn:1:e"),
        (EX + "b", "urn:2:e"),
    ]
    assert found.namespaces[EX + "b"] == {"y": "urn:1:"}


def pair(datatype, key, language, entity):
    text = json.dumps([datatype, key, language, entity], ensure_ascii=False, separators=(",", ":"))
    return PROV + "key-entity-set", PROV + "KeyEntityPair", text, ""


PAIRS = """<prov:keyEntityPair><prov:key>k</prov:key><prov:entity prov:ref="ex:e"/></prov:keyEntityPair>
    <prov:keyEntityPair> <prov:entity prov:ref="ex:f"/>
      <prov:key xsi:type="xsd:int"> 1 </prov:key> </prov:keyEntityPair>
    <prov:keyEntityPair><prov:key xsi:type="xsd:QName">ex:k</prov:key>
      <prov:entity prov:ref="ex:e"/></prov:keyEntityPair>"""
PAIR_VALUES = [
    pair(STRING, "k", "", EX + "e"),
    pair(XSD + "int", "1", "", EX + "f"),
    pair(NAME, EX + "k", "", EX + "e"),
]
DICTIONARIES = '<prov:newDictionary prov:ref="ex:d2"/><prov:oldDictionary prov:ref="ex:d1"/>'
AFTER_AND_BEFORE = [reference(PROV + "after", EX + "d2"), reference(PROV + "before", EX + "d1")]


def test_an_insertion_is_read():
    inside = f"""<prov:derivedByInsertionFrom prov:id="ex:i">{DICTIONARIES}{PAIRS}<prov:label>x</prov:label>
        </prov:derivedByInsertionFrom>"""
    label = (PROV + "label", STRING, "x", "")
    assert statements(inside) == [statement(PROV + "Insertion", EX + "i", [*AFTER_AND_BEFORE, *PAIR_VALUES, label])]


def test_a_removal_is_read():
    inside = f"""<prov:derivedByRemovalFrom>{DICTIONARIES}<prov:key>k</prov:key>
        <prov:key xsi:type="prov:InternationalizedString" xml:lang="fr">clé</prov:key></prov:derivedByRemovalFrom>"""
    keys = [(PROV + "key-set", STRING, "k", ""), (PROV + "key-set", PROV + "InternationalizedString", "clé", "fr")]
    assert statements(inside) == [statement(PROV + "Removal", None, [*AFTER_AND_BEFORE, *keys])]


def test_a_dictionary_membership_is_read():
    inside = f'<prov:hadDictionaryMember><prov:dictionary prov:ref="ex:d"/>{PAIRS}</prov:hadDictionaryMember>'
    expected = statement(PROV + "DictionaryMembership", None, [reference(PROV + "dictionary", EX + "d"), *PAIR_VALUES])
    assert statements(inside) == [expected]


def test_a_blank_name_means_something_only_when_it_is_referred_to():
    relations = '<prov:used prov:id="_:u"/><prov:used prov:id=" _:v "/>'
    derivation = '<prov:wasDerivedFrom><prov:usage prov:ref="_:v"/></prov:wasDerivedFrom>'
    first, second, third = statements(relations + derivation)
    records = [
        [None, [PROV + "Usage", "_:u", []]],
        [None, [PROV + "Usage", "_:v", []]],
        [None, [PROV + "Derivation", None, [[PROV + "usage", NAME, "_:v", ""]]]],
    ]
    listed = [[b, hashlib.sha256(json.dumps(r, separators=(",", ":")).encode()).hexdigest()] for b, r in records]
    digest = hashlib.sha256(json.dumps(listed, separators=(",", ":")).encode()).hexdigest()
    assert first.identifier is None
    assert second.identifier == third.argument(PROV + "usage") == f"urn:provstore:blank:{digest}:v"


@pytest.mark.parametrize("spelled", ["_:b", "&#95;:b", "_&#x3A;b"])
def test_a_blank_name_is_found_however_it_is_spelled(spelled):
    (found,) = read(f'<prov:bundleContent prov:id="{spelled}"><prov:entity prov:id="ex:e"/></prov:bundleContent>')
    assert found.bundle.startswith("urn:provstore:blank:")
    (element,) = statements(f'<prov:entity prov:id="{spelled}"/>')
    assert element.identifier.startswith("urn:provstore:blank:")
    relation, _ = statements(f'<prov:used prov:id="{spelled}"/><prov:entity prov:id="{spelled}"/>')
    assert relation.identifier.startswith("urn:provstore:blank:")
