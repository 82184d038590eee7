"""The answer of `summarize` over stored runs and segments, worked by hand."""

from __future__ import annotations

import json

import pytest

import provstore
from provstore.errors import UsageError

EX = "http://example.org/"


def _store(tmp_path, runs):
    """Runs `name: (type, used, generated)` of entities, whose type is the part of the name before its digit."""
    document = {"prefix": {"ex": EX}, "entity": {}, "activity": {}, "agent": {"ex:ada": {}}}
    document |= {"used": {}, "wasGeneratedBy": {}, "wasAssociatedWith": {}}
    for run, (kind, used, made) in runs.items():
        document["activity"][f"ex:{run}"] = {"prov:type": kind, "ex:command": kind}
        document["wasAssociatedWith"][f"_:s{run}"] = {"prov:activity": f"ex:{run}", "prov:agent": "ex:ada"}
        for relation, others in (("used", used), ("wasGeneratedBy", made)):
            for other in others.split():
                document["entity"][f"ex:{other}"] = {"prov:type": other.rstrip("0123456789")}
                said = {"prov:activity": f"ex:{run}", "prov:entity": f"ex:{other}"}
                document[relation][f"_:{relation}{run}{other}"] = said
    path = tmp_path / "runs.json"
    path.write_text(json.dumps(document))
    store = provstore.open(tmp_path / "store.db", create=True)
    store.ingest(path)
    return store


@pytest.fixture
def store(tmp_path):
    """Four trainings; one logs nothing, and one alone reads labels."""
    with _store(tmp_path, {
        "t1": ("train", "data1", "model1 log1"),
        "t2": ("train", "data1", "model2 log2"),
        "t3": ("train", "data1 labels1", "model3 log3"),
        "t4": ("train", "data2", "model4"),
        "p1": ("prepare", "raw1", "data1"),
    }) as opened:  # fmt: skip
        yield opened


def shares(summary):
    return {
        (summary.classes[e.source][0], e.relation, summary.classes[e.target][0]): summary.gamma(e)
        for e in summary.edges
    }


def test_runs_of_one_kind_are_one_picture_with_shares(store):
    found = store.summarize(runs="type = train")
    assert shares(found) == {
        ("model", "wasGeneratedBy", "train"): 1.0,
        ("log", "wasGeneratedBy", "train"): 0.75,
        ("train", "used", "data"): 1.0,
        ("train", "used", "labels"): 0.25,
        ("train", "wasAssociatedWith", "agent"): 1.0,
    }
    # 4 runs, 4 models, 3 logs, 4 times data, 1 labels, 4 times the agent.
    assert found.compaction_ratio == 6 / 20
    assert found.segments == ("ex:t1", "ex:t2", "ex:t3", "ex:t4")


def test_an_element_that_segments_share_is_a_member_of_each(store):
    answer = store.summarize(runs="type = train").as_json()
    (data,) = [node for node in answer["nodes"] if node["class"] == "data"]
    assert (data["size"], data["kind"]) == (4, "entity")
    assert {(one["segment"], one["iri"]) for one in data["members"]} == {
        ("ex:t1", EX + "data1"), ("ex:t2", EX + "data1"), ("ex:t3", EX + "data1"), ("ex:t4", EX + "data2"),
    }  # fmt: skip
    (log,) = [edge for edge in answer["edges"] if edge["gamma"] == 0.75]
    assert log["segments"] == ["ex:t1", "ex:t2", "ex:t3"]
    json.dumps(answer)


def test_a_path_that_no_segment_has_is_not_drawn(store):
    """Data is an output of one run and an input of others; one block for both would join them."""
    found = store.summarize(runs="kind = activity")
    data = [number for number, (text, _) in found.classes.items() if text == "data"]
    assert len(data) == 2
    aggregated = store.summarize(runs="kind = activity", method="apt")
    assert len([1 for text, _ in aggregated.classes.values() if text == "data"]) == 1
    assert any("may show paths" in note for note in aggregated.notes)


def test_keys_may_be_those_of_one_kind(store):
    found = store.summarize(runs="kind = activity", keys=["activity=ex:command"])
    assert {text for text, _ in found.classes.values()} == {
        "ex:command = train", "ex:command = prepare", "entity", "agent",
    }  # fmt: skip


def test_the_kind_is_always_visible_and_may_be_the_only_key(store):
    found = store.summarize(runs="kind = activity", keys=["kind"])
    assert {text for text, _ in found.classes.values()} == {"activity", "entity", "agent"}


def test_who_takes_rare_edges_and_misses_frequent_ones(store):
    answer = store.summarize(runs="type = train", outliers=True, rare=0.25).as_json()
    told = {one["segment"]: (len(one["takes"]), len(one["misses"])) for one in answer["outliers"]}
    assert told == {"ex:t3": (1, 0), "ex:t4": (0, 1)}
    assert [one["segment"] for one in answer["outliers"]] == ["ex:t3", "ex:t4"]
    assert "outliers" not in store.summarize(runs="type = train").as_json()


def test_a_share_just_as_rare_as_was_asked_for_is_rare(tmp_path):
    """0.29 of 100 and, the other way round, 0.45 missing of 20: no product of these is exact in binary."""
    for folder, count, share, having, side in (("a", 100, 0.29, 29, "takes"), ("b", 20, 0.45, 11, "misses")):
        (tmp_path / folder).mkdir()
        runs = {f"t{n}": ("train", "data1" + " labels1" * (n < having), "") for n in range(count)}
        with _store(tmp_path / folder, runs) as store:
            told = store.summarize(runs="type = train", outliers=True, rare=share).as_json()["outliers"]
        assert {one["segment"] for one in told} == {
            f"ex:t{n}" for n in range(count) if (n < having) == (side == "takes")
        }
        assert all(len(one[side]) == 1 for one in told)


def test_a_run_that_is_an_entity_as_well_is_a_segment(tmp_path):
    with _store(tmp_path, {"t1": ("train", "data1", "model1"), "t2": ("train", "data1", "t1")}) as store:
        assert store.summarize(runs="ex:command = train").segments == ("ex:t1", "ex:t2")


def test_segments_are_summarized_like_runs(store):
    given = {name: store.segment(["ex:data1"], [f"ex:{name}"]) for name in ("model1", "model2", "model3")}
    found = store.summarize(segments=given)
    assert found.segments == ("model1", "model2", "model3")
    assert shares(found)["train", "used", "data"] == 1.0


def test_one_segment_is_summarized_and_that_is_said(store):
    found = store.summarize(runs="iri = ex:t3")
    assert found.compaction_ratio == 1.0
    assert any("one segment" in note for note in found.notes)


def test_no_run_is_an_answer(store):
    answer = store.summarize(runs="type = nothing", outliers=True).as_json()
    assert (answer["nodes"], answer["edges"], answer["compaction_ratio"]) == ([], [], None)
    assert answer["notes"] == ["no run matches"]


def test_a_key_that_nothing_has_is_told_and_counts_as_missing(store):
    found = store.summarize(runs="type = train", keys=["type", "ex:comand"])
    assert shares(found) == shares(store.summarize(runs="type = train"))
    assert found.notes == ("no element of these segments has ex:comand; nearest: ex:command",)


def test_without_time_nothing_is_merged_and_the_answer_says_so(store):
    for options in ({}, {"rk": 1}, {"method": "strict"}, {"method": "apt", "rk": 1}):
        answer = store.summarize(runs="type = train", budget_s=0, **options).as_json()
        assert answer["compaction_ratio"] == 1.0
        assert answer["truncated"] == {"reason": "time", "limit": 0, "remaining": None}
    assert store.summarize(runs="type = train", budget_s=60).truncated is None


def test_types_of_a_radius_keep_runs_apart_that_look_different(store):
    found = store.summarize(runs="type = train", rk=1)
    trains = [len(found.members[n]) for n, (_, own) in found.classes.items() if "activity" in own.kinds]
    assert sorted(trains) == [1, 1, 2]


def test_the_past_is_summarized_as_it_was(store, tmp_path):
    later = tmp_path / "later.json"
    later.write_text(json.dumps({"prefix": {"ex": EX}, "activity": {"ex:t5": {"prov:type": "train"}}}))
    store.ingest(later)
    assert len(store.summarize(runs="type = train").segments) == 5
    assert len(store.summarize(runs="type = train", as_of=1).segments) == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "expected segments or runs"),
        ({"runs": "type ="}, "expected a value"),
        ({"runs": "type = train", "keys": ["foo:bar"]}, "expected a prefix"),
        ({"runs": "type = train", "keys": ["run=type"]}, "before ="),
        ({"runs": "type = train", "keys": ["relation"]}, "is no attribute"),
        ({"runs": "type = train", "keys": [""]}, "the name of an attribute"),
        ({"runs": "type = train", "method": "other"}, "expected one of pgsum"),
        ({"runs": "type = train", "rk": -1}, "expected 0 or more"),
        ({"runs": "type = train", "rare": 0.5}, "below 0.5"),
    ],
)
def test_what_cannot_be_asked_says_what_was_expected(store, options, message):
    with pytest.raises(UsageError, match=message):
        store.summarize(**options)
