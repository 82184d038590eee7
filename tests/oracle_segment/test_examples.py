"""The oracle answers the examples that were worked by hand."""

from __future__ import annotations

import pytest

from tests.oracle_segment.examples import EXPECTED, LIKE, NOT_TRANSITIVE, command, pipeline
from tests.oracle_segment.oracle import segment


@pytest.mark.parametrize("example", EXPECTED)
def test_the_oracle_finds_the_parts_that_were_worked_by_hand(example):
    src, dst, expansion, expected = EXPECTED[example]
    expansions = [([expansion[0]], expansion[1])] if expansion else []
    answer = segment(pipeline(), src.split(), dst.split(), expansions=expansions)
    for part in ("c1", "c2", "c3", "c4", "c5"):
        assert getattr(answer, part) == set(expected.get(part, "").split()), part
    assert answer.vertices == set(expected["all"].split())
    assert len(answer.edges) == expected["edges"]


@pytest.mark.parametrize("source", LIKE)
def test_the_oracle_knows_that_similarity_is_not_transitive(source):
    assert segment(NOT_TRANSITIVE, [source], ["d"]).c2 == set(LIKE[source].split())


def test_the_oracle_compares_commands_at_mirrored_places():
    assert segment(pipeline(), ["r1"], ["w2"], word=command).c2 == {"r1", "sp", "d1", "t2", "w2"}
