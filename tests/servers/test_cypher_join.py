"""The Cypher join that segmentation is compared with answers as the definitions say, on a real Neo4j."""

from __future__ import annotations

from hashlib import sha256

import neo4j
import pytest

from benchmarks.baselines.cypher import CypherJoin
from benchmarks.baselines.limit import GivenUp
from benchmarks.team import lineage_of_a_team
from provstore.graph.contract import Edge
from tests.oracle_segment.examples import LIKE, NOT_TRANSITIVE
from tests.support.servers import server

NAMES = {"U": "used", "G": "wasGeneratedBy"}


@pytest.fixture(scope="module")
def join():
    given = server("neo4j")
    with neo4j.GraphDatabase.driver(given.url, auth=("neo4j", given.password)) as driver:
        yield CypherJoin(driver)


@pytest.mark.parametrize("source", sorted(LIKE))
def test_the_join_finds_the_entities_that_are_like_a_source(join, source):
    """By hand: x is like w and y, y like all, z like y."""
    alike = {"x": "w x y", "y": "w x y z", "z": "y z"}
    edges = [Edge(NAMES[letter], *ends, "") for letter, *ends in sorted(NOT_TRANSITIVE)]
    join.load(edges)
    found = join.similar([source], ["d"], 60)
    assert found["digest"] == sha256("\n".join(alike[source].split()).encode()).hexdigest()


def test_the_join_gives_up_on_what_has_too_many_walks(join):
    edges, entities = lineage_of_a_team(400, seed=1)
    join.load(edges)
    with pytest.raises(GivenUp):
        join.similar(entities[:2], entities[-2:], 1)
