"""Edges in columns are the edges that they were made of, and are chosen and ordered as edge by edge."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provstore.graph.contract import Edge
from tests.support.readers import MemoryReader

VERTICES = [f"urn:{letter}" for letter in "abcde"]
RELATIONS = ("wasGeneratedBy", "used", "wasDerivedFrom")
vertex = st.sampled_from(VERTICES)
sids = st.sampled_from(["00" * 32, "0f" * 32, "f0" * 32])
times = st.sampled_from([None, "2026-01-01"])
some = st.frozensets(vertex)
edges_by_key = st.lists(
    st.tuples(st.sampled_from(RELATIONS), vertex, vertex, sids, st.none(), st.just(()), times).map(
        lambda of: Edge(*of)
    ),
    unique_by=lambda edge: edge[:4],
    max_size=12,
)


def columns(edges):
    return MemoryReader(edges).scan(RELATIONS).edges


def chosen(found, expected):
    return sorted(found) == sorted(expected)


@given(edges_by_key)
def test_they_are_the_edges_that_they_were_made_of(edges):
    found = columns(edges)
    assert chosen(found, edges)
    assert len(found) == len(edges)
    assert [found[place] for place in range(len(edges))] == list(found) == [*found[:2], *found[2:]]
    assert found == tuple(found) == columns(edges)
    assert found != [*found, *found] or not edges
    assert found[-1:] == tuple(found)[-1:]


@given(edges_by_key, some)
def test_they_are_chosen_as_edge_by_edge(edges, near):
    found = columns(edges)
    assert chosen(found.of({"used"}), [one for one in edges if one.relation == "used"])
    assert chosen(found.leaving(near), [one for one in edges if one.source in near])
    assert chosen(found.entering(near), [one for one in edges if one.target in near])
    assert chosen(found.among(near), [one for one in edges if {one.source, one.target} <= near])


@given(edges_by_key, some)
def test_the_ends_of_what_was_chosen_are_those_of_its_edges(edges, near):
    found = columns(edges).leaving(near)
    assert found.source_iris() == {one.source for one in found}
    assert found.target_iris() == {one.target for one in found}


@given(edges_by_key, some)
def test_those_over_some_nodes_are_in_order_and_number_these_alone(edges, near):
    found = columns(edges).among(near).over(near)
    assert list(found) == sorted(one for one in edges if {one.source, one.target} <= near)
    assert found.iris == sorted(near & {end for one in edges for end in (one.source, one.target)})
    assert [(found.iris[one], found.iris[other]) for one, other in found.ends()] == [
        (one.source, one.target) for one in found
    ]
