"""The oracle answers the examples that were worked by hand."""

from __future__ import annotations

import pytest

from tests.oracle_summary.examples import EXAMPLES, blocks, segment_set
from tests.oracle_summary.oracle import broken, by_the_letter, gamma, mutual, same_language, simulation, words


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_algorithm_by_the_letter_finds_the_blocks_that_were_worked_by_hand(name):
    given = segment_set(EXAMPLES[name].segments)
    found = by_the_letter(given)
    assert set(found) == blocks(EXAMPLES[name].blocks)
    assert len(found) / len(given.classes) == EXAMPLES[name].ratio
    assert broken(given, found) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_oracle_counts_the_segments_behind_an_edge(name):
    given = segment_set(EXAMPLES[name].segments)
    shares = {}
    for (source, relation, target), segments in gamma(given, blocks(EXAMPLES[name].blocks)).items():
        label = f"{given.classes[next(iter(source))]} {relation} {given.classes[next(iter(target))]}"
        shares[label] = len(segments) / 2
    assert shares == EXAMPLES[name].gammas


def test_the_oracle_sees_a_new_path():
    given = segment_set(EXAMPLES["B"].segments)
    assert broken(given, blocks("W1 T1,T2 D1 P1 L2 D2")) == ["I3 no new path"]
    assert broken(given, blocks("W1 T1,T2 D1 P1 L2 D2"), acyclic=False) == ["I3 no new path"]
    assert broken(given, blocks("W1,L2 T1 T2 D1 P1 D2")) == ["I1 class purity"]
    assert broken(given, blocks("W1 T1 T2 D1 P1 L2")) == ["I2 cover"]


def test_the_strict_variant_merges_nothing_in_a_and_c():
    for name in "AC":
        given = segment_set(EXAMPLES[name].segments)
        both = simulation(given, "in") & simulation(given, "out")
        assert all(len(block) == 1 for block in mutual(both))


def test_a_word_of_a_cycle_is_never_the_last():
    loop = ({"u": "a"}, {("u", "U", "u")})
    chain = ({"u": "a", "v": "a"}, {("u", "U", "v")})
    assert words(*loop, limit=3) == {("a",), ("a", "U", "a"), ("a", "U", "a", "U", "a")}
    assert not same_language(loop, chain)
    assert same_language(loop, ({"u": "a", "v": "a"}, {("u", "U", "v"), ("v", "U", "u")}))
