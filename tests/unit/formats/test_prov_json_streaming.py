"""PROV-JSON is read window by window, in memory that does not grow, and never raises anything but BadInput."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.formats import json_scanner, names, repeats
from provstore.formats.prov_json import PROV_JSON, survey
from tests.unit.formats import strategies
from tests.unit.formats.reading import EX, PREFIX, read, reading, refusal_of, write

SMALL = {
    "bundle": {
        "ex:b": {
            "prefix": {"y": "http://y.org/"},
            "entity": {"y:e": {"ex:a": ['x\\"é', 1.5e3, {"$": "z", "lang": "en"}]}},
        }
    },
    "entity": {"ex:e": [{"ex:a": -1}, {"ex:a": True, "ex:b": "\\u00e9 😀"}], "_:n": {}},
    "used": {"_:u": {"prov:activity": "ex:a", "prov:time": "2026-01-01T00:00:00Z"}, "_:v": {"prov:entity": "_:n"}},
    "prefix": PREFIX,
}
LAYOUTS = [
    json.dumps(SMALL),
    json.dumps(SMALL, indent=3, ensure_ascii=False),
    json.dumps(SMALL, separators=(",", ":")),
    json.dumps(SMALL, separators=(" \r\n , ", "\t :\n ")),
    json.dumps({"prefix": PREFIX, "used": {"_:u": {}}}),
    json.dumps(
        {"prefix": PREFIX, "used": {"_:a long name": {}}, "wasDerivedFrom": {"_:d": {"prov:usage": "_:a long name"}}}
    ),
    json.dumps({"entity": {"_:twice": {}}, "used": {"_:twice": {}}, "prefix": PREFIX}),
]


@pytest.fixture
def window(monkeypatch):
    def set_size(size):
        monkeypatch.setattr(json_scanner, "_WINDOW_BYTES", size)
        monkeypatch.setattr(survey, "_BLOCK_BYTES", size)

    return set_size


@pytest.mark.parametrize("text", LAYOUTS, ids=range(len(LAYOUTS)))
@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 16, 31, 64, 100, 1000])
def test_where_the_windows_are_cut_makes_no_difference(text, size, window):
    whole = reading(text)
    expected = list(whole.assertions), whole.namespaces
    window(size)
    cut = reading(text)
    assert (list(cut.assertions), cut.namespaces) == expected


@pytest.mark.parametrize("size", [1, 3, 8, 50])
def test_where_the_windows_are_cut_does_not_move_a_mistake(size, window):
    for place in range(0, len(LAYOUTS[1]), 7):
        broken = LAYOUTS[1][:place] + "\x01" + LAYOUTS[1][place:]
        with pytest.raises(BadInput) as whole:
            read(broken)
        window(size)
        with pytest.raises(BadInput) as cut:
            read(broken)
        window(1 << 20)
        assert cut.value.where == whole.value.where


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategies.documents(), strategies.NAMESPACES, st.integers(1, 200))
def test_small_windows_read_any_document(window, assertions, namespaces, size):
    text, _ = write(assertions, namespaces)
    window(1 << 20)
    expected = read(text)
    window(size)
    assert read(text) == expected


@given(
    st.sampled_from(LAYOUTS),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=3), st.booleans()), min_size=1, max_size=4),
)
@settings(max_examples=500)
@example(LAYOUTS[0], [(0, b"\x00", True)])
def test_random_bytes_give_bad_input_or_a_document(text, mutations):
    data = bytearray(text.encode())
    for place, inserted, replaces in mutations:
        at = place % (len(data) + 1)
        data[at : at + (len(inserted) if replaces else 0)] = inserted
    error = refusal_of(PROV_JSON, bytes(data))
    assert error is None or error.where.startswith("a.json")


JSON_VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(["ex:a", "_:x", "xsd:int", "", "x"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["$", "type", "lang", "key", "ex:a", "prov:entity", "prov:time", "prefix"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(["prefix", "bundle", "entity", "used", "hadMember", "hadDictionaryMember"]),
        st.one_of(JSON_VALUES, st.dictionaries(st.sampled_from(["ex:a", "_:x", "prov:a"]), JSON_VALUES, max_size=3)),
        max_size=4,
    )
)
@settings(max_examples=500)
def test_any_json_gives_bad_input_or_a_document(document):
    error = refusal_of(PROV_JSON, json.dumps(document).encode())
    assert error is None or error.where.startswith("a.json")


def test_several_readings_of_one_stream_do_not_disturb_each_other():
    stream = io.BytesIO(LAYOUTS[0].encode())
    first = PROV_JSON.read(stream, source="a")
    head = next(first.assertions)
    stream.seek(0)
    second = list(PROV_JSON.read(stream, source="b").assertions)
    assert [head, *first.assertions] == second


def test_a_document_is_read_from_where_its_stream_stands():
    stream = io.BytesIO(b"header\n" + LAYOUTS[0].encode())
    stream.seek(7)
    assert list(PROV_JSON.read(stream, source="a").assertions) == read(LAYOUTS[0])


def large_file(path: Path, records: int) -> None:
    with path.open("w") as out:
        out.write('{"entity": {')
        out.write(",".join(f'"ex:e{n}": {{"ex:n": {n}}}' for n in range(records)))
        out.write('}, "used": {')
        out.write(",".join(f'"_:u{n}": {{"prov:activity": "ex:a", "prov:entity": "ex:e{n}"}}' for n in range(records)))
        out.write(f'}}, "prefix": {json.dumps(PREFIX)}}}')


def peak_of_reading(path: Path) -> int:
    tracemalloc.start()
    with path.open("rb") as stream:
        for _ in PROV_JSON.read(stream, source="a").assertions:
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_document(tmp_path, window, monkeypatch):
    window(1 << 15)
    monkeypatch.setattr(names, "_MAX_CACHED", 500)
    monkeypatch.setattr(repeats, "_SMALL", 500)
    monkeypatch.setattr(json_scanner, "_RUN_ENTRIES", 100)
    small, large = tmp_path / "small.json", tmp_path / "large.json"
    large_file(small, 2_000)
    large_file(large, 12_000)
    # What is kept of a record is the 8-byte hash of its name.
    assert peak_of_reading(large) < peak_of_reading(small) + 30 * 12_000


def test_bad_text_far_from_the_end_is_refused_without_reading_on():
    class Counting(io.BytesIO):
        read_bytes = 0

        def read(self, size=-1):
            data = super().read(size)
            self.read_bytes += len(data)
            return data

    rest = b'"ex:f": {}, ' * 1_000_000
    stream = Counting(f'{{"prefix": {{"ex": "{EX}"}}, "bundle": {{}}, "entity": {{"ex:e": nonsense, '.encode() + rest)
    with pytest.raises(BadInput):
        PROV_JSON.read(stream, source="a")
    assert stream.read_bytes < 4_000_000
