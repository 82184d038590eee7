"""Weights of a header's parts (RFC 9110, sections 5.6.1 and 12.4.2)."""

from __future__ import annotations

import pytest

from provstore.server.weights import weighted


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", []),
        (" , ,", []),
        ("gzip", [("gzip", 1.0)]),
        ("GZIP;Q=0.5 , *;q=0", [("gzip", 0.5), ("*", 0.0)]),
        ("text/turtle;level=1 ; q=0.25", [("text/turtle", 0.25)]),
        ("a;q=1., b;q=0., c;q=1.000", [("a", 1.0), ("b", 0.0), ("c", 1.0)]),
        ("a;q=1.1, b;q=-0, c;q=nan, d;q=, e;q=.5, f;q=1e-1", []),
    ],
)
def test_each_part_has_the_weight_that_is_told_or_1(header, expected):
    assert weighted(header) == expected
