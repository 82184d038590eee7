"""Values of PROV-XML: datatypes, languages, white space, and markup; against XML Schema, and lxml's canonical form."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.unit.formats.reading import EX, NAME, PROV, XSD
from tests.unit.formats.xml_reading import XML_LITERAL, place, values, warnings

STRING = XSD + "string"
TEXT = PROV + "InternationalizedString"


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("<ex:a>x</ex:a>", (STRING, "x", "")),
        ("<ex:a/>", (STRING, "", "")),
        ("<ex:a>\n x\ty </ex:a>", (STRING, "\n x\ty ", "")),
        ("<ex:a>a&lt;&#xD;&amp;<![CDATA[<b>&]]></ex:a>", (STRING, "a<\r&<b>&", "")),
        ('<ex:a xsi:type="xsd:int"> 007\n</ex:a>', (XSD + "int", "007", "")),
        ('<ex:a xsi:type=" xsd:double ">1.10</ex:a>', (XSD + "double", "1.10", "")),
        ('<ex:a xsi:type="xsd:string"> x </ex:a>', (STRING, " x ", "")),
        ('<ex:a xsi:type="xsd:normalizedString">\tx \n</ex:a>', (XSD + "normalizedString", " x  ", "")),
        ('<ex:a xsi:type="xsd:token">\tx  y \n</ex:a>', (XSD + "token", "x y", "")),
        ('<ex:a xsi:type="xsd:anyURI"> http://x/ </ex:a>', (XSD + "anyURI", "http://x/", "")),
        ('<ex:a xsi:type="ex:t"> x </ex:a>', (EX + "t", " x ", "")),
        ('<ex:a xsi:type="xsd:QName"> ex:b\n</ex:a>', (NAME, EX + "b", "")),
        ('<ex:a xsi:type="prov:QUALIFIED_NAME">ex:b</ex:a>', (NAME, EX + "b", "")),
        ('<ex:a prov:ref="ex:b"/>', (NAME, EX + "b", "")),
        ('<ex:a xml:lang="fr"> chat </ex:a>', (TEXT, " chat ", "fr")),
        ('<prov:label xml:lang="fr">chat</prov:label>', (TEXT, "chat", "fr")),
        ('<ex:a xsi:type="xsd:string" xml:lang="fr">chat</ex:a>', (TEXT, "chat", "fr")),
        ('<ex:a xsi:type="prov:InternationalizedString">x</ex:a>', (TEXT, "x", "")),
        ('<ex:a xml:lang="">x</ex:a>', (STRING, "x", "")),
        ("<prov:type>prov:Entity</prov:type>", (STRING, "prov:Entity", "")),
        ('<prov:value xsi:type="xsd:gYear">2026</prov:value>', (XSD + "gYear", "2026", "")),
        ('<prov:location xsi:type="rdf:XMLLiteral">a &amp;amp; b</prov:location>', (XML_LITERAL, "a &amp; b", "")),
        ("<prov:startTime> 2026-01-01T00:00:00.10 </prov:startTime>", (XSD + "dateTime", "2026-01-01T00:00:00.10", "")),
        ('<prov:time xsi:type="xsd:string"> x </prov:time>', (STRING, " x ", "")),
    ],
)
def test_a_value_is_read_by_its_type(element, value):
    assert values(element) == [value]


def test_a_type_may_be_in_the_default_namespace():
    assert values('<ex:a xsi:type="t">x</ex:a>', 'xmlns="urn:d:"') == [("urn:d:t", "x", "")]
    assert values('<ex:a xsi:type="int">5</ex:a>', 'xmlns="http://www.w3.org/2001/XMLSchema"') == [
        (XSD + "int", "5", "")
    ]


@pytest.mark.parametrize(
    ("element", "told"),
    [
        ('<ex:a xsi:type="xsd:int" xml:lang="en">5</ex:a>', "a text with a language has no other type"),
        ('<ex:a ex:unit="cm">5</ex:a>', "an XML attribute of a value was left out: ex:unit"),
        ('<ex:a xml:space="preserve">5</ex:a>', "an XML attribute of a value was left out: xml:space"),
        ("<ex:a><b/></ex:a>", "a value with elements inside was taken as rdf:XMLLiteral: ex:a"),
    ],
)
def test_what_is_left_out_of_a_value_is_told(element, told):
    (warning,) = warnings(f'<prov:entity prov:id="ex:e">{element}</prov:entity>')
    assert told in warning


DECLARED = {"": "urn:outer:", "a": "urn:a:", "b": "urn:b:", "ex": EX}


def by_lxml(inside, declarations):
    """What is inside of an element, by lxml's exclusive canonicalization with comments."""
    element = etree.fromstring(f"<w:v xmlns:w='urn:w:' xmlns:ex='{EX}' {declarations}>{inside}</w:v>")
    whole = etree.tostring(element, method="c14n", exclusive=True, with_comments=True).decode()
    return re.fullmatch('<w:v xmlns:w="urn:w:">(.*)</w:v>', whole, re.DOTALL)[1]


ATTRIBUTES = st.lists(
    st.sampled_from(['x="1"', 'a:x="&lt;&#9;&#10;&quot;"', "b:x='&gt;&amp;\"'", 'xml:lang="en"', 'xmlns:a="urn:z:"']),
    max_size=3,
    unique=True,
)
LEAVES = st.sampled_from(
    ["", " ", "x", "&amp;&lt;&gt;", "&#13;\n", "é😀", "<![CDATA[<&]]>", "<!-- c & d -->", "<?p q?>"]
)
NAMES = st.sampled_from(["c", "a:c", "b:c", "ex:c"])
DECLARING = st.sampled_from(["", ' xmlns="urn:in:"', ' xmlns=""', ' xmlns:b="urn:b2:"', ' xmlns:unused="urn:u:"'])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda name, declaring, attributes, parts: (
            f"<{' '.join([name, *attributes])}{declaring}>{''.join(parts)}</{name}>"
        ),
        NAMES,
        DECLARING,
        ATTRIBUTES,
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(TREES, max_size=3).map("".join))
def test_markup_is_read_to_its_canonical_form(inside):
    declarations = " ".join(f'xmlns{p and ":"}{p}="{n}"' for p, n in DECLARED.items() if p != "ex")
    element = f'<ex:v xsi:type="rdf:XMLLiteral">{inside}</ex:v>'
    ((datatype, lexical, _),) = values(element, declarations)
    assert datatype == XML_LITERAL
    if "<" in re.sub(r"<!\[CDATA\[.*?\]\]>", "", inside):
        assert lexical == by_lxml(inside, declarations)
    else:
        assert lexical == etree.fromstring(f"<x>{inside}</x>").xpath("string()")


def test_a_type_inside_of_markup_keeps_its_prefix():
    inside = '<b xsi:type=" ex:t "/>'
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    ((_, lexical, _),) = values(f'<ex:v xsi:type="rdf:XMLLiteral">{inside}</ex:v>')
    assert lexical == f'<b xmlns:ex="{EX}" xmlns:xsi="{xsi}" xsi:type=" ex:t "></b>'


def test_markup_stands_by_itself():
    ((_, lexical, _),) = values('<ex:v xsi:type="rdf:XMLLiteral">a<ex:b ex:c="1"><d/></ex:b></ex:v>', 'xmlns="urn:d:"')
    assert lexical == f'a<ex:b xmlns:ex="{EX}" ex:c="1"><d xmlns="urn:d:"></d></ex:b>'


def test_markup_of_a_type_of_its_own_keeps_that_type():
    assert values('<ex:v xsi:type="ex:t"><c/></ex:v>') == [(EX + "t", "<c></c>", "")]


def test_the_place_of_a_warning_is_that_of_its_element():
    inside = '<prov:entity prov:id="ex:e"><ex:a ex:unit="cm">5</ex:a></prov:entity>'
    assert warnings(inside)[0].startswith(place(inside, "<ex:a") + ": ")
