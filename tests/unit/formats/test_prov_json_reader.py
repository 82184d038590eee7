"""What PROV-JSON reads to: names, values, arguments, bundles, several records, repairs; worked by hand from rule 1."""

from __future__ import annotations

import json

import pytest

from provstore.formats import names, naming
from provstore.formats.prov_json import records
from provstore.model.document import Assertion
from provstore.model.statement import Statement, reference, statement
from provstore.model.terms import BY_NAME
from tests.unit.formats.reading import EX, NAME, PREFIX, PROV, XSD, read, reading, statements, values, write


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"text"', (XSD + "string", "text", "")),
        ("5", (XSD + "int", "5", "")),
        ("-0", (XSD + "int", "-0", "")),
        ("2147483647", (XSD + "int", "2147483647", "")),
        ("2147483648", (XSD + "long", "2147483648", "")),
        ("-2147483648", (XSD + "int", "-2147483648", "")),
        ("-2147483649", (XSD + "long", "-2147483649", "")),
        ("9223372036854775807", (XSD + "long", "9223372036854775807", "")),
        ("9223372036854775808", (XSD + "integer", "9223372036854775808", "")),
        ("-9223372036854775809", (XSD + "integer", "-9223372036854775809", "")),
        ("1e5", (XSD + "double", "1e5", "")),
        ("1.10", (XSD + "double", "1.10", "")),
        ("1E400", (XSD + "double", "1E400", "")),
        ("true", (XSD + "boolean", "true", "")),
        ("false", (XSD + "boolean", "false", "")),
        ('{"$": "x"}', (XSD + "string", "x", "")),
        ('{"$": "1.10", "type": "xsd:decimal"}', (XSD + "decimal", "1.10", "")),
        ('{"type": "xsd:decimal", "$": "1.10"}', (XSD + "decimal", "1.10", "")),
        ('{"$": "ex:b", "type": "xsd:QName"}', (NAME, EX + "b", "")),
        ('{"$": "ex:b", "type": "prov:QUALIFIED_NAME"}', (NAME, EX + "b", "")),
        ('{"$": "chat", "lang": "fr"}', (PROV + "InternationalizedString", "chat", "fr")),
        ('{"$": "chat", "type": "xsd:string", "lang": "fr-CA"}', (PROV + "InternationalizedString", "chat", "fr-CA")),
        ('{"$": "chat", "type": "prov:InternationalizedString"}', (PROV + "InternationalizedString", "chat", "")),
        ('{"$": "chat", "lang": ""}', (XSD + "string", "chat", "")),
        ('{"$": 1.50, "type": "xsd:float"}', (XSD + "float", "1.50", "")),
        ('{"$": 7}', (XSD + "int", "7", "")),
        ('{"$": true, "type": "xsd:boolean"}', (XSD + "boolean", "true", "")),
        ('"\\u00e9\\ud83d\\ude00"', (XSD + "string", "é😀", "")),
    ],
)
def test_a_value_keeps_its_type_and_its_source_text(written, expected):
    assert values(written) == [expected]


def test_an_array_is_a_set_of_values_in_canonical_order():
    assert values('["b", "a", "b", 3]') == [
        (XSD + "int", "3", ""),
        (XSD + "string", "a", ""),
        (XSD + "string", "b", ""),
    ]


def test_no_text_is_normalised():
    decomposed, composed = "e\u0301", "\u00e9"
    assert values(json.dumps([decomposed, composed])) == [(XSD + "string", t, "") for t in (decomposed, composed)]


def test_formal_arguments_are_attributes_with_full_names_and_times():
    document = {
        "prefix": PREFIX,
        "used": {"ex:u": {"prov:activity": "ex:a", "prov:entity": "ex:e", "prov:time": "2026-01-01T00:00:00Z"}},
    }
    assert statements(document) == [
        Statement(
            PROV + "Usage",
            EX + "u",
            (
                reference(PROV + "activity", EX + "a"),
                reference(PROV + "entity", EX + "e"),
                (PROV + "time", XSD + "dateTime", "2026-01-01T00:00:00Z", ""),
            ),
        )
    ]


@pytest.mark.parametrize("name", [n for n in BY_NAME if "ictionary" not in n and "derivedBy" not in n])
def test_every_record_type_reads_its_arguments(name):
    record = BY_NAME[name]
    written, expected = {}, []
    for number, argument in enumerate(record.arguments):
        key = argument.iri.replace(PROV, "prov:")
        if argument.holds == "time":
            written[key] = "2026-01-01T00:00:00Z"
            expected.append((argument.iri, XSD + "dateTime", "2026-01-01T00:00:00Z", ""))
        else:
            written[key] = f"ex:n{number}"
            expected.append((argument.iri, NAME, f"{EX}n{number}", ""))
    assert statements({"prefix": PREFIX, name: {"ex:r": written}}) == [statement(record.iri, EX + "r", expected)]


def test_several_records_under_one_name_are_several_statements_in_order():
    document = {"prefix": PREFIX, "entity": {"ex:e": [{"ex:a": "2"}, {"ex:a": "1"}, {"ex:a": "2"}]}}
    assert [s.argument(EX + "a") for s in statements(document)] == ["2", "1", "2"]


def test_a_membership_of_several_entities_is_one_statement_for_each():
    document = {
        "prefix": PREFIX,
        "hadMember": {"ex:m": {"prov:collection": "ex:c", "prov:entity": ["ex:e1", "ex:e2"], "ex:a": "x"}},
    }
    found = statements(document)
    assert [s.argument(PROV + "entity") for s in found] == [EX + "e1", EX + "e2"]
    assert {(s.identifier, s.argument(PROV + "collection"), s.argument(EX + "a")) for s in found} == {
        (EX + "m", EX + "c", "x")
    }


@pytest.mark.parametrize(
    "written",
    [
        [{"key": "k1", "$": "ex:e1"}, {"$": "ex:e2", "key": {"$": "k2", "type": "xsd:string"}}],
        {"$key-datatype": "xsd:string", "k1": "ex:e1", "k2": "ex:e2"},
        {"k1": "ex:e1", "k2": "ex:e2"},
    ],
)
def test_key_entity_pairs_are_one_value_each_in_both_shapes(written):
    document = {
        "prefix": PREFIX,
        "hadDictionaryMember": {"_:m": {"prov:dictionary": "ex:d", "prov:key-entity-set": written}},
    }
    (found,) = statements(document)
    assert [(v.datatype, json.loads(v.lexical)) for v in found.values(PROV + "key-entity-set")] == [
        (PROV + "KeyEntityPair", [XSD + "string", "k1", "", EX + "e1"]),
        (PROV + "KeyEntityPair", [XSD + "string", "k2", "", EX + "e2"]),
    ]


def test_the_keys_of_a_removal_are_plain_values():
    document = {
        "prefix": PREFIX,
        "derivedByRemovalFrom": {"_:r": {"prov:after": "ex:d2", "prov:before": "ex:d1", "prov:key-set": ["k1", 2]}},
    }
    (found,) = statements(document)
    assert [tuple(v) for v in found.values(PROV + "key-set")] == [(XSD + "int", "2", ""), (XSD + "string", "k1", "")]


def test_prov_xsd_and_xsi_need_no_declaration():
    (found,) = statements({"entity": {"prov:e": {"xsi:a": {"$": "1", "type": "xsd:int"}}}})
    assert found == Statement(
        PROV + "Entity",
        PROV + "e",
        (("http://www.w3.org/2001/XMLSchema-instancea", XSD + "int", "1", ""),),
    )


def test_xsd_declared_without_its_hash_is_xsd_all_the_same():
    document = {"prefix": PREFIX | {"xsd": XSD[:-1]}, "entity": {"ex:e": {"ex:a": {"$": "1", "type": "xsd:int"}}}}
    assert statements(document)[0].values(EX + "a")[0].datatype == XSD + "int"


def test_a_name_without_a_prefix_is_in_the_default_namespace():
    one = reading({"prefix": {"default": EX}, "entity": {"e": {"a": "x"}}})
    assert one.namespaces == {None: {"": EX}}
    assert next(one.assertions).statement == statement(PROV + "Entity", EX + "e", [(EX + "a", XSD + "string", "x", "")])


def test_only_the_first_colon_of_a_name_divides_it():
    assert statements({"prefix": PREFIX, "entity": {"ex:a:b": {}}})[0].identifier == EX + "a:b"


@pytest.mark.parametrize("where", ["first", "last", "between"])
def test_the_prefixes_may_stand_anywhere(where):
    members = {"entity": {"ex:e": {}}, "agent": {"ex:g": {}}}
    order = {"first": ["prefix", "entity", "agent"], "last": ["entity", "agent", "prefix"]}
    keys = order.get(where, ["entity", "prefix", "agent"])
    document = {key: members.get(key, PREFIX) for key in keys}
    assert {s.identifier for s in statements(document)} == {EX + "e", EX + "g"}
    assert reading(document).namespaces == {None: PREFIX}


def test_a_value_that_is_the_word_prefix_is_no_prefix_map():
    document = {"entity": {"ex:e": {"ex:a": "prefix", "ex:b": {"$": '"prefix": {}', "type": "xsd:string"}}}}
    assert len(read(document | {"prefix": PREFIX})) == 1


def test_a_bundle_has_its_own_prefixes_and_those_of_the_document():
    document = {
        "bundle": {"ex:b": {"entity": {"ex:e": {}, "y:f": {}}, "prefix": {"ex": "http://other.org/"}}},
        "entity": {"ex:e": {}},
        "prefix": PREFIX | {"y": "http://y.org/"},
    }
    one = reading(document)
    bundle = "http://other.org/b"
    assert one.namespaces == {None: PREFIX | {"y": "http://y.org/"}, bundle: {"ex": "http://other.org/"}}
    assert list(one.assertions) == [
        Assertion(bundle, Statement(PROV + "Entity", "http://other.org/e", ())),
        Assertion(bundle, Statement(PROV + "Entity", "http://y.org/f", ())),
        Assertion(None, Statement(PROV + "Entity", EX + "e", ())),
    ]


def test_an_empty_bundle_is_known_by_its_namespaces():
    one = reading({"prefix": PREFIX, "bundle": {"ex:b": {}}})
    assert one.namespaces == {None: PREFIX, EX + "b": {}}
    assert list(one.assertions) == []


def test_two_names_of_one_bundle_are_one_bundle():
    document = {
        "prefix": PREFIX | {"y": EX},
        "bundle": {"ex:b": {"entity": {"ex:e": {}}}, "y:b": {"entity": {"ex:e": {}}}},
    }
    assert [a.bundle for a in read(document)] == [EX + "b", EX + "b"]


def test_the_arrays_that_provtoolbox_writes_for_typed_values_are_repaired_with_a_warning():
    document = {
        "prefix": PREFIX,
        "entity": {
            "ex:e1": {"ex:a": ["xsd:positiveInteger", "1034"]},
            "ex:e2": {"ex:a": ["82.5e-2", "xsd:double"]},
            "ex:e3": {"ex:a": ["prov:QUALIFIED_NAME", "ex:b"]},
        },
    }
    one = reading(document)
    assert [a.statement.values(EX + "a") for a in one.assertions] == [
        ((XSD + "positiveInteger", "1034", ""),),
        ((XSD + "double", "82.5e-2", ""),),
        ((NAME, EX + "b", ""),),
    ]
    (warning,) = one.warnings
    assert warning.startswith("a.json:1:")
    assert "xsd:positiveInteger" in warning
    assert warning.endswith("(and 2 more)")


def test_two_plain_texts_are_two_values():
    assert len(values('["a", "b"]')) == 2
    assert len(values('["xsd:int", "xsd:long"]')) == 2


@pytest.mark.parametrize(("written", "lexical"), [("NaN", "NaN"), ("Infinity", "INF"), ("-Infinity", "-INF")])
def test_the_numbers_that_python_writes_although_json_has_none_are_taken_with_a_warning(written, lexical):
    one = reading(f'{{"prefix": {{"ex": "{EX}"}}, "entity": {{"ex:e": {{"ex:a": {written}}}}}}}')
    assert next(one.assertions).statement.values(EX + "a") == ((XSD + "double", lexical, ""),)
    assert list(one.assertions) == []
    assert "no JSON" in one.warnings[0]


def test_an_argument_in_an_array_of_one_is_taken_with_a_warning():
    one = reading({"prefix": PREFIX, "used": {"_:u": {"prov:activity": ["ex:a"], "prov:time": ["2026-01-01"]}}})
    assert next(one.assertions).statement.attributes == (
        reference(PROV + "activity", EX + "a"),
        (PROV + "time", XSD + "dateTime", "2026-01-01", ""),
    )
    assert list(one.assertions) == []
    assert len(one.warnings) == 1


def test_a_language_on_another_type_wins_with_a_warning():
    one = reading({"prefix": PREFIX, "entity": {"ex:e": {"ex:a": {"$": "1", "type": "xsd:int", "lang": "en"}}}})
    assert next(one.assertions).statement.values(EX + "a") == ((PROV + "InternationalizedString", "1", "en"),)
    assert list(one.assertions) == []
    assert "xsd:int" in one.warnings[0]


def test_an_empty_array_says_nothing_and_is_told():
    one = reading({"prefix": PREFIX, "entity": {"ex:e": {"ex:a": []}}})
    assert next(one.assertions).statement.attributes == ()
    assert list(one.assertions) == []
    assert "empty array" in one.warnings[0]


def test_two_prefixes_of_one_namespace_write_one_attribute():
    document = {"prefix": PREFIX | {"y": EX}, "entity": {"ex:e": {"ex:a": "x", "y:a": "x"}}}
    assert len(statements(document)[0].attributes) == 1
    nested = {"prefix": PREFIX | {"y": EX + "a"}, "entity": {"ex:e": {"ex:ab": "x", "y:b": "x"}}}
    assert len(statements(nested)[0].attributes) == 1


def test_a_byte_order_mark_is_passed_over():
    assert len(read(b'\xef\xbb\xbf{"entity": {"prov:e": {}}}')) == 1
    assert len(read(b'\xef\xbb\xbf{"prefix": {"ex": "http://e/"}, "entity": {"ex:e": {}}}')) == 1


def test_an_empty_object_is_an_empty_document():
    one = reading("{}")
    assert (list(one.assertions), one.namespaces, one.warnings) == ([], {None: {}}, [])


def test_names_that_are_forgotten_and_met_again_are_the_same(monkeypatch):
    document = {
        "prefix": PREFIX,
        "used": {f"_:u{n}": {"prov:activity": f"ex:{n % 3}", f"ex:a{n % 3}": "x"} for n in range(12)},
    }
    expected = statements(document)
    for module in (names, naming, records):
        monkeypatch.setattr(module, "_MAX_CACHED", 2)
    assert statements(document) == expected
    assert read(write(read(document))[0]) == read(document)
