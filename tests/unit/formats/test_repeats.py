"""Repeated hashes are found, in a collection of any size."""

from __future__ import annotations

from itertools import chain

from provstore.formats.repeats import Repeats


def test_repeats_are_found_in_large_and_small_collections():
    for size in (10, 100_001):
        many = Repeats()
        for one in chain(range(size), [7, 9, 7]):
            many.note(one)
        assert many.found() == {7, 9}
        distinct = Repeats()
        distinct.note_all(range(size))
        assert distinct.found() == frozenset()
