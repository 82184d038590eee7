from __future__ import annotations

from provstore.questions.segmenting.later import LaterMapping, LaterTuple


def test_it_is_made_at_the_first_look_and_once():
    looks = []

    def make():
        looks.append(1)
        return 1, 2, 3

    later = LaterTuple(make)
    assert not looks
    assert (len(later), later[0], later[1:], list(later)) == (3, 1, (2, 3), [1, 2, 3])
    assert looks == [1]


def test_it_equals_what_it_stands_for():
    assert LaterTuple(lambda: (1, 2)) == (1, 2) == LaterTuple(lambda: (1, 2))
    assert LaterTuple(lambda: (1, 2)) != LaterTuple(lambda: (2, 1))
    assert hash(LaterTuple(lambda: (1, 2))) == hash((1, 2))
    assert LaterMapping(lambda: {"a": 1}) == {"a": 1} == LaterMapping(lambda: {"a": 1})
    assert repr(LaterTuple(lambda: (1,))) == "(1,)"


def test_a_mapping_is_read_like_any_other():
    later = LaterMapping(lambda: {"a": 1, "b": 2})
    assert (later["a"], len(later), sorted(later), "b" in later, "c" in later) == (1, 2, ["a", "b"], True, False)
    assert later.items() >= {("b", 2)}
