from __future__ import annotations

import math

import pytest

from provstore.errors import BadInput
from provstore.importers.contract import Findings
from provstore.importers.mlflow.facts import digests, status, summary
from provstore.importers.mlflow.fields import Fields, pairs
from provstore.model.terms import PS


def values(attributes):
    return {attribute.name.removeprefix(PS): attribute.lexical for attribute in attributes}


def test_a_summary_leaves_not_a_number_out_of_least_and_greatest():
    assert values(summary([2.0, math.nan, -1.0])) == {"count": "3", "last": "-1.0", "min": "-1.0", "max": "2.0"}
    assert values(summary([math.inf, -math.inf])) == {"count": "2", "last": "-INF", "min": "-INF", "max": "INF"}
    assert values(summary([math.nan])) == {"count": "1", "last": "NaN"}


@pytest.mark.parametrize(
    ("native", "word"), [("FINISHED", "finished"), ("SCHEDULED", "unknown"), ("new one", "unknown")]
)
def test_a_status_is_given_in_our_word_and_in_mlflows(native, word):
    assert values(status(native)) == {"status": word, "source_status": native}


def test_a_digest_tag_has_the_length_of_its_algorithm():
    tags = {"sha256": "a" * 64, "SHA-512": "B" * 128, "md5": "a" * 31, "sha1": "g" * 40, "crc": "ab"}
    assert [a.lexical for a in digests(tags)] == ["sha256:" + "a" * 64, "sha512:" + "b" * 128]


def test_what_nobody_asked_for_is_counted_with_a_redacted_example():
    findings = Findings()
    fields = Fields("run", {"id": 1, "new": "x", "api_key": "k", "none": None, "empty": ""}, where="here")
    assert fields.integer("id") == 1
    fields.count_rest(findings)
    assert {u.what: u.example for u in findings.unmapped.values()} == {"run.new": "x", "run.api_key": "[redacted]"}


def test_a_field_that_must_be_there_is_named_when_it_is_not():
    with pytest.raises(BadInput, match="no run_id"):
        Fields("run", {"run_id": ""}, where="here").required("run_id", "run_uuid")
    with pytest.raises(BadInput, match="no integer"):
        Fields("run", {"start_time": "noon"}, where="here").integer("start_time")
    with pytest.raises(BadInput, match="names with values"):
        Fields("run", ["run_id"], where="here")


def test_pairs_need_a_list_of_keys():
    assert pairs([{"key": "a", "value": "b"}, {"key": "c"}], where="x") == {"a": "b", "c": ""}
    with pytest.raises(BadInput, match="list"):
        pairs({"a": "b"}, where="x")
