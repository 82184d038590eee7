"""`provstore segment` on the story raw -> cleaning -> clean -> training -> model."""

from __future__ import annotations

import pytest

EX = "http://example.org/"


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
