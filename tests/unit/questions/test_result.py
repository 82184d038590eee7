"""How values stand in JSON (docs/reference/json.md, "Attribute values")."""

from __future__ import annotations

import pytest

from provstore.model.statement import Value
from provstore.model.terms import BOOLEAN, DOUBLE, INT, INTEGER, STRING, XSD
from provstore.questions.result import value_json


@pytest.mark.parametrize(
    ("datatype", "lexical", "expected"),
    [
        (INT, "+7", 7), (INTEGER, str(2**53), 2**53), (INTEGER, str(-(2**53)), -(2**53)), (DOUBLE, "1e3", 1000.0),
        (STRING, "7", "7"), (BOOLEAN, "1", True), (BOOLEAN, "false", False),
        # Everything that XML Schema derives from xsd:integer is an integer.
        (XSD + "unsignedLong", "7", 7), (XSD + "unsignedInt", "7", 7), (XSD + "unsignedShort", "7", 7),
        (XSD + "unsignedByte", "7", 7), (XSD + "nonNegativeInteger", "7", 7), (XSD + "positiveInteger", "7", 7),
        (XSD + "nonPositiveInteger", "-7", -7), (XSD + "negativeInteger", "-7", -7), (XSD + "byte", "-7", -7),
    ],
)  # fmt: skip
def test_a_value_that_json_holds_exactly_is_itself(datatype, lexical, expected):
    made = value_json(Value(datatype, lexical))
    assert (made, type(made)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("datatype", "lexical"),
    [
        (INTEGER, str(2**53 + 1)), (XSD + "unsignedLong", str(2**64 - 1)), (XSD + "decimal", "7"),
        (DOUBLE, "INF"), (DOUBLE, "-INF"), (DOUBLE, "NaN"), (DOUBLE, "1e400"),
        (BOOLEAN, "yes"),
        # Python reads these as numbers; XML Schema does not.
        (INT, "1_000"), (INT, "\u0663"), (DOUBLE, "1_0.5"), (DOUBLE, "infinity"), (DOUBLE, "nan"), (INT, "5.0"),
    ],
)  # fmt: skip
def test_any_other_value_keeps_what_was_written(datatype, lexical):
    assert value_json(Value(datatype, lexical))["value"] == lexical
