"""Engines on the servers of the test run: empty, and nobody else's as long as they are used."""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from provstore.graph.gremlin import GremlinEngine
from provstore.graph.neo4j import Neo4jEngine
from tests.support import servers

_held: Counter[str] = Counter()


@contextmanager
def alone(name: str) -> Iterator[None]:
    """No other worker of the test run uses the server of that name meanwhile; may be nested."""
    with open(f"{os.environ[servers.SOCKET]}.{name}", "w") as lock:
        if not _held[name]:
            fcntl.flock(lock, fcntl.LOCK_EX)
        _held[name] += 1
        try:
            yield
        finally:
            _held[name] -= 1


@contextmanager
def neo4j_engine(name: str = "neo4j", **given: Any) -> Iterator[Neo4jEngine]:
    """An empty engine on the Neo4j server of that name."""
    found = servers.server(name)
    given = {"user": "neo4j", "password": found.password} | given
    with alone(name), Neo4jEngine(found.url, **given) as engine:
        engine.migrate()
        engine.drop()
        yield engine


@contextmanager
def neo4j_settings(name: str = "neo4j") -> Iterator[dict[str, str]]:
    """What opens a store with its graph there: an empty one."""
    with neo4j_engine(name):
        found = servers.server(name)
        yield {"graph": found.url, "graph_user": "neo4j", "graph_password": found.password}


@contextmanager
def gremlin_engine(name: str, source: str = "g", **given: Any) -> Iterator[GremlinEngine]:
    """An empty engine on a traversal source of the Gremlin server of that name."""
    with alone(name), GremlinEngine(f"{servers.server(name).url}/{source}", **given) as engine:
        engine.migrate()
        engine.drop()
        yield engine


@contextmanager
def gremlin_settings(name: str, source: str = "g") -> Iterator[dict[str, str]]:
    """What opens a store with its graph there: an empty one."""
    with gremlin_engine(name, source):
        yield {"graph": f"{servers.server(name).url}/{source}"}
