"""Hand-worked examples of rules 18 to 20 and 25 (first half)."""

from __future__ import annotations

import pytest

from tests.oracle.ledger import OracleDocument, OracleLedger
from tests.oracle.small import drawn, graph, say, short
from tests.oracle.statements import sid
from tests.oracle.terms import (
    EX,
    PROV,
    PS,
    activity,
    agent,
    day,
    double,
    entity,
    pair,
    part_of,
    qualified,
    relation,
    text,
    used,
)
from tests.oracle.view import Node, view_of


def test_a_declared_element_is_a_node_of_its_kind():
    node = graph(entity("e1")).nodes[EX + "e1"]
    assert (node.kind, node.kinds, node.declared) == ("entity", ("entity",), True)


def test_one_record_is_enough_to_declare():
    assert graph(used("a1", "e1"), entity("e1")).nodes[EX + "e1"].declared


def test_the_ends_of_a_relation_are_nodes_that_are_not_declared():
    view = graph(used("a1", "e1"))
    assert {i: (n.kind, n.declared) for i, n in view.nodes.items()} == {
        EX + "a1": ("activity", False),
        EX + "e1": ("entity", False),
    }


def test_types_attribute_values_and_relation_identifiers_are_no_nodes():
    # "not as type, attribute value or relation identifier"
    extra = (qualified(PROV + "type", "t"), qualified(PS + "note", "n"))
    view = graph(relation("used", "a1", "e1", None, identifier="r1", attributes=extra))
    assert short(view.nodes) == {"a1", "e1"}


def test_generation_and_usage_arguments_of_a_derivation_are_no_nodes_but_its_activity_is():
    view = graph(relation("wasDerivedFrom", "e2", "e1", "a1", "g1", "u1"))
    assert short(view.nodes) == {"e1", "e2", "a1"}


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        # PROV-CONSTRAINTS, constraint 50
        ("wasGeneratedBy", "x y", "entity activity"),
        ("used", "x y", "activity entity"),
        ("wasInformedBy", "x y", "activity activity"),
        ("wasStartedBy", "x y z", "activity entity activity"),
        ("wasEndedBy", "x y z", "activity entity activity"),
        ("wasInvalidatedBy", "x y", "entity activity"),
        ("wasDerivedFrom", "x y z", "entity entity activity"),
        ("wasAttributedTo", "x y", "entity agent"),
        ("wasAssociatedWith", "x y z", "activity agent entity"),
        ("actedOnBehalfOf", "x y z", "agent agent activity"),
        ("alternateOf", "x y", "entity entity"),
        ("specializationOf", "x y", "entity entity"),
        ("hadMember", "x y", "entity entity"),
        ("wasInfluencedBy", "x y", "unknown unknown"),
    ],
)
def test_kinds_follow_from_typing(name, arguments, expected):
    view = graph(relation(name, *arguments.split()))
    assert [view.nodes[EX + a].kind for a in arguments.split()] == expected.split()


def test_a_node_may_be_of_several_kinds_and_the_first_is_its_kind():
    node = graph(agent("x"), relation("wasAttributedTo", "e1", "x"), entity("x")).nodes[EX + "x"]
    assert (node.kinds, node.kind) == (("entity", "agent"), "entity")


def test_an_edge_goes_from_first_to_second_argument_and_carries_what_was_said():
    role = text(PROV + "role", "input")
    statement = relation("used", "a1", "e1", "2026-01-01T00:00:00Z", identifier="r1", attributes=(role,))
    (edge,) = graph(statement).edges
    assert (edge.relation, edge.source, edge.target) == ("used", EX + "a1", EX + "e1")
    assert (edge.sid, edge.id, edge.time) == (sid(statement), EX + "r1", "2026-01-01T00:00:00Z")
    assert edge.values(PROV + "role") == ["input"]
    assert edge.attributes == (role,)


def test_a_relation_without_two_ends_is_no_edge_but_names_a_node():
    view = graph(relation("wasGeneratedBy", "e1", None))
    assert (view.edges, short(view.nodes)) == ((), {"e1"})


def test_two_statements_are_two_edges():
    # "The view merges nothing"
    role = text(PROV + "role", "input")
    assert len(graph(used("a1", "e1"), relation("used", "a1", "e1", attributes=(role,))).edges) == 2


def test_the_same_statement_twice_is_one_edge_with_all_bundles_and_spaces():
    ledger = OracleLedger()
    fact = used("a1", "e1")
    ledger.append([OracleDocument("u", ((None, fact), ("urn:b1", fact), ("urn:b2", fact)), "event", day(1))])
    say(ledger, fact, space="other")
    (edge,) = view_of(ledger).edges
    assert (edge.bundles, edge.spaces) == ({"urn:b1", "urn:b2"}, {"default", "other"})


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("wasAssociatedWith", ("a1", "g1", "e1"), {("wasAssociatedWith", "a1", "g1"), ("hadPlan", "a1", "e1")}),
        ("wasDerivedFrom", ("e2", "e1", "a1"), {("wasDerivedFrom", "e2", "e1"), ("hadActivity", "e2", "a1")}),
        ("wasStartedBy", ("a2", "e1", "a1"), {("wasStartedBy", "a2", "e1"), ("hadStarter", "a2", "a1")}),
        ("wasEndedBy", ("a2", "e1", "a1"), {("wasEndedBy", "a2", "e1"), ("hadEnder", "a2", "a1")}),
        # "they need the first argument only"
        ("wasAssociatedWith", ("a1", None, "e1"), {("hadPlan", "a1", "e1")}),
        ("wasStartedBy", ("a2", None, "a1"), {("hadStarter", "a2", "a1")}),
        # a third argument that lineage does not need is carried, not drawn
        ("actedOnBehalfOf", ("g1", "g2", "a1"), {("actedOnBehalfOf", "g1", "g2")}),
        ("mentionOf", ("e2", "e1", "b"), {("mentionOf", "e2", "e1")}),
    ],
)
def test_third_arguments_that_lineage_needs_are_edges_of_the_same_sid(name, arguments, expected):
    statement = relation(name, *arguments)
    view = graph(statement)
    assert drawn(view.edges) == expected
    assert {e.sid for e in view.edges} == {sid(statement)}


def test_third_arguments_are_carried_as_iris():
    (edge, _) = graph(relation("wasDerivedFrom", "e2", "e1", "a1", "g1", "u1")).edges
    assert dict(edge.arguments) == {"activity": EX + "a1", "generation": EX + "g1", "usage": EX + "u1"}


def test_a_communication_of_type_part_of_is_the_edge_part_of_alone():
    assert drawn(graph(part_of("a2", "a1")).edges) == {("partOf", "a2", "a1")}


def test_a_dictionary_member_is_an_edge_with_its_key():
    (edge,) = graph(relation("hadDictionaryMember", "d", attributes=(pair("k", "e1"),))).edges
    assert (edge.relation, edge.source, edge.target, edge.key) == ("hadDictionaryMember", EX + "d", EX + "e1", "k")


def test_an_insertion_is_an_edge_between_the_dictionaries_and_names_what_is_inserted():
    view = graph(relation("derivedByInsertionFrom", "d2", "d1", attributes=(pair("k", "e1"),)))
    assert drawn(view.edges) == {("derivedByInsertionFrom", "d2", "d1")}
    assert short(view.nodes) == {"d1", "d2", "e1"}


def test_what_is_dead_is_not_in_the_view():
    ledger = OracleLedger()
    say(ledger, used("a1", "e1"))
    ledger.retract(1)
    assert view_of(ledger).nodes == {}


def test_as_of_shows_structure_and_attributes_as_they_were():
    ledger = OracleLedger()
    say(ledger, activity("a1", double(PS + "param.lr", "0.1")), unit="u")
    say(ledger, activity("a1", double(PS + "param.lr", "0.2")), used("a1", "e1"), unit="u")

    def learning_rate(node: Node) -> list[str]:
        return [v[1] for v in node.attributes[PS + "param.lr"].values]

    then, now = view_of(ledger, as_of=1), view_of(ledger)
    assert (len(then.edges), len(now.edges)) == (0, 1)
    assert learning_rate(then.nodes[EX + "a1"]) == ["0.1"]
    assert learning_rate(now.nodes[EX + "a1"]) == ["0.2"]


def test_kinds_and_attributes_come_from_visible_statements_only():
    ledger = OracleLedger()
    say(ledger, entity("x", text(PS + "note", "mine")))
    say(ledger, agent("x", text(PS + "note", "theirs")), space="other")
    node = view_of(ledger, {"default"}).nodes[EX + "x"]
    assert node.kinds == ("entity",)
    assert [v[1] for v in node.attributes[PS + "note"].values] == ["mine"]
    assert node.spaces == {"default"}


def test_a_conflict_with_an_invisible_space_is_not_seen():
    ledger = OracleLedger()
    say(ledger, activity("a1", double(PS + "param.lr", "0.1")))
    say(ledger, activity("a1", double(PS + "param.lr", "0.2")), space="other")
    assert not view_of(ledger, {"default"}).nodes[EX + "a1"].conflict
    assert view_of(ledger).nodes[EX + "a1"].conflict


def test_a_statement_of_two_spaces_is_visible_from_each():
    ledger = OracleLedger()
    say(ledger, used("a1", "e1"))
    say(ledger, used("a1", "e1"), space="other")
    assert len(view_of(ledger, {"other"}).edges) == 1
