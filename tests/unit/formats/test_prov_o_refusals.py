"""What is no PROV-O is refused, and never with anything but BadInput."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provstore.formats.prov_o import TRIG, TURTLE
from provstore.model.statement import statement
from tests.unit.formats.rdf_reading import HEAD, alone, relation, through
from tests.unit.formats.reading import EX, PROV, refusal_of


def refused(text, chosen=TURTLE):
    error = refusal_of(chosen, text.encode() if isinstance(text, str) else text, "a")
    assert error is not None, "it was read"
    assert error.where.startswith("a")
    return error


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<http://a/> <http://b/> <http://c/> .", "no PROV statement"),
        ("", "no PROV statement"),
        (HEAD + ":a prov:used", "this is no Turtle"),
        ("<e> a <http://www.w3.org/ns/prov#Entity> .", "relative"),
        (HEAD + ":a prov:used :e", "this is no Turtle"),
        (HEAD + "[ ex:b " * 5_000, "nested too deep"),
        (HEAD + ":a ex:b " + "( " * 5_000, "nested too deep"),
        (b"\xff\xfe", "not UTF-8"),
        (HEAD + '"x" a prov:Entity .', "Turtle"),
    ],
)
def test_what_is_no_prov_o_is_refused(text, told):
    assert told in refused(text).message


def test_combinations_without_end_are_refused():
    many = ", ".join(f":x{number}" for number in range(100))
    assert "combinations" in refused(HEAD + f":a prov:qualifiedUsage :u . :u prov:entity {many} .").message


def test_the_line_of_a_mistake_is_told():
    assert refused("@prefix ex: <http://e/> .\n\nex:a ex:b .").where == "a:3"


def test_odd_iris_are_not_logged(capfd):
    read = TURTLE.read(io.BytesIO(b"<http://a|b> a <http://www.w3.org/ns/prov#Entity> ."), source="a")
    assert [one.statement.identifier for one in read.assertions] == ["http://a|b"]
    assert capfd.readouterr().err == ""


SEED = through(alone(relation("used", EX + "u", activity="a", entity="e"), statement(PROV + "Entity", EX + "e", [])))[2]


@pytest.mark.parametrize("chosen", [TURTLE, TRIG], ids=lambda one: one.name)
@given(changes=st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=2), st.booleans()), min_size=1, max_size=3))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_random_bytes_give_bad_input_or_a_document(chosen, changes):
    data = bytearray(SEED.encode())
    for place, inserted, replaces in changes:
        at = place % (len(data) + 1)
        data[at : at + (len(inserted) if replaces else 0)] = inserted
    error = refusal_of(chosen, bytes(data), "a")
    assert error is None or error.where.startswith("a")
