"""PROV-N is read window by window, in memory that does not grow, and never raises anything but BadInput."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.formats.prov_n import PROV_N, lexer, names
from tests.unit.formats import strategies
from tests.unit.formats.reading import EX, refusal_of
from tests.unit.formats.reading_prov_n import read, reading, write

LAYOUTS = [
    f"""\ufeffdocument // one
  default <http://d/>
  prefix w.w <http://w/>
  prefix ex <{EX}>
  /* two ** // */
  entity(ex:e1\\,x, [ex:a="x\\"y)", ex:b='ex:q', ex:c=-12, ex:d="1.5" %% xsd:double, ex:e="é😀"@en-GB])
  activity(4567, 2026-01-01T00:00:00.123+01:00, -)
  used(ex:u; a//b, ex:e, -, [ex:l=\"\"\"long "" \n)(\"\"\"])
  used(a, e)
  ex:r(ex:i; {{ex:a, ("k", 2)}}, [ex:a=1])
  prov:derivedByInsertionFrom(ex:d2, ex:d1, {{("k", ex:e)}})
  specializationOf(ex:a, ex:b, [])
  w.w:r.r(ex:a.b)
  bundle y:b.c\\=d%20
    prefix y <http://y/>
    entity(y:e)//three
  endBundle
  entity(ex:last)
endDocument
// end""",
    f"document prefix ex <{EX}> entity(ex:a)entity(ex:b,[ex:x='ex:y'])endDocument",
    f"document\r\nprefix ex <{EX}>\r\nentity(ex:e)\r\nendDocument\r\n",
    "document endDocument",
]


@pytest.fixture
def window(monkeypatch):
    def set_size(size):
        monkeypatch.setattr(lexer, "_WINDOW_BYTES", size)

    return set_size


@pytest.mark.parametrize("text", LAYOUTS, ids=range(len(LAYOUTS)))
@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 16, 31, 64, 100, 1000])
def test_where_the_windows_are_cut_makes_no_difference(text, size, window):
    whole = reading(text)
    expected = list(whole.assertions), whole.namespaces, whole.warnings
    window(size)
    cut = reading(text)
    assert (list(cut.assertions), cut.namespaces, cut.warnings) == expected


@pytest.mark.parametrize("size", [1, 3, 8, 50])
def test_where_the_windows_are_cut_does_not_move_a_mistake(size, window):
    for place in range(10, len(LAYOUTS[0]) - 30, 5):
        broken = LAYOUTS[0][:place] + "\x01" + LAYOUTS[0][place:]
        whole = refusal_of(PROV_N, broken.encode())
        window(size)
        cut = refusal_of(PROV_N, broken.encode())
        window(1 << 20)
        assert (whole and (whole.where, whole.message)) == (cut and (cut.where, cut.message))


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(strategies.documents(), strategies.NAMESPACES, st.integers(1, 200))
def test_small_windows_read_any_document(window, assertions, namespaces, size):
    text, _ = write(assertions, namespaces)
    window(1 << 20)
    expected = read(text)
    window(size)
    assert read(text) == expected


SIGNS = st.sampled_from(
    [b"(", b")", b"[", b"]", b"{", b",", b";", b"=", b'"', b'"""', b"'", b"-", b"%%", b"/*", b"//", b"\\", b"@en", b"<",
     b"ex:a", b"bundle", b"endBundle", b"endDocument", b"prefix", b"5", b"2026-01-01T00:00:00", b"\xff"]
)  # fmt: skip


@given(
    st.sampled_from(LAYOUTS),
    st.lists(
        st.tuples(st.integers(0, 2000), st.one_of(SIGNS, st.binary(max_size=3)), st.booleans()), min_size=1, max_size=4
    ),
)
@settings(max_examples=500, deadline=None)
@example(LAYOUTS[0], [(0, b"\x00", True)])
def test_random_bytes_give_bad_input_or_a_document(text, changes):
    data = bytearray(text.encode())
    for place, inserted, replaces in changes:
        at = place % (len(data) + 1)
        data[at : at + (len(inserted) if replaces else 0)] = inserted
    error = refusal_of(PROV_N, bytes(data))
    assert error is None or error.where.startswith("a.json:")


@given(st.lists(SIGNS, max_size=12))
@settings(max_examples=300, deadline=None)
def test_any_tokens_give_bad_input_or_a_document(signs):
    error = refusal_of(PROV_N, f"document prefix ex <{EX}> entity(".encode() + b" ".join(signs))
    assert error is None or error.where.startswith("a.json:")


def test_several_readings_of_one_stream_do_not_disturb_each_other():
    stream = io.BytesIO(LAYOUTS[0].encode())
    first = PROV_N.read(stream, source="a")
    head = next(first.assertions)
    stream.seek(0)
    second = list(PROV_N.read(stream, source="b").assertions)
    assert [head, *first.assertions] == second


def test_a_document_is_read_from_where_its_stream_stands():
    stream = io.BytesIO(b"header\n" + LAYOUTS[0].encode())
    stream.seek(7)
    assert list(PROV_N.read(stream, source="a").assertions) == read(LAYOUTS[0])


def large_file(path: Path, records: int) -> None:
    with path.open("w") as out:
        out.write(f"document\nprefix ex <{EX}>\n")
        out.writelines(f"entity(ex:e{n}, [ex:n={n}])\n" for n in range(records))
        out.write("bundle ex:b\n")
        out.writelines(f"used(ex:a, ex:e{n}, -)\n" for n in range(records))
        out.write("endBundle\nendDocument\n")


def peak_of_reading(path: Path) -> int:
    tracemalloc.start()
    with path.open("rb") as stream:
        for _ in PROV_N.read(stream, source="a").assertions:
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_document(tmp_path, window, monkeypatch):
    window(1 << 12)
    monkeypatch.setattr(names, "_MAX_CACHED", 500)
    small, large = tmp_path / "small.provn", tmp_path / "large.provn"
    large_file(small, 1_000)
    large_file(large, 8_000)
    assert peak_of_reading(large) < peak_of_reading(small) + 20_000


def test_a_mistake_is_raised_when_the_assertions_come_to_it():
    found = reading(f"document prefix ex <{EX}> entity(ex:a) entity(ex:b")
    assert next(found.assertions).statement.identifier == EX + "a"
    with pytest.raises(BadInput):
        next(found.assertions)
