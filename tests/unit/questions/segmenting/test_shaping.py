"""How far vertices lie from the ends, and whether they are in one piece, is what the definitions say."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from provstore.graph.contract import Edge
from provstore.questions.segmenting.shaping import arranged, in_one_piece

vertex = st.sampled_from("abcdefg")
some = st.sets(vertex, max_size=3)


def distances(pairs, starts, count):
    """By vertex that the pairs join to one of the starts: the least number of pairs between."""
    found = dict.fromkeys(starts, 0)
    for depth in range(count):
        for pair in pairs:
            for one, other in (pair, pair[::-1]):
                if found.get(one) == depth:
                    found.setdefault(other, depth + 1)
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(vertex, vertex), max_size=9), some, some, some)
@example([], set(), set(), set())
@example([("a", "b"), ("c", "d")], set(), set(), {"a"})
@example([("a", "b"), ("b", "c")], set(), {"a"}, {"c"})
def test_depths_are_distances_and_one_piece_is_what_pairs_join(pairs, alone, src, dst):
    vertices = {end for pair in pairs for end in pair} | alone | src | dst
    edges = [Edge("used", one, other, "") for one, other in pairs]
    near = distances(pairs, dst, len(vertices))
    far = distances(pairs, src - near.keys(), len(vertices))
    found = arranged(vertices, edges, src, dst)
    expected = {one: near.get(one, far.get(one, 0)) for one in vertices}
    in_order = [(found.vertices[number], found.depths[number]) for number in found.order]
    assert in_order == sorted(expected.items(), key=lambda pair: (pair[1], pair[0]))
    connected = distances(pairs, sorted(vertices)[:1], len(vertices)).keys() == vertices
    assert found.connected == in_one_piece(vertices, edges) == connected
