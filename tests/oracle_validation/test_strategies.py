"""The random documents reach every constraint, and the oracle obeys the laws that hold for any document."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle_validation import oracle
from tests.oracle_validation.inferences import INFERENCES
from tests.oracle_validation.oracle import equivalent, normal_form, normalize, same_information, verdict
from tests.oracle_validation.ordering import edges
from tests.oracle_validation.strategies import documents, pairs
from tests.oracle_validation.test_examples import NEVER_VIOLATED

SAMPLES = 1_500


def samples():
    """The same sample of documents each time."""
    found = []

    @settings(max_examples=SAMPLES, derandomize=True, database=None, phases=[Phase.generate], deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(documents())
    def collect(said):
        found.append(said)

    collect()
    return found


def test_every_constraint_is_violated_by_some_and_about_half_of_the_documents_are_valid():
    violated, ordered, valid = Counter(), Counter(), 0
    for said in samples():
        numbers = verdict(said)
        valid += not numbers
        violated.update(numbers)
        ordered.update({edge.number for edge in edges(normalize([one.statement for one in said]).facts)})
    assert {number for number in range(22, 57) if violated[number] < 3} <= NEVER_VIOLATED
    assert {number for number in range(30, 50) if ordered[number] < 3} == set()
    assert 0.4 * SAMPLES < valid < 0.6 * SAMPLES


@settings(max_examples=150, deadline=None)
@given(documents(max_statements=8), st.randoms(use_true_random=False))
def test_neither_the_order_of_statements_nor_of_inferences_matters(said, random):
    shuffled = list(said)
    random.shuffle(shuffled)
    here, expected = normal_form(said), verdict(said)
    order = oracle.INFERENCES
    try:
        oracle.INFERENCES = tuple(random.sample(INFERENCES, len(INFERENCES)))
        there, found = normal_form(shuffled), verdict(shuffled)
    finally:
        oracle.INFERENCES = order
    assert (expected == set()) == (found == set())
    assert (here is None) == (there is None)
    if here is not None and there is not None:
        assert same_information(here, there)


@settings(max_examples=150, deadline=None)
@given(documents(max_statements=8))
def test_no_constraint_is_violated_that_cannot_be(said):
    # With no identifier shared between kinds of events (53), see examples.py.
    numbers = verdict(said)
    if not numbers & {*range(22, 30), 53}:
        assert not numbers & NEVER_VIOLATED


@settings(max_examples=150, deadline=None)
@given(pairs())
def test_equivalence_is_symmetric_and_what_is_surely_equivalent_is(pair):
    one, other = pair
    assert equivalent(one, other) == equivalent(other, one)
    assert equivalent(one, one) in (True, None)
    if oracle.surely_equivalent(one, other):
        assert equivalent(one, other) in (True, None)
