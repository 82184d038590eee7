"""Lints: valid PROV that people want to know of."""

from __future__ import annotations

import pytest

from provstore.model.document import Assertion
from provstore.model.statement import statement
from provstore.model.terms import BY_NAME, DOUBLE, PS, STRING
from provstore.validation import validate
from tests.unit.validation.documents import document, say

ONE, TWO, THREE = (f"2026-01-0{day}T00:00:00Z" for day in (1, 2, 3))
ALL = [say("entity", "e"), say("activity", "a"), say("agent", "ag")]


def lints(kind, *statements):
    verdict = validate(document(*statements))
    assert verdict.valid
    return [one for one in verdict.lints if one.kind == kind]


@pytest.mark.parametrize(
    "statements",
    [
        [say("activity", "a", TWO, ONE)],
        [say("wasGeneratedBy", "e", "a", TWO), say("used", "b", "e", ONE)],
        [say("wasGeneratedBy", "e", "a", TWO), say("wasInvalidatedBy", "e", "b", ONE)],
        [say("activity", "a", ONE, TWO), say("wasGeneratedBy", "e", "a", THREE)],
        [say("activity", "a", ONE, TWO), say("used", "a", "e", THREE)],
        # Half past one at +02:00 is before midnight in UTC.
        [say("activity", "a", ONE, "2026-01-01T01:30:00+02:00")],
    ],
)
def test_clocks_that_contradict_the_order_of_events_are_told(statements):
    [lint] = lints("clock-disorder", *statements)
    assert set(lint.statements) <= set(statements)
    assert "By the clock" in lint.message


@pytest.mark.parametrize(
    "statements",
    [
        [say("activity", "a", ONE, TWO)],
        [say("activity", "a", ONE, ONE)],
        [say("wasGeneratedBy", "e", "a", ONE), say("used", "b", "e", ONE)],
        # Without a zone, a time can't be compared with one that has it.
        [say("activity", "a", ONE, "2025-12-31T23:00:00")],
    ],
)
def test_clocks_in_order_are_not_told(statements):
    assert lints("clock-disorder", *statements) == []


def test_what_is_named_and_never_described_is_told_once():
    [lint] = lints("dangling-reference", *ALL[1:], say("used", "a", "e"), say("wasGeneratedBy", "e", "a"))
    assert "e is named as an entity" in lint.message
    assert lints("dangling-reference", *ALL, say("used", "a", "e")) == []


def test_two_values_of_what_has_one_are_told_with_who_says_them():
    def status(value):
        return statement(BY_NAME["activity"].iri, "http://example.org/a", [(f"{PS}status", STRING, value, "")])

    [lint] = lints("conflicting-attribute", status("running"), status("finished"))
    assert set(lint.statements) == {status("running"), status("finished")}
    assert lints("conflicting-attribute", status("running"), status("running")) == []


def test_two_values_of_what_has_one_are_told_in_one_statement_too():
    both = [(f"{PS}status", STRING, value, "") for value in ("finished", "running")]
    said = statement(BY_NAME["activity"].iri, "http://example.org/a", both)
    [lint] = lints("conflicting-attribute", said, say("activity", "b"))
    assert lint.statements == (said,)


def test_values_are_compared_by_value_and_digests_by_algorithm():
    def entity(*attributes):
        return statement(BY_NAME["entity"].iri, "http://example.org/e", attributes)

    def lint(*statements):
        return lints("conflicting-attribute", *statements)

    one, same = (f"{PS}metric.loss", DOUBLE, "1.10", ""), (f"{PS}metric.loss", DOUBLE, "1.1", "")
    assert lint(entity(one), entity(same)) == []
    sha1, sha256 = (f"{PS}digest", STRING, "sha1:aa", ""), (f"{PS}digest", STRING, "sha256:bb", "")
    assert lint(entity(sha1), entity(sha256)) == []
    [found] = lint(entity(sha1, sha256), entity((f"{PS}digest", STRING, "sha256:cc", "")))
    assert '"sha256:bb", "sha256:cc"' in found.message


def test_an_activity_that_is_an_agent_is_told():
    [lint] = lints("clashing-kinds", say("activity", "x"), say("agent", "x"))
    assert len(lint.statements) == 2
    assert lints("clashing-kinds", say("entity", "x"), say("agent", "x")) == []


def test_statements_that_the_recommendation_has_no_rule_for_are_counted():
    [lint] = lints("not-checked", *ALL, say("mentionOf", "e", "e", "b"), say("mentionOf", "e", "f", "b"))
    assert lint.message.startswith("2 mention statement(s) were not checked")


def test_lints_can_be_left_out_and_know_their_bundle():
    said = [Assertion("http://example.org/b", say("activity", "a", TWO, ONE))]
    assert validate(said, lints=False).lints == ()
    assert {one.bundle for one in validate(said).lints} == {"http://example.org/b"}
