"""Neo4j by hand: batches of MERGE by UNWIND, 5,000 rows in a transaction, and one query for everything upstream."""

from __future__ import annotations

from collections import defaultdict
from time import perf_counter
from typing import Any, Final

import neo4j

from benchmarks.by_hand import text
from provstore.batches import in_batches

BATCH: Final = 5_000


class Neo4jByHand:
    """Rows that were read from a server, and how they are written there again."""

    def __init__(self, url: str, user: str, password: str):
        self._driver = neo4j.GraphDatabase.driver(url, auth=(user, password))
        self._nodes: dict[str, list[Any]] = defaultdict(list)
        self._edges: dict[str, list[Any]] = defaultdict(list)

    def close(self) -> None:
        self._driver.close()

    def remember(self) -> int:
        """Reads the rows; how many there are."""
        with self._driver.session() as session:
            for labels, properties in session.run(text("all_nodes.cypher")).values():
                self._nodes[":".join(sorted(set(labels) - {"Element"}) or ["Element"])].append(properties)
            for relation, source, target, properties in session.run(text("all_edges.cypher")).values():
                self._edges[relation].append({"source": source, "target": target, "properties": properties})
        return sum(map(len, self._nodes.values())) + sum(map(len, self._edges.values()))

    def take(self, other: Neo4jByHand) -> None:
        """The rows that another one remembered."""
        self._nodes, self._edges = other._nodes, other._edges

    def empty(self) -> None:
        with self._driver.session() as session:
            session.run(text("empty.cypher")).consume()

    def load(self) -> float:
        """Writes all rows; the seconds that it took."""
        started = perf_counter()
        with self._driver.session() as session:
            for labels, rows in self._nodes.items():
                self._write(session, text("nodes.cypher").replace("<labels>", labels), rows)
            for relation, rows in self._edges.items():
                self._write(session, text("edges.cypher").replace("<relation>", relation), rows)
        return perf_counter() - started

    def upstream(self, start: str) -> tuple[int, int]:
        """How many nodes and edges are upstream."""
        with self._driver.session() as session:
            found = session.run(text("upstream.cypher"), start=start).values()
        return len(found), sum(len(edges) for _, edges in found)

    def _write(self, session: neo4j.Session, query: str, rows: list[Any]) -> None:
        for batch in in_batches(rows, BATCH):
            session.execute_write(lambda transaction, rows=batch: transaction.run(query, rows=rows).consume())
