"""What fuzzing found, and what it begins with, stays mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.target import TARGETS, saved, seeds

FOUND = [pytest.param(target, path, id=f"{target}-{path.name}") for target in TARGETS for path in saved(target)]


@pytest.mark.parametrize(("target", "path"), FOUND)
def test_an_input_that_was_found_by_fuzzing_is_read_or_refused(target: str, path: Path) -> None:
    TARGETS[target](path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_every_seed_cut_anywhere_is_read_or_refused(target: str) -> None:
    for data in seeds(target):
        for end in range(0, len(data), max(1, len(data) // 8)):
            TARGETS[target](data[:end])
