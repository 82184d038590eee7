"""PROV-JSON in columns says what it says record by record: the same assertions, warnings and refusals."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.formats import json_scanner
from provstore.formats.prov_json import columns
from tests.unit.formats import strategies
from tests.unit.formats.reading import EX, PREFIX, reading, write
from tests.unit.formats.test_prov_json_streaming import LAYOUTS

KEYS = st.sampled_from(["ex:a", "ex:b", "prov:type", "prov:label", "prov:time", "prov:entity", "prov:activity", "no:x"])
NUMBERS = ["0", "-7", "2147483647", "2147483648", "-9223372036854775809", "1" * 19, "1" * 30, "1.10", "1e5", "NaN"]
PLAIN = [
    '"x"',
    '"ex:e"',
    '"no:e"',
    '"_:b"',
    '"2026-01-01T00:00:00Z"',
    '"\\u00e9\\""',
    '"\\ud83d\\ude00"',
    "true",
    "null",
]
DATATYPES = [
    "xsd:string",
    "xsd:int",
    "prov:QUALIFIED_NAME",
    "xsd:QName",
    "prov:KeyEntityPair",
    "ex:type",
    "no:type",
    "",
]

ODD = [
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-0", "1" * 4301, f"{'1' * 4301}.5",
    "true", "false", "[]", '["x"]', "{}",
    '{"$": "ex:v", "type": "xsd:QName"}', '{"$": "ex:v", "type": "prov:QUALIFIED_NAME"}', '{"$": 7, "type": "ex:type"}',
    '{"$": "v", "type": "prov:KeyEntityPair"}', '{"$": "v", "lang": ""}', '{"$": "v", "lang": "de"}',
    '{"$": 5, "lang": "de"}', '{"$": true, "type": "xsd:int"}', '{"$": "v", "type": "no:type"}',
    '{"$": "v", "type": "xsd:string", "lang": "de"}', '{"$": 7.50, "type": "xsd:decimal"}',
]  # fmt: skip
DECLARED = json.dumps({"ex": EX, "exx": EX + "a", "default": EX})
# What decides is between the records, or in what their document says elsewhere.
MANY = [
    # Of names that begin with `_:` one means something.
    '{"wasDerivedFrom": {"ex:d": {"prov:generation": "_:n2"}}, "wasGeneratedBy": {"_:n1": {}, "_:n2": {}, "_:n3": {},'
    ' "ex:g": {}}}',
    '{"entity": {"_:n1": {}, "_:n2": {}, "_:n3": {}, "ex:e": {}}}',
    # Two keys of one attribute.
    '{"entity": {"a": {"ex:ab": "2", "exx:b": "1"}, "c": {"ex:ab": "1", "exx:b": "2"}, "d": {"ex:ab": "3",'
    ' "exx:b": "3"}, "e": {}}}',
    '{"entity": {"a": {"z": "1", "b": "2"}, "c": {"z": "1", "b": "2"}, "d": {}}}',
    '{"hadMember": {"_:a": {"prov:collection": "c", "prov:entity": ["d", "e"]}, "_:b": {"prov:collection": "c",'
    ' "prov:entity": ["d", "e"]}, "_:c": {}}}',
    # The first of several mistakes or repairs, in forms that take turns.
    '{"entity": {"a": {"b": []}, "c": {"d": null}, "e": {"b": [null]}, "f": {}}}',
    '{"entity": {"a": {"b": ["x"]}, "c": {"d": []}, "e": {"b": []}, "f": {}}}',
    '{"entity": {"a": {"b": "x"}, "c": {"b": "x"}, "d": {"no:b": "x"}, "e": {"b": null}, "f": {"no:b": "x"}, "g": {}}}',
    '{"entity": {"a": {}, "c": {}, "a": {}, "e": {}}}',
    # Another meaning of the prefix in a bundle, before and after other records.
    '{"entity": {"ex:a": {"ex:b": "x"}, "ex:c": {"ex:b": "x"}, "ex:d": {}}, "bundle": {"ex:bundle": {"prefix": {"ex":'
    ' "urn:ex:"}, "entity": {"ex:a": {"ex:b": "x"}, "ex:c": {"ex:b": "x"}, "ex:d": {}}}}, "agent": {"ex:a": {"ex:b":'
    ' "x"}, "ex:c": {"ex:b": "x"}, "ex:d": {}}}',
    '{"entity": {"a": {"b": "\\uD800"}, "c": {"b": "\\ud83d\\ude00"}, "d": {}}}',
    '{"entity": {"a": {"b": "\\ud83d\\ude00"}, "c": {"b": "\\uD83D\\uDE00"}, "d": {"b": "\\uDC00"}, "e": {}}}',
]
MANY = [f'{text[:-1]}, "prefix": {DECLARED}}}' for text in MANY]


def _typed(content: str, datatype: str, layout: str) -> str:
    return layout.replace("CONTENT", content).replace("DATATYPE", json.dumps(datatype))


TYPED = st.builds(
    _typed,
    st.sampled_from(['"ex:v"', '"no:v"', '"v"', "5", "1.50", "true", '""']),
    st.sampled_from(DATATYPES),
    st.sampled_from(
        [
            '{"$": CONTENT, "type": DATATYPE}', '{"type": DATATYPE, "$": CONTENT}', '{"$": CONTENT}',
            '{"$": CONTENT, "lang": DATATYPE}', '{"$": CONTENT, "lang": "en"}', '{"$": CONTENT, "$": "y"}',
            '{"$": CONTENT, "type": DATATYPE, "lang": "en"}', '{"type": DATATYPE, "type": "xsd:int"}', "{}",
        ]
    ),
)  # fmt: skip
VALUES = st.one_of(st.sampled_from(PLAIN + NUMBERS), TYPED)
LISTS = st.lists(VALUES, max_size=3).map(lambda inside: f"[{', '.join(inside)}]")


def _object(members: list[tuple[str, str]]) -> str:
    return "{" + ", ".join(f'"{key}": {value}' for key, value in members) + "}"


RECORDS = st.lists(st.tuples(KEYS, st.one_of(VALUES, LISTS)), max_size=4).map(_object)
NAMES = st.sampled_from(["ex:e", "ex:f", "_:b", "_:c", "no:e", "e", "_:b2", "_:b3"])
# Records of one form, so that most groups have columns, among any others.
ALIKE = st.builds(
    lambda records, times, name: [(f"{name}{n}", record) for n in range(times) for record in records[:1]],
    st.lists(RECORDS, min_size=1, max_size=1),
    st.integers(2, 5),
    st.sampled_from(["ex:n", "_:n"]),
)
GROUPS = st.lists(
    st.one_of(
        ALIKE,
        st.lists(st.tuples(NAMES, st.one_of(RECORDS, st.lists(RECORDS, max_size=2).map(lambda r: f"[{', '.join(r)}]"))))
    ),
    max_size=3,
).map(lambda lists: [entry for entries in lists for entry in entries])  # fmt: skip
KINDS = st.sampled_from(["entity", "activity", "used", "wasInformedBy", "hadMember", "hadDictionaryMember"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Documents as others may write them, right or wrong."""
    groups = draw(st.lists(st.tuples(KINDS, GROUPS), max_size=3, unique_by=lambda one: one[0]))
    prefixes = draw(st.sampled_from([PREFIX, PREFIX, {"ex": EX, "exx": EX + "a", "default": EX}]))
    inside = [(kind, _object(entries)) for kind, entries in groups]
    if draw(st.booleans()):
        inside.append(("bundle", _object([("ex:bundle", _object(inside))])))
    return _object([("prefix", json.dumps(prefixes)), *inside])


@pytest.fixture(autouse=True)
def two_are_worth_a_plan(monkeypatch):
    monkeypatch.setattr(columns, "_FEW", 2)
    monkeypatch.setattr(columns, "CHUNK_STATEMENTS", 7)


def outcome(text, take):
    """Assertions and warnings, or what is refused where."""
    try:
        given = reading(text)
        return list(take(given)), given.warnings
    except BadInput as error:
        return error.message, error.where, error.next_step


def require_alike(text):
    one_by_one = outcome(text, lambda given: given.assertions)
    chunked = outcome(text, lambda given: (one for chunk in given.chunks for one in chunk.assertions()))
    assert chunked == one_by_one


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example('{"entity": {"a": {}, "b": {}}, "prefix": {"default": "http://x/"}}')
@example('{"entity": {"a": {"b": "1", "b": "2"}, "c": {"b": "1"}}, "prefix": {"default": "http://x/"}}')
@example('{"entity": {"a": {"b": "\\"1", "b": "2"}, "c": {"b": "1"}}, "prefix": {"default": "http://x/"}}')
@example(
    '{"prefix": {"default": "u:"}, "entity": {"a": {"b": {"$": "1", "$": "2", "type": "xsd:int"}}, "c": {"b": {}}}}'
)
@given(texts())
def test_any_text_reads_alike_in_columns(text):
    require_alike(text)


@pytest.mark.parametrize("key", ["ex:a", "prov:entity", "prov:time"])
@pytest.mark.parametrize("value", [*PLAIN, *NUMBERS, *ODD])
def test_any_value_reads_alike_when_many_records_have_it(key, value):
    records = ", ".join(f'"_:n{n}": {{"{key}": {value}, "ex:b": "{n}"}}' for n in range(4))
    require_alike(f'{{"used": {{{records}}}, "prefix": {json.dumps(PREFIX)}}}')


@pytest.mark.parametrize("text", MANY, ids=range(len(MANY)))
def test_many_records_of_one_form_read_alike(text):
    require_alike(text)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategies.documents(), strategies.NAMESPACES)
def test_any_document_that_is_written_reads_alike_in_columns(assertions, namespaces):
    text, _ = write(assertions, namespaces)
    require_alike(text)


@pytest.mark.parametrize("text", LAYOUTS, ids=range(len(LAYOUTS)))
@pytest.mark.parametrize("size", [1, 3, 16, 64, 1000])
def test_windows_and_runs_may_end_anywhere(text, size, monkeypatch):
    monkeypatch.setattr(json_scanner, "_WINDOW_BYTES", size)
    monkeypatch.setattr(json_scanner, "_RUN_ENTRIES", 3)
    require_alike(text)


def test_records_of_one_form_lie_in_columns_but_for_the_last_of_a_group():
    typed = {"ex:b": {"$": 7, "type": "xsd:long"}, "ex:c": {"type": "xsd:date", "$": "2026"}, "ex:d": True, "ex:f": 1.5}
    label = {"$": "label", "lang": "en"}
    entities = {f"ex:e{n}": {"ex:a": n, "prov:label": label, **typed} for n in range(6)}
    used = {f"_:u{n}": {"prov:activity": "ex:r", "prov:entity": f"ex:e{n}"} for n in range(6)}
    chunks = list(reading({"prefix": PREFIX, "entity": entities, "used": used}).chunks)
    assert [[each.places for each in chunk.alike] for chunk in chunks] == [[[0, 1, 2, 3, 4], [6, 7, 8, 9, 10]], []]
    assert [chunk.size for chunk in chunks] == [11, 1]


def test_a_key_that_is_repeated_in_a_record_among_many_is_found():
    records = ", ".join(f'"ex:e{n}": {{"ex:a": "x"}}' for n in range(20))
    text = f'{{"prefix": {json.dumps(PREFIX)}, "entity": {{{records}, "ex:twice": {{"ex:a": "x", "ex:a": "y"}}}}}}'
    with pytest.raises(BadInput, match=r'entity "ex:twice": a key is repeated in one record') as refused:
        list(reading(text).chunks)
    column = text.index('"ex:twice"') + 1
    assert refused.value.where == f"a.json:1:{column}"


@pytest.mark.parametrize("quotes", range(24))
def test_no_number_of_escaped_quotes_makes_up_for_a_key_that_is_repeated(quotes):
    alike = [f'"ex:e{n}": {{"ex:a": 1}}' for n in range(3)]
    odd = [f'"ex:odd{n}": {{"ex:a": ["\\""]}}' for n in range(quotes)]
    records = ", ".join([*alike, '"ex:twice": {"ex:a": 1, "ex:a": 2}', *odd, '"ex:last": {}'])
    with pytest.raises(BadInput, match=r'entity "ex:twice": a key is repeated in one record'):
        list(reading(f'{{"prefix": {json.dumps(PREFIX)}, "entity": {{{records}}}}}').chunks)


@pytest.mark.parametrize("half", ["\\ud800", "\\uD800", "\\uDc00"])
def test_a_lone_surrogate_among_many_records_is_refused_at_its_place(half):
    records = ", ".join(f'"ex:e{n}": {{"ex:a": "x"}}' for n in range(5))
    text = f'{{"prefix": {json.dumps(PREFIX)}, "entity": {{{records}, "ex:half": {{"ex:a": "{half}"}}, "ex:f": {{}}}}}}'
    with pytest.raises(BadInput, match="a lone surrogate") as refused:
        list(reading(text).chunks)
    column = text.index('"ex:half"') + 1
    assert refused.value.where == f"a.json:1:{column}"
