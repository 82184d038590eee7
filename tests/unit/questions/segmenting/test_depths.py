"""Sets of depths behave as sets of numbers, whether kept as runs or as bits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provstore.questions.segmenting.depths import Bits, first_common, spread, union
from tests.support.depths import members

# Some with more runs than are kept as runs: those become bits.
SETS = st.one_of(
    st.sets(st.integers(0, 200), min_size=1, max_size=100),
    st.builds(lambda low, step, count: set(range(low, low + step * count, step)), st.integers(0, 50),
              st.integers(1, 3), st.integers(1, 80)),
)  # fmt: skip


def of(numbers):
    return union([((number, number),) for number in sorted(numbers)])


@given(SETS)
def test_a_set_holds_its_numbers(numbers):
    assert members(of(numbers)) == numbers


@given(st.lists(SETS, min_size=1, max_size=4))
def test_a_union_holds_the_numbers_of_all(sets):
    assert members(union([of(one) for one in sets])) == set().union(*sets)


@given(SETS, st.integers(0, 3), st.integers(0, 40))
def test_a_spread_set_holds_all_that_is_so_much_greater(numbers, least, more):
    assert members(spread(of(numbers), least, least + more)) == {
        n + plus for n in numbers for plus in range(least, least + more + 1)
    }


@given(SETS, SETS)
def test_the_first_common_number_is_the_least_of_both(one, other):
    assert first_common(of(one), of(other)) == min(one & other, default=None)
    assert first_common(of(one), ()) is first_common((), of(one)) is None


def test_many_runs_are_bits_and_become_a_run_again_when_the_gaps_close():
    even = of(range(0, 200, 2))
    assert isinstance(even, Bits)
    assert union([even, of(range(1, 200, 2))]) == ((0, 199),)
