"""Files and functions stay small enough to be read (CONTRIBUTING.md)."""

from __future__ import annotations

from statistics import median, quantiles

import pytest

from tests.architecture.figures import PACKAGE, functions, length, modules


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_has_at_most_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_functions_are_short_in_the_middle_and_at_the_90th_percentile():
    lengths = [length(function) for path in modules() for function in functions(path)]
    assert median(lengths) <= 12
    assert quantiles(lengths, n=10)[-1] <= 35


def test_no_function_is_longer_than_60_lines():
    long = [
        f"{path.relative_to(PACKAGE)}:{function.name} {length(function)}"
        for path in modules()
        for function in functions(path)
        if length(function) > 60
    ]
    assert long == []
