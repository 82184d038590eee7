"""The oracle on examples that were worked by hand from the Recommendation."""

from __future__ import annotations

import pytest

from tests.oracle_validation.examples import EDGES, EDGES_OF_ACTIVITIES, INVALID, VALID
from tests.oracle_validation.facts import all_facts, expanded, instance, is_variable, numbers
from tests.oracle_validation.impossibility import constraint_50
from tests.oracle_validation.notation import EX, document
from tests.oracle_validation.oracle import (
    equivalent,
    normal_form,
    normalize,
    surely_equivalent,
    verdict,
    verdicts,
)
from tests.oracle_validation.ordering import ORDERING, edges

# Their edges lead to ends and invalidations, where no strict edge starts.
NEVER_VIOLATED = {30, 32, 35, 36, 38, 40, 44, 46, 47, 49}


def test_each_constraint_has_a_valid_and_an_invalid_example():
    assert set(VALID) == set(range(22, 57))
    assert set(INVALID) == set(range(22, 57)) - NEVER_VIOLATED


@pytest.mark.parametrize("number", VALID)
def test_what_is_valid_violates_nothing(number):
    assert verdict(document(VALID[number])) == set()


@pytest.mark.parametrize("number", INVALID)
def test_what_is_invalid_violates_just_what_was_worked_out(number):
    text, expected = INVALID[number]
    assert number in expected
    assert verdict(document(text)) == expected


@pytest.mark.parametrize("number", INVALID)
def test_invalid_only_where_it_is_said(number):
    inside = document(INVALID[number][0])
    moved = [one._replace(bundle=EX + "b9") for one in inside]
    found = verdicts([*document("entity(e9)"), *moved])
    assert found[None] == set()
    assert found[EX + "b9"] == INVALID[number][1]


def named(text, number):
    normal = normalize([one.statement for one in document(text)])
    return {
        (edge.earlier.removeprefix(EX), edge.later.removeprefix(EX))
        for edge in edges(normal.facts)
        if edge.number == number and not is_variable(edge.earlier) and not is_variable(edge.later)
    }


@pytest.mark.parametrize("number", ORDERING)
def test_the_edges_of_each_ordering_constraint(number):
    assert named(VALID[number], number) == EDGES[number]


@pytest.mark.parametrize("number", EDGES_OF_ACTIVITIES)
def test_the_edges_where_an_agent_is_an_activity(number):
    text, expected = EDGES_OF_ACTIVITIES[number]
    assert named(text, number) == expected


def kinds(text):
    """How many facts of each kind the normal form has."""
    facts = all_facts(normal_form(document(text))[None])
    return {kind: sum(one.kind == kind for one in facts) for kind in {one.kind for one in facts}}


# Counted by hand; each generation, use and so on is an influence too (15).
NORMAL_FORMS = {
    "wasInformedBy(-; a2, a1)": {"wasInformedBy": 1, "wasGeneratedBy": 1, "used": 1, "wasInfluencedBy": 3},
    "wasGeneratedBy(-; e1, a1, -)\nused(-; a2, e1, -)": {
        "wasInformedBy": 1, "wasGeneratedBy": 1, "used": 1, "wasInfluencedBy": 3,
    },
    "entity(e1)": {"entity": 1, "wasGeneratedBy": 1, "wasInvalidatedBy": 1, "alternateOf": 1, "wasInfluencedBy": 2},
    # The start and the end have triggers, which their starter and ender generated (9, 10).
    "activity(a1)": {"activity": 1, "wasStartedBy": 1, "wasEndedBy": 1, "wasGeneratedBy": 2, "wasInfluencedBy": 4},
    # a1 used e1 and generated e2 (11); nothing states who generated e1.
    "wasDerivedFrom(-; e2, e1, a1, -, -)": {
        "wasDerivedFrom": 1, "wasGeneratedBy": 1, "used": 1, "wasInfluencedBy": 3,
    },
    "wasDerivedFrom(-; e2, e1)": {"wasDerivedFrom": 1, "wasInfluencedBy": 1},
    # alternateOf in all four directions (12, 17, 18).
    "wasDerivedFrom(-; e2, e1, [type=Revision])": {"wasDerivedFrom": 1, "alternateOf": 4, "wasInfluencedBy": 1},
    "wasAttributedTo(-; e1, g1)": {
        "wasAttributedTo": 1, "wasGeneratedBy": 1, "wasAssociatedWith": 1, "wasInfluencedBy": 3,
    },
    "actedOnBehalfOf(-; g2, g1, a1)": {"actedOnBehalfOf": 1, "wasAssociatedWith": 2, "wasInfluencedBy": 3},
    # e1-e2, e2-e3, e1-e3 (19); all nine pairs are alternates (16 to 18, 20).
    "specializationOf(e1, e2)\nspecializationOf(e2, e3)": {"specializationOf": 3, "alternateOf": 9},
    "hadMember(e1, e2)": {"hadMember": 1},
    "mentionOf(e1, e2, b1)": {"http://www.w3.org/ns/prov#Mention": 1},
}  # fmt: skip


@pytest.mark.parametrize("text", NORMAL_FORMS)
def test_a_normal_form_has_what_follows_and_no_more(text):
    assert kinds(text) == NORMAL_FORMS[text]


def test_a_specialization_inherits_attributes():
    facts = normal_form(document("entity(e1, [x=1])\nspecializationOf(e2, e1)"))[None]
    inherited = [one.attributes for one in facts["entity"] if one.id == EX + "e2"]
    assert [{a.lexical for a in attributes} for attributes in inherited] == [{"1"}]


# Constraint 50: what each statement says of the names in it.
TYPES = {
    "entity(e1)": "e1 entity",
    "activity(a1)": "a1 activity",
    "agent(g1)": "g1 agent",
    "wasGeneratedBy(-; e1, a1, -)": "e1 entity, a1 activity",
    "used(-; a1, e1, -)": "a1 activity, e1 entity",
    "wasInformedBy(-; a1, a2)": "a1 activity, a2 activity",
    "wasStartedBy(-; a1, e1, a2, -)": "a1 activity, e1 entity, a2 activity",
    "wasEndedBy(-; a1, e1, a2, -)": "a1 activity, e1 entity, a2 activity",
    "wasInvalidatedBy(-; e1, a1, -)": "e1 entity, a1 activity",
    "wasDerivedFrom(-; e2, e1, a1, -, -)": "e2 entity, e1 entity, a1 activity",
    "wasDerivedFrom(-; e2, e1)": "e2 entity, e1 entity",
    "wasAttributedTo(-; e1, g1)": "e1 entity, g1 agent",
    "wasAssociatedWith(-; a1, g1, e1)": "a1 activity, g1 agent, e1 entity",
    "wasAssociatedWith(-; a1, g1, -)": "a1 activity, g1 agent",
    "actedOnBehalfOf(-; g2, g1, a1)": "g2 agent, g1 agent, a1 activity",
    "wasInfluencedBy(-; e1, e2)": "",
    "alternateOf(e1, e2)": "e1 entity, e2 entity",
    "specializationOf(e1, e2)": "e1 entity, e2 entity",
    "hadMember(e1, e2)": "e1 entity, e1 prov:Collection, e2 entity",
    "entity(e1, [type=EmptyCollection])": "e1 entity, e1 prov:Collection, e1 prov:EmptyCollection",
    "mentionOf(e1, e2, b1)": "",
}


@pytest.mark.parametrize("text", TYPES)
def test_the_types_that_a_statement_gives(text):
    # Before any inference, and for the normal form, where other statements say the same.
    stated = instance(expanded([one.statement for one in document(text)], numbers()))
    for facts in (stated, normal_form(document(text))[None]):
        named = {f"{term.removeprefix(EX)} {kind}" for term, kind in constraint_50(facts) if not is_variable(term)}
        assert named == {one for one in TYPES[text].split(", ") if one}


# Documents that convey the same, and are the same before any inference.
SAME = [
    ("entity(e1)\nactivity(a1)", "activity(a1, -, -)\nentity(e1, [])\nentity(e1)"),
    ("entity(e1, [x=1, y=2])", "entity(e1, [x=1])\nentity(e1, [y=2])"),
    ("wasGeneratedBy(r1; e1, a1, t1)", "wasGeneratedBy(r1; e1, a1, -)\nwasGeneratedBy(r1; e1, -, t1)"),
    ("used(-; a1, e1, -)\nb1: entity(e1)", "b1: entity(e1)\nused(a1, e1)"),
]
# The one states what follows from the other.
FOLLOWS = [
    ("entity(e1)", "entity(e1)\nwasGeneratedBy(-; e1, -, -)"),
    ("specializationOf(e1, e2)", "specializationOf(e1, e2)\nalternateOf(e2, e1)"),
    ("wasGeneratedBy(r1; e1, a1, -)", "wasGeneratedBy(r1; e1, a1, -)\nwasInfluencedBy(r1; e1, a1)"),
    ("activity(a1, t1, -)", "activity(a1)\nactivity(a1, t1, -)\nwasStartedBy(-; a1, -, -, t1)"),
]
DIFFERENT = [
    ("entity(e1)", "entity(e2)"),
    ("entity(e1)", "agent(e1)"),
    ("entity(e1)", "b1: entity(e1)"),
    ("entity(e1, [x=1])", "entity(e1, [x=2])"),
    ("used(r1; a1, e1, t1)", "used(r1; a1, e1, t2)"),
    ("used(r1; a1, e1, -)", "used(-; a1, e1, -)"),
    ("wasAssociatedWith(r1; a1, g1, -)", "wasAssociatedWith(r1; a1, g1, e1)"),
    ("wasDerivedFrom(r1; e2, e1)", "wasDerivedFrom(r1; e2, e1, a1, -, -)"),
    ("specializationOf(e1, e2)", "specializationOf(e2, e1)"),
    ("used(a1, e1)", "used(a1, e1)\nwasDerivedFrom(-; e1, e1)\nentity(e1)"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_equivalent_before_any_inference(one, other):
    assert surely_equivalent(document(one), document(other))
    assert equivalent(document(one), document(other))


@pytest.mark.parametrize(("one", "other"), FOLLOWS)
def test_equivalent_by_inference(one, other):
    assert not surely_equivalent(document(one), document(other))
    assert equivalent(document(one), document(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_not_equivalent(one, other):
    assert not surely_equivalent(document(one), document(other))
    assert equivalent(document(one), document(other)) is False
    assert equivalent(document(other), document(one)) is False


def test_of_two_invalid_documents_the_recommendation_says_nothing():
    assert equivalent(document("specializationOf(e1, e1)"), document("specializationOf(e2, e2)")) is None


# Corners, each by the letter.
VALID_CORNERS = [
    "wasDerivedFrom(r1; e2, g1)\nwasAttributedTo(r1; e2, g1)",
    "wasDerivedFrom(-; e1, e1)",  # nothing states a generation of e1
    "used(r1; a1, e1, t1)\nused(r2; a1, e1, t2)",  # no uniqueness of usage
    "wasAssociatedWith(r1; a1, g1, e1)\nwasAssociatedWith(r1; a1, -, e1)",
    "actedOnBehalfOf(r1; g2, g1, -)\nactedOnBehalfOf(r1; g2, g1, a1)",
    "wasGeneratedBy(r1; e1, a1, -)\nb1: used(r1; a1, e1, -)",  # bundles are apart
    "activity(a1)\nagent(a1)\nwasAttributedTo(-; e1, a1)",
    "mentionOf(e1, e1, b1)",
]
INVALID_CORNERS = [
    "wasDerivedFrom(r1; e2, e1)\nwasGeneratedBy(r1; e2, -, -)",
    "wasDerivedFrom(-; e1, e1)\nentity(e1)",
    "wasDerivedFrom(r1; e2, e1)\nwasDerivedFrom(r1; e2, e1, a1, -, -)",  # `-` is a constant
    "wasDerivedFrom(-; e2, e1, -, -, r1)",
    "wasDerivedFrom(-; e2, e1, -, r1, r2)",
    "wasAssociatedWith(-; a1, g1, e1)\nactivity(e1)",
    "hadMember(e1, e2)\nactivity(e1)",
    "wasStartedBy(r1; a1, -, a2, t1)\nwasStartedBy(r1; a1, -, a2, t2)",
    "used(r1; a1, e1, -)\nwasGeneratedBy(r1; e2, a2, -)",
    "activity(a1, t1, -)\nwasStartedBy(r1; a1, -, a1, t2)",
]


@pytest.mark.parametrize("text", VALID_CORNERS)
def test_valid_by_the_letter(text):
    assert verdict(document(text)) == set()


@pytest.mark.parametrize("text", INVALID_CORNERS)
def test_invalid_by_the_letter(text):
    assert verdict(document(text)) != set()
