from __future__ import annotations

import json

import pytest

from provstore.graph.contract import Node
from provstore.model.statement import Value
from provstore.model.terms import INTERNATIONALIZED_STRING, PROV, PS, QUALIFIED_NAME
from provstore.questions.result import Table, Truncated
from provstore.reports.picture import picture
from provstore.reports.registry import render, usual
from provstore.reports.words import badge, caption, clean, counted, cut, phrase, rank, remarks, short, value_text
from tests.support.answers import BYTES, EX, PREFIXES, activity, churn, content, edge, entity, graph


@pytest.mark.parametrize(
    ("types", "word"),
    [
        ((), "Entity"),
        ((PROV + "Plan",), "Plan"),
        ((PROV + "Collection", EX + "Table"), "Table"),
        ((EX + "Table", PS + "Dataset", PROV + "Collection"), "Dataset"),
        (("urn:x:Thing",), "Thing"),
        (("http://example.org/",), "Entity"),
    ],
)
def test_the_badge_is_the_most_telling_type(types, word):
    assert badge(Node(EX + "e", ("entity",), True, types)) == word


def test_a_node_is_called_by_its_label_else_by_its_name():
    assert caption(entity("e", "the thing", "Dataset"), PREFIXES) == ("the thing", "Dataset", "ex:e")
    assert caption(entity("e"), PREFIXES) == ("ex:e", "Entity", "ex:e")
    assert caption(entity("e", " \n "), PREFIXES).title == "ex:e"


def test_a_content_node_is_called_by_its_bytes_in_a_form_that_can_be_asked_for():
    assert caption(content(), PREFIXES) == ("bytes sha256:9f86d081884c", "same bytes", "sha256:9f86d081884c")


def test_long_digests_are_shortened_and_other_words_are_not():
    assert short("run/1cb3a8f0e6a94c62b7f4de0a7a51b2c9/x") == "run/1cb3a8f0…/x"
    assert short("m-" + "a" * 40) == "m-aaaaaaaa…"
    assert short(f"csv/sha256%3A{'b' * 64}") == "csv/sha256%3Abbbbbbbb…"
    assert short("deadbeef cafe1234 customers") == "deadbeef cafe1234 customers"


def test_control_and_direction_characters_are_shown_and_letters_kept():
    assert clean("a\tb\r\nc\x1b[1m\x9b\u202e\u2066") == "a b c\\x1b[1m\\x9b\\u202e\\u2066"
    assert clean("שלום 日本 é 👩‍🔬") == "שלום 日本 é 👩‍🔬"


def test_remarks_say_what_is_out_of_the_ordinary():
    assert remarks(activity("a", None, status="finished")) == []
    assert remarks(activity("a", None, status="running"), hidden=True) == ["running", "leads to something hidden"]
    conflicting = Node(EX + "e", ("entity",), False, conflicts=(PS + "size",))
    assert remarks(conflicting) == ["mentioned only", "conflicting values"]


def test_relations_read_both_ways_and_unknown_ones_by_their_name():
    assert (phrase("used"), phrase("used", backwards=True)) == ("used", "used by")
    assert (phrase("x"), phrase("x", backwards=True)) == ("x", "← x")
    assert rank("wasGeneratedBy") < rank("used") < rank("wasAssociatedWith") < rank("x")


def test_values_read_as_they_were_written():
    assert value_text(Value(QUALIFIED_NAME, EX + "a"), PREFIXES) == "ex:a"
    assert value_text(Value(INTERNATIONALIZED_STRING, "Haus", "de"), PREFIXES) == "Haus@de"


def test_numbers_of_things():
    assert [counted(n, "activity") for n in (0, 1, 2_000)] == ["0 activities", "1 activity", "2,000 activities"]


@pytest.mark.parametrize(
    ("truncated", "sentence"),
    [
        (Truncated("depth", 2, 3), "Cut by depth at 2: 3 nodes not followed further."),
        (Truncated("nodes", 1000, 1), "Cut by nodes at 1,000: 1 node not followed further."),
        (Truncated("limit", 100, 41), "Cut by limit at 100: 41 more."),
        (Truncated("time", 2.5, None), "Cut by time at 2.5: how much is missing is not known."),
    ],
)
def test_what_was_cut_is_a_sentence(truncated, sentence):
    assert cut(truncated) == sentence


def test_graphs_are_usually_trees_and_rows_tables():
    assert usual(churn()) == "tree"
    assert usual(Table(question="q", parameters={}, columns=(), rows=())) == "table"


def test_json_is_the_answer_itself():
    assert json.loads(render(churn(), "json")) == churn().as_json()


def test_a_path_towards_effects_is_read_in_that_direction():
    answer = graph([(entity("a"), 0), (activity("r"), 1)], [edge("used", "r", "a")], question="path")
    assert render(answer, "tree").splitlines()[1] == "└─ used by  ex:r  [Activity]"


def test_a_picture_leaves_out_bytes_that_one_thing_alone_has_and_says_so():
    answer = graph([(entity("a"), 0), (content(), 1)], [edge("sameBytes", "a", BYTES), edge("bytesOf", BYTES, "a")])
    drawn = picture(answer)
    assert [one.node.iri for one in drawn.nodes] == [EX + "a"]
    assert (drawn.edges, drawn.left_out) == ((), ("The picture leaves out 1 digest that one thing alone has.",))


def test_a_picture_leaves_out_the_way_back_from_bytes_to_the_thing_itself():
    drawn = picture(churn())
    assert [(one.relation, one.target) for one in drawn.edges[-2:]] == [("sameBytes", BYTES), ("bytesOf", EX + "raw")]
    assert len(drawn.nodes) == len(churn().nodes)
