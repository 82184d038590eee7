"""Finding a format by name, ending or content; converting between formats."""

from __future__ import annotations

import io

import pytest

from provstore.errors import BadInput, UsageError
from provstore.formats import registry
from tests.unit.formats.reading import EX, PREFIX, read

JSON = b'{"prefix": {"ex": "http://example.org/"}, "entity": {"ex:e": {}}}'


def test_the_formats_have_the_names_of_the_interface():
    assert [one.name for one in registry.FORMATS] == ["prov-json", "prov-n", "prov-xml", "turtle", "trig", "json-ld"]


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UsageError) as error:
        registry.by_name("yaml")
    assert "prov-xml" in error.value.next_step


@pytest.mark.parametrize(
    ("path", "first", "name"),
    [
        ("a.json", b"", "prov-json"),
        ("a.JSON", b"", "prov-json"),
        ("a.json", b'{"@context": []}', "json-ld"),
        ("a.json", b'\xef\xbb\xbf{"@context": []}', "json-ld"),
        ("a.json", b"[", "prov-json"),
        ("a.jsonld", b"{}", "json-ld"),
        ("a.provn", b"", "prov-n"),
        ("a.xml", b"", "prov-xml"),
        ("a.provx", b"", "prov-xml"),
        ("a.ttl", b"", "turtle"),
        ("a.trig", b"", "trig"),
        ("-", JSON, "prov-json"),
        ("-", b"\xef\xbb\xbf" + JSON, "prov-json"),
        ("-", b'  {"@graph": []}', "json-ld"),
        ("-", b"<?xml version='1.0'?>", "prov-xml"),
        ("-", b"// hello\n/* x */ document\n", "prov-n"),
        ("-", b"@prefix ex: <http://e/> .\nex:a a ex:b .", "turtle"),
        ("-", b"PREFIX ex: <http://e/>\nex:g { ex:a a ex:b }", "trig"),
    ],
)
def test_a_format_is_found_by_ending_or_content(path, first, name):
    assert registry.find_out(path, first).name == name


def test_what_is_of_no_format_is_bad_input():
    with pytest.raises(BadInput) as error:
        registry.find_out("a.bin", b"\x00\x01")
    assert error.value.where == "a.bin"


@pytest.mark.parametrize("name", [one.name for one in registry.FORMATS])
def test_a_document_goes_through_each_format_and_comes_back(name):
    chosen, there = registry.by_name(name), io.BytesIO()
    assert chosen.write(read(JSON), {None: PREFIX}, there) == []
    there.seek(0)
    assert list(chosen.read(there, source="there").assertions) == read(JSON)


@pytest.mark.parametrize("one", registry.FORMATS, ids=lambda one: one.name)
def test_each_reader_has_a_version(one):
    assert one.reader_version
    assert one.media_types
    assert PREFIX == {"ex": EX}
