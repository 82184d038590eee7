"""Rule 17: chunks keep exact bits, and points have one order."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.model.series import Point, decode, encode, last, points

INT64 = st.integers(-(2**63), 2**63 - 1)
# Every 64 bits are a value: quiet and signalling NaN, both zeros, infinities, subnormals.
FLOATS = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0])
POINTS = st.lists(st.tuples(INT64, INT64, FLOATS), max_size=8)


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


@given(POINTS)
def test_a_chunk_is_three_little_endian_columns_with_exact_bits(rows):
    steps, times, values = ([row[k] for row in rows] for k in range(3))
    chunk = encode(steps, times, values)
    n = len(rows)
    assert chunk == struct.pack(f"<{n}q{n}q{n}d", *steps, *times, *values)
    assert [(p.step, p.time_ms, bits(p.value)) for p in decode(chunk)] == [(s, t, bits(v)) for s, t, v in rows]


def test_a_chunk_that_is_cut_is_refused():
    with pytest.raises(BadInput, match="24-byte"):
        decode(b"x" * 25)


SMALL = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 1), st.sampled_from([0.0, -0.0, 1.5, float("nan")])), max_size=4
)
CHUNKS = st.lists(st.tuples(st.sampled_from(["t1", "t2"]), SMALL), max_size=4)


@given(CHUNKS, st.randoms())
def test_points_have_one_order_and_a_retry_counts_once(chunks, random):
    encoded = [(time, encode(*([row[k] for row in rows] for k in range(3)))) for time, rows in chunks]
    naive, seen = [], set()
    for time, chunk in sorted(set(encoded)):
        own = [(p.step, p.time_ms, bits(p.value)) for p in decode(chunk)]
        naive += [
            (step, ms, time, chunk, place, value)
            for place, (step, ms, value) in enumerate(own)
            if (step, ms, value) not in seen
        ]
        seen |= set(own)
    expected = [(step, ms, value) for step, ms, _, _, _, value in sorted(naive, key=lambda r: r[:5])]
    random.shuffle(encoded)
    assert [(p.step, p.time_ms, bits(p.value)) for p in points(encoded)] == expected


def test_within_a_chunk_equal_points_are_all_kept():
    chunk = encode([1, 1], [5, 5], [0.5, 0.5])
    assert points([("t", chunk), ("u", encode([1], [5], [0.5]))]) == [Point(1, 5, 0.5)] * 2


@given(CHUNKS)
def test_the_last_point_is_the_last_of_all_points(chunks):
    encoded = [(time, encode(*([row[k] for row in rows] for k in range(3)))) for time, rows in chunks]
    everything = [(p.step, p.time_ms, bits(p.value)) for p in points(encoded)]
    found = last(encoded)
    assert ((found.step, found.time_ms, bits(found.value)) if found else None) == (everything or [None])[-1]
