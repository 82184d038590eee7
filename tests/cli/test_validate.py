"""`validate` and `convert --normalize`: exit codes, the shape of docs/reference/json.md, words for people."""

from __future__ import annotations

import pytest

from provstore.formats.registry import by_name
from provstore.validation import equivalent

VALID = """document
prefix ex <http://example.org/>
entity(ex:e1)
entity(ex:e2)
wasDerivedFrom(ex:e2, ex:e1)
endDocument
"""
CYCLE = VALID.replace("endDocument", "wasDerivedFrom(ex:e1, ex:e2)\nendDocument")


@pytest.fixture
def files(tmp_path):
    (tmp_path / "valid.provn").write_text(VALID)
    (tmp_path / "cycle.provn").write_text(CYCLE)
    (tmp_path / "broken.provn").write_text("document entity(")


def test_exit_codes_are_0_for_valid_1_for_invalid_and_4_for_what_cannot_be_read(provstore, files):
    assert provstore("validate", "valid.provn").code == 0
    assert provstore("validate", "valid.provn", "cycle.provn").code == 1
    assert provstore("validate", "broken.provn", "cycle.provn", "valid.provn").code == 4
    assert provstore("validate", "missing.provn").code == 4


def test_json_is_one_verdict_a_line_in_the_order_of_the_files(provstore, files):
    valid, broken, cycle = provstore("validate", "valid.provn", "broken.provn", "cycle.provn", "--json").lines
    assert (valid["file"], valid["valid"], valid["findings"]) == ("valid.provn", True, [])
    assert broken["file"] == "broken.provn"
    assert broken["error"]["code"] == "bad-input"
    [finding] = cycle["findings"]
    assert (cycle["valid"], finding["constraint"]) == (False, 42)
    assert finding["name"] == "derivation-generation-generation-ordering"
    assert set(finding["statements"]) == {
        "entity(ex:e1)", "entity(ex:e2)", "wasDerivedFrom(ex:e2, ex:e1)", "wasDerivedFrom(ex:e1, ex:e2)",
    }  # fmt: skip
    assert finding["removal"] == ["wasDerivedFrom(ex:e1, ex:e2)"]
    assert [(step["before"], step["strict"]) for step in finding["steps"]] == [
        ("generation of ex:e2", True),
        ("generation of ex:e1", True),
    ]


def test_people_read_the_constraint_the_statements_and_what_would_have_to_go(provstore, files):
    text = provstore("validate", "cycle.provn").out
    assert "constraint 42" in text
    assert "The generation of ex:e2 would have to happen strictly before itself" in text
    assert "a smallest set that would have to go:\n      wasDerivedFrom(ex:e1, ex:e2)" in text


def test_the_normal_form_is_written_out(provstore, files):
    assert "alternateOf(ex:e1, ex:e1)" in provstore("validate", "valid.provn", "--normal-form").out
    [verdict] = provstore("validate", "valid.provn", "--normal-form", "--json").lines
    assert {"bundle": None, "statement": "alternateOf(ex:e1, ex:e1)"} in verdict["normal_form"]


def test_convert_normalize_writes_an_equivalent_document(provstore, files, tmp_path):
    assert provstore("convert", "valid.provn", "normal.json", "--normalize").code == 0
    read = {}
    for name, path in (("prov-n", "valid.provn"), ("prov-json", "normal.json")):
        with (tmp_path / path).open("rb") as stream:
            read[name] = list(by_name(name).read(stream, source=path).assertions)
    assert len(read["prov-json"]) > len(read["prov-n"])
    assert equivalent(read["prov-n"], read["prov-json"])


def test_convert_normalize_refuses_an_invalid_document_and_leaves_the_target(provstore, files, tmp_path):
    done = provstore("convert", "cycle.provn", "normal.json", "--normalize", "--json")
    assert (done.code, done.error["where"]) == (4, "cycle.provn")
    assert not (tmp_path / "normal.json").exists()
