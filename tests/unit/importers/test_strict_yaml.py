"""YAML of other programs: what is deep, huge, doubled or no plain value is refused with its place."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from provstore.errors import BadInput
from provstore.importers import strict_yaml

MILLION = 1_000_000


def refused(text: str | bytes) -> BadInput:
    with pytest.raises(BadInput) as told:
        strict_yaml.loads(text.encode() if isinstance(text, str) else text, where="x/meta.yaml")
    return told.value


def test_plain_values_are_read():
    text = "a: 1\nb: [x, 'y', 2.5, .inf, null, true]\nc: {d: 2001-01-01}\nbase: &b {p: 1, q: 2}\nown: {<<: *b, p: 3}\n"
    found = strict_yaml.loads(text.encode(), where="x")
    assert found["b"] == ["x", "y", 2.5, float("inf"), None, True]
    assert found["own"] == {"p": 3, "q": 2}
    assert strict_yaml.loads(b"", where="x") is None


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 25_000 + "]" * 25_000,
        "a:\n  " + "[" * MILLION,
        "a: " + "{b: " * MILLION,
        "- " * MILLION,
        "? " * MILLION,
        "a: " + "[\n" * MILLION,
        "a: &x " + "[" * 64 + "]" * 64,
    ],
    ids=["closed", "[", "{", "-", "?", "lines", "65"],
)
def test_what_is_nested_too_deep_is_refused_and_never_crashes(text, tmp_path):
    """In a process of its own: a crash of the parser would end this one."""
    file = tmp_path / "deep.yaml"
    file.write_text(text)
    code = (
        "import sys; from provstore.errors import BadInput; from provstore.importers import strict_yaml\n"
        "try: strict_yaml.loads(open(sys.argv[1], 'rb').read(), where='deep.yaml')\n"
        "except BadInput as error: print(error)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr[-500:]
    place, _, message = ended.stdout.strip().partition(": ")
    assert message == "nested deeper than 64 levels"
    assert re.fullmatch(r"deep\.yaml:[1-9]\d*", place)


def test_the_line_of_what_is_too_deep_is_named():
    assert refused("a: 1\nb: 2\nc: " + "[" * 100).where == "x/meta.yaml:3"


def test_sixty_four_levels_are_read():
    assert strict_yaml.loads(("[" * 64 + "]" * 64).encode(), where="x")


def test_aliases_do_not_make_deep_what_is_not_written_deep():
    levels = [f"a{number}: &a{number} [[[*a{number - 1}]]]" for number in range(1, 40)]
    error = refused("\n".join(["a0: &a0 [x]", *levels]))
    assert "nested deeper than 64 levels" in error.message
    assert error.where.startswith("x/meta.yaml:")


@pytest.mark.parametrize(
    "value",
    ["!!timestamp x", "!!bool x", '!!int ""', '!!float ""', ":".join(["1"] * 400) + ".0", "!!int x", "2001-99-99"],
)
def test_a_value_that_is_not_what_its_tag_says_is_refused_with_its_line(value):
    assert refused(f"name: x\nextra: {value}\n").where == "x/meta.yaml:2:8"


@pytest.mark.parametrize("value", ["!!timestamp [1]", "!!python/object:os.system {}", "!!binary é", "!!omap x"])
def test_a_tag_of_another_kind_is_refused(value):
    assert refused(f"extra: {value}\n").where.startswith("x/meta.yaml:1")


@pytest.mark.parametrize(
    "value",
    [
        "0x" + "f" * 5_000,
        "0x" + "f" * 998,
        "1" * 1_001,
        "-" + "1" * 5_000,
        "1:" * MILLION + "1",
        "0b" + "1" * 2_000_000,
    ],
    ids=["hexadecimal", "short hexadecimal", "decimal", "negative", "base 60", "binary"],
)
def test_an_integer_of_more_than_a_thousand_digits_is_refused(value):
    error = refused(f"a: 1\nend_time: {value}\n")
    assert error.message == "no YAML: a number of more than 1000 digits"
    assert error.where == "x/meta.yaml:2:11"


def test_an_integer_of_a_thousand_digits_is_read():
    assert strict_yaml.loads(b"9" * 1_000, where="x") == 10**1_000 - 1


@pytest.mark.parametrize("again", ["run_id: other", "'run_id': other", "? run_id\n: other"])
def test_a_key_that_is_given_twice_is_refused(again):
    error = refused(f"run_id: one\nname: x\n{again}\n")
    assert "'run_id' is given twice" in error.message
    assert error.where.startswith("x/meta.yaml:3")


@pytest.mark.parametrize("text", ["1: a\n0x1: b", "a: {b: {c: 1, c: 2}}", "- {x: 1, x: 1}", "true: 1\nyes: 2"])
def test_equal_keys_are_the_same_key_wherever_they_are(text):
    assert "is given twice" in refused(text).message


def test_what_a_merged_mapping_says_may_be_said_otherwise():
    text = b"a: &a {x: 1}\nb: &b {<<: *a, x: 2}\nc: {<<: *b, x: 3}\nd: {<<: [*a, *b]}"
    assert strict_yaml.loads(text, where="x")["c"] == {"x": 3}


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: [", b"\xff", "a: b: c", "--- a\n--- b"])
def test_what_is_no_yaml_is_refused_with_the_file(text):
    assert refused(text).where.startswith("x/meta.yaml")


def test_aliases_that_grow_are_refused():
    levels = [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]" for number in range(1, 12)]
    assert "aliases make a value" in refused("\n".join(["a0: &a0 xxxxxxxxxx", *levels])).message
