from __future__ import annotations

import asyncio
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from provstore.server.bodies import lines
from provstore.server.problems import TooLarge

MORE = 1_000_000


def told(parts: list[bytes], max_line_bytes: int = MORE) -> list[tuple[int, bytes]]:
    """The lines of a body that comes in these parts."""
    messages = iter([{"type": "http.request", "body": part, "more_body": True} for part in parts])

    async def receive():
        return next(messages, {"type": "http.request", "body": b"", "more_body": False})

    async def collected():
        return [line async for line in lines(Request({"type": "http", "headers": []}, receive), MORE, max_line_bytes)]

    return asyncio.run(collected())


@given(st.lists(st.text("a{ \t\r\n\n", max_size=12).map(str.encode), max_size=6))
def test_lines_are_those_of_the_whole_body_however_it_is_cut(parts):
    whole = b"".join(parts).split(b"\n")
    assert told(parts) == [(number, line) for number, line in enumerate(whole, 1) if line.strip()]


@pytest.mark.parametrize("blank", [b"\n", b" \n", b"\r\n"])
def test_blank_lines_cost_no_step_each(blank):
    """Packed, a million of them are a few bytes."""
    steps = 0

    def count(*_):
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        found = told([blank * 10_000, b"{}\n", blank * 10_000])
    finally:
        sys.settrace(before)
    assert found == [(10_001, b"{}")]
    assert steps < 5_000


def test_a_line_may_be_as_long_as_told_and_not_longer_also_in_many_parts():
    assert told([b"x"] * 10, 10) == [(1, b"x" * 10)]
    with pytest.raises(TooLarge):
        told([b"x"] * 11, 10)
