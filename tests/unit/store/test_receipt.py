from __future__ import annotations

import pytest

from provstore.importers.contract import Findings
from provstore.store.receipt import IntakeReceipt


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, []),
        (1, ["1 value looked like a secret and was redacted"]),
        (2, ["2 values looked like secrets and were redacted"]),
    ],
)
def test_values_that_were_redacted_are_counted_in_words(count, said):
    receipt = IntakeReceipt(path="x")
    receipt.tell_redacted(count)
    assert receipt.as_json()["warnings"] == said


def test_a_receipt_tells_everything_that_an_importer_found():
    findings = Findings(warnings=["odd"], refused=["bad"], redacted=1, layout="prov2neo")
    findings.skip("facet", "example")
    receipt = IntakeReceipt(path="x", kind="neo4j", warnings=["before"])
    receipt.tell(findings)
    told = receipt.as_json()
    assert receipt.warnings == ["before", "odd", "1 value looked like a secret and was redacted"]
    assert (told["documents"]["refused"], told["layout"]) == (1, "prov2neo")
    assert [(one.what, one.count) for one in receipt.unmapped] == [("facet", 1)]
