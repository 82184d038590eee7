"""Upstream, downstream, path and leakage, on stories worked by hand."""

from __future__ import annotations

import pytest

from provstore.errors import Ambiguous, NotFound, UsageError
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import INTERNATIONALIZED_STRING, STRING
from provstore.questions.downstream import downstream
from provstore.questions.leakage import leakage
from provstore.questions.path import path
from provstore.questions.upstream import upstream
from tests.support.ledgers import (
    EXAMPLE,
    associated,
    attributed,
    derived,
    document,
    entity,
    generated,
    iri,
    name,
    relation,
    specialized,
    used,
)
from tests.support.readers import MemoryReader, edge
from tests.support.stories import World, names

BYTES = "sha256:" + "4f1c22ab" * 8
OTHER = "sha256:" + "9b0d77e1" * 8


def poisoned() -> tuple:
    """raw -> clean -> features -> model1, model2 (by ann); model3 is made of other data; model2 is deployed."""
    return (
        document("prep", used("clean", "raw"), generated("table", "clean"), used("featurize", "table"),
                 generated("features", "featurize")),
        document("run1", used("train1", "features"), generated("model1", "train1"),
                 associated("train1", "ann", "script"), attributed("model1", "ann"),
                 relation("actedOnBehalfOf", "ann", "boss")),
        document("run2", used("train2", "features"), used("train2", "other"), generated("model2", "train2"),
                 entity("model2", label="Second model", type=name("ps:Model"))),
        document("run3", used("train3", "other"), generated("model3", "train3")),
        document("deploy", used("serve", "model2"), specialized("model2", "model")),
    )  # fmt: skip


def test_a_poisoned_data_set_reaches_just_the_models_made_of_it(world: World):
    world.tell(*poisoned())
    answer = world.ask(downstream, "ex:raw")
    assert names(answer) == {
        "raw", "clean", "table", "featurize", "features", "train1", "model1", "train2", "model2", "serve",
    }  # fmt: skip
    assert [one.node.iri for one in answer.nodes[:2]] == [iri("raw"), iri("clean")]
    assert {iri: one.depth for one in answer.nodes for iri in [one.node.iri]}[iri("serve")] == 7
    assert answer.truncated is None


def test_upstream_of_a_model_is_nearest_first_and_has_no_agents_unless_asked(world: World):
    world.tell(*poisoned())
    answer = world.ask(upstream, "ex:model1")
    depths = {one.node.iri.removeprefix(EXAMPLE): one.depth for one in answer.nodes}
    assert depths == {
        "model1": 0, "train1": 1, "features": 2, "script": 2, "featurize": 3, "table": 4, "clean": 5, "raw": 6,
    }  # fmt: skip
    assert names(world.ask(upstream, "ex:model1", agents=True)) == {*depths, "ann", "boss"}


def test_depth_n_means_n_and_the_cut_is_told(world: World):
    world.tell(*poisoned())
    answer = world.ask(upstream, "ex:model1", depth=2)
    assert names(answer) == {"model1", "train1", "features", "script"}
    assert {(one.relation, one.target) for one in answer.edges} == {
        ("wasGeneratedBy", iri("train1")), ("used", iri("features")), ("hadPlan", iri("script")),
    }  # fmt: skip
    assert answer.as_json()["truncated"] == {"reason": "depth", "limit": 2, "remaining": 1}
    assert world.ask(upstream, "ex:model1", depth=0).iris() == {iri("model1")}
    assert world.ask(upstream, "ex:raw", depth=0).truncated is None


def test_max_nodes_cuts_by_depth_and_name_and_says_so(world: World):
    world.tell(*poisoned())
    answer = world.ask(upstream, "ex:model1", max_nodes=3)
    assert names(answer) == {"model1", "train1", "features"}
    assert answer.truncated is not None
    assert (answer.truncated.reason, answer.truncated.limit, answer.truncated.remaining) == ("nodes", 3, 2)


def test_downstream_of_a_person_is_what_the_person_was_responsible_for(world: World):
    world.tell(*poisoned())
    assert names(world.ask(downstream, "ex:ann")) == {"ann", "train1", "model1"}
    assert names(world.ask(downstream, "ex:boss")) >= {"boss", "train1", "model1"}


def test_downstream_of_a_general_thing_are_its_versions(world: World):
    world.tell(*poisoned())
    assert names(world.ask(downstream, "ex:model")) == {"model", "model2", "serve"}


def test_upstream_of_a_general_thing_names_the_versions_to_ask_for(world: World):
    world.tell(
        document("a", *(specialized(f"model{n}", "model") for n in (3, 1, 4, 2)), generated("model1", "train")),
        document("b", specialized("made2", "made"), generated("made", "train")),
    )
    answer = world.ask(upstream, "ex:model")
    assert names(answer) == {"model"}
    assert answer.notes == (
        "nothing is said of what it was made from; ask for one of its specializations (4): ex:model1, ex:model2,"
        " ex:model3, ...",
    )
    assert world.ask(upstream, "ex:made", depth=0).notes == ()
    assert world.ask(upstream, "ex:made", max_nodes=1).notes == ()
    assert world.ask(upstream, "ex:model1").notes == ()
    assert world.ask(upstream, "ex:made").notes == ()
    assert world.ask(downstream, "ex:model").notes == ()


def test_only_takes_relations_kinds_and_types(world: World):
    world.tell(*poisoned())
    assert names(world.ask(upstream, "ex:model1", only="used,wasGeneratedBy")) == {
        "model1", "train1", "features", "featurize", "table", "clean", "raw",
    }  # fmt: skip
    entities = world.ask(upstream, "ex:model1", only="entity")
    assert names(entities) == {"model1", "features", "script", "table", "raw"}
    assert names(world.ask(downstream, "ex:raw", only="ps:Model")) == {"raw", "model2"}
    assert names(world.ask(upstream, "ex:model1", only="wasAttributedTo")) == {"model1", "ann"}
    with pytest.raises(UsageError, match="found 'usd'"):
        world.ask(upstream, "ex:model1", only="usd")


def test_as_of_answers_what_was_known_then(world: World):
    world.tell(*poisoned())
    then = world.ask(downstream, "ex:features", as_of=2)
    assert names(then) == {"features", "train1", "model1"}
    assert then.as_json()["as_of"] == 2
    assert "model2" in names(world.ask(downstream, "ex:features", as_of=3))


def test_two_trackers_meet_in_the_bytes_that_both_recorded(world: World):
    world.tell(
        document("dvc", used("prepare", "raw"), generated("dvc_data", "prepare"), entity("dvc_data", digest=BYTES)),
        document(
            "mlflow", used("train", "mlflow_data"), generated("model", "train"), entity("mlflow_data", digest=BYTES)
        ),
    )
    assert {"raw", "prepare"} <= names(world.ask(upstream, "ex:model"))
    assert "model" in names(world.ask(downstream, "ex:raw"))
    assert names(world.ask(upstream, "sha256:4f1c22ab")) >= {"dvc_data", "mlflow_data", "raw"}


def test_boilerplate_is_not_walked_through_and_the_answer_says_so(world: World):
    copies = [entity(f"licence{number}", digest=BYTES) for number in range(101)]
    world.tell(document("many", *copies, used("train", "licence7"), generated("model", "train")))
    answer = world.ask(upstream, "ex:model")
    assert names(answer) == {"model", "train", "licence7"}
    assert "more than 100 entities" in answer.as_json()["notes"][0]
    assert world.ask(upstream, "ex:train").notes == answer.notes
    assert world.ask(downstream, "ex:model").notes == ()


def test_a_path_is_shortest_and_always_the_same(world: World):
    world.tell(
        document("one", used("r1", "d"), generated("m", "r1"), used("r2", "d"), generated("m", "r2")),
        document("two", derived("m", "x"), derived("x", "y"), derived("y", "d")),
    )
    found = world.ask(path, "ex:m", "ex:d")
    assert [(one.relation, one.source, one.target) for one in found.edges] == [
        ("wasGeneratedBy", iri("m"), iri("r1")),
        ("used", iri("r1"), iri("d")),
    ]
    assert [one.node.iri for one in found.nodes] == [iri("m"), iri("r1"), iri("d")]
    assert world.ask(path, "ex:d", "ex:m") is None
    assert world.ask(path, "ex:m", "ex:m").edges == ()


def test_a_path_keeps_to_the_walk_even_where_a_forbidden_one_is_shorter(world: World):
    # From the general thing lineage does not go on, unless it is reached as a cause as well (rule 22).
    world.tell(document("one", specialized("a", "g"), derived("g", "b"), derived("a", "x"), derived("x", "g")))
    found = world.ask(path, "ex:a", "ex:b")
    assert [edge.target for edge in found.edges] == [iri("x"), iri("g"), iri("b")]


def test_a_path_to_a_person_goes_over_responsibility(world: World):
    world.tell(*poisoned())
    found = world.ask(path, "ex:model1", "ex:boss")
    assert [one.relation for one in found.edges] == ["wasAttributedTo", "actedOnBehalfOf"]


def test_leakage_is_told_with_its_path(world: World):
    world.tell(
        document("split", used("split", "raw"), generated("train", "split"), generated("test", "split")),
        document("prep", used("scale", "test"), generated("scaled", "scale"), used("fit", "train"),
                 used("fit", "scaled"), generated("model", "fit")),
    )  # fmt: skip
    answer = world.ask(leakage, "ex:model", "ex:test")
    assert [one.target.removeprefix(EXAMPLE) for one in answer.edges] == ["fit", "scaled", "scale", "test"]
    assert answer.as_json()["leaks"] is True


def test_a_shared_ancestor_is_listed_and_is_no_leak(world: World):
    world.tell(
        document("split", used("split", "raw"), generated("train", "split"), generated("test", "split")),
        document("fit", used("fit", "train"), generated("model", "fit")),
    )
    answer = world.ask(leakage, "ex:model", "ex:test")
    assert (answer.nodes, answer.edges) == ((), ())
    assert {node["iri"] for node in answer.as_json()["shared"]} == {iri("raw"), iri("split")}
    assert "no leak" in answer.as_json()["notes"][0]


def test_the_same_bytes_under_another_name_are_a_leak(world: World):
    world.tell(
        document("a", entity("test", digest=OTHER)),
        document("b", entity("holdout_copy", digest=OTHER), used("fit", "holdout_copy"), generated("model", "fit")),
    )
    answer = world.ask(leakage, "ex:model", "ex:test")
    assert [one.target for one in answer.edges][:2] == [iri("fit"), iri("holdout_copy")]
    assert names(answer) >= {"model", "fit", "holdout_copy", "test"}
    assert answer.edges[-1].relation == "alternateOf"


def test_what_a_specialization_was_made_of_is_a_leak_by_the_letter(world: World):
    # TRAIN's general thing is derived from TEST: it is in upstream(TRAIN), and made of TEST.
    world.tell(document("a", specialized("train", "corpus"), derived("corpus", "test")))
    answer = world.ask(leakage, "ex:train", "ex:test")
    assert [one.relation for one in answer.edges] == ["specializationOf", "wasDerivedFrom"]
    assert world.ask(path, "ex:train", "ex:test") is None


def test_training_on_the_test_set_itself_is_a_leak(world: World):
    world.tell(document("a", entity("test")))
    assert names(world.ask(leakage, "ex:test", "ex:test")) == {"test"}


def test_names_resolve_by_iri_prefix_digest_and_label(world: World):
    world.tell(*poisoned(), document("d", entity("data", digest=BYTES, label="Sales"), entity("copy", digest=BYTES)))
    for typed in (iri("model2"), "ex:model2", "Second model"):
        assert iri("model2") in world.ask(upstream, typed).iris()
    assert names(world.ask(upstream, BYTES.upper().replace("SHA", "sha"), depth=0)) == {"data", "copy"}
    assert names(world.ask(upstream, "Sales", depth=0)) == {"data"}


def test_a_name_with_a_blank_resolves_as_it_is_shown(world: World):
    world.tell(document("a", entity("a b\tc")))
    assert world.ask(upstream, "ex:a b\tc").iris() == {iri("a b\tc")}


def test_what_has_no_name_is_not_found_and_the_nearest_are_named(world: World):
    world.tell(*poisoned())
    with pytest.raises(NotFound) as caught:
        world.ask(upstream, "ex:model9")
    assert "ex:model" in caught.value.next_step
    with pytest.raises(NotFound) as caught:
        world.ask(upstream, "second")
    assert "ex:model2" in caught.value.next_step
    with pytest.raises(NotFound):
        world.ask(upstream, "zzz")


def test_a_label_or_digest_of_several_is_ambiguous_and_lists_them(world: World):
    near = BYTES[:-1] + "0"
    world.tell(document("d", entity("a", label="Same", digest=BYTES), entity("b", label="Same", digest=near)))
    with pytest.raises(Ambiguous) as caught:
        world.ask(upstream, "Same")
    assert caught.value.candidates == ("ex:a", "ex:b")
    with pytest.raises(Ambiguous) as caught:
        world.ask(upstream, "sha256:4f1c22ab")
    assert set(caught.value.candidates) == {BYTES, near}
    with pytest.raises(UsageError, match="8 digits"):
        world.ask(upstream, "sha256:4f1c")


CHAIN = 100_000
PREFIXES = Prefixes({"ex": EXAMPLE})


def test_a_chain_a_fan_and_two_to_the_forty_paths_answer():
    chain = MemoryReader(
        edge("used", f"s{n}", f"s{n + 1}") if n % 2 else edge("wasGeneratedBy", f"s{n}", f"s{n + 1}")
        for n in range(CHAIN)
    )
    assert len(path(chain, PREFIXES, "ex:s0", f"ex:s{CHAIN}").edges) == CHAIN
    fan = MemoryReader(edge("used", f"r{n}", "data") for n in range(CHAIN))
    assert len(downstream(fan, PREFIXES, "ex:data").nodes) == CHAIN + 1
    diamonds = MemoryReader(
        one
        for n in range(40)
        for side in "ab"
        for one in (edge("used", f"p{n}", f"{side}{n}"), edge("wasGeneratedBy", f"{side}{n}", f"p{n + 1}"))
    )
    assert len(path(diamonds, PREFIXES, "ex:p0", "ex:p40").edges) == 80
    assert not leakage(diamonds, PREFIXES, "ex:a39", "ex:b39").leaks


def test_a_cycle_is_input_like_any_other():
    ring = MemoryReader([edge("used", "r", "d"), edge("wasGeneratedBy", "d", "r")])
    assert upstream(ring, PREFIXES, "ex:d").iris() == {iri("d"), iri("r")}
    assert len(path(ring, PREFIXES, "ex:d", "ex:r").edges) == 1


def test_a_hostile_name_is_a_name():
    reader = MemoryReader([edge("used", "r", "d")])
    for typed in ("'; DROP TABLE node; --", "\x00", '"', "ex:", "%", "sha256:", Value(STRING, "x").lexical * 5000):
        with pytest.raises(NotFound):
            upstream(reader, PREFIXES, typed)


def test_a_label_in_another_language_names_its_element(world: World):
    labels = [Value(STRING, "Sales"), Value(INTERNATIONALIZED_STRING, "Verkäufe", "de")]
    world.tell(document("a", entity("sales", label=labels), entity("other", label="Sales 2")))
    assert names(world.ask(upstream, "Verkäufe", depth=0)) == {"sales"}
    world.tell(document("b", entity("second", label=labels)))
    with pytest.raises(Ambiguous):
        world.ask(upstream, "Verkäufe")
