"""What PROV-JSON is refused, and at which place."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from provstore.errors import BadInput
from provstore.formats import registry
from provstore.formats.prov_json import PROV_JSON
from tests.unit.formats.reading import PREFIX, read

MALFORMED = Path(__file__).parents[2] / "data" / "malformed"
P = '{"prefix": {"ex": "http://e/"}, '


def refusal(text):
    with pytest.raises(BadInput) as refused:
        read(text)
    return refused.value


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "1:1", "empty"),
        (" \n ", "2:2", "must be a JSON object"),
        ("[1, 2]", "1:1", "must be a JSON object"),
        ("5", "1:1", "must be a JSON object"),
        ("{not json", "1:2", "a key in double quotes"),
        ('{"entity": {}', "1:14", '"," or "}"'),
        ('{"entity": {}} x', "1:16", "after the end"),
        ('{"entity": {},}', "1:15", "a key in double quotes"),
        ('{"entity" {}}', "1:11", '":" after the key'),
        ('{"entity": {"prov:e": {"prov:label": }}}', "1:38", "a JSON value was expected"),
        ('{"entity": {"prov:e": {"prov:label" "x"}}}', "1:37", "delimiter"),
        ('{"entity": {"prov:e": {"prov:label": "x}}}', "1:43", "unterminated string, which begins at 1:38"),
        ('{"entity": {"prov:e": {"prov:label": "a\tb"}}}', "1:40", "control character"),
        ('{"entity": {"prov:e": {"prov:label": "\\x"}}}', "1:39", "escape"),
        ('{\n"entity": {\n"prov:e": {},\n"prov:f": 5}}', "4:1", "a record must be a JSON object"),
        ('{"entity": {"prov:e": null}}', "1:13", "a record must be a JSON object"),
        ('{"entity": {"prov:e": [5]}}', "1:13", "a record must be a JSON object"),
        ('{"entity": []}', "1:12", 'the member "entity" must be a JSON object'),
        ('{"bundle": "x"}', "1:12", 'the member "bundle" must be a JSON object'),
        ('{"bundle": {"prov:b": 1}}', "1:23", 'the bundle "prov:b" must be a JSON object'),
        ('{"bundle": {"prov:b": {"bundle": {}}}}', "1:24", "a bundle inside a bundle"),
        ('{"notarealtype": {}}', "1:2", '"notarealtype" is no PROV record type'),
        ('{"prefix": "x"}', "1:2", '"prefix" must be a JSON object'),
        ('{"prefix": {"ex": 1}}', "1:2", "must be a text"),
        ('{"prefix": {"ex": ""}}', "1:2", "not empty"),
        ('{"prefix": {"prov": "http://x/"}}', "1:2", "reserved"),
        ('{"prefix": {"ex": "http://a/", "ex": "http://b/"}}', "1:2", "declared twice"),
        ('{"prefix": {}, "prefix": {}}', "1:16", 'the key "prefix" is repeated'),
        ('{"entity": {}, "entity": {}}', "1:16", 'the key "entity" is repeated'),
        ('{"entity": {"prov:e": {},\n "prov:e": {}}}', "2:2", 'the key "prov:e" is repeated'),
        ('{"bundle": {"prov:b": {}, "prov:b": {}}}', "1:27", 'the key "prov:b" is repeated'),
        ('{"entity": {"prov:e": {"prov:label": "a", "prov:label": "b"}}}', "1:13", "a key is repeated"),
        (P + '"entity": {"ex:e": {"ex:a": {"$": "x", "$": "y"}}}}', "1:44", "a key is repeated"),
        (P + '"entity": {"ex:e": {"ex:a": {"type": "xsd:int"}}}}', "1:44", 'needs its "$"'),
        (P + '"entity": {"ex:e": {"ex:a": {"$": "x", "y": 1}}}}', "1:44", 'not "y"'),
        (P + '"entity": {"ex:e": {"ex:a": {"$": ["x"], "type": "xsd:int"}}}}', "1:44", "a value must be"),
        (P + '"entity": {"ex:e": {"ex:a": {"$": "x", "type": 1}}}}', "1:44", "a text was expected"),
        (P + '"entity": {"ex:e": {"ex:a": {"$": "x", "lang": 1}}}}', "1:44", "a text was expected"),
        (P + '"entity": {"ex:e": {"ex:a": null}}}', "1:44", "null"),
        (P + '"entity": {"ex:e": {"ex:a": [["x"]]}}}', "1:44", "a value must be"),
        (P + '"entity": {"e": {}}}', "1:44", "no default namespace"),
        (P + '"entity": {"": {}}}', "1:44", "the text is empty"),
        (P + '"entity": {"y:e": {}}}', "1:44", 'the prefix "y" of "y:e" is not declared'),
        (P + '"entity": {"ex:e": {"y:a": 1}}}', "1:44", 'the prefix "y"'),
        (P + '"entity": {"ex:e": {"ex:a": {"$": "y:b", "type": "xsd:QName"}}}}', "1:44", 'the prefix "y"'),
        (P + '"entity": {"ex:e": {"ex:a": {"$": "b", "type": "y:t"}}}}', "1:44", 'the prefix "y"'),
        (P + '"used": {"ex:u": {"prov:entity": 5}}}', "1:42", "a name was expected"),
        (P + '"used": {"ex:u": {"prov:time": 5}}}', "1:42", "a time was expected"),
        (P + '"used": {"ex:u": {"prov:entity": ["ex:a", "ex:b"]}}}', "1:42", "one value was expected"),
        (P + '"used": {"ex:u": {"prov:entity": [5]}}}', "1:42", "a name was expected"),
        (P + '"hadMember": {"ex:u": {"prov:entity": []}}}', "1:47", "one entity or more"),
        (P + '"bundle": {"y:b": {}}}', "", 'the bundle "y:b": the prefix "y"'),
        (P + '"hadDictionaryMember": {"ex:m": {"prov:key-entity-set": "x"}}}', "1:57", "must be an array or an object"),
        (P + '"hadDictionaryMember": {"ex:m": {"prov:key-entity-set": [{"$": "ex:e"}]}}}', "1:57", '"key" and "$"'),
        (
            P + '"hadDictionaryMember": {"ex:m": {"prov:key-entity-set": {"k": "ex:e", "k": "ex:e"}}}}',
            "1:57",
            "repeated",
        ),
        (P + '"hadDictionaryMember": {"ex:m": {"prov:key-entity-set": {"k": 1}}}}', "1:57", "a text was expected"),
        (P + f'"entity": {{"ex:e": {{"ex:a": {"1" * 4301}}}}}}}', "1:44", "4300 digits"),
        (P + '"entity": {"ex:e": {"ex:a": "\\ud800"}}}', "1:44", "lone surrogate"),
        (P + '"entity": {"ex:\\uDC00": {}}}', "1:44", "lone surrogate"),
        ('{"entity": {"prov:e\\ud83d": {}, "prov:f": {}}}', "1:13", "lone surrogate"),
        ('{"bundle": {"prov:\\ud83d": {}}}', "1:13", "lone surrogate"),
    ],
)
def test_a_mistake_is_refused_at_its_place(text, place, words):
    error = refusal(text)
    assert words in error.message
    assert error.where == (f"a.json:{place}" if place else "a.json")


@pytest.mark.parametrize("levels", [65, 100, 900, 20_000, 100_000])
def test_deep_nesting_is_refused_and_never_a_recursion_error(levels):
    nested = "[" * levels + "]" * levels
    error = refusal(P + f'"entity": {{"ex:e": {{"ex:a": {nested}}}}}}}')
    assert "64 levels" in error.message
    assert error.where == "a.json:1:44" or levels > 900
    objects = '{"a":' * levels + "1" + "}" * levels
    assert "64 levels" in refusal(P + f'"entity": {{"ex:e": {{"ex:a": {objects}}}}}}}').message


def test_invalid_utf_8_is_refused_with_line_and_column():
    error = refusal(b'{"entity": {\n"prov:e": {"prov:label": "\xc3\xa9\xff"}}}')
    assert error.where == "a.json:2:28"
    assert "0xff is not UTF-8" in error.message


def test_a_file_that_ends_inside_a_character_ends_too_early():
    error = refusal(b'{"entity": {"prov:e": {"prov:label": "\xc3')
    assert "ends too early" in error.message
    assert error.where == "a.json:1:39"


def test_utf_16_is_refused():
    assert "not UTF-8" in refusal('{"entity": {}}'.encode("utf-16")).message


def test_an_error_says_what_next():
    assert "entity, activity, agent" in refusal('{"x": {}}').next_step


def test_a_repeated_name_is_found_among_many():
    records = ",\n".join(f'"ex:e{n}": {{}}' for n in range(150_000))
    error = refusal(f'{{"prefix": {json.dumps(PREFIX)}, "entity": {{\n{records},\n"ex:e77": {{}}}}}}')
    assert error.where == "a.json:150002:1"


@pytest.mark.parametrize(
    "name", sorted(p.name for p in MALFORMED.iterdir() if p.suffix in (".json", ".xml", ".ttl", ".rdf"))
)
def test_each_malformed_document_is_refused_with_its_place(name):
    data = (MALFORMED / name).read_bytes()
    with pytest.raises(BadInput) as refused:
        list(registry.find_out(name, data[:4096]).read(io.BytesIO(data), source=name).assertions)
    assert refused.value.where.startswith(name)


def test_equal_hashes_of_different_names_are_no_mistake(monkeypatch):
    from provstore.formats import json_scanner

    monkeypatch.setattr(json_scanner, "hash", lambda key: 1, raising=False)
    assert len(read({"prefix": PREFIX, "entity": {"ex:e": {}, "ex:f": {}}})) == 2
    assert "repeated" in refusal('{"entity": {"prov:e": {}, "prov:f": {}, "prov:e": {}}}').message


def test_reading_stops_at_the_mistake_and_not_before():
    found = PROV_JSON.read(io.BytesIO(b'{"entity": {"prov:e": {}, "y:f": {}}}'), source="a").assertions
    assert next(found).statement.identifier.endswith("#e")
    with pytest.raises(BadInput):
        next(found)
