"""`segment` over the pipeline that was worked by hand, asked of the graph and of the ledger."""

from __future__ import annotations

import pytest

from provstore.errors import Ambiguous, Conflict, NotFound, UsageError
from provstore.questions.segment import segment
from provstore.reports.registry import RENDERINGS, render
from tests.oracle_segment.examples import EXPECTED, PIPELINE
from tests.support.ledgers import EXAMPLE, activity, agent, associated, derived, document, entity, generated, used
from tests.support.stories import names


@pytest.fixture
def team(world):
    """The six runs of the hand-worked pipeline, each a document of its own."""
    for run, (command, who, inputs, outputs) in PIPELINE.items():
        things = [entity(name) for name in (*inputs.split(), *outputs.split())]
        world.tell(
            document(
                f"run/{run}", activity(run, command=command), agent(who), *things, associated(run, who),
                *(used(run, name) for name in inputs.split()), *(generated(name, run) for name in outputs.split()),
            )
        )  # fmt: skip
    return world


def ask(world, src, dst, **options):
    full = [[f"ex:{name}" for name in given.split()] for given in (src, dst)]
    return world.ask(segment, *full, **options)


def part(answer, name):
    return {iri.removeprefix(EXAMPLE) for iri, why in answer.why.items() if name in why}


@pytest.mark.parametrize("example", EXPECTED)
def test_a_segment_of_the_store_is_the_one_worked_by_hand(team, example):
    src, dst, expansion, expected = EXPECTED[example]
    answer = ask(team, src, dst, expand=[(f"ex:{expansion[0]}", expansion[1])] if expansion else [])
    for name in ("c1", "c2", "c3", "c4", "c5"):
        assert part(answer, name) == set(expected.get(name, "").split()), name
    assert (part(answer, "src"), part(answer, "dst")) == (set(src.split()), set(dst.split()))
    assert names(answer) == set(expected["all"].split())
    assert len(answer.edges) == expected["edges"]
    assert answer.connected
    assert answer.notes == ()


def test_the_edges_are_all_those_among_the_nodes(team):
    edges = {
        (e.relation, e.source.removeprefix(EXAMPLE), e.target.removeprefix(EXAMPLE))
        for e in ask(team, "r1", "w2").edges
    }
    assert edges == {
        ("used", "sp", "r1"), ("used", "u2", "m1"), ("used", "t2", "d1"), ("used", "t2", "m2"),
        ("wasGeneratedBy", "d1", "sp"), ("wasGeneratedBy", "v1", "sp"), ("wasGeneratedBy", "m2", "u2"),
        ("wasGeneratedBy", "w2", "t2"), ("wasGeneratedBy", "l2", "t2"), ("wasAssociatedWith", "sp", "alice"),
        ("wasAssociatedWith", "u2", "alice"), ("wasAssociatedWith", "t2", "alice"),
    }  # fmt: skip


def test_paths_run_through_nothing_that_is_left_out(team):
    answer = ask(team, "r1", "w2", exclude=["iri = ex:u2"])
    assert part(answer, "c2") == part(answer, "c1") == {"r1", "sp", "d1", "t2", "w2"}
    by_command = ask(team, "r1", "w2", exclude=["command = edit"])
    assert (by_command.why, by_command.edges) == (answer.why, answer.edges)


def test_what_is_dropped_afterwards_was_passed_through_before(team):
    answer = ask(team, "r1", "w2", exclude=["iri = ex:u2"], mode="post")
    assert names(answer) == set(EXPECTED["E1"][3]["all"].split()) - {"u2"}
    assert part(answer, "c2") == set(EXPECTED["E1"][3]["c2"].split()) - {"u2"}
    assert not answer.connected


def test_sources_and_destinations_are_never_left_out(team):
    answer = ask(team, "r1", "w2", exclude=["kind = entity"])
    assert names(answer) == {"r1", "w2"}
    post = ask(team, "r1", "w2", exclude=["kind = entity"], mode="post")
    assert names(post) == {"r1", "sp", "t2", "u2", "w2", "alice"}


def test_only_the_relations_asked_for_are_walked_and_shown(team):
    answer = ask(team, "r1", "w2", only_relations=["used", "wasGeneratedBy"])
    assert names(answer) == set(EXPECTED["E1"][3]["all"].split()) - {"alice"}
    assert names(ask(team, "r1", "w2", only_relations=["wasGeneratedBy"])) == {"r1", "w2"}


def test_paths_are_alike_only_where_the_attribute_asked_for_is_equal(team):
    answer = ask(team, "r1", "w2", same=["command"])
    assert part(answer, "c2") == part(answer, "c1") == {"r1", "sp", "d1", "t2", "w2"}
    assert part(ask(team, "d1", "w2", same=["command"]), "c2") == set(EXPECTED["E2"][3]["c2"].split())


def test_an_attribute_to_agree_on_that_no_element_has_is_told(team):
    answer = ask(team, "r1", "w2", same=["comand"])
    assert answer.notes == ("no element has attribute 'comand'; did you mean 'command'?",)
    assert answer.why == ask(team, "r1", "w2").why
    assert ask(team, "r1", "w2", same=["command", "label"]).notes == ()


def test_an_element_that_nobody_named_is_explained_by_two_paths_of_equal_length(team):
    answer = ask(team, "r1", "w2", explain="ex:m1")
    paths = {"to_source": "w2 t2 d1 sp r1", "through": "w2 t2 m2 u2 m1"}
    assert answer.as_json()["explained"] == {"iri": EXAMPLE + "m1"} | {
        name: [EXAMPLE + step for step in steps.split()] for name, steps in paths.items()
    }
    assert answer.notes == (
        "to a source: ex:w2 < ex:t2 < ex:d1 < ex:sp < ex:r1",
        "as many steps through ex:m1: ex:w2 < ex:t2 < ex:m2 < ex:u2 < ex:m1",
    )


def test_an_element_on_no_similar_path_says_what_it_is_there_for(team):
    answer = ask(team, "r1", "w2", explain="ex:l2")
    assert answer.notes == ("ex:l2 is on no similar path, it is here as c3",)
    assert answer.as_json()["explained"] == {"iri": EXAMPLE + "l2", "to_source": None, "through": None}


def test_an_expansion_goes_as_far_as_its_steps(team):
    assert part(ask(team, "d1", "w2", expand=[("ex:w2", 1)]), "c5") == {"w2", "t2", "d1", "m2", "s1"}


def test_no_connection_is_an_answer_with_a_note(team):
    answer = ask(team, "w1", "w2")
    assert names(answer) == {"w1", "w2"}
    assert not answer.connected
    assert answer.notes == ("no path of used and wasGeneratedBy leads from a destination back to ex:w1",)


def test_a_destination_that_no_activity_generated_is_told_with_what_to_name_instead(team):
    team.tell(document("registry", entity("version"), derived("version", "w2")))
    instead, apart = ask(team, "r1", "version").notes
    assert apart == "no path of used and wasGeneratedBy leads from a destination back to ex:r1"
    assert instead == "no activity generated ex:version: name as destination ex:w2"
    assert ask(team, "r1", "w2 version").notes == ()


def test_an_end_whose_bytes_another_has_that_is_connected_is_told_with_what_to_name_instead(team):
    bytes_of = {name: f"sha256:{number:064x}" for number, name in enumerate(("r1", "w2"), start=1)}
    for name, digest in bytes_of.items():
        team.tell(document(f"told/{name}", entity(name, digest=digest)))
        team.tell(document(f"copy/{name}", entity(f"{name}copy", digest=digest)))
    assert ask(team, "r1copy", "w2").notes == (
        "ex:r1copy has the same bytes as ex:r1, which a destination came from: name that as source",
        "no path of used and wasGeneratedBy leads from a destination back to ex:r1copy",
    )
    assert ask(team, "r1", "w2copy").notes == (
        "ex:w2copy has the same bytes as ex:w2, which was generated: name that as destination",
        "no path of used and wasGeneratedBy leads from a destination back to ex:r1",
    )
    assert ask(team, "r1", "w2").notes == ()
    # What has the bytes of r1copy does not lie behind m2.
    assert ask(team, "r1copy", "m2").notes == (
        "no path of used and wasGeneratedBy leads from a destination back to ex:r1copy",
    )


def test_a_source_that_is_the_destination_is_a_segment_of_one(team):
    answer = ask(team, "w2", "w2")
    assert answer.why == {EXAMPLE + "w2": ("src", "dst", "c1")}
    assert answer.connected


def test_depth_counts_edges_from_a_destination_whichever_way_they_point(team):
    depths = {one.node.iri.removeprefix(EXAMPLE): one.depth for one in ask(team, "r1", "w2").nodes}
    assert depths == {
        "w2": 0, "t2": 1, "alice": 2, "d1": 2, "l2": 2, "m2": 2, "sp": 3, "u2": 3, "m1": 4, "r1": 4, "v1": 4
    }  # fmt: skip


def test_the_json_says_why_of_each_node(team):
    answer = ask(team, "r1", "w2").as_json()
    why = {node["qname"]: node["why"] for node in answer["nodes"]}
    assert (answer["question"], answer["connected"]) == ("segment", True)
    assert why["ex:r1"] == ["src", "c1", "c2"]
    assert why["ex:m2"] == ["c2", "c3"]
    assert why["ex:alice"] == ["c4"]


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_every_rendering_shows_a_segment(team, rendering):
    assert "v1" in render(ask(team, "r1", "w2"), rendering)


@pytest.mark.parametrize(
    ("src", "dst", "options", "error", "said"),
    [
        ("t2", "w2", {}, UsageError, "--src: expected an entity, found an activity"),
        ("r1", "alice", {}, UsageError, "--dst: expected an entity, found an agent"),
        ("", "w2", {}, UsageError, "--src: expected at least one entity"),
        ("r1", "", {}, UsageError, "--dst: expected at least one entity"),
        ("r1", "nobody", {}, NotFound, "nobody"),
        ("r1", "w2", {"exclude": ["command ="]}, UsageError, "column"),
        ("r1", "w2", {"only_relations": ["eats"]}, UsageError, "eats"),
        ("r1", "w2", {"expand": [("ex:w3", 1)]}, UsageError, "entity of the segment"),
        ("r1", "w2", {"expand": [("ex:t2", 1)]}, UsageError, "expected an entity, found an activity"),
        ("r1", "w2", {"explain": "ex:s1"}, UsageError, "element of the segment"),
        ("r1", "w2", {"explain": "ex:m1", "same": ["command"]}, UsageError, "--same"),
        ("r1", "w2", {"expand": [("ex:w2", 0)]}, UsageError, "1 step or more"),
    ],
)
def test_what_cannot_be_asked_says_why(team, src, dst, options, error, said):
    with pytest.raises(error) as caught:
        ask(team, src, dst, **options)
    assert said in str(caught.value)


def test_a_label_of_several_is_ambiguous(team):
    team.tell(document("twins", entity("one", label="twin"), entity("two", label="twin")))
    with pytest.raises(Ambiguous):
        team.ask(segment, ["twin"], ["ex:w2"])


def test_a_circle_behind_a_destination_is_a_conflict_unless_it_is_left_out(team):
    team.tell(document("wrong", used("sp", "w2")))
    with pytest.raises(Conflict, match=r"used\(ex:sp, ex:w2\)"):
        ask(team, "r1", "w2")
    assert "m1" in part(ask(team, "m1", "w2", exclude=["iri = ex:sp"]), "c2")


def test_a_segment_is_as_of_then(team):
    before = len(PIPELINE)
    team.tell(document("late", used("sp", "r2"), entity("r2")))
    assert "r2" in names(ask(team, "r1", "w2"))
    assert names(ask(team, "r1", "w2", as_of=before)) == set(EXPECTED["E1"][3]["all"].split())
