"""The expression language of rule 28: what it reads, what it means, and what its mistakes say."""

from __future__ import annotations

import pytest

from provstore.errors import UsageError
from provstore.graph.contract import Edge, Node
from provstore.graph.expressions import matches, parse, words
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import (
    DATE_TIME,
    DOUBLE,
    INT,
    LABEL,
    PROV,
    PS,
    QUALIFIED_NAME,
    START_TIME,
    STRING,
    TYPE,
)

PREFIXES = Prefixes({"ex": "http://example.org/"})
EX = "http://example.org/"


def run(**more) -> Node:
    attributes = {
        LABEL: (Value(STRING, "Nightly Training"),),
        TYPE: (Value(QUALIFIED_NAME, PS + "Run"), Value(STRING, "nightly")),
        START_TIME: (Value(DATE_TIME, "2026-01-05T12:00:00+02:00"),),
        PS + "metric.accuracy": (Value(DOUBLE, "0.93"),),
        PS + "metric.loss": (Value(DOUBLE, "NaN"),),
        PS + "param.lr": (Value(STRING, "0.010"),),
        PS + "param.layers": (Value(INT, "9"), Value(INT, "10")),
        PS + "status": (Value(STRING, "finished"),),
        PS + "metric.f(x)": (Value(DOUBLE, "2"),),
        PS + "metric.train/loss@1-5%": (Value(DOUBLE, "-INF"),),
        EX + "reviewer": (Value(QUALIFIED_NAME, EX + "ann"),),
        EX + "due": (Value(STRING, "2026-03-01T02:00:00+02:00"),),
    }
    given = {
        "iri": EX + "run/1", "kinds": ("activity",), "declared": True,
        "attributes": attributes, "spaces": ("default", "team"),
    }  # fmt: skip
    return Node(**{**given, **more})


EDGES = [
    Edge("used", EX + "run/1", EX + "data", "0" * 64),
    Edge("wasAssociatedWith", EX + "run/1", EX + "ann", "1" * 64),
    Edge("alternateOf", EX + "run/1", "urn:provstore:content:default:md5:0", "2" * 64, inferred=True),
]
LABELS = {EX + "ann": "Ann Example"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The example of rule 28.
        (
            'ps:metric.accuracy > 0.9 and (kind = activity or type = ps:Run) and not label ~ "test" '
            "and missing digest and start >= 2026-01-01",
            True,
        ),
        ("metric.accuracy > 0.9", True),
        ("metric.accuracy = 0.930", True),
        ("metric.accuracy < .94", True),
        ("metric.accuracy != 0.93", False),
        ("metric.accuracy in (1, 0.93)", True),
        ("metric.accuracy in (1, 2)", False),
        # Both sides read as numbers, though the parameter was asserted as a string.
        ("param.lr = 0.01", True),
        ("param.lr < 1e-1", True),
        # As text "10" would come before "9".
        ("param.layers > 9.5", True),
        ("param.layers = 9 and param.layers = 10", True),
        ("param.layers != 9", True),
        # NaN is a number without an order.
        ("metric.loss > 0", False),
        ("metric.loss <= 0", False),
        ("metric.loss = NaN", True),
        ("metric.loss != NaN", False),
        ("ps:metric.train/loss@1-5% < 0", True),
        (r"metric.f\(x\) = 2", True),
        # A missing field compares false, whatever the operator; its negation is true.
        ("nothing = 1", False),
        ("nothing != 1", False),
        ("nothing ~ 1", False),
        ("not nothing = 1", True),
        ("not nothing != 1", True),
        ("missing nothing", True),
        ("exists nothing", False),
        ("exists metric.loss", True),
        ("missing end and exists start", True),
        ("end >= 2020-01-01", False),
        # Times: instants, whatever the zone.
        ("start = 2026-01-05T11:00:00+01:00", True),
        ("start > '2026-01-05 10:00'", False),
        ("start < 2026-01-05T10:00:00.000001Z", True),
        ("start ~ 2026-01", True),
        ("ex:due = 2026-03-01", True),
        ("ex:due > 2026-02-28T23:59:59Z", True),
        # Contains, case aside; text by code point.
        ("label ~ TRAIN", True),
        ("label = 'nightly training'", False),
        ('label > "Nightly"', True),
        ("status in (failed, killed)", False),
        ("status = finished", True),
        # Names.
        ("type = prov:Run", False),
        ("type ~ run", True),
        ("type = nightly", True),
        ("type = ps:Run", True),
        ("type ~ ps:Run", False),
        ("ex:reviewer = ex:ann", True),
        (f"ex:reviewer = {EX}ann", True),
        ("ex:reviewer = ann", False),
        ("iri = ex:run/1", True),
        ("iri ~ run/", True),
        ("kind in (entity, agent)", False),
        ("relation = used", True),
        ("relation = wasGeneratedBy", False),
        ("relation ~ associated", True),
        ("relation = alternateOf", False),
        ("agent = ex:ann", True),
        ('agent = "Ann Example"', True),
        ("agent = ex:data", False),
        ("space = team", True),
        ("space = tea", False),
        # `and` binds closer than `or`; `not` closest.
        ("kind = activity or kind = entity and kind = agent", True),
        ("(kind = activity or kind = entity) and kind = agent", False),
        ("not kind = entity and kind = activity", True),
        ("not (kind = activity and missing nothing)", False),
        ("not not kind = activity", True),
        # Reserved words are values like others behind an operator.
        ("label ~ and", False),
        ("label!=x", True),
    ],
)
def test_an_expression_means_what_rule_28_says(text, expected):
    assert matches(parse(text, PREFIXES), run(), EDGES, LABELS) is expected


def test_a_node_without_kinds_is_unknown_and_one_of_two_kinds_is_the_first():
    unknown, person = run(kinds=()), run(kinds=("entity", "agent"))
    assert matches(parse("kind = unknown", PREFIXES), unknown)
    assert matches(parse("kind = entity and not kind = agent", PREFIXES), person)
    assert not matches(parse("kind = unknown", PREFIXES), person)


@pytest.mark.parametrize(
    ("text", "column", "expectation"),
    [
        ("", 1, "expected a name"),
        ("metric.accuracy >", 18, "expected a value, found the end"),
        ("metric.accuracy 0.9", 17, "expected one of = != < <= > >= ~ in"),
        ("kind = acitvity", 8, "expected a kind (entity, activity, agent, unknown)"),
        ("start >= soon", 10, "expected a time such as 2026-01-31"),
        ("relation = wasGeneratedBye", 12, "wasGeneratedBy"),
        ("xps:metric = 1", 1, "did you mean"),
        ("(kind = entity", 15, "expected `and`, `or` or `)`, found the end"),
        ("kind = entity)", 14, "expected `and`, `or` or the end, found ')'"),
        ("kind = entity kind = agent", 15, "expected `and`, `or` or the end"),
        ("kind in entity", 9, "expected `(`"),
        ("kind in (entity agent)", 17, "expected `,` or `)`"),
        ("kind in ()", 10, "expected a value"),
        ('label = "open', 9, 'expected a closing "'),
        ("label = x and", 14, "expected a name"),
        ("0.9 < metric.accuracy", 1, "expected a name"),
        ("not", 4, "expected a name"),
        ("missing", 8, "expected a name"),
        ('"label" = x', 1, "expected a name"),
        ("label = x!", 10, "expected a name, a value or an operator, found '!'"),
        ("label = x\\", 10, "found"),
        ("label == x", 8, "expected a value, found '='"),
        ("(" * 65 + "kind = entity" + ")" * 65, 65, "nested more than 64 deep"),
        ("not " * 100_000 + "kind = entity", 257, "nested more than 64 deep"),
        (" or ".join(["label = x"] * 1001), 13001, "more than 1,000 comparisons"),
    ],
)
def test_a_mistake_names_its_column_and_what_was_expected(text, column, expectation):
    with pytest.raises(UsageError) as caught:
        parse(text, PREFIXES)
    assert caught.value.where == f"expression, column {column}"
    assert expectation in caught.value.message


def test_a_quoted_text_holds_quotes_and_windows_paths():
    node = run(attributes={PS + "path": (Value(STRING, 'C:\\data\\"x".csv'),)})
    assert matches(parse(r'''path = "C:\data\\\"x\".csv"''', PREFIXES), node)
    assert matches(parse(r"""path = 'C:\data\\"x".csv'""", PREFIXES), node)


def test_a_full_iri_is_an_attribute_and_a_type_too():
    person = (Value(QUALIFIED_NAME, PROV + "Person"),)
    node = run(attributes={"urn:x:y": (Value(STRING, "1"),), TYPE: person})
    assert matches(parse("urn:x:y = 1 and type = prov:Person", PREFIXES), node)


def test_words_tells_what_a_condition_needs_to_know():
    asked = parse("not (relation = used or missing agent) and metric.x in (1, 2)", PREFIXES)
    assert words(asked) == {"relation", "agent", "attribute"}
