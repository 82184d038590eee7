"""What `--space` shows: what is said in that space, and a mark where something hidden goes on (rule 25)."""

from __future__ import annotations

import csv
import json

import pytest

EX = "http://example.org/"
# ours: model from data; theirs: data from secret, and a word about the model.
OURS = {
    "entity": {"ex:model": {}, "ex:data": {"prov:label": "data"}},
    "wasDerivedFrom": {"_:d": {"prov:generatedEntity": "ex:model", "prov:usedEntity": "ex:data"}},
}
THEIRS = {
    "entity": {"ex:model": {"prov:label": "theirs"}, "ex:secret": {}},
    "wasDerivedFrom": {"_:d": {"prov:generatedEntity": "ex:data", "prov:usedEntity": "ex:secret"}},
}


@pytest.fixture
def ours(provstore, tmp_path):
    """The command line of somebody who sees one of two spaces."""
    for space, content in (("ours", OURS), ("theirs", THEIRS)):
        path = tmp_path / f"{space}.json"
        path.write_text(json.dumps({"prefix": {"ex": EX}} | content))
        assert provstore("ingest", path, "--space", space).code == 0
    return lambda *words: provstore(*words, "--space", "ours")


def hidden(nodes):
    return {node["iri"] for node in nodes if node.get("hidden")}


def test_an_export_holds_what_is_said_in_the_space_alone(ours):
    whole = ours("export", "prov-json")
    assert (whole.code, whole.err) == (0, "")
    said = json.loads(whole.out)
    assert said["entity"] == {"ex:model": {}, "ex:data": {"prov:label": "data"}}
    assert len(said["wasDerivedFrom"]) == 1
    for words in (["prov-n"], ["csv"], ["turtle"], ["prov-n", "ex:model", "--upstream"], ["csv", "ex:model"]):
        done = ours("export", *words)
        assert (done.code, "secret" in done.out, "theirs" in done.out) == (0, False, False)


def test_an_export_of_a_lineage_tells_where_something_hidden_goes_on(ours):
    assert "other spaces" in ours("export", "prov-n", "ex:model", "--upstream").err
    assert ours("export", "prov-n", "ex:model").err == ""


def test_a_document_of_another_space_is_not_listed_and_not_found(ours, provstore):
    documents = {row[7]: row[2] for row in provstore("documents", "--json").json["rows"]}
    assert [row[7] for row in ours("documents", "--json").json["rows"]] == ["ours"]
    assert ours("export", "prov-n", documents["ours"]).code == 0
    assert ours("export", "prov-n", documents["theirs"]).code == 3


def test_what_is_said_in_another_space_alone_is_not_proved(ours, provstore):
    everything = provstore("show", "ex:data", "--json").json["statements"]
    visible = {one["sid"] for one in ours("show", "ex:data", "--json").json["statements"]}
    assert 0 < len(visible) < len(everything)
    for one in everything:
        done = ours("prove", one["sid"], "--json")
        assert (done.code, "secret" in done.out) == (0 if one["sid"] in visible else 3, False)
        assert provstore("prove", one["sid"]).code == 0


def test_a_node_that_something_hidden_leaves_says_so_in_every_answer(ours):
    assert hidden(ours("upstream", "ex:model", "--json").json["nodes"]) == {EX + "data"}
    found = ours("find", "kind = entity", "--json").json
    assert (hidden(found["nodes"]), found["incomplete"]) == ({EX + "data"}, True)
    assert "Incomplete" in ours("find").out
    assert [row["iri"] for row in csv.DictReader(ours("find", "--format", "csv").out.splitlines())
            if row["hidden"] == "true"] == [EX + "data"]  # fmt: skip
    assert "something hidden" in ours("show", "ex:data", "--format", "html").out
    shown = ours("show", "ex:data", "--json").json
    assert (shown["hidden"], shown["incomplete"]) == (True, True)
    assert "hidden" not in ours("show", "ex:model", "--json").json
    assert ours("diff", "ex:model", "ex:data", "--json").json["incomplete"] is True
    assert "Incomplete" in ours("diff", "ex:model", "ex:data").out


def test_who_sees_everything_is_told_of_nothing_hidden(ours, provstore):
    for words in (["find"], ["show", "ex:data"], ["diff", "ex:model", "ex:data"], ["upstream", "ex:model"]):
        assert "hidden" not in provstore(*words, "--json").out
        assert not provstore(*words, "--json").json.get("incomplete")


def test_no_path_is_said_with_what_is_hidden(ours, provstore):
    done = ours("path", "ex:data", "ex:model", "--json")
    assert (done.code, done.json["incomplete"]) == (1, True)
    assert provstore("path", "ex:data", "ex:model", "--json").json is None


def test_a_template_that_sees_every_space_says_so(ours, provstore):
    assert "every space" in ours("ask", "counts").err
    assert provstore("ask", "counts").err == ""


def test_the_space_of_the_environment_or_the_file_is_that_of_the_flag(ours, provstore, monkeypatch, tmp_path):
    asked = (["find"], ["upstream", "ex:model"], ["documents"])
    expected = [ours(*words, "--json").out for words in asked]
    monkeypatch.setenv("PROVSTORE_SPACE", "ours")
    assert [provstore(*words, "--json").out for words in asked] == expected
    assert provstore("show", "ex:secret", "--space", "theirs").code == 0
    monkeypatch.delenv("PROVSTORE_SPACE")
    (tmp_path / "provstore.toml").write_text('space = "ours"\n')
    assert provstore("find", "--json").out == expected[0]
    assert provstore("show", "ex:secret").code == 3
