"""Proofs on the command line: made by the store, checked without it, against a head that the reader trusts."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def proved(stored, tmp_path):
    """A proof file of one statement, and the head that it leads to."""
    sid = stored("show", "ex:model", "--json").json["statements"][0]["sid"]
    assert stored("prove", sid, "-o", "proof.json").code == 0
    head = stored("verify", "--json").json
    return tmp_path / "proof.json", head["root"], head["tree_size"]


def test_a_proof_holds_against_the_trusted_head_without_the_store(stored, proved, tmp_path):
    path, root, size = proved
    (tmp_path / "provstore.db").unlink()
    done = stored("verify", "--proof", path, "--root", root, "--size", size, "--json")
    assert (done.code, done.json["ok"]) == (0, True)


@pytest.mark.parametrize("change", ["statement", "path", "index", "sid"])
def test_a_changed_proof_does_not_hold(stored, proved, change):
    path, root, size = proved
    content = json.loads(path.read_text())
    (proof,) = content["proofs"]
    if change == "statement":
        proof["opening"]["text"] = proof["opening"]["text"].replace("model", "modem")
    elif change == "path":
        proof["path"][0] = "00" * 32
    elif change == "index":
        proof["index"] += 1
    else:
        content["sid"] = "0" * 64
    path.write_text(json.dumps(content))
    assert stored("verify", "--proof", path, "--root", root, "--size", size).code == 1


def test_a_proof_does_not_hold_for_a_tree_of_another_size(stored, proved):
    path, root, size = proved
    for other in (0, 1, size - 1, size + 1, 10**30):
        assert stored("verify", "--proof", path, "--root", root, "--size", other).code == 1


def test_a_proof_without_a_trusted_head_is_a_usage_error(stored, proved):
    assert stored("verify", "--proof", proved[0]).code == 2


def test_a_root_that_is_no_digest_is_a_usage_error(stored, proved):
    assert stored("verify", "--root", "zz", "--size", 1).code == 2
    assert stored("verify", "--proof", proved[0], "--root", "zz", "--size", 1).code == 2


def test_a_file_that_is_no_proof_is_refused(stored, story):
    assert stored("verify", "--proof", story, "--root", "00" * 32, "--size", 1).code == 4


@pytest.mark.parametrize(
    "change",
    [{"proofs": []}, {"opening": {"salt": "00", "text": "[" * 100_000}}, {"opening": {"salt": "00"}}, {"opening": 5}],
)
def test_a_proof_with_something_missing_is_refused(stored, proved, change):
    path, root, size = proved
    content = json.loads(path.read_text())
    if "proofs" in change:
        content = change
    else:
        content["proofs"][0] |= change
    path.write_text(json.dumps(content))
    assert stored("verify", "--proof", path, "--root", root, "--size", size).code == 4


def test_an_earlier_head_is_a_beginning_of_the_tree_and_another_root_is_not(stored, proved, tmp_path):
    _, root, size = proved
    later = tmp_path / "later.json"
    later.write_text('{"prefix": {"ex": "http://example.org/"}, "entity": {"ex:later": {}}}')
    assert stored("ingest", later).code == 0
    assert stored("verify", "--root", root, "--size", size, "--json").json["appended_only"] is True
    done = stored("verify", "--root", "11" * 32, "--size", size, "--json")
    assert (done.code, done.json["appended_only"]) == (1, False)


def test_an_erased_document_is_gone_and_the_tree_still_holds(stored, proved):
    _, root, size = proved
    iri = next(v for v in stored("documents", "--json").json["rows"][0] if str(v).startswith("urn:provstore:document:"))
    assert stored("erase", iri, "--reason", "personal data").code == 0
    assert stored("show", "ex:model").code == 3
    assert stored("show", "ex:model", "--as-of", 1).code == 3
    done = stored("export", "prov-json", iri, "--json")
    assert (done.code, done.out, "erased" in done.error["message"]) == (3, "", True)
    assert stored("verify", "--root", root, "--size", size, "--json").json["ok"] is True
    assert stored("check", "--json").json["ok"] is True
