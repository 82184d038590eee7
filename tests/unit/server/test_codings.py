"""Content codings: what Accept-Encoding prefers, beside an oracle; bytes packed and unpacked in parts."""

from __future__ import annotations

import gzip
import io
import itertools
import os
import subprocess
import sys
import zlib

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.server.codings import Chosen, chosen, packer, unpacker
from provstore.server.problems import NotAcceptable, UnknownCoding

MIB = 1024 * 1024
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
TEXT = b"".join(b'{"entity": "https://example.org/%d"}\n' % number for number in range(5_000))
# (as it is written, in thousandths)
WEIGHTS = [("", 1000), (";q=1", 1000), (";q=1.000", 1000), (" ; Q=0.8", 800), (";q=0.75", 750), (";q=0.5", 500),
           (";q=0.500", 500), (";q=0.001", 1), (";q=0", 0), (";q=0.000", 0)]  # fmt: skip
NAMES = ("zstd", "gzip", "identity", "*", "br", "deflate", "zstdx")
LISTED = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(WEIGHTS)), unique_by=lambda pair: pair[0])


def preferred(listed):
    """RFC 9110, section 12.5.3, on names with thousandths: (coding or None, whether plain is refused), or "none"."""
    told = {name: thousandths for name, (_, thousandths) in listed}

    def accepts(coding):
        if coding in told:
            return told[coding] > 0
        if "*" in told:
            return told["*"] > 0
        return coding == "identity"

    def weight(coding):
        return told.get(coding, told.get("*", 0))

    best = None
    for coding in ("zstd", "gzip", "identity"):
        if accepts(coding) and (best is None or weight(coding) > weight(best)):
            best = coding
    return "none" if best is None else (None if best == "identity" else best, not accepts("identity"))


@given(LISTED, st.sampled_from([",", ", ", " ,\t", ",,"]), st.booleans(), st.booleans())
def test_accept_encoding_prefers_what_the_standard_says(listed, comma, in_capitals, as_x_gzip):
    header = comma.join(name + weight for name, (weight, _) in listed)
    header = header.replace("gzip", "x-gzip") if as_x_gzip else header
    header = header.upper() if in_capitals else header
    try:
        found = tuple(chosen(header))
    except NotAcceptable:
        found = "none"
    assert found == preferred(listed)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, Chosen(None, False)),
        ("", Chosen(None, False)),
        ("gzip, deflate, br, zstd", Chosen("zstd", False)),
        ("gzip, deflate, br", Chosen("gzip", False)),
        ("zstd;q=0.2, gzip;q=0.4", Chosen("gzip", False)),
        ("gzip;q=0, *", Chosen("zstd", False)),
        ("identity;q=0.5, gzip;q=0.4", Chosen(None, False)),
        ("identity;q=0, gzip;q=0.1", Chosen("gzip", True)),
        ("*;q=0, gzip", Chosen("gzip", True)),
        ("gzip;q=much, zstd;q=2, identity;q=-1", Chosen(None, False)),
    ],
)
def test_worked_examples_of_accept_encoding(header, expected):
    assert chosen(header) == expected


@pytest.mark.parametrize("header", ["identity;q=0", "*;q=0", "br, identity;q=0"])
def test_who_takes_nothing_that_there_is_is_told_what_there_is(header):
    with pytest.raises(NotAcceptable) as told:
        chosen(header)
    assert "zstd, gzip, identity" in told.value.next_step


def read_by_others(coding, packed):
    """Unpacked by software that provstore does not use for it."""
    if coding == "gzip":
        return gzip.decompress(packed)
    return pyarrow.CompressedInputStream(io.BytesIO(packed), "zstd").read()


@given(st.lists(st.one_of(st.binary(max_size=300), st.just(TEXT), st.just(bytes(300_000))), max_size=6))
def test_what_is_packed_in_parts_is_read_by_others_and_by_us(parts):
    for coding in ("zstd", "gzip"):
        ours = packer(coding)
        packed = b"".join(ours.pack(part, is_last=False) for part in parts) + ours.pack(b"", is_last=True)
        whole = b"".join(parts)
        assert read_by_others(coding, packed) == whole
        back = unpacker(coding)
        assert b"".join(back.unpack(packed)) == whole
        back.end()


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
def test_each_part_can_be_read_before_the_next_one_is_there(coding):
    ours, theirs = packer(coding), unpacker(coding)
    for line in TEXT.splitlines(keepends=True)[:20]:
        assert b"".join(theirs.unpack(ours.pack(line, is_last=False))) == line


def window_bytes(frame):
    """The window that a frame asks for (RFC 8878, sections 3.1.1.1.1 to 3.1.1.1.4)."""
    assert frame[:4] == ZSTD_MAGIC
    descriptor = frame[4]
    if descriptor & 0x20:  # a single segment: as much as its content
        size = (1, 2, 4, 8)[descriptor >> 6]
        return int.from_bytes(frame[5 : 5 + size], "little") + (256 if size == 2 else 0)
    base = 1 << (10 + (frame[5] >> 3))
    return base + base // 8 * (frame[5] & 7)


@pytest.mark.parametrize("size", [10, 1_000, 2 * MIB, 9 * MIB, 20 * MIB])
@pytest.mark.parametrize("is_last", [True, False])
def test_no_window_is_larger_than_browsers_take(size, is_last):
    assert window_bytes(packer("zstd").pack(os.urandom(size), is_last=is_last)) <= 8 * MIB


def frame_with_window(exponent, content=b"a"):
    """A frame by hand: magic, no flags, the window descriptor, one raw block that is the last (RFC 8878, 3.1.1)."""
    return ZSTD_MAGIC + bytes([0, exponent << 3]) + (1 | len(content) << 3).to_bytes(3, "little") + content


def test_a_window_of_8_mib_is_read_and_a_larger_one_is_not():
    assert b"".join(unpacker("zstd").unpack(frame_with_window(13))) == b"a"
    with pytest.raises(BadInput, match="too much memory"):
        list(unpacker("zstd").unpack(frame_with_window(14)))


def rle_frame(blocks):
    """A frame of blocks that each repeat one byte 128 KiB long in four bytes (RFC 8878, section 3.1.1.2.2)."""
    block = (2 | 128 * 1024 << 3).to_bytes(3, "little") + b"\n"
    last = (1 | 2 | 128 * 1024 << 3).to_bytes(3, "little") + b"\n"
    return ZSTD_MAGIC + bytes([0, 13 << 3]) + block * (blocks - 1) + last


@pytest.mark.parametrize(
    ("coding", "bomb"), [("zstd", rle_frame(8 * 1024)), ("gzip", gzip.compress(bytes(64 * MIB)))], ids=["zstd", "gzip"]
)
def test_few_packed_bytes_are_unpacked_a_little_at_a_time(coding, bomb):
    first = list(itertools.islice(unpacker(coding).unpack(bomb), 20))
    assert len(first) == 20
    assert max(map(len, first)) <= MIB


def test_several_frames_are_one_body_and_those_for_others_are_left_out():
    """RFC 8878, section 3.1.2: a skippable frame has no content."""
    skippable = b"\x5f\x2a\x4d\x18" + (3).to_bytes(4, "little") + b"abc"
    packed = frame_with_window(3, b"one ") + skippable + frame_with_window(0, b"") + frame_with_window(13, b"body")
    for size in (1, 7, len(packed)):
        ours = unpacker("zstd")
        parts = [packed[at : at + size] for at in range(0, len(packed), size)]
        assert b"".join(part for piece in parts for part in ours.unpack(piece)) == b"one body"
        ours.end()


@given(st.data())
def test_a_body_that_is_cut_is_not_taken_for_a_whole_one(data):
    for coding in ("zstd", "gzip"):
        packed = packer(coding).pack(TEXT[:2_000], is_last=True)
        ours = unpacker(coding)
        list(ours.unpack(packed[: data.draw(st.integers(1, len(packed) - 1))]))
        with pytest.raises(BadInput, match="ends in the middle"):
            ours.end()


@given(st.binary(min_size=8))
def test_what_is_not_packed_is_refused_and_nothing_else_happens(noise):
    for coding in ("zstd", "gzip"):
        ours = unpacker(coding)
        try:
            list(ours.unpack(noise))
            ours.end()
        except BadInput:
            continue
        assert read_by_others(coding, noise) is not None


@pytest.mark.parametrize("coding", ["br", "deflate", "compress", "gzip, zstd", "gzip, identity", "zstd x"])
def test_another_coding_is_refused_with_those_that_are_read(coding):
    with pytest.raises(UnknownCoding) as told:
        unpacker(coding)
    assert tuple(told.value.known) == ("zstd", "gzip")


@pytest.mark.parametrize("coding", ["", "identity", " Identity "])
def test_a_plain_body_stays_as_it_is(coding):
    ours = unpacker(coding)
    assert list(ours.unpack(b"plain")) == [b"plain"]
    ours.end()


def test_gzip_is_read_from_its_older_name_too():
    assert b"".join(unpacker("X-Gzip").unpack(gzip.compress(b"a"))) == b"a"


def test_raw_deflate_is_no_gzip():
    with pytest.raises(BadInput, match="no gzip"):
        list(unpacker("gzip").unpack(zlib.compress(TEXT)))


def test_without_the_package_of_the_extra_the_service_says_what_to_install():
    code = (
        "import sys; sys.modules['backports'] = None; sys.modules['compression'] = None\n"
        "from provstore.cli.main import run; sys.exit(run(['serve', '--port', '0']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert "pip install 'provstore[server]'" in done.stderr
