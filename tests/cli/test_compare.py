"""`compare`: equal, equivalent or different, of files of any format and of stored documents."""

from __future__ import annotations

import json

import pytest

PREFIX = {"ex": "http://example.org/"}
USED = {"prov:activity": "ex:a", "prov:entity": "ex:e"}


@pytest.fixture
def written(tmp_path):
    def write(name, **records):
        path = tmp_path / name
        path.write_text(json.dumps({"prefix": PREFIX, **records}))
        return path

    return write


def test_the_same_statements_in_another_format_order_and_with_other_prefixes_are_equal(provstore, written, tmp_path):
    one = written("one.json", entity={"ex:e": {"ex:n": 1}}, activity={"ex:a": {}}, used={"_:1": USED})
    other = tmp_path / "other.provn"
    other.write_text(
        "document prefix o <http://example.org/>\n"
        "used(o:a, o:e, -)\nactivity(o:a, -, -)\nentity(o:e, [o:n=1])\nendDocument\n"
    )
    done = provstore("compare", one, other)
    assert (done.code, done.out) == (0, "equal: both assert the same statements, in another order\n")
    found = provstore("compare", one, other, "--json").json
    assert (found["outcome"], found["identical"], found["only_a"], found["only_b"]) == ("equal", False, [], [])
    assert provstore("compare", one, one, "--json").json["identical"]


def test_what_only_says_what_follows_anyway_is_equivalent(provstore, written):
    # Typing and uniqueness: two statements about one entity are one with both attributes (constraint 22).
    split = written("split.json", entity={"ex:e": [{"ex:n": 1}, {"ex:m": 2}]})
    whole = written("whole.json", entity={"ex:e": {"ex:n": 1, "ex:m": 2}})
    done = provstore("compare", split, whole)
    assert done.code == 0
    assert done.out.startswith("equivalent: ")
    assert "  - entity(ex:e, [ex:n=1])" in done.out
    assert "  + entity(ex:e, [ex:m=2, ex:n=1])" in done.out


def test_different_documents_are_told_apart_by_their_statements(provstore, written):
    one = written("one.json", entity={"ex:e": {"ex:n": 1}}, used={"_:1": USED, "_:2": USED})
    other = written("other.json", entity={"ex:e": {"ex:n": 2}}, used={"_:1": USED})
    done = provstore("compare", one, other)
    assert done.code == 1
    assert done.out.splitlines() == [
        "different",
        f"only in {one} (2):",
        "  - entity(ex:e, [ex:n=1])",
        "  - used(ex:a, ex:e, -)",
        f"only in {other} (1):",
        "  + entity(ex:e, [ex:n=2])",
    ]


def test_a_difference_of_count_says_how_many_times_more(provstore, written):
    one = written("one.json", used={f"_:{n}": USED for n in range(4)})
    other = written("other.json", used={"_:1": USED})
    found = provstore("compare", one, other, "--json").json
    assert [(each["text"], each["count"]) for each in found["only_a"]] == [("used(ex:a, ex:e, -)", 3)]
    assert "used(ex:a, ex:e, -)   (3 times more)" in provstore("compare", one, other).out


def test_an_invalid_document_is_different_and_the_reason_is_given(provstore, written):
    cycle = {
        "_:1": {"prov:generatedEntity": "ex:e", "prov:usedEntity": "ex:f"},
        "_:2": {"prov:generatedEntity": "ex:f", "prov:usedEntity": "ex:e"},
    }
    bad = written("bad.json", entity={"ex:e": {}, "ex:f": {}}, wasDerivedFrom=cycle)
    good = written("good.json", entity={"ex:e": {}})
    found = provstore("compare", bad, good, "--json")
    assert (found.code, found.json["outcome"]) == (1, "different")
    assert found.json["notes"] == [f"{bad} is not valid (constraint 42), and only valid documents can be equivalent"]
    assert provstore("compare", bad, bad).code == 0


def test_bundles_are_compared_one_by_one(provstore, written):
    one = written("one.json", bundle={"ex:b": {"prefix": PREFIX, "entity": {"ex:e": {}}}})
    other = written("other.json", bundle={"ex:c": {"prefix": PREFIX, "entity": {"ex:e": {}}}})
    done = provstore("compare", one, other)
    assert done.code == 1
    assert "  - entity(ex:e)   in bundle http://example.org/b" in done.out


def test_a_stored_document_is_what_was_ingested(stored, story):
    document = stored("documents", "--json").json["rows"][0][2]
    assert stored("compare", story, document, "--json").json["identical"]


def test_a_long_difference_is_cut_and_says_so(provstore, written):
    one = written("one.json", entity={f"ex:e{n}": {} for n in range(60)})
    other = written("other.json", agent={"ex:g": {}})
    assert "  ... and 10 more: --all or --json shows them" in provstore("compare", one, other).out
    assert provstore("compare", one, other, "--all").out.count("  - entity(") == 60


def test_what_cannot_be_read_is_exit_4_with_its_place_and_what_is_not_there_exit_3(stored, story, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text('{"entity": {"ex:e": {}}}')
    done = stored("compare", story, bad, "--json")
    assert done.code == 4
    assert "bad.json" in done.error["where"]
    assert stored("compare", story, "urn:provstore:document:" + "0" * 64).code == 3
    assert stored("compare", story, tmp_path / "none.json").code == 4
