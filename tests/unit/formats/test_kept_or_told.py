"""Names and values that a format cannot say as they are: kept, told as a loss, or refused where they are read."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from provstore.errors import BadInput
from provstore.formats.contract import Loss
from provstore.formats.registry import by_name
from provstore.model.document import Assertion, identical

EX = "http://example.org/"
INSERTION = (
    b"@prefix prov: <http://www.w3.org/ns/prov#> . @prefix ex: <http://e/> .\n"
    b"ex:d prov:qualifiedInsertion [ a prov:Insertion ; prov:dictionary ex:d1 ;\n"
    b"  prov:insertedKeyEntityPair [ a prov:KeyEntityPair ; prov:pairEntity ex:e ] ] ."
)


def read(name: str, content: bytes) -> list[Assertion]:
    return list(by_name(name).read(io.BytesIO(content), source="given").assertions)


def written(name: str, assertions: list[Assertion]) -> tuple[bytes, list[Loss]]:
    stream = io.BytesIO()
    losses = by_name(name).write(assertions, {None: {"ex": EX}}, stream)
    return stream.getvalue(), losses


def of_json(content: dict[str, Any]) -> list[Assertion]:
    return read("prov-json", json.dumps({"prefix": {"ex": EX}} | content).encode())


@pytest.mark.parametrize("name", ["turtle", "trig"])
@pytest.mark.parametrize(
    "line",
    [
        rb'<http://e/a> <http://www.w3.org/ns/prov#value> "\ud800" .',
        rb"<http://e/\ud800> a <http://www.w3.org/ns/prov#Entity> .",
        rb"@prefix unused: <http://e/\ud800> .",
    ],
)
def test_an_escape_that_is_no_character_is_refused_with_its_line(name: str, line: bytes) -> None:
    content = b"<http://e/a> a <http://www.w3.org/ns/prov#Entity> .\n" + line + b"\n"
    with pytest.raises(BadInput, match="lone surrogate") as refused:
        read(name, content)
    assert refused.value.where is not None
    assert refused.value.where.endswith(":2")


def test_the_name_of_a_bundle_that_prov_n_encodes_is_told() -> None:
    assertions = of_json({"bundle": {"ex:b<x>": {"entity": {"ex:a": {}}}}})
    _, losses = written("prov-n", assertions)
    assert [(loss.what.split(";")[0], loss.count) for loss in losses] == [("characters that no name and no IRI has", 1)]


def test_an_attribute_of_prov_that_begins_with_slashes_is_the_same_in_json_ld() -> None:
    assertions = of_json({"entity": {"ex:a": {"prov://b": 1}}})
    content, losses = written("json-ld", assertions)
    assert losses == []
    assert identical(read("json-ld", content), assertions)


def test_an_inserted_pair_without_a_key_is_told_and_what_is_written_reads() -> None:
    assertions = read("turtle", INSERTION)
    for name in ("prov-xml", "prov-json"):
        content, losses = written(name, assertions)
        assert [loss.what for loss in losses] == ["values that are no key-entity pairs"]
        assert len(read(name, content)) == len(assertions)
