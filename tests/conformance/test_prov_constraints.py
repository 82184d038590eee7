"""All labelled PROV-CONSTRAINTS cases get the verdict of the index, by a constraint that it names.

The labels were made by the authors of the cases, by the checker of an editor of the Recommendation, and by a second
checker.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provstore.formats import registry
from provstore.model.document import Assertion
from provstore.validation import validate

DATA = Path(__file__).parents[1] / "data" / "prov-constraints"
CASES = json.loads((DATA / "expect.json").read_text(encoding="utf-8"))["cases"]
IN_SCOPE = {name: case for name, case in CASES.items() if case["scope"] == "prov-constraints"}
GRAMMAR = {name: case for name, case in CASES.items() if case["scope"] == "prov-n-grammar"}
FILES = [pytest.param(name, file, id=file) for name, case in IN_SCOPE.items() for file in case["files"]]


def read(file: str) -> list[Assertion]:
    path = DATA / file
    with path.open("rb") as stream:
        found = registry.find_out(path.name, path.read_bytes()[:2000])
        return list(found.read(stream, source=file).assertions)


def test_there_are_187_cases_in_353_files():
    assert len(IN_SCOPE) == 187
    assert len(FILES) == 353


@pytest.mark.parametrize(("name", "file"), FILES)
def test_a_case_is_valid_or_not_as_the_index_says(name, file):
    case = IN_SCOPE[name]
    verdict = validate(read(file))
    assert ("valid" if verdict.valid else "invalid") == case["expect"]
    if case["expect"] == "invalid":
        assert {f"c{finding.constraint}" for finding in verdict.findings} & set(case["constraints"])


@pytest.mark.parametrize(
    ("name", "file"),
    [
        pytest.param(name, file, id=file)
        for name, case in GRAMMAR.items()
        if case["expect"] == "invalid"
        for file in case["files"]
    ],
)
def test_a_placeholder_where_an_identifier_is_required_is_a_finding_of_definition_4(name, file):
    assert 4 in {finding.constraint for finding in validate(read(file)).findings}


@pytest.mark.parametrize(("name", "file"), [one for one in FILES if IN_SCOPE[one.values[0]]["expect"] == "invalid"])
def test_the_statements_of_a_finding_are_invalid_by_themselves_and_valid_without_its_removal(name, file):
    assertions = read(file)
    for finding in validate(assertions).findings:
        alone = [Assertion(finding.bundle, stated) for stated in finding.statements]
        assert finding.constraint in {other.constraint for other in validate(alone).findings}
        left = [one for one in assertions if one.bundle == finding.bundle and one.statement not in finding.removal]
        again = {(other.constraint, other.subject) for other in validate(left).findings}
        assert finding.removal
        assert (finding.constraint, finding.subject) not in again
