"""What is no PROV-XML is refused with its place, and hostile files are refused quickly."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provstore.formats.prov_xml import PROV_XML
from tests.unit.formats import strategies
from tests.unit.formats.reading import PROV, refusal_of
from tests.unit.formats.xml_reading import document, place, reading, refused, write

MALFORMED = Path(__file__).parents[2] / "data" / "malformed"
ENTITY = '<prov:entity prov:id="ex:e">{}</prov:entity>'


@pytest.mark.parametrize(
    ("inside", "mark", "message"),
    [
        ("<prov:nothing/>", "<prov:n", "prov:nothing is no PROV record; expected one of actedOnBehalfOf, "),
        ("<ex:entity/>", "<ex:e", "ex:entity is no PROV record"),
        ("<prov:document/>", "<prov:document/>", "prov:document is no PROV record"),
        ("text<prov:used/>", "<prov:used", "text was found where an element was expected"),
        ("<prov:used>text</prov:used>", "</prov:used", "text was found where an element was expected"),
        ("<prov:used><ex:a/>x<ex:a/></prov:used>", "<ex:a/></", "text was found where an element was expected"),
        ('<prov:entity id="ex:e"/>', "<prov:e", "id is no attribute of a record, prov:id was expected"),
        ('<prov:entity prov:ref="ex:e"/>', "<prov:e", "prov:ref is no attribute of a record"),
        ('<prov:entity prov:id="no:e"/>', "<prov:e", 'the prefix "no" of "no:e" is not declared'),
        ('<prov:entity prov:id=""/>', "<prov:e", "a name was expected, the text is empty"),
        ('<prov:entity prov:id=":e"/>', "<prov:e", '":e" is no name'),
        ('<prov:entity xsi:type="no:e"/>', "<prov:e", 'the prefix "no" of "no:e" is not declared'),
        (ENTITY.format('<ex:a xsi:type="no:t">x</ex:a>'), "<ex:a", 'the prefix "no"'),
        (ENTITY.format('<ex:a xsi:type="xsd:QName">no:x</ex:a>'), "</ex:a", 'the prefix "no"'),
        (ENTITY.format("<a>x</a>"), "<a>", "the attribute a has no namespace"),
        (ENTITY.format('<ex:a xsi:type="xsd:int"><b/></ex:a>'), "</ex:a", "elements were found inside"),
        (ENTITY.format('<ex:a prov:ref="ex:b">x</ex:a>'), "</ex:a", "has a prov:ref and a text"),
        (ENTITY.format('<ex:a prov:ref="ex:b"><c/></ex:a>'), "</ex:a", "elements were found inside"),
        (ENTITY.format('<ex:a xsi:type="prov:KeyEntityPair">[]</ex:a>'), "</ex:a", "must be a prov:keyEntityPair"),
        ("<prov:used><prov:entity> </prov:entity></prov:used>", "</prov:entity", "prov:entity must have a prov:ref"),
        ("<prov:used><prov:entity><ex:a/></prov:entity></prov:used>", "<ex:a", "must have a prov:ref"),
        (
            '<prov:used><prov:entity prov:ref="ex:a"/><prov:entity prov:ref="ex:a"/></prov:used>',
            "</prov:used",
            "used has one entity, a second one was found",
        ),
        ("<prov:entity/>", "<prov:e", "prov:entity must have a prov:id"),
        ("<prov:bundleContent/>", "<prov:b", "prov:bundleContent must have a prov:id"),
        ("<prov:bundle><prov:used/></prov:bundle>", "<prov:b", "prov:bundle must have a prov:id"),
        (
            '<prov:bundleContent prov:id="ex:b"><prov:bundleContent prov:id="ex:c"/></prov:bundleContent>',
            '<prov:bundleContent prov:id="ex:c"',
            "a bundle inside a bundle is no PROV",
        ),
        (
            '<prov:bundleContent prov:id="ex:b"><prov:bundle prov:id="ex:c"><prov:used/></prov:bundle>'
            "</prov:bundleContent>",
            "<prov:used",
            "a bundle inside a bundle is no PROV",
        ),
        (
            "<prov:hadDictionaryMember><prov:keyEntityPair></prov:keyEntityPair></prov:hadDictionaryMember>",
            "</prov:keyEntityPair",
            "one prov:key and one prov:entity",
        ),
        (
            "<prov:hadDictionaryMember><prov:keyEntityPair><prov:key>k</prov:key><prov:entity>ex:e</prov:entity>"
            "</prov:keyEntityPair></prov:hadDictionaryMember>",
            "</prov:keyEntityPair",
            "one prov:key and one prov:entity",
        ),
        (
            "<prov:hadDictionaryMember><prov:keyEntityPair><prov:key>k</prov:key><prov:key>l</prov:key>"
            "</prov:keyEntityPair></prov:hadDictionaryMember>",
            "<prov:key>l",
            "one prov:key and one prov:entity",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(inside, mark, message):
    error = refused(document(inside))
    assert message in error.message
    assert error.where == place(inside, mark)


def test_a_root_that_is_none_says_what_was_expected():
    error = refused(b'<?xml version="1.0"?>\n  <html/>')
    assert (error.message, error.where) == (
        f"the root element is html, prov:document was expected (namespace {PROV})",
        "a.xml:2:3",
    )


@pytest.mark.parametrize("path", sorted(MALFORMED.glob("*.xml")), ids=lambda path: path.name)
def test_the_malformed_files_are_refused(path):
    assert refused(path.read_bytes()).where.startswith("a.xml:")


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(12))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE d [{BOMB}]>",
        '<!DOCTYPE d [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "x.dtd">',
    ],
)
def test_a_doctype_is_refused_before_it_is_read(doctype, encoding):
    text = f'<?xml version="1.0"?>\n{doctype}<prov:document xmlns:prov="{PROV}"><prov:entity prov:id="&e11;"/>'
    error = refused(text.encode(encoding))
    assert error.message == "a DOCTYPE is not accepted"
    assert error.where.startswith("a.xml:2:")


@pytest.mark.parametrize(
    ("inside", "levels"),
    [
        ("<prov:used>{}</prov:used>", 62),
        ('<prov:used><ex:a xsi:type="rdf:XMLLiteral">{}</ex:a></prov:used>', 61),
        ("<prov:other>{}</prov:other>", 62),
    ],
)
def test_nesting_is_bounded(inside, levels):
    def nested(depth):
        return document(inside.format("<ex:x>" * depth + "</ex:x>" * depth))

    assert "64 levels" in refused(nested(levels + 1)).message
    assert "64 levels" in refused(nested(50_000)).message
    within = refusal_of(PROV_XML, nested(levels), "a.xml")
    assert within is None or "64 levels" not in within.message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no element found"),
        (document("\0"), "not well-formed"),
        (document("<prov:entity>")[:-30], ""),
        (document("")[:-5], ""),
        (document("<ex:a:b/>"), "not well-formed"),
        (document("<no:a/>"), "unbound prefix"),
        (document("<prov:entity prov:id='ex:a' prov:id='ex:b'/>"), "duplicate attribute"),
        (document("<prov:entity p:id='ex:a' prov:id='ex:b' xmlns:p='" + PROV + "'/>"), "duplicate attribute"),
        (document("&nothing;"), "undefined entity"),
        (document("") + b"<a/>", "junk after document element"),
        (document("\xe9").decode().encode("latin-1"), "not well-formed"),
    ],
)
def test_what_is_no_xml_is_refused(data, message):
    error = refused(data)
    assert message in error.message
    assert error.where.startswith("a.xml:1:")


@pytest.mark.parametrize("encoding", ["no-such-encoding", "utf-7", "shift_jis", "rot13", "hex", "cp037"])
def test_an_encoding_that_expat_cannot_use_is_refused(encoding):
    assert refused(f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + document("")).where.startswith("a.xml:1:")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "koi8-r"])
def test_every_usual_encoding_is_read(encoding):
    letter = "ж" if encoding == "koi8-r" else "é"
    text = document(ENTITY.format(f"<ex:a>{letter}</ex:a>") + "<prov:bundleContent prov:id='ex:b'/>").decode()
    declared = encoding.removesuffix("-sig")
    found = reading(f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding))
    assert [a.statement.attributes[0].lexical for a in found.assertions] == [letter]
    assert len(found.namespaces) == 2


@pytest.mark.parametrize(
    "endless",
    [b"<!-- " + b"x" * 3_000_000, b"<prov:entity prov:id='" + b"x" * 3_000_000, b"<?p " + b"x" * 3_000_000],
)
def test_a_tag_without_end_is_refused(endless):
    assert "longer than 1 MiB" in refused(document("").replace(b"</prov:document>", endless)).message


def test_an_error_that_is_no_mistake_of_the_file_is_not_hidden():
    class Broken(io.BytesIO):
        def read(self, *_):
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        PROV_XML.read(Broken(), source="a")


@settings(max_examples=150, deadline=None)
@given(
    strategies.documents(),
    st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=3), st.booleans()), min_size=1, max_size=3),
)
def test_random_bytes_give_bad_input_or_a_document(assertions, changes):
    data = bytearray(write(assertions)[0])
    for where, inserted, replaces in changes:
        at = where % (len(data) + 1)
        data[at : at + (len(inserted) if replaces else 0)] = inserted
    error = refusal_of(PROV_XML, bytes(data), "a.xml")
    assert error is None or error.where.startswith("a.xml:")
