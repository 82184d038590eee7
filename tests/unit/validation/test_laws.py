"""Laws of validity, of its explanations, of normal form and of equivalence, over random small documents."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from provstore.model.document import Assertion
from provstore.model.statement import Statement, statement
from provstore.model.terms import BLANK, PROV, QUALIFIED_NAME, XSD
from provstore.validation import InvalidDocument, equivalent, normal_form, validate
from tests.unit.validation.documents import EX, documents

RANDOM = settings(max_examples=150, deadline=None)


@RANDOM
@given(documents, st.randoms(use_true_random=False))
def test_order_does_not_matter(said, random):
    shuffled = random.sample(said, len(said))
    assert validate(shuffled, lints=False).valid == validate(said, lints=False).valid


@RANDOM
@given(documents, st.data())
def test_what_is_left_of_a_valid_document_is_valid(said, data):
    assume(validate(said, lints=False).valid)
    left = [one for one in said if data.draw(st.booleans())]
    assert validate(left, lints=False).valid


@RANDOM
@given(documents)
def test_the_statements_of_a_finding_are_invalid_by_themselves(said):
    for finding in validate(said, lints=False).findings:
        event(str(finding.constraint))
        assert not validate([Assertion(finding.bundle, one) for one in finding.statements]).valid
        assert set(finding.statements) <= {one.statement for one in said}


@RANDOM
@given(documents)
def test_no_statement_of_a_finding_can_be_left_out_but_for_the_constraint(said):
    for finding in validate(said, lints=False).findings:
        for one in finding.statements:
            fewer = [Assertion(None, other) for other in finding.statements if other != one]
            again = {(other.constraint, other.subject) for other in validate(fewer, lints=False).findings}
            assert (finding.constraint, finding.subject) not in again


@RANDOM
@given(documents)
def test_without_all_removals_again_and_again_a_document_becomes_valid(said):
    for _ in range(len(said) + 1):
        findings = validate(said, lints=False).findings
        if not findings:
            return
        gone = {one for finding in findings for one in finding.removal}
        assert gone
        said = [one for one in said if one.statement not in gone]
    pytest.fail("findings were left, and nothing to remove")


@RANDOM
@given(documents)
def test_a_removal_that_is_called_smallest_mends_its_finding_and_no_smaller_one_does(said):
    for finding in validate(said, lints=False).findings:
        if finding.removal_is_smallest:
            assert not _still(finding, said, set(finding.removal))
            if len(finding.removal) == 2 and not finding.steps:
                assert all(_still(finding, said, {one}) for one in finding.statements)


def test_clashes_of_two_arguments_with_the_same_two_values_are_both_mended():
    def times(**of):
        attributes = [(f"{PROV}{name}", f"{XSD}dateTime", f"2026-01-0{day}T00:00:00Z", "") for name, day in of.items()]
        return Assertion(None, statement(f"{PROV}Activity", f"{EX}a2", attributes))

    told = [
        (f"{PROV}activity", QUALIFIED_NAME, f"{EX}a2", ""),
        (f"{PROV}time", f"{XSD}dateTime", "2026-01-02T00:00:00Z", ""),
    ]
    started = Assertion(None, statement(f"{PROV}Start", None, told))
    ended, both, early = times(endTime=2), times(startTime=2, endTime=1), times(startTime=1)
    for said in ([ended, both, started, early, both], [started, early, both], [early, started, both]):
        found = {finding.constraint: finding for finding in validate(said, lints=False).findings}
        assert {early.statement, both.statement} <= {one for finding in found.values() for one in finding.statements}
        assert not _still(found[22], said, set(found[22].removal))


def _still(finding, said, gone):
    left = [one for one in said if one.statement not in gone]
    again = {(other.constraint, other.subject) for other in validate(left, lints=False).findings}
    return (finding.constraint, finding.subject) in again


@RANDOM
@given(documents)
def test_each_cycle_leads_from_step_to_step_back_to_its_beginning_and_is_strict_somewhere(said):
    for finding in validate(said, lints=False).findings:
        assert bool(finding.steps) == (finding.constraint == 42)
        for step, following in zip(finding.steps, (*finding.steps[1:], *finding.steps[:1]), strict=True):
            assert step.after.partition(" (")[0] == following.before.partition(" (")[0]
        assert all(step.strict == (step.constraint == 42) for step in finding.steps)
        assert not finding.steps or any(step.strict for step in finding.steps)


@RANDOM
@given(documents, st.randoms(use_true_random=False))
def test_a_normal_form_is_its_own_and_does_not_depend_on_order(said, random):
    assume(validate(said, lints=False).valid)
    formed = normal_form(said)
    assert normal_form(formed) == formed
    assert normal_form(random.sample(said, len(said))) == formed
    assert validate(formed, lints=False).valid
    assert equivalent(said, formed)


@RANDOM
@given(documents)
def test_an_invalid_document_has_no_normal_form_and_is_equivalent_to_itself_alone(said):
    assume(not validate(said, lints=False).valid)
    with pytest.raises(InvalidDocument) as raised:
        normal_form(said)
    assert raised.value.verdict.findings
    assert equivalent(said, said[::-1])
    assert not equivalent([], said)
    assert not equivalent(said, [*said, said[0]])


@RANDOM
@given(documents, documents)
def test_documents_are_equivalent_exactly_when_their_normal_forms_are_equal(left, right):
    assume(validate(left, lints=False).valid and validate(right, lints=False).valid)
    assert equivalent(left, right) == (normal_form(left) == normal_form(right))


def blank(said, names):
    """The document with some names as blank identifiers."""
    renamed = {EX + name: f"{BLANK}test:{other}" for name, other in names.items()}

    def of(one: Statement) -> Statement:
        attributes = [(a.name, a.datatype, renamed.get(a.lexical, a.lexical), a.language) for a in one.attributes]
        return statement(one.kind, renamed.get(one.identifier or "", one.identifier), attributes)

    return [Assertion(one.bundle, of(one.statement)) for one in said]


@RANDOM
@given(documents, st.permutations(["e1", "e2", "e3", "a1", "a2"]))
def test_the_names_of_blank_identifiers_do_not_matter(said, order):
    names = ["e1", "e2", "e3", "a1", "a2"]
    one, other = (blank(said, dict(zip(names, given, strict=True))) for given in (names, order))
    assert validate(one, lints=False).valid == validate(other, lints=False).valid
    assume(validate(one, lints=False).valid)
    assert equivalent(one, other)
    assert Counter(a.statement.kind for a in normal_form(one)) == Counter(a.statement.kind for a in normal_form(other))
