from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from provstore.reports.labels import Label, apart

HEIGHT = 13.0
COORDINATES = st.floats(0, 400)


@given(st.lists(st.builds(Label, st.tuples(COORDINATES, COORDINATES), st.floats(1, 150)), max_size=8))
def test_no_label_is_on_another_and_each_stays_in_its_column(labels):
    placed = apart(labels, HEIGHT, 0, 400)
    for (x, _), label in zip(placed, labels, strict=True):
        assert x == label.middle[0]
    for (one, first), (other, second) in combinations(zip(placed, labels, strict=True), 2):
        beside = abs(one[0] - other[0]) >= (first.width + second.width) / 2
        assert beside or abs(one[1] - other[1]) >= HEIGHT


def test_labels_that_are_on_no_other_stay_where_they_are():
    middles = [(10.0, 20.0), (10.0, 33.0), (200.0, 20.0)]
    assert apart([Label(middle, 100) for middle in middles], HEIGHT, 0, 100) == middles


def test_the_nearest_free_place_within_the_picture_is_taken():
    assert apart([Label((50, 10), 40)] * 3, HEIGHT, 5, 30) == [(50, 10), (50, 23), (50, 10)]
    assert apart([Label((50, 10), 40)] * 3, HEIGHT, -5, 30) == [(50, 10), (50, 23), (50, -3)]
