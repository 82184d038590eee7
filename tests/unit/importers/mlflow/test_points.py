from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.importers.mlflow.points import ordered
from tests.support.mlflow_stores import bits

INT64 = st.integers(-(2**63), 2**63 - 1)
POINTS = st.lists(st.tuples(INT64, INT64, st.floats()), min_size=1)


def columns(series):
    return list(zip(series.steps, series.times_ms, series.values, strict=True))


@given(POINTS)
def test_every_point_is_kept_with_its_bits(points):
    kept = columns(ordered("m", points, where="x"))
    assert Counter((s, t, bits(v)) for s, t, v in kept) == Counter((s, t, bits(v)) for s, t, v in points)


@given(POINTS)
def test_points_are_in_the_order_of_step_and_time(points):
    kept = columns(ordered("m", points, where="x"))
    assert [point[:2] for point in kept] == sorted(point[:2] for point in points)


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_of_points_of_one_step_and_time_the_greatest_comes_last_as_mlflow_has_it(values):
    assert ordered("m", [(1, 1, value) for value in values], where="x").values[-1] == max(values)


def test_not_a_number_stands_where_zero_would():
    values = ordered("m", [(0, 0, 1.0), (0, 0, math.nan), (0, 0, -1.0)], where="x").values
    assert values[0] == -1.0
    assert math.isnan(values[1])


@pytest.mark.parametrize("point", [(2**63, 0, 0.0), (0, -(2**63) - 1, 0.0)])
def test_a_step_that_no_64_bit_integer_holds_is_refused(point):
    with pytest.raises(BadInput, match="out of range"):
        ordered("m", [point], where="x")
