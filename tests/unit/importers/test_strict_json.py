"""JSON as RFC 8259 and RFC 7493 (I-JSON) have it, with the caps of rule 33."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.importers import strict_json
from provstore.importers.strict_json import canonical, loads

REFUSED = [
    ('{"a": 1,\n "b": }', "f:2:7", "no JSON"),
    ('{"a": {"b": 1, "b": 2}}', "f:1", "'b' is given twice"),
    ("[Infinity]", "f:1", "Infinity"),
    ("[-1e400]", "f:1", "out of range"),
    ("[" + "1" * 1001 + "]", "f:1", "1000 digits"),
    ("[" * 65 + "0" + "]" * 65, "f:1", "deeper than 64"),
    ('{"\\udc00": 1}', "f:1", "surrogate"),
    ("1 2", "f:1:3", "no JSON"),
]


@pytest.mark.parametrize(("text", "place", "message"), REFUSED)
def test_what_readers_could_understand_differently_is_refused(text, place, message):
    with pytest.raises(BadInput, match=message) as refused:
        loads(text, where="f")
    assert refused.value.where == place


def test_places_are_those_of_the_file(tmp_path):
    with pytest.raises(BadInput) as refused:
        loads(b"{\n\xc3(}", where="f", first_line=10)
    assert refused.value.where == "f:11:1"


def test_64_levels_and_1000_digits_are_read():
    assert loads("[" * 64 + "]" * 64, where="f")
    assert loads("9" * 1000, where="f") == 10**1000 - 1


def test_a_pair_of_surrogates_is_a_character():
    assert loads('"\\ud83d\\ude00"', where="f") == "😀"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_ordinary_json_reads_as_the_standard_library_reads_it(value):
    assert loads(json.dumps(value).encode(), where="f") == value


@given(VALUES)
def test_canonical_text_reads_back_and_does_not_depend_on_order(value):
    assert json.loads(canonical(value)) == value
    if isinstance(value, dict):
        assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_a_key_that_is_given_twice_is_found_without_comparing_each_with_each():
    """In an object of a million keys that would take hours."""
    compared = 0

    class Name(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other):
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    names = [*(Name(f"k{number}") for number in range(2_000)), Name("k1999")]
    with pytest.raises(ValueError, match="'k1999' is given twice"):
        strict_json._unique([(name, None) for name in names])
    assert compared < 10 * len(names)
