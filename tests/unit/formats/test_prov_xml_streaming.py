"""PROV-XML is read window by window, in memory that does not grow."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from provstore.errors import BadInput
from provstore.formats.prov_xml import PROV_XML, parser, reader
from tests.unit.formats.reading import EX, PROV
from tests.unit.formats.xml_reading import document, read, reading, write

INSIDE = """<?x y?><prov:entity prov:id="ex:é"> <prov:label xml:lang="fr">a&amp;😀
 b</prov:label><ex:v xsi:type="rdf:XMLLiteral">x<!-- c --><b a="1">y</b></ex:v></prov:entity>
<prov:bundleContent prov:id="ex:b" xmlns:y="urn:y:"><prov:used prov:id="_:u"><prov:activity prov:ref="y:a"/></prov:used>
<prov:wasDerivedFrom><prov:usage prov:ref="_:u"/></prov:wasDerivedFrom></prov:bundleContent>
<prov:hadMember><prov:entity prov:ref="ex:1"/><prov:entity prov:ref="ex:2"/></prov:hadMember>
<prov:bundle prov:id="ex:c"><prov:agent prov:id="ex:é"/></prov:bundle>"""


@pytest.fixture
def window(monkeypatch):
    def set_size(size):
        monkeypatch.setattr(parser, "WINDOW_BYTES", size)
        monkeypatch.setattr(reader, "WINDOW_BYTES", size)

    return set_size


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 16, 31, 100])
def test_where_the_windows_are_cut_makes_no_difference(size, window):
    whole = reading(document(INSIDE))
    expected = list(whole.assertions), whole.namespaces, whole.warnings
    assert len(expected[0]) == 6
    window(size)
    cut = reading(document(INSIDE))
    assert (list(cut.assertions), cut.namespaces, cut.warnings) == expected


@pytest.mark.parametrize("size", [1, 3, 50])
def test_where_the_windows_are_cut_does_not_move_a_mistake(size, window):
    for place in range(0, len(INSIDE), 29):
        broken = document(INSIDE[:place] + "\x01" + INSIDE[place:])
        with pytest.raises(BadInput) as whole:
            list(reading(broken).assertions)
        window(size)
        with pytest.raises(BadInput) as cut:
            list(reading(broken).assertions)
        window(1 << 17)
        assert cut.value.where == whole.value.where


def test_two_readings_of_one_stream_do_not_disturb_each_other(window):
    window(64)
    stream = io.BytesIO(b"before" + document(INSIDE))
    stream.seek(6)
    first = PROV_XML.read(stream, source="a")
    stream.seek(6)
    second = PROV_XML.read(stream, source="b")
    pairs = list(zip(first.assertions, second.assertions, strict=True))
    assert [a for a, _ in pairs] == [b for _, b in pairs] == read(INSIDE)


class Endless(io.RawIOBase):
    """A document of very many records, made while it is read."""

    def __init__(self, records, record):
        self._head = document("").replace(b"</prov:document>", b"")
        self._record = record
        self.size = len(self._head) + records * len(record) + len(b"</prov:document>")
        self._records = records
        self._at = 0

    def tell(self):
        return self._at

    def seek(self, at):
        self._at = at

    def read(self, size):
        begin, end = self._at, min(self._at + size, self.size)
        body = len(self._head) + self._records * len(self._record)
        out = bytearray()
        while begin < end:
            if begin < len(self._head):
                piece = self._head[begin:end]
            elif begin < body:
                offset = (begin - len(self._head)) % len(self._record)
                piece = (self._record * (size // len(self._record) + 2))[offset : offset + min(end, body) - begin]
            else:
                piece = b"</prov:document>"[begin - body : end - body]
            out += piece
            begin += len(piece)
        self._at = end
        return bytes(out)


@pytest.mark.parametrize(
    "record",
    [
        b'<prov:entity prov:id="ex:e"><prov:label>x</prov:label></prov:entity>\n',
        b'<prov:entity prov:id="n:e" xmlns:n="urn:n:"/>' + b" " * 60,
        b'<prov:bundleContent prov:id="ex:b"><prov:entity prov:id="ex:e"/></prov:bundleContent>',
        b'<prov:other>text</prov:other><!-- comment --><prov:entity prov:id="ex:e"/>',
    ],
)
def test_the_memory_does_not_grow_with_the_document(record):
    peaks = []
    for records in (6_000, 18_000):
        stream = Endless(records, record)
        tracemalloc.start()
        count = sum(1 for _ in PROV_XML.read(stream, source="a").assertions)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert count == records
    assert peaks[1] < peaks[0] * 1.1 + 100_000


def test_a_document_is_written_while_its_assertions_come():
    written = io.BytesIO()
    seen = []

    def assertions():
        for assertion in read('<prov:entity prov:id="ex:a"/><prov:entity prov:id="ex:b"/>'):
            seen.append(written.getvalue())
            yield assertion

    PROV_XML.write(assertions(), {None: {"ex": EX}}, written)
    assert b"ex:a" in seen[1]
    assert seen[0].startswith(b"<?xml")
    assert PROV.encode() in seen[0]


def test_a_file_is_read_again_as_it_was_written():
    data, _ = write(read(INSIDE), reading(document(INSIDE)).namespaces)
    assert list(reading(data).assertions) == read(INSIDE)
    assert write(read(INSIDE), reading(data).namespaces)[0] == data


@pytest.mark.parametrize("spelled", ["_:b", "&#95;:b", "_&#x3A;b"])
def test_a_blank_name_far_behind_is_found_however_it_is_spelled(spelled, window):
    window(16)
    relation, _ = reading(document(f'<prov:used prov:id="{spelled}"/><prov:entity prov:id="{spelled}"/>')).assertions
    assert relation.statement.identifier.startswith("urn:provstore:blank:")


def test_a_bundle_far_behind_is_found(window):
    window(16)
    inside = '<prov:entity prov:id="ex:e"/>' * 9 + '<prov:bundleContent prov:id="ex:b" xmlns:y="urn:y:"/>'
    assert reading(document(inside)).namespaces[EX + "b"] == {"y": "urn:y:"}
