"""Engines on the servers of the test run."""

from __future__ import annotations

from typing import Any

from provstore.graph.neo4j import Neo4jEngine
from tests.support.servers import server


def neo4j_engine(name: str, **given: Any) -> Neo4jEngine:
    """An engine on the Neo4j server of that name, with whatever tests before left in it."""
    found = server(name)
    return Neo4jEngine(found.url, user="neo4j", password=found.password, **given)
