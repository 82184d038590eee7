"""Normal forms and equivalence by hand, from the inferences of PROV-CONSTRAINTS section 4."""

from __future__ import annotations

from collections import Counter

from provstore.model.document import Assertion
from provstore.model.statement import reference, statement
from provstore.model.terms import BLANK, BY_IRI, BY_NAME, PROV
from provstore.validation import equivalent, normal_form
from tests.unit.validation.documents import EX, document, say


def kinds(*statements):
    return Counter(BY_IRI[one.statement.kind].name for one in normal_form(document(*statements)))


def test_what_follows_from_an_entity():
    # 7: generation and invalidation; 15: two influences; 16: an alternate of itself.
    assert kinds(say("entity", "e")) == {
        "entity": 1, "wasGeneratedBy": 1, "wasInvalidatedBy": 1, "wasInfluencedBy": 2, "alternateOf": 1,
    }  # fmt: skip


def test_what_follows_from_an_activity():
    # 8: start and end; 9, 10: generations of what triggered them; 15: an influence for each.
    assert kinds(say("activity", "a")) == {
        "activity": 1, "wasStartedBy": 1, "wasEndedBy": 1, "wasGeneratedBy": 2, "wasInfluencedBy": 4,
    }  # fmt: skip


def test_what_follows_from_a_communication():
    # 5: something was generated and used; 6 says what is stated already.
    assert kinds(say("wasInformedBy", "a2", "a1")) == {
        "wasInformedBy": 1, "wasGeneratedBy": 1, "used": 1, "wasInfluencedBy": 3,
    }  # fmt: skip


def test_what_follows_from_a_generation_and_a_usage_is_a_communication():
    assert kinds(say("wasGeneratedBy", "e", "a1"), say("used", "a2", "e"))["wasInformedBy"] == 1


def test_what_follows_from_an_attribution_and_a_delegation():
    # 13; 14 twice.
    assert kinds(say("wasAttributedTo", "e", "ag")) == {
        "wasAttributedTo": 1, "wasGeneratedBy": 1, "wasAssociatedWith": 1, "wasInfluencedBy": 3,
    }  # fmt: skip
    assert kinds(say("actedOnBehalfOf", "ag1", "ag2", "a"))["wasAssociatedWith"] == 2


def test_what_follows_from_alternates_and_specializations():
    # 19: e1 of e3; 20 and 18: both ways; 17: each of each, itself included.
    said = [say("specializationOf", "e1", "e2"), say("specializationOf", "e2", "e3")]
    assert kinds(*said) == {"specializationOf": 3, "alternateOf": 9}


def test_a_revision_is_an_alternate():
    assert kinds(say("wasDerivedFrom", "e2", "e1", type="Revision"))["alternateOf"] == 4
    assert kinds(say("wasDerivedFrom", "e2", "e1"))["alternateOf"] == 0


def test_a_specialization_has_the_attributes_of_the_general_entity():
    formed = normal_form(document(say("entity", "e1", type="Plan"), say("specializationOf", "e2", "e1")))
    assert say("entity", "e2", type="Plan") in [one.statement for one in formed]


def test_an_influence_has_the_identifier_and_the_attributes_of_its_relation():
    formed = normal_form(document(say("used", "a", "e", id="u", type="Plan")))
    assert say("wasInfluencedBy", "a", "e", id="u", type="Plan") in [one.statement for one in formed]


def test_a_plan_that_is_absent_stays_absent_and_an_agent_that_is_absent_exists():
    [association] = [
        one.statement
        for one in normal_form(document(say("wasAssociatedWith", "a", id="x")))
        if one.statement.kind == BY_NAME["wasAssociatedWith"].iri
    ]
    assert association.argument(PROV + "plan") is None
    assert association.argument(PROV + "agent").startswith(BLANK)


def test_statements_of_one_identifier_are_equivalent_to_their_union():
    one = document(
        say("wasGeneratedBy", "e", "a", id="g"), say("wasGeneratedBy", "e", "-", "2026-01-01T00:00:00Z", id="g")
    )
    other = document(say("wasGeneratedBy", "e", "a", "2026-01-01T01:00:00+01:00", id="g"))
    assert equivalent(one, other)


def test_what_follows_may_be_said_or_not():
    derivation = say("wasDerivedFrom", "e2", "e1", "a", "g", "u")
    implied = [say("used", "a", "e1", id="u"), say("wasGeneratedBy", "e2", "a", id="g")]
    assert equivalent(document(derivation), document(derivation, *implied))
    assert not equivalent(document(derivation), document(*implied))


def test_an_anonymous_usage_said_twice_is_two_usages():
    assert not equivalent(document(say("used", "a", "e")), document(say("used", "a", "e"), say("used", "a", "e")))


def test_bundles_are_compared_by_name():
    one = document(say("entity", "e"), bundle=EX + "b")
    assert equivalent(one, list(one))
    assert not equivalent(one, document(say("entity", "e"), bundle=EX + "c"))
    assert not equivalent(one, document(say("entity", "e")))
    assert not equivalent(one, [])


def ring(length, start=0):
    """Alternately named nothing: blank entities, each derived from the one before, in a ring."""

    def derived(n):
        return statement(
            BY_NAME["wasDerivedFrom"].iri,
            None,
            [
                reference(f"{PROV}generatedEntity", f"{BLANK}t:{start + n}"),
                reference(f"{PROV}usedEntity", f"{BLANK}t:{start + (n + 1) % length}"),
            ],
        )

    return [Assertion(None, derived(n)) for n in range(length)]


def tied(*rings):
    """Rings whose members are all members of one collection, so that they are one component of variables."""
    said = [one for each in rings for one in each]
    names = sorted({a.lexical for one in said for a in one.statement.attributes})
    members = [
        statement(
            BY_NAME["hadMember"].iri,
            None,
            [reference(f"{PROV}collection", f"{BLANK}t:c"), reference(f"{PROV}entity", name)],
        )
        for name in names
    ]
    return [*said, *(Assertion(None, one) for one in members)]


def test_what_refinement_cannot_tell_apart_is_told_apart():
    # A ring of six and two rings of three look the same from every variable.
    assert equivalent(tied(ring(6)), tied(ring(6, 10)))
    assert equivalent(tied(ring(3), ring(3, 5)), tied(ring(3, 20), ring(3, 10)))
    assert not equivalent(tied(ring(6)), tied(ring(3), ring(3, 5)))
    assert not equivalent(ring(6), [*ring(3), *ring(3, 5)])


def test_a_wrong_guess_among_variables_that_look_the_same_is_taken_back():
    one = tied(ring(6), ring(3, 10), ring(3, 20))
    assert equivalent(one, tied(ring(3), ring(6, 10), ring(3, 20)))
    assert equivalent(one, tied(ring(3), ring(3, 10), ring(6, 20)))
    assert not equivalent(one, tied(ring(6), ring(6, 20)))
