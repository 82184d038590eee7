"""Shares in words: never nothing for something, never all for less than all."""

from __future__ import annotations

import pytest

from provstore.reports.shares import percent


@pytest.mark.parametrize(
    ("gamma", "text"),
    [(1.0, "100 %"), (0.5, "50 %"), (2 / 3, "67 %"), (0.01, "1 %"), (0.001, "<1 %"), (0.999, ">99 %")],
)
def test_a_share_is_told_in_whole_per_cent(gamma, text):
    assert percent(gamma) == text
