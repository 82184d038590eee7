"""The oracle is right on all 187 cases of the corpus that are about PROV-CONSTRAINTS."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provstore.formats.registry import find_out
from tests.oracle_validation.oracle import verdict

FOLDER = Path(__file__).resolve().parents[1] / "data" / "prov-constraints"
CASES = {
    name: case
    for name, case in json.loads((FOLDER / "expect.json").read_text(encoding="utf-8"))["cases"].items()
    if case["scope"] == "prov-constraints"
}


def assertions(case):
    # PROV-N comes first where there are two: some of the XML puts prov:time before the references.
    path = FOLDER / case["files"][0]
    with path.open("rb") as stream:
        return list(find_out(str(path), path.read_bytes()[:2000]).read(stream, source=path.name).assertions)


def test_there_are_187_cases():
    assert len(CASES) == 187


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_that_of_the_corpus_with_its_constraints(name):
    case = CASES[name]
    found = verdict(assertions(case))
    assert (found == set()) == (case["expect"] == "valid")
    if case["expect"] == "invalid":
        # A case that lists several means a chain: one merges, and thereby another fails.
        listed = {int(number[1:]) for number in case["constraints"]}
        assert found & listed
        assert len(listed) > 1 or found >= listed
