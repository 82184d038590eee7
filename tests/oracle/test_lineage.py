"""Hand-worked examples of rules 22, 25 and 27 (leakage, path)."""

from __future__ import annotations

import pytest

from tests.oracle.ledger import OracleLedger
from tests.oracle.lineage import downstream, leakage, path, upstream
from tests.oracle.small import drawn, graph, say, short
from tests.oracle.terms import EX, agent, digest, entity, generated, part_of, relation, used
from tests.oracle.view import View, view_of


def causes(view: View, name: str, **options: bool) -> set[str]:
    return short(upstream(view, EX + name, **options).nodes)


def effects(view: View, name: str, **options: bool) -> set[str]:
    return short(downstream(view, EX + name, **options).nodes)


CHAIN = (generated("e2", "a2"), used("a2", "e1"), generated("e1", "a1"), used("a1", "e0"))


def test_upstream_goes_from_effect_to_cause_and_downstream_back():
    view = graph(*CHAIN)
    assert causes(view, "e2") == {"e2", "a2", "e1", "a1", "e0"}
    assert causes(view, "e1") == {"e1", "a1", "e0"}
    assert effects(view, "e1") == {"e1", "a2", "e2"}
    assert effects(view, "e0") == {"e0", "a1", "e1", "a2", "e2"}


@pytest.mark.parametrize(
    "step",
    [
        relation("used", "x", "y"),
        relation("wasGeneratedBy", "x", "y"),
        relation("wasDerivedFrom", "x", "y"),
        relation("wasDerivedFrom", "x", None, "y"),
        relation("wasInformedBy", "x", "y"),
        relation("wasStartedBy", "x", "y"),
        relation("wasStartedBy", "x", None, "y"),
        relation("wasInfluencedBy", "x", "y"),
        relation("hadMember", "x", "y"),
        relation("specializationOf", "x", "y"),
        relation("wasAssociatedWith", "x", None, "y"),
    ],
)
def test_these_relations_are_walked(step):
    assert causes(graph(step), "x") == {"x", "y"}


@pytest.mark.parametrize(
    "step",
    [
        relation("wasEndedBy", "x", "y"),
        relation("wasEndedBy", "x", None, "y"),
        relation("wasInvalidatedBy", "x", "y"),
        relation("alternateOf", "x", "y"),
        relation("mentionOf", "x", "y"),
        relation("actedOnBehalfOf", "x", "y"),
        relation("wasAssociatedWith", "x", "y"),
        relation("wasAttributedTo", "x", "y"),
        relation("derivedByInsertionFrom", "x", "y"),
        part_of("x", "y"),
    ],
)
def test_these_relations_are_not_walked_unless_asked_for(step):
    assert causes(graph(step), "x") == {"x"}


def test_a_specialization_does_not_lead_to_its_siblings_nor_to_causes_of_the_general():
    # model v2 and v1 are versions of m; m itself was derived from old things
    view = graph(
        relation("specializationOf", "v2", "m"),
        relation("specializationOf", "v1", "m"),
        relation("specializationOf", "m", "family"),
        relation("wasDerivedFrom", "m", "old"),
        relation("wasDerivedFrom", "family", "idea"),
        used("a1", "v2"),
    )
    assert causes(view, "a1") == {"a1", "v2", "m", "family"}
    assert causes(view, "m") == {"m", "family", "old"}
    assert effects(view, "old") == {"old", "m"}
    assert effects(view, "v1") == {"v1"}
    assert effects(view, "m") == {"m", "v1", "v2", "a1"}


def test_a_plan_is_a_leaf():
    view = graph(relation("wasAssociatedWith", "a1", "g1", "script"), relation("wasDerivedFrom", "script", "draft"))
    assert causes(view, "a1") == {"a1", "script"}
    assert effects(view, "draft") == {"draft", "script"}
    assert effects(view, "script") == {"script", "a1"}


def test_agents_are_reached_with_the_option_and_only_delegation_goes_on():
    view = graph(
        relation("wasAssociatedWith", "a1", "ann"),
        relation("actedOnBehalfOf", "ann", "boss"),
        relation("actedOnBehalfOf", "boss", "firm"),
        relation("wasAssociatedWith", "a2", "ann"),
    )
    assert causes(view, "a1") == {"a1"}
    assert causes(view, "a1", agents=True) == {"a1", "ann", "boss", "firm"}


def test_downstream_of_an_agent_implies_agents():
    view = graph(relation("wasAssociatedWith", "a1", "ann"), generated("e1", "a1"))
    assert effects(view, "ann") == {"ann", "a1", "e1"}


def test_downstream_of_a_principal_walks_through_its_delegates():
    # From (ann, full) nothing leads to boss, so by "b in upstream(a) iff a in downstream(b)" ann is no member.
    view = graph(relation("wasAssociatedWith", "a1", "ann"), relation("actedOnBehalfOf", "ann", "boss"))
    answer = downstream(view, EX + "boss")
    assert short(answer.nodes) == {"boss", "a1"}
    assert short(answer.via) == {"ann"}
    assert drawn(answer.edges) == {("wasAssociatedWith", "a1", "ann"), ("actedOnBehalfOf", "ann", "boss")}


def test_influence_by_what_is_only_an_agent_needs_the_option():
    view = graph(relation("wasInfluencedBy", "e1", "ann"), agent("ann"), relation("wasInfluencedBy", "ann", "idea"))
    assert causes(view, "e1") == {"e1"}
    assert causes(view, "e1", agents=True) == {"e1", "ann"}
    both = graph(relation("wasInfluencedBy", "e1", "ann"), agent("ann"), entity("ann"))
    assert causes(both, "e1") == {"e1", "ann"}


def test_parents_are_reached_with_the_option_and_walked_on_from():
    view = graph(part_of("child", "parent"), used("parent", "config"))
    assert causes(view, "child") == {"child"}
    assert causes(view, "child", parents=True) == {"child", "parent", "config"}
    assert effects(view, "config", parents=True) == {"config", "parent", "child"}


def test_a_cycle_ends():
    view = graph(used("a1", "e1"), generated("e1", "a1"))
    assert causes(view, "e1") == {"e1", "a1"}
    assert effects(view, "e1") == {"e1", "a1"}


DIAMOND = (generated("e3", "a"), used("a", "e1"), used("a", "e2"), generated("e1", "b"), generated("e2", "b"))


def test_depth_is_the_fewest_edges():
    view = graph(*CHAIN, relation("wasDerivedFrom", "e2", "e0"))
    depths = {i.removeprefix(EX): d for i, d in upstream(view, EX + "e2").nodes.items()}
    assert depths == {"e2": 0, "a2": 1, "e0": 1, "e1": 2, "a1": 3}


def test_a_depth_cuts_and_says_so():
    answer = upstream(graph(*CHAIN), EX + "e2", depth=2)
    assert short(answer.nodes) == {"e2", "a2", "e1"}
    assert drawn(answer.edges) == {("wasGeneratedBy", "e2", "a2"), ("used", "a2", "e1")}
    assert answer.cut
    assert not upstream(graph(*CHAIN), EX + "e2", depth=4).cut


def test_edges_are_those_whose_nearer_end_has_less_than_the_depth():
    # at depth 2 e1 and e2 are found; their generations by b start at depth 2 and are not walked
    answer = upstream(graph(*DIAMOND, relation("wasDerivedFrom", "e1", "e2")), EX + "e3", depth=2)
    assert drawn(answer.edges) == {("wasGeneratedBy", "e3", "a"), ("used", "a", "e1"), ("used", "a", "e2")}


def test_depth_nought_is_the_start_alone():
    answer = downstream(graph(*CHAIN), EX + "e0", depth=0)
    assert (short(answer.nodes), answer.edges) == ({"e0"}, [])


def test_all_edges_between_the_nodes_of_a_diamond_are_in_the_answer():
    assert len(upstream(graph(*DIAMOND), EX + "e3").edges) == 5


def test_a_path_is_a_shortest_walk():
    view = graph(*CHAIN, relation("wasDerivedFrom", "e2", "e0"))
    assert [e.relation for e in path(view, EX + "e2", EX + "e0") or []] == ["wasDerivedFrom"]
    assert path(view, EX + "e0", EX + "e2") is None
    assert path(view, EX + "e0", EX + "e0") == []


def test_a_path_does_not_turn_round_at_a_general_thing():
    view = graph(relation("specializationOf", "v2", "m"), relation("wasDerivedFrom", "m", "old"))
    assert path(view, EX + "v2", EX + "old") is None


def spaces_ledger() -> OracleLedger:
    ledger = OracleLedger()
    say(ledger, generated("e2", "a1"), used("a1", "e1"))
    say(ledger, used("a1", "secret"), generated("e1", "s1"), space="other")
    return ledger


def test_where_an_invisible_edge_leaves_the_node_says_hidden():
    ledger = spaces_ledger()
    mine, everything = view_of(ledger, {"default"}), view_of(ledger)
    answer = upstream(mine, EX + "e2", everything=everything)
    assert short(answer.nodes) == {"e2", "a1", "e1"}
    assert short(answer.hidden) == {"a1", "e1"}
    assert answer.incomplete


def test_the_mark_looks_in_the_direction_of_the_walk():
    ledger = spaces_ledger()
    say(ledger, used("s2", "e2"), space="other")
    mine, everything = view_of(ledger, {"default"}), view_of(ledger)
    assert short(downstream(mine, EX + "e1", everything=everything).hidden) == {"e2"}


def test_beyond_the_depth_nothing_is_marked():
    ledger = spaces_ledger()
    answer = upstream(view_of(ledger, {"default"}), EX + "e2", depth=1, everything=view_of(ledger))
    assert answer.hidden == set()


def test_edges_that_would_not_be_walked_do_not_count_as_hidden():
    ledger = OracleLedger()
    say(ledger, used("a1", "e1"))
    say(ledger, relation("wasAssociatedWith", "a1", "ann"), relation("wasEndedBy", "a1", "e9"), space="other")
    mine, everything = view_of(ledger, {"default"}), view_of(ledger)
    assert not upstream(mine, EX + "a1", everything=everything).incomplete
    assert upstream(mine, EX + "a1", agents=True, everything=everything).incomplete


def test_who_sees_everything_sees_no_mark():
    ledger = spaces_ledger()
    everything = view_of(ledger)
    assert not upstream(everything, EX + "e2", everything=everything).incomplete


def test_training_on_the_test_data_is_a_leak_with_its_path():
    view = graph(generated("model", "train"), used("train", "data"), used("train", "test"))
    found = leakage(view, EX + "model", EX + "test")
    assert found.exit_code == 1
    assert [e.relation for e in found.path or []] == ["wasGeneratedBy", "used"]


def test_training_on_something_derived_from_the_test_data_is_a_leak():
    view = graph(used("train", "features"), relation("wasDerivedFrom", "features", "test"))
    found = leakage(view, EX + "train", EX + "test")
    assert short(found.leaks) == {"train", "features", "test"}
    assert len(found.path or []) == 2  # to the test data itself


def test_a_plan_derived_from_the_test_data_is_a_leak_though_the_test_data_is_not_upstream():
    view = graph(relation("wasAssociatedWith", "train", None, "code"), relation("wasDerivedFrom", "code", "test"))
    assert "test" not in causes(view, "train")
    found = leakage(view, EX + "train", EX + "test")
    assert short(found.leaks) == {"code"}
    assert [e.relation for e in found.path or []] == ["hadPlan"]


def test_a_shared_ancestor_is_listed_and_is_no_leak():
    view = graph(
        used("train", "train_set"),
        relation("wasDerivedFrom", "train_set", "raw"),
        relation("wasDerivedFrom", "test_set", "raw"),
    )
    found = leakage(view, EX + "train", EX + "test_set")
    assert (found.exit_code, found.path) == (0, None)
    assert short(found.shared) == {"raw"}


def test_what_is_derived_from_the_twin_of_the_test_data_is_a_leak():
    # Both files hold the same bytes; each has a history of its own, so no walk leads from the twin to the test data.
    twin, test = entity("twin", digest("sha256:" + "a" * 64)), entity("test", digest("sha256:" + "a" * 64))
    view = graph(
        twin,
        test,
        relation("wasDerivedFrom", "twin", "raw1"),
        relation("wasDerivedFrom", "test", "raw2"),
        relation("wasAssociatedWith", "train", None, "code"),
        relation("wasDerivedFrom", "code", "twin"),
    )
    assert short(leakage(view, EX + "train", EX + "test").leaks) == {"code"}


def test_what_leaks_is_not_listed_as_shared():
    # `features` was made from the test data, and the test data was made from it
    view = graph(
        used("train", "features"),
        relation("wasDerivedFrom", "features", "test"),
        relation("wasDerivedFrom", "test", "features"),
        relation("wasDerivedFrom", "features", "raw"),
    )
    assert short(leakage(view, EX + "train", EX + "test").shared) == {"raw"}


def test_a_later_evaluation_on_the_test_data_is_no_leak():
    view = graph(
        generated("model", "train"), used("train", "data"), used("evaluate", "model"), used("evaluate", "test")
    )
    assert leakage(view, EX + "model", EX + "test").exit_code == 0
