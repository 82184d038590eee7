"""Graphs that other programs wrote, put into the Neo4j server of the test run as they were found.

`tests/data/neo4j` holds what each program wrote of one document: nodes and relationships as data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j
from neo4j.time import DateTime

from tests.support import servers
from tests.support.engines import alone

DATA = Path(__file__).parents[1] / "data" / "neo4j"


def written_by(program: str) -> dict[str, Any]:
    """What that program wrote."""
    return json.loads((DATA / f"{program}.json").read_text(encoding="utf-8"))


@contextmanager
def foreign_graph(graph: dict[str, Any], name: str = "neo4j") -> Iterator[tuple[str, dict[str, str]]]:
    """The graph, alone in the database of that server; gives the location and the environment to import it with."""
    found = servers.server(name)
    with alone(name), session(name) as writing:
        try:
            write(writing, graph)
            yield found.url, {"NEO4J_USERNAME": "neo4j", "NEO4J_PASSWORD": found.password}
        finally:
            writing.run("MATCH (n) DETACH DELETE n").consume()


@contextmanager
def session(name: str = "neo4j") -> Iterator[neo4j.Session]:
    """A session of the driver's own."""
    found = servers.server(name)
    with neo4j.GraphDatabase.driver(found.url, auth=("neo4j", found.password)) as driver, driver.session() as opened:
        yield opened


def write(session: neo4j.Session, graph: dict[str, Any]) -> None:
    """Empties the database and writes nodes, then relationships by the numbers of their nodes."""
    session.run("MATCH (n) DETACH DELETE n").consume()
    ids = []
    for node in graph["nodes"]:
        labels = "".join(f":`{label}`" for label in node["labels"])
        made = session.run(f"CREATE (n{labels}) SET n = $given RETURN elementId(n)", given=_native(node["properties"]))
        ids.append(made.single(strict=True)[0])
    for one in graph["relationships"]:
        session.run(
            "MATCH (a) WHERE elementId(a) = $first MATCH (b) WHERE elementId(b) = $second "
            f"CREATE (a)-[r:`{one['type']}`]->(b) SET r = $given",
            first=ids[one["from"]],
            second=ids[one["to"]],
            given=_native(one["properties"]),
        ).consume()


def _native(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: _value(value) for key, value in properties.items()}


def _value(value: Any) -> Any:
    """A time is written as `{"DateTime": text}`."""
    return DateTime.from_iso_format(value["DateTime"]) if isinstance(value, dict) else value
