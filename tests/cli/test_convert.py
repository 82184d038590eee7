"""`convert`: what the other format cannot hold is named, and refused with --strict."""

from __future__ import annotations

import json

import pytest

EX = "http://example.org/"
BUNDLED = {
    "prefix": {"ex": EX},
    "entity": {"ex:e": {"ex:a": {"$": "1.10", "type": "xsd:double"}}},
    "bundle": {"ex:b": {"entity": {"ex:e": {}}}},
}


@pytest.fixture
def story(tmp_path, provstore):
    (tmp_path / "story.json").write_text(json.dumps(BUNDLED))
    return tmp_path


def test_a_loss_is_named_on_stderr_with_the_clause_that_forces_it(story, provstore):
    done = provstore("convert", "story.json", "story.ttl")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith(f"lost: statements in bundles (1), such as entity {EX}e [RDF 1.1 Turtle section 1")
    assert "1.10" in (story / "story.ttl").read_text()


def test_strict_refuses_a_loss_and_leaves_the_target_as_it_was(story, provstore):
    (story / "story.ttl").write_text("as it was")
    done = provstore("convert", "--strict", "story.json", "story.ttl", "--json")
    assert (done.code, done.out, done.error["code"]) == (4, "", "bad-input")
    assert "statements in bundles" in done.error["message"]
    assert done.error["where"] == "story.json"
    assert (story / "story.ttl").read_text() == "as it was"
    assert sorted(path.name for path in story.iterdir()) == ["story.json", "story.ttl"]


@pytest.mark.parametrize("name", ["trig", "json-ld", "prov-json"])
def test_strict_writes_what_the_format_holds(story, provstore, name):
    done = provstore("convert", "--strict", "story.json", "out", "--to", name)
    assert (done.code, done.err) == (0, "")
    assert provstore("convert", "--strict", "out", "again.json", "--from", name).code == 0
    again = json.loads((story / "again.json").read_text())
    assert again["entity"]["ex:e"]["ex:a"] == 1.10
    assert again["bundle"]["ex:b"]["entity"] == {"ex:e": {}}


def test_strict_to_standard_output_writes_all_or_nothing(story, provstore):
    refused = provstore("convert", "--strict", "story.json", "-", "--to", "turtle")
    assert (refused.code, refused.out) == (4, "")
    assert "ex:e a prov:Entity" in provstore("convert", "--strict", "story.json", "-", "--to", "trig").out


def test_what_the_reader_left_out_is_told(story, provstore):
    (story / "odd.json").write_text('{"prefix": {"ex": "http://e/"}, "entity": {"ex:e": {"ex:a": []}}}')
    done = provstore("convert", "odd.json", "odd.jsonld")
    assert done.code == 0
    assert "an empty array of values was left out" in done.err
