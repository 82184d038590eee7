"""Statements in columns are the statements that were put there, in their order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provstore.model.columns import Chunk, Typing, shape_of
from provstore.model.statement import statement
from tests.support.columns import in_columns
from tests.unit.formats.strategies import documents

LABEL = ("http://www.w3.org/ns/prov#label", "http://www.w3.org/2001/XMLSchema#string")


@given(documents(), st.integers(1, 9))
def test_columns_hold_what_was_put_there(assertions, size):
    chunks = list(in_columns(assertions, size))
    assert [one for chunk in chunks for one in chunk.assertions()] == assertions
    assert Chunk.of(assertions).assertions() == assertions


def test_statements_that_differ_in_texts_only_lie_together():
    said = [(None, statement("k", f"urn:{n}", [(*LABEL, f"label {n}", "")])) for n in range(3)]
    (chunk,) = in_columns(said)
    (alike,) = chunk.alike
    assert alike.shape is shape_of("k", True, (Typing(*LABEL),))
    assert alike.columns == [["label 0", "label 1", "label 2"]]
    assert alike.identifiers == ["urn:0", "urn:1", "urn:2"]
    assert (chunk.singles, chunk.bundles) == ([], None)
