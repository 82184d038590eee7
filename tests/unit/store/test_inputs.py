"""Inputs: a named format wins over what the file looks like, and reading begins at the beginning."""

from __future__ import annotations

import io

import pytest

from provstore.errors import BadInput, UsageError
from provstore.store.inputs import format_of, open_input, read_file

PROVN = b"document\n  prefix ex <http://example.org/>\n  entity(ex:e)\nendDocument\n"


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [("a.provn", None, "prov-n"), ("a", None, "prov-n"), ("a.ttl", None, "turtle"), ("a.ttl", "prov-n", "prov-n")],
)
def test_the_format_is_the_named_one_else_that_of_the_ending_else_that_of_the_content(path, name, expected):
    stream = io.BytesIO(PROVN)
    assert format_of(stream, path, name).name == expected
    assert stream.tell() == 0


def test_a_format_that_there_is_not_is_told():
    with pytest.raises(UsageError, match="prov-q"):
        format_of(io.BytesIO(PROVN), "a.provn", "prov-q")


def test_a_file_is_read_whole(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(PROVN)
    content = read_file(str(path))
    assert [one.statement.identifier for one in content.assertions] == ["http://example.org/e"]
    assert content.namespaces == {None: {"ex": "http://example.org/"}}


def test_what_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(BadInput) as refused, open_input(str(tmp_path / "none")):
        pass
    assert refused.value.where == str(tmp_path / "none")
