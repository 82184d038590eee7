"""Summaries of segments over HTTP: inline ones and kept ones, to those who see all of them."""

from __future__ import annotations

import json

import pytest

import provstore
from provstore.cli.main import run
from provstore.questions.segment import segment
from provstore.questions.segmenting import remaking
from tests.support.ledgers import document, entity, generated, iri, used
from tests.support.service import serving

TWO_RUNS = [
    entity("raw", label="raw"), used("run1", "raw"), generated("model1", "run1"), used("run2", "raw"),
    generated("model2", "run2"), used("run2", "extra"),
]  # fmt: skip
SEEN = [entity("raw"), used("run1", "raw"), generated("model1", "run1")]
# By the same run, so that the whole segment has it (C2), and what space `a` shows has not.
HIDDEN = [used("run1", "zebra"), entity("zebra", label="zebra")]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    path = tmp_path_factory.mktemp("segments") / "s.db"
    with provstore.open(path) as store:
        store.append([document("runs", *TWO_RUNS)])
        for number in (1, 2):
            store.save_segment(f"made {number}", store.segment([iri("raw")], [iri(f"model{number}")]))
        store.append([document("later", used("run1", "extra"))])
    with serving(path) as one:
        one.path = path
        yield one


@pytest.fixture(scope="module")
def spaces(tmp_path_factory):
    """Space `a` keeps a segment of all that there is, and one of what it shows itself."""
    path = tmp_path_factory.mktemp("spaces") / "s.db"
    with provstore.open(path, space="a") as store:
        store.append([document("seen", *SEEN, space="a"), document("hidden", *HIDDEN, space="b")])
        ends = [iri("raw")], [iri("model1")]
        store.save_segment("whole", store.segment(*ends))
        store.save_segment("ours", store.segment(*ends, spaces=["a"]))
    with serving(path) as one:
        yield one


def asked(client, **parameters):
    return client.get("/api/v1/summarize", params=parameters)


def members(answer):
    assert answer.status_code == 200, answer.text
    return {member["iri"] for node in answer.json()["nodes"] for member in node["members"]}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"segment": ["made 1", "made 2"], "keys": "type,activity=status"},
         ["--segment", "made 1", "made 2", "--keys", "type,activity=status", "--budget", "15"]),
        ({"segment": ["made 1", "made 2"], "as_of": "now", "keys": ["type", "label"], "outliers": True, "budget": 3},
         ["--segment", "made 1", "made 2", "--as-of", "now", "--keys", "type,label", "--outliers", "--budget", "3"]),
        ({"segment": [f"{iri('raw')}..{iri('model1')}", "made 2"], "rk": 1},
         ["--segment", f"{iri('raw')}..{iri('model1')}", "made 2", "--rk", "1", "--budget", "15"]),
    ],
)  # fmt: skip
def test_a_summary_is_that_of_the_command_line(served, capsys, parameters, words):
    answer = asked(served.admin, **parameters)
    capsys.readouterr()
    run(["summarize", *words, "--store", str(served.path), "--json"])
    told = capsys.readouterr()
    if answer.status_code == 200:
        assert answer.json() == json.loads(told.out)
    else:
        assert answer.json()["error"]["code"] == json.loads(told.err)["error"]["code"]


def test_a_segment_is_as_it_was_saved(served):
    answer = asked(served.admin, segment="made 1")
    assert members(answer) == {iri(name) for name in ("raw", "run1", "model1")}
    assert answer.json()["segments"] == ["made 1"]


@pytest.mark.parametrize(
    ("name", "status", "code"), [("nothing", 404, "not-found"), ("..x", 400, "usage"), ("x..", 400, "usage")]
)
def test_a_name_that_means_no_segment_says_so(served, name, status, code):
    answer = asked(served.admin, segment=name)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_a_segment_is_for_those_who_see_all_of_it(spaces):
    assert iri("zebra") in members(asked(spaces.admin, segment="whole", kept_in="a"))
    reader = spaces.as_role("reader", "a")
    assert members(asked(reader, segment="ours")) == {iri(name) for name in ("raw", "run1", "model1")}
    assert members(asked(reader, segment="ours", as_of=1)) == members(asked(reader, segment="ours"))
    refused = asked(reader, segment="whole")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "not-found")
    assert "zebra" not in refused.text


def test_a_segment_that_is_as_it_was_saved_is_made_once(spaces, monkeypatch):
    made = []
    monkeypatch.setattr(remaking, "segment", lambda *given, **more: made.append(given) or segment(*given, **more))
    assert asked(spaces.as_role("reader", "a"), segment="ours").status_code == 200
    assert len(made) == 1


def test_who_sees_all_and_looks_at_one_space_gets_what_it_shows(spaces):
    answer = asked(spaces.admin, segment="whole", space="a")
    assert members(answer) == {iri(name) for name in ("raw", "run1", "model1")}


def test_a_segment_of_a_space_that_the_caller_has_not_is_nowhere(spaces):
    other = spaces.as_role("reader", "b")
    for answer in (asked(other, segment="ours"), asked(other, segment="ours", space="a")):
        assert answer.status_code == 404
        assert "whole" not in answer.text
        assert "raw" not in answer.text


def test_who_has_several_spaces_names_the_one_where_it_is_kept(spaces):
    both = spaces.as_role("reader", "a", "b")
    refused = asked(both, segment="ours")
    assert (refused.status_code, refused.json()["error"]["where"]) == (400, "kept_in")
    assert iri("zebra") in members(asked(both, segment="whole", kept_in="a"))
    assert asked(both, segment="whole", space="a").status_code == 404
    assert asked(both, segment="ours", space="a").status_code == 200
    assert iri("zebra") in members(asked(both, segment=f"{iri('raw')}..{iri('model1')}"))
