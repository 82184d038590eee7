"""Hand-worked examples of rule 28."""

from __future__ import annotations

import pytest

from tests.oracle.expressions import ExpressionError, attribute_of, holds, parse
from tests.oracle.ledger import OracleLedger
from tests.oracle.small import say
from tests.oracle.terms import (
    EX,
    PROV,
    PS,
    XSD,
    activity,
    agent,
    digest,
    double,
    entity,
    qualified,
    relation,
    text,
    used,
)
from tests.oracle.view import View, view_of


def test_the_example_of_the_rule_is_read():
    source = (
        'ps:metric.accuracy > 0.9 and (kind = activity or type = ps:Run) and not label ~ "test" '
        "and missing digest and start >= 2026-01-01"
    )
    accuracy = ("cmp", ">", "ps:metric.accuracy", "0.9")
    either = ("or", ("cmp", "=", "kind", "activity"), ("cmp", "=", "type", "ps:Run"))
    untested = ("not", ("cmp", "~", "label", "test"))
    first_three = ("and", ("and", accuracy, either), untested)
    since = ("cmp", ">=", "start", "2026-01-01")
    assert parse(source) == ("and", ("and", first_three, ("missing", "digest")), since)


def test_and_binds_closer_than_or_and_not_closest():
    assert parse("a = 1 or not b = 2 and c = 3") == (
        "or",
        ("cmp", "=", "a", "1"),
        ("and", ("not", ("cmp", "=", "b", "2")), ("cmp", "=", "c", "3")),
    )


def test_in_takes_a_list():
    assert parse('status in (finished, "killed")') == ("in", "status", ("finished", "killed"))


@pytest.mark.parametrize(
    ("source", "column", "expected"),
    [
        ("kind =", 7, "a value"),
        ("kind", 5, "an operator"),
        ("(kind = a", 10, ")"),
        ("kind = a b", 10, "and, or, or the end"),
        ("and", 1, "a name"),
        ("label ! x", 7, "a word, a value"),
        ("", 1, "a name"),
    ],
)
def test_a_mistake_names_column_and_expectation(source, column, expected):
    with pytest.raises(ExpressionError) as caught:
        parse(source)
    assert caught.value.column == column
    assert expected in caught.value.expected


def test_names_of_fields():
    # "a prefixed name is that attribute; another bare name N is ps:N"
    assert attribute_of("label") == PROV + "label"
    assert attribute_of("start") == PROV + "startTime"
    assert attribute_of("prov:value") == PROV + "value"
    assert attribute_of("metric.loss@train") == PS + "metric.loss@train"


def sample() -> View:
    ledger = OracleLedger()
    say(
        ledger,
        activity(
            "run",
            double(PS + "metric.acc", "0.90"),
            text(PS + "param.lr", "0.05"),
            text(PROV + "label", "My Test Run"),
            text(PS + "status", "finished"),
            qualified(PROV + "type", PS + "Run"),
            (PROV + "startTime", XSD + "dateTime", "2026-01-01T01:00:00+01:00", ""),
        ),
        used("run", "data"),
        entity("data", digest("sha256:aa"), text(PS + "note", "x"), text(PS + "note", "y")),
        relation("wasAssociatedWith", "run", "ann"),
        agent("ann"),
    )
    say(ledger, activity("run", double(PS + "metric.acc", "0.5")), space="other")
    return view_of(ledger)


VIEW = sample()


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("kind = activity", "run", True),
        ("kind = agent", "ann", True),
        ("type = ps:Run", "run", True),
        (f'type = "{PS}Run"', "run", True),
        ("type = ps:Model", "run", False),
        ("ps:metric.acc = 0.9", "run", True),  # numbers: 0.90
        ("metric.acc < 0.6", "run", True),  # several values: any
        ("metric.acc > 0.6", "run", True),
        ("param.lr > 0.01", "run", True),  # a text that is a number
        ('param.lr > "abc"', "run", False),  # text: "0.05" < "abc"
        ('label ~ "test"', "run", True),  # contains, case aside
        ('label ~ "MY TEST"', "run", True),
        ('label = "my test run"', "run", False),
        ("start = 2026-01-01", "run", True),  # times: the same instant
        ("start > 2026-01-01T00:00:01Z", "run", False),
        ("start >= 2025-12-31", "run", True),
        ("missing digest", "run", True),
        ("exists digest", "data", True),
        ('digest != "sha256:aa"', "run", False),  # a missing field compares false
        ('not digest = "sha256:aa"', "run", True),
        ("note = x and note = y", "data", True),
        ("note != x", "data", True),  # any: y is not x
        ("status in (failed, finished)", "run", True),
        ("relation = used", "data", True),
        ("relation = wasAssociatedWith", "data", False),
        ("agent = ex:ann", "run", True),
        ("space = other", "run", True),
        ("space = other", "data", False),
        ("iri = ex:run", "run", True),
        ("kind = entity or kind = activity and exists digest", "run", False),
    ],
)
def test_what_holds_of_what(source, name, expected):
    assert holds(parse(source), VIEW, EX + name) is expected


def test_not_a_number_is_equal_to_nothing():
    ledger = OracleLedger()
    say(ledger, activity("run", double(PS + "metric.acc", "NaN")))
    view = view_of(ledger)
    assert not holds(parse("metric.acc = NaN"), view, EX + "run")
    assert holds(parse("metric.acc != 1"), view, EX + "run")
