"""Building statements: literal forms of rule 1, one record per element, order of first mention."""

import pytest

from provstore.importers import statements as s
from provstore.model.statement import reference, statement
from provstore.model.terms import BOOLEAN, DATE_TIME, DOUBLE, INT, INTEGER, LONG, PROV, PS, STRING


@pytest.mark.parametrize(
    ("value", "datatype", "lexical"),
    [
        (0, INT, "0"),
        (2**31 - 1, INT, "2147483647"),
        (-(2**31), INT, "-2147483648"),
        (2**31, LONG, "2147483648"),
        (-(2**63), LONG, "-9223372036854775808"),
        (2**63, INTEGER, "9223372036854775808"),
        (0.1, DOUBLE, "0.1"),
        (float("nan"), DOUBLE, "NaN"),
        (float("inf"), DOUBLE, "INF"),
        (float("-inf"), DOUBLE, "-INF"),
    ],
)
def test_numbers_are_typed_by_size(value, datatype, lexical):
    assert s.number("n", value) == ("n", datatype, lexical, "")


def test_times_are_utc_and_what_is_no_time_stays_text():
    assert s.time("t", "2026-01-01T01:00:00+01:00") == ("t", DATE_TIME, "2026-01-01T00:00:00.000000Z", "")
    assert s.time("t", "soon") == ("t", STRING, "soon", "")


def test_other_values():
    assert s.boolean("b", True) == ("b", BOOLEAN, "true", "")
    assert s.text("a", "x") == ("a", STRING, "x", "")
    assert s.ps("param.a b/c") == PS + "param.a%20b/c"
    assert s.typed(PS + "Run") == reference(PROV + "type", PS + "Run")


def test_what_is_said_of_one_element_is_one_record():
    made = s.Statements()
    made.entity("urn:e", [s.label("x")])
    made.activity("urn:a", start="2026-01-01T00:00:00.000000Z")
    made.entity("urn:e", [s.text("urn:k", "v"), s.label("x")])
    first, second = (assertion.statement for assertion in made.assertions())
    assert first == statement(PROV + "Entity", "urn:e", [s.label("x"), s.text("urn:k", "v")])
    assert second.argument(PROV + "startTime") == "2026-01-01T00:00:00.000000Z"


def test_a_relation_has_its_formal_arguments_and_is_said_once():
    made = s.Statements()
    for _ in range(2):
        made.relate("wasAssociatedWith", "urn:a", None, "urn:p")
    made.relate("wasInvalidatedBy", "urn:e", "urn:a", time="2026-01-01T00:00:00.000000Z")
    association, invalidation = (assertion.statement for assertion in made.assertions())
    assert {(a.name, a.lexical) for a in association.attributes} == {
        (PROV + "activity", "urn:a"),
        (PROV + "plan", "urn:p"),
    }
    assert {(a.name, a.lexical) for a in invalidation.attributes} == {
        (PROV + "entity", "urn:e"),
        (PROV + "activity", "urn:a"),
        (PROV + "time", "2026-01-01T00:00:00.000000Z"),
    }
