"""What a broken download leaves of a JSON document: that it ends too early is said, at its end."""

from __future__ import annotations

import io

import pytest

from provstore.errors import BadInput
from provstore.formats import json_scanner, registry
from provstore.formats.contract import Format

PREFIX = '"prefix": {"ex": "http://e/"}'
SIMPLE = '"entity": {"ex:a": {"ex:n": 1}, "ex:b": {}}, "used": {"_:1": {"prov:activity": "ex:r"}}'
RICH = (
    '"entity": {"ex:a": {"ex:n": [12, 1.5e+3, -4, true, NaN, -Infinity, {"$": "\\u00e9\\n", "type": "xsd:string"}],'
    '\n "ex:é": "\\\\ü"}},\n"bundle": {"ex:c": {"prefix": {"f": "http://f/"}, "entity": {"f:x": {}}}}'
)
RECORDS = (
    '{"@context": ["https://openprovenance.org/prov-jsonld/context.jsonld", {"ex": "http://e/"}],\n "@graph": ['
    '{"@type": "Entity", "@id": "ex:é", "ex:n": [{"@value": "12", "@type": "xsd:int"}]}, '
    '{"@type": "Agent", "@id": "ex:b"}]}'
)
PROV_JSON, JSON_LD = map(registry.by_name, ("prov-json", "json-ld"))
DOCUMENTS = [
    *((PROV_JSON, f"{{{PREFIX}, {said}}}") for said in (SIMPLE, RICH)),
    *((PROV_JSON, f"{{{said}, {PREFIX}}}") for said in (SIMPLE, RICH)),
    (JSON_LD, RECORDS),
]


def read(kind: Format, data: bytes, columns: bool) -> None:
    reading = kind.read(io.BytesIO(data), source="f")
    for _ in reading.chunks if columns and reading.chunks else reading.assertions:
        pass


def end_of(data: bytes) -> str:
    before = data.decode(errors="ignore").split("\n")
    return f"f:{len(before)}:{len(before[-1]) + 1}"


@pytest.mark.parametrize("window", [1 << 20, 7])
@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize(("kind", "text"), DOCUMENTS)
def test_wherever_it_is_cut_its_end_is_named(kind, text, columns, window, monkeypatch):
    monkeypatch.setattr(json_scanner, "_WINDOW_BYTES", window)
    data = text.encode()
    read(kind, data, columns)
    for length in range(1, len(data)):
        with pytest.raises(BadInput, match="ends too early") as refused:
            read(kind, data[:length], columns)
        assert refused.value.where == end_of(data[:length]), data[:length]
        assert refused.value.next_step


def test_of_an_open_text_the_beginning_is_told_as_well():
    with pytest.raises(BadInput, match="begins at 2:12") as refused:
        read(PROV_JSON, b'{"entity":\n{"prov:e": "x}}', columns=False)
    assert refused.value.where == "f:2:16"


@pytest.mark.parametrize(
    ("text", "place"),
    [('{"entity": {"prov:e": tru}}', "f:1:23"), ('{"entity": {"prov:e": {}};', "f:1:26"), ("{;", "f:1:2")],
)
def test_what_is_wrong_before_the_end_is_not_blamed_on_it(text, place):
    with pytest.raises(BadInput, match=r"^(?!.*too early)") as refused:
        read(PROV_JSON, text.encode(), columns=False)
    assert refused.value.where == place
