"""`provstore segment` on the story raw -> cleaning -> clean -> training -> model."""

from __future__ import annotations

import pytest

EX = "http://example.org/"
ASK = ("segment", "--src", "ex:raw", "--dst", "ex:model")


def why(answer):
    return {node["iri"].removeprefix(EX): node["why"] for node in answer["nodes"]}


def test_a_segment_says_of_each_node_why_it_is_there(stored):
    answer = stored("segment", "--src", "ex:raw", "--dst", "ex:model", "--json").json
    assert why(answer) == {
        "model": ["dst", "c1", "c2", "c3"],
        "training": ["c1", "c2"],
        "clean": ["c1", "c2", "c3"],
        "cleaning": ["c1", "c2"],
        "raw": ["src", "c1", "c2"],
        "ada": ["c4"],
    }
    assert (answer["connected"], answer["truncated"], answer["counts"]) == (True, None, {"nodes": 6, "edges": 5})


def test_an_option_takes_all_words_up_to_the_next(stored):
    several = stored("segment", "--src", "ex:raw", "ex:clean", "--dst", "ex:model", "--json").json
    repeated = stored("segment", "--src", "ex:raw", "--src", "ex:clean", "--dst", "ex:model", "--json").json
    assert several == repeated
    assert several["parameters"]["src"] == ["ex:raw", "ex:clean"]


def test_no_connection_is_an_answer(stored):
    done = stored("segment", "--src", "ex:twin1", "--dst", "ex:model", "--json")
    assert done.code == 0
    assert (done.json["connected"], set(why(done.json))) == (False, {"twin1", "model"})


def test_what_is_left_out_is_left_out(stored):
    done = stored(
        "segment", "--src", "ex:raw", "--dst", "ex:model", "--exclude", "label = cleaning", "--only-relations",
        "used, wasGeneratedBy", "--json",
    )  # fmt: skip
    assert set(why(done.json)) == {"raw", "model"}
    post = stored(
        "segment", "--src", "ex:raw", "--dst", "ex:model", "--exclude", "label = cleaning", "--mode", "post", "--json"
    )
    assert set(why(post.json)) == {"raw", "model", "training", "clean", "ada"}


def test_edges_that_match_are_left_out(stored):
    by_role = ("--exclude-edges", "prov:role = training")
    done = stored(*ASK, *by_role, "--json").json
    assert (why(done), done["edges"]) == ({"raw": ["src"], "model": ["dst"]}, [])
    no_agent = stored(*ASK, "--exclude-edges", "relation = wasAssociatedWith", "--json").json
    assert set(why(no_agent)) == {"raw", "cleaning", "clean", "training", "model"}
    assert done["parameters"]["exclude_edges"] == ["prov:role = training"]
    post = stored(*ASK, *by_role, "--exclude-edges", "relation = wasAssociatedWith", "--mode", "post", "--json").json
    assert why(post) == why(stored(*ASK, "--json").json)
    assert sorted((edge["relation"], edge["source"].removeprefix(EX)) for edge in post["edges"]) == [
        ("used", "cleaning"), ("wasGeneratedBy", "clean"), ("wasGeneratedBy", "model"),
    ]  # fmt: skip
    assert not post["connected"]


def test_an_attribute_that_no_edge_has_is_told(stored):
    said = stored(*ASK, "--exclude-edges", "role = training").out
    assert "no edge has attribute 'role'; did you mean 'prov:role'?" in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--src", "ex:nothing", "--dst", "ex:model"], 3),
        (["--src", "twin", "--dst", "ex:model"], 3),
        (["--src", "ex:training", "--dst", "ex:model"], 2),
        (["--src", "ex:raw"], 2),
        (["--src", "--dst", "ex:model"], 2),
        (["ex:raw", "--dst", "ex:model"], 2),
        (["--src", "ex:raw", "--dst", "ex:model", "--exclude", "label ="], 2),
        (["--src", "ex:raw", "--dst", "ex:model", "--exclude-edges", "kind = relation"], 2),
        (["--src", "ex:raw", "--dst", "ex:model", "--expand", "ex:model", "0"], 2),
    ],
)
def test_what_cannot_be_asked_has_its_exit_code(stored, words, code):
    done = stored("segment", *words, "--json")
    assert (done.code, done.out) == (code, "")
    assert done.error["message"]


def test_the_tree_is_for_people(stored):
    done = stored("segment", "--src", "ex:raw", "--dst", "ex:model", "--expand", "ex:model", 1)
    assert done.out.startswith("model  [Model]")
    assert "6 nodes, 5 edges." in done.out


def test_the_endings_of_files_choose_the_drawing(stored, tmp_path):
    assert stored("segment", "--src", "ex:raw", "--dst", "ex:model", "-o", tmp_path / "s.svg").code == 0
    assert (tmp_path / "s.svg").read_text().startswith("<svg")


def test_a_saved_segment_is_found_again_as_it_was(stored, tmp_path):
    first = stored(*ASK, "--save", "story", "--json")
    assert "saved as story (urn:provstore:segment:default:story)" in first.err
    assert stored("ingest", extra(tmp_path)).code == 0
    again, now = (
        stored("segment", "--saved", "story", "--json"),
        stored("segment", "--saved", "story", "--now", "--json"),
    )
    assert why(again.json) == why(first.json)
    assert again.json["edges"] == first.json["edges"]
    assert "notes" not in again.json
    assert why(now.json) == why(stored(*ASK, "--json").json)
    assert "more" in why(stored("segment", "--saved", "story", "--now", "--expand", "ex:model", 1, "--json").json)


def test_a_saved_segment_takes_no_label_from_what_had_it(stored):
    stored(*ASK, "--save", "model")
    by_label = stored("show", "model", "--json")
    assert (by_label.code, by_label.json["iri"]) == (0, EX + "model")
    stored(*ASK, "--save", "twin")
    assert stored("show", "twin").code == 3
    stored(*ASK, "--save", "alone")
    assert stored("show", "alone", "--json").json["types"] == ["ps:Segment"]


def test_what_a_written_answer_notes_is_said_beside_it(stored, tmp_path):
    apart = ("segment", "--src", "ex:twin1", "--dst", "ex:model", "-o", tmp_path / "s.svg")
    assert "no path of used and wasGeneratedBy" in stored(*apart).err
    assert stored(*apart, "--quiet").err == ""


def test_a_saved_segment_is_adjusted_and_combined(stored):
    stored(*ASK, "--save", "all")
    stored("segment", "--src", "ex:clean", "--dst", "ex:model", "--save", "late part")
    adjusted = stored("segment", "--saved", "all", "--exclude", "kind = agent", "--save", "nobody", "--json")
    assert set(why(adjusted.json)) == {"model", "training", "clean", "cleaning", "raw"}
    assert why(stored("segment", "--saved", "nobody", "--json").json) == why(adjusted.json)
    minus = stored("segment", "--saved", "all", "--combine", "-", "late part", "--save", "early", "--json")
    assert set(why(minus.json)) == {"raw", "cleaning"}
    assert set(why(stored("segment", "--saved", "early", "--json").json)) == {"raw", "cleaning"}
    fresh = stored(*ASK, "--combine", "&", "late part", "--json")
    assert set(why(fresh.json)) == {"model", "training", "clean", "ada"}


def test_a_saved_segment_keeps_which_edges_it_leaves_out(stored):
    by_role = ("--exclude-edges", "prov:role = training")
    first = stored(*ASK, *by_role, "--save", "apart", "--json").json
    stored(*ASK, "--save", "whole")
    for words in ((), ("--now",)):
        again = stored("segment", "--saved", "apart", *words, "--json").json
        assert (why(again), again["edges"]) == (why(first), first["edges"])
    adjusted = stored("segment", "--saved", "whole", *by_role, "--save", "adjusted", "--json").json
    assert set(why(adjusted)) == set(why(stored(*ASK, "--json").json))
    assert {edge["relation"] for edge in adjusted["edges"]} == {"used", "wasGeneratedBy", "wasAssociatedWith"}
    assert len(adjusted["edges"]) == 4
    assert stored("segment", "--saved", "adjusted", "--json").json["edges"] == adjusted["edges"]
    both = stored("segment", "--saved", "whole", "--combine", "&", "adjusted", "--json").json
    assert both["edges"] == adjusted["edges"]


def test_saving_again_takes_the_earlier_one_back(stored):
    stored(*ASK, "--save", "story")
    stored("segment", "--src", "ex:clean", "--dst", "ex:model", "--save", "story")
    assert "raw" not in why(stored("segment", "--saved", "story", "--json").json)
    found = stored("find", "type = ps:Segment", "--json").json["nodes"]
    assert [(node["label"], node.get("conflict")) for node in found] == [("story", None)]
    assert stored("check", "--json").json["ok"]


def test_a_saved_segment_is_in_no_lineage_and_no_export(stored):
    before = stored("export", "prov-n").out
    stored(*ASK, "--save", "story")
    assert stored("export", "prov-n").out == before
    assert "story" not in stored("downstream", "ex:raw").out


def extra(tmp_path):
    """A document by which the training used one thing more."""
    path = tmp_path / "extra.provn"
    path.write_text(
        "document\n prefix ex <http://example.org/>\n entity(ex:more)\n used(ex:training, ex:more, -)\nendDocument\n"
    )
    return path


def test_a_kept_segment_says_when_it_is_not_what_was_saved(stored, tmp_path):
    document = stored("ingest", extra(tmp_path), "--json").json["document"]
    stored("segment", "--src", "ex:clean", "--dst", "ex:model", "--save", "story")
    assert "more" in why(stored("segment", "--saved", "story", "--json").json)
    stored("erase", document, "--reason", "test")
    done = stored("segment", "--saved", "story", "--json").json
    assert "more" not in why(done)
    assert "not what was saved" in done["notes"][0]


def test_a_kept_segment_is_exported_as_a_prov_document(stored):
    stored("segment", "--src", "ex:clean", "--dst", "ex:model", "--exclude", "kind = agent", "--save", "late")
    said = stored("export", "prov-n", "--segment", "late").out
    assert "used(ex:training, ex:clean" in said
    assert "wasGeneratedBy(ex:model, ex:training" in said
    for absent in ("ex:raw", "ex:cleaning", "ex:ada", "ps:Segment"):
        assert absent not in said
    stored("segment", "--saved", "late", "--only-relations", "used", "--save", "uses")
    uses = stored("export", "prov-n", "--segment", "uses").out
    assert "used(ex:training, ex:clean" in uses
    assert "wasGeneratedBy" not in uses
    rows = stored("export", "csv", "--segment", "late").out
    assert "ex:clean" in rows
    assert "cleaning" not in rows
    for words in (["ex:model"], ["--upstream"], ["--as-of", "1"]):
        assert stored("export", "prov-n", *words, "--segment", "late").code == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--saved", "nothing"], 3, "Saved in space default: story."),
        (["--saved", "story", "--src", "ex:raw"], 2, "has its own criteria"),
        (["--saved", "story", "--mode", "post"], 2, "has its own criteria"),
        (["--saved", "story", "--now", "--as-of", "1"], 2, "exclude each other"),
        (["--saved", "story", "--combine", "*", "story"], 2, "is not one of"),
        ([*ASK[1:], "--save", " "], 2, "expected a name"),
        ([], 2, "expected --src and --dst"),
    ],
)
def test_what_cannot_be_saved_or_found_says_why(stored, words, code, said):
    stored(*ASK, "--save", "story")
    done = stored("segment", *words, "--json")
    assert (done.code, done.out) == (code, "")
    assert said in f"{done.error['message']} {done.error['next_step']}"


def test_an_entity_that_is_both_ends_is_its_own_segment(stored):
    done = stored("segment", "--src", "ex:model", "--dst", "ex:model", "--json")
    assert (done.code, why(done.json)["model"]) == (0, ["src", "dst", "c1"])


def test_when_everything_is_left_out_the_ends_remain(stored):
    for mode in ("pre", "post"):
        done = stored(*ASK, "--exclude", "kind = entity or kind = activity or kind = agent", "--mode", mode, "--json")
        assert (done.code, set(why(done.json)), done.json["connected"]) == (0, {"raw", "model"}, False)


def test_a_circle_is_told_with_its_statements(stored, tmp_path):
    path = tmp_path / "circle.provn"
    path.write_text(
        "document\n prefix ex <http://example.org/>\n used(ex:cleaning, ex:model, -)\nendDocument\n", encoding="utf-8"
    )
    stored("ingest", path)
    done = stored(*ASK, "--json")
    assert (done.code, done.out) == (6, "")
    assert "used(ex:cleaning, ex:model)" in done.error["message"]
    assert "--exclude" in done.error["next_step"]
    assert stored(*ASK, "--exclude", "iri = ex:cleaning").code == 0
    closing = "prov:activity = ex:cleaning and prov:entity = ex:model"
    assert stored(*ASK, "--exclude-edges", closing).code == 0


def test_a_mistake_in_an_expression_is_pointed_at(stored):
    done = stored(*ASK, "--exclude", "kind = entity and size >", "--json")
    assert done.code == 2
    assert "column 25" in done.error["message"] + str(done.error["where"])
    assert "expected" in done.error["message"]
    of_edges = stored(*ASK, "--exclude-edges", "relation = used and relation = usd", "--json")
    assert of_edges.code == 2
    assert "column 32" in of_edges.error["message"] + str(of_edges.error["where"])
    assert "expected the name of a relation (used" in of_edges.error["message"]


def test_an_ambiguous_end_is_told_with_its_candidates(stored):
    done = stored("segment", "--src", "twin", "--dst", "ex:model", "--json")
    assert done.code == 3
    assert "ex:twin1" in str(done.error)
    assert "ex:twin2" in str(done.error)
