"""Constraints by hand-worked documents that break them, and ones that do not (PROV-CONSTRAINTS sections 4 to 6)."""

from __future__ import annotations

import pytest

from provstore.model.document import Assertion
from provstore.model.statement import statement
from provstore.model.terms import BLANK
from provstore.validation import validate
from provstore.validation.constraints import RULES
from tests.unit.validation.documents import document, say

ONE, TWO = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


def constraints(*statements):
    return [finding.constraint for finding in validate(document(*statements), lints=False).findings]


INVALID = [
    # Table 3: what may be -.
    (4, [say("wasAttributedTo", "e1")]),
    (22, [say("activity", "a", ONE), say("activity", "a", TWO)]),
    (23, [say("used", "a", "e1", id="u"), say("used", "a", "e2", id="u")]),
    # - is a constant in a plan and in an imprecise derivation (definition 4).
    (23, [say("wasAssociatedWith", "a", "ag", "pl", id="x"), say("wasAssociatedWith", "a", "ag", id="x")]),
    (23, [say("wasDerivedFrom", "e2", "e1", "a", id="d"), say("wasDerivedFrom", "e2", "e1", id="d")]),
    # Inference 15: both would be one influence.
    (23, [say("used", "a", "e1", id="u"), say("wasInfluencedBy", "a", "e2", id="u")]),
    (23, [say("used", "a", "e1", id="d"), say("wasDerivedFrom", "e2", "e1", id="d")]),
    # Inference 11: the derivation's generation is the one that is stated.
    (23, [say("wasGeneratedBy", "e3", "a", id="g"), say("wasDerivedFrom", "e2", "e1", "a", "g", "u")]),
    (24, [say("wasGeneratedBy", "e", "a", id="g1"), say("wasGeneratedBy", "e", "a", id="g2")]),
    (24, [say("wasGeneratedBy", "e2", "a", id="g"), say("wasDerivedFrom", "e2", "e1", "a", "h", "u")]),
    (25, [say("wasInvalidatedBy", "e", "a", id="g1"), say("wasInvalidatedBy", "e", "a", id="g2")]),
    (26, [say("wasStartedBy", "a", "e", "b", id="s1"), say("wasStartedBy", "a", "-", "b", id="s2")]),
    (27, [say("wasEndedBy", "a", "e", "b", id="s1"), say("wasEndedBy", "a", "-", "b", id="s2")]),
    (28, [say("activity", "a", ONE), say("wasStartedBy", "a", "-", "-", TWO)]),
    (29, [say("activity", "a", "-", ONE), say("wasEndedBy", "a", "-", "-", TWO)]),
    (51, [say("wasDerivedFrom", "e2", "e1", "-", "g", "-")]),
    (51, [say("wasDerivedFrom", "e2", "e1", "-", "-", "u")]),
    (52, [say("specializationOf", "e", "e")]),
    (
        52,
        [say("specializationOf", "e1", "e2"), say("specializationOf", "e2", "e3"), say("specializationOf", "e3", "e1")],
    ),
    (53, [say("used", "a", "e", id="x"), say("wasInformedBy", "a", "b", id="x")]),
    (54, [say("entity", "x"), say("wasDerivedFrom", "e2", "e1", id="x")]),
    # Inference 21 makes x an entity by its general one.
    (54, [say("entity", "e"), say("specializationOf", "x", "e"), say("wasAttributedTo", "e", "ag", id="x")]),
    (55, [say("entity", "x"), say("activity", "x")]),
    (55, [say("used", "x", "e"), say("hadMember", "c", "x")]),
    # Constraint 50 counts the plan as an entity.
    (55, [say("wasAssociatedWith", "a", "ag", "x"), say("wasInformedBy", "x", "a")]),
    (56, [say("entity", "c", type="EmptyCollection"), say("hadMember", "c", "e")]),
    # Inference 21: a specialization of an empty collection is empty.
    (56, [say("entity", "c", type="EmptyCollection"), say("specializationOf", "d", "c"), say("hadMember", "d", "e")]),
    (42, [say("entity", "e1"), say("wasDerivedFrom", "e1", "e1")]),
]

VALID = [
    # No clock is compared.
    [say("activity", "a", TWO, ONE)],
    [say("wasAssociatedWith", "a", "ag", id="x"), say("wasAssociatedWith", "a", id="x")],
    [say("wasDerivedFrom", "e2", "e1", "a", "g", id="d"), say("wasDerivedFrom", "e2", "e1", "a", id="d")],
    [say("wasGeneratedBy", "e", "a", id="g1"), say("wasGeneratedBy", "e", id="g2")],
    [say("wasGeneratedBy", "e", "a", id="g1"), say("wasGeneratedBy", "e", "b", id="g2")],
    [say("wasGeneratedBy", "e", "a", id="g1"), say("wasGeneratedBy", "e", "a")],
    # A usage is not unique.
    [say("used", "a", "e", id="u1"), say("used", "a", "e", id="u2")],
    [say("wasStartedBy", "a", "e", "b", id="s1"), say("wasStartedBy", "a", "e", "-", id="s2")],
    [say("wasStartedBy", "a", "e", "b", id="s1"), say("wasEndedBy", "a", "e", "b", id="s2")],
    [say("agent", "x"), say("entity", "x")],
    [say("agent", "x"), say("activity", "x")],
    [say("wasInfluencedBy", "a", "e", id="u"), say("used", "a", "e", id="u")],
    [say("entity", "c", type="EmptyCollection"), say("specializationOf", "c", "d"), say("hadMember", "d", "e")],
    # No generation is known of either, so nothing is out of order.
    [say("wasDerivedFrom", "e1", "e2"), say("wasDerivedFrom", "e2", "e1")],
    # Simultaneous is not strictly before.
    [say("specializationOf", "e1", "e2"), say("entity", "e2"), say("wasAttributedTo", "e2", "e1")],
    # One spelling of an instant is as good as another.
    [say("activity", "a", ONE), say("activity", "a", "2026-01-01T01:00:00.000+01:00")],
]


@pytest.mark.parametrize(("constraint", "statements"), INVALID)
def test_a_document_that_breaks_a_constraint_is_told_of_by_its_number(constraint, statements):
    assert constraints(*statements) == [constraint]


@pytest.mark.parametrize("statements", VALID)
def test_a_document_that_breaks_none_is_valid(statements):
    assert constraints(*statements) == []


# Circles of events, by the constraints of their steps.
CIRCLES = {
    # start(a) <= gen(e1) < gen(e2) <= start(a)
    (34, 42, 43): [say("wasStartedBy", "a", "e2"), say("wasGeneratedBy", "e1", "a"), say("wasDerivedFrom", "e2", "e1")],
    (42, 45): [say("entity", "e2"), say("specializationOf", "e1", "e2"), say("wasDerivedFrom", "e2", "e1")],
    # Inference 13 says that e1 was generated.
    (42, 48): [say("entity", "e2"), say("wasAttributedTo", "e1", "e2"), say("wasDerivedFrom", "e2", "e1")],
    # start(ag) <= gen(e1) < gen(e2) <= start(ag)
    (42, 43, 48): [
        say("wasAttributedTo", "e1", "ag"), say("wasStartedBy", "ag", "e2"), say("wasDerivedFrom", "e2", "e1"),
    ],
    # start(b) <= gen(x) <= start(a) <= gen(e1) < gen(e2) <= start(b): the starter generated the trigger (inference 9).
    (34, 34, 42, 43, 43): [
        say("wasStartedBy", "a", "-", "b"), say("wasStartedBy", "b", "e2"), say("wasGeneratedBy", "e1", "a"),
        say("wasDerivedFrom", "e2", "e1"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("expected", list(CIRCLES))
def test_a_circle_of_events_is_told_step_by_step(expected):
    [finding] = validate(document(*CIRCLES[expected]), lints=False).findings
    # All generations of an entity happen at once: a step that says so may stand between others.
    assert tuple(sorted(step.constraint for step in finding.steps if step.constraint not in (31, 39))) == expected
    assert {one for step in finding.steps for one in step.statements} <= set(finding.statements)
    assert "strictly before itself" in finding.message


def test_a_specialization_of_a_specialization_is_ordered_although_the_middle_was_never_generated():
    # Inference 19: gen(e3) <= gen(e1), e2 has no generation.
    said = [
        say("specializationOf", "e1", "e2"), say("specializationOf", "e2", "e3"), say("wasGeneratedBy", "e1"),
        say("wasGeneratedBy", "e3"), say("wasDerivedFrom", "e3", "e1"),
    ]  # fmt: skip
    [finding] = validate(document(*said), lints=False).findings
    assert [step.constraint for step in finding.steps] == [42, 45]
    assert set(finding.statements) == set(said)
    # A derivation from the middle is not ordered by anything.
    assert constraints(*said[:4], say("wasDerivedFrom", "e2", "e1")) == []


def test_each_bundle_is_validated_for_itself():
    one, other = document(say("entity", "x")), document(say("activity", "x"), bundle="http://example.org/b")
    assert validate(one + other).valid
    [finding] = validate(one + document(say("activity", "x")) + other).findings
    assert finding.bundle is None
    both = [Assertion("http://example.org/b", a.statement) for a in one] + other
    assert [finding.bundle for finding in validate(both).findings] == ["http://example.org/b"]


def test_one_wrong_statement_in_a_long_chain_is_one_finding():
    chain = [say("wasGeneratedBy", f"e{n}", f"a{n}") for n in range(300)]
    chain += [say("wasDerivedFrom", f"e{n + 1}", f"e{n}", f"a{n + 1}") for n in range(299)]
    [finding] = validate(document(*chain, say("wasDerivedFrom", "e3", "e7")), lints=False).findings
    assert len(finding.steps) == 5
    # The derivations by an activity imply the generations of e4 to e7 (inference 11); that of e3 must be said.
    assert set(finding.statements) == {chain[3], *chain[303:307], say("wasDerivedFrom", "e3", "e7")}
    assert len(finding.removal) == 1
    assert finding.removal_is_smallest


def test_of_many_identifiers_for_one_generation_all_but_one_would_have_to_go():
    said = [say("wasGeneratedBy", "e", "a", id=f"g{n}") for n in range(4)]
    [finding] = validate(document(*said), lints=False).findings
    assert len(finding.removal) == 3
    assert finding.removal_is_smallest


def test_beyond_the_bound_of_work_a_removal_is_not_called_smallest_and_all_are_still_told():
    said = [say("wasGeneratedBy", f"e{n}", "a", id=f"{name}{n}") for n in range(3000) for name in "gh"]
    findings = validate(document(*said), lints=False).findings
    assert len(findings) == 3000
    assert all(len(finding.removal) == 1 for finding in findings)
    assert not findings[-1].removal_is_smallest


def test_a_failed_merge_is_told_once_and_not_where_it_is_repeated():
    # The two starts can't be one (23), so one of them disagrees with the activity, too (28).
    said = [
        say("wasStartedBy", "a", "e", "b", ONE, id="s"), say("wasStartedBy", "a", "e", "b", TWO, id="s"),
        say("activity", "a"),
    ]  # fmt: skip
    assert len(constraints(*said)) == 1
    # Two activities with the same two times are two causes.
    assert constraints(*(say("activity", name, time) for name in "ab" for time in (ONE, TWO))) == [22, 22]


def test_a_finding_about_merged_identifiers_has_the_statements_that_merge_them():
    def unnamed(kind, *arguments):
        stated = say(kind, *arguments)
        return statement(stated.kind, f"{BLANK}t:x", stated.attributes)

    # By 24, the blank identifier of the generation is g, so g is a usage as well.
    said = [say("wasGeneratedBy", "e", "a", id="g"), unnamed("wasGeneratedBy", "e", "a"), unnamed("used", "a", "f")]
    findings = validate(document(*said), lints=False).findings
    assert [(finding.constraint, set(finding.statements)) for finding in findings] == [(53, set(said))]


def test_the_table_of_rules_is_complete():
    assert list(RULES) == list(range(1, 57))
    assert len({rule.name for rule in RULES.values()}) == 56
    assert all(rule.sentence.endswith(".") for rule in RULES.values())
