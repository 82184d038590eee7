"""Nodes that are flags answer as the set of their IRIs does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provstore.graph.members import Members, flags_of, number_of

IRIS = [f"urn:{letter}" for letter in "abcdefg"]
some = st.sets(st.sampled_from(IRIS))
strangers = st.sets(st.sampled_from([*IRIS, "urn:", "urn:bb", "urn:z"]))


def members(iris, of=IRIS):
    return Members.numbered(of, [of.index(iri) for iri in iris])


@given(some)
def test_it_has_the_members_that_it_was_made_of_in_order(iris):
    found = members(iris)
    assert list(found) == sorted(iris)
    assert len(found) == len(iris)
    assert found == iris
    assert [iri for iri in [*IRIS, "urn:", "urn:bb", "urn:z", 3] if iri in found] == sorted(iris)


@given(some, some)
def test_two_of_one_scan_are_joined_as_sets_are(one, other):
    both = members(one) | members(other)
    assert isinstance(both, Members)
    assert both == one | other


@given(some, strangers)
def test_it_is_joined_with_any_set_from_either_side(one, other):
    assert members(one) | frozenset(other) == one | other == frozenset(other) | members(one)


@given(some, strangers)
def test_what_it_lacks_and_what_it_has_alone_are_those_of_the_set(one, other):
    assert members(one) - frozenset(other) == one - other
    assert frozenset(other) - members(one) == other - one
    assert members(one) & frozenset(other) == one & other


@given(some)
def test_the_flags_of_a_choice_are_those_of_its_members(iris):
    expected = bytes(iri in iris for iri in IRIS)
    for chosen in (iris, members(iris), members(iris, of=list(IRIS))):
        assert flags_of(chosen, IRIS) == expected


@given(st.sets(st.text(max_size=3)), st.text(max_size=3))
def test_a_number_is_the_place_among_ascending_iris(iris, iri):
    ascending = sorted(iris)
    assert number_of(ascending, iri) == (ascending.index(iri) if iri in iris else None)
