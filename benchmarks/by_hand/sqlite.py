"""SQLite by hand: the graph's rows by plain executemany, and a recursive CTE over plain edges."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks import floor
from benchmarks.harness import ROOT
from provstore.graph.contract import Filter
from provstore.graph.sqlite import SqliteEngine

_WALKED = frozenset(
    {
        *("used", "wasGeneratedBy", "wasDerivedFrom", "hadActivity", "wasInformedBy", "wasStartedBy", "hadStarter"),
        *("wasInfluencedBy", "hadMember", "sameBytes", "bytesOf"),
    }
)


class SqliteByHand:
    """A copy of an engine's rows, and the same edges in two plain tables. Args: graph: the engine's file."""

    def __init__(self, graph: Path, folder: Path):
        self._graph, self._kept, self._copy = graph, folder / "kept.db", folder / "copy.db"
        self._plain = sqlite3.connect(folder / "plain.db")
        self._plain.executescript((ROOT / "sql" / "chain_schema.sql").read_text())
        self._numbers: dict[str, int] = {}

    def close(self) -> None:
        self._plain.close()

    def remember(self) -> int:
        """Copies nodes and edges into the plain tables; how many rows an engine has for them."""
        with closing(sqlite3.connect(self._graph)) as graph, closing(sqlite3.connect(self._kept)) as kept:
            graph.backup(kept)
        with SqliteEngine(self._graph) as engine:
            nodes = engine.nodes(Filter()).nodes
            edges = engine.expand([node.iri for node in nodes], None, "out")
        self._numbers = {node.iri: number for number, node in enumerate(nodes)}
        self._plain.executemany(
            "INSERT INTO node VALUES (?, ?, ?, ?, ?)",
            [(self._numbers[one.iri], one.iri, one.kind, one.label, repr(dict(one.attributes))) for one in nodes],
        )
        self._plain.executemany(
            "INSERT INTO edge VALUES (?, ?, ?, ?)",
            [
                (self._numbers[one.source], one.relation, self._numbers[one.target], bytes.fromhex(one.sid))
                for one in edges
                if one.relation in _WALKED
            ],
        )
        self._plain.commit()
        return len(nodes) + len(edges)

    def take(self, other: SqliteByHand) -> None:
        """The rows that another one remembered."""
        self._kept, self._numbers = other._kept, other._numbers

    def empty(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._copy.with_name(self._copy.name + suffix).unlink(missing_ok=True)

    def load(self) -> float:
        """Writes all rows of the engine's file; the seconds that it took, without the reading of the rows."""
        return floor.rewrite(self._kept, self._copy)

    def upstream(self, start: str) -> tuple[int, int]:
        """How many nodes and edges are upstream."""
        query = (ROOT / "sql" / "chain_whole.sql").read_text()
        found = self._plain.execute(query, {"start": self._numbers[start]}).fetchall()
        return len({row[0] for row in found}), len({(row[0], *row[5:]) for row in found if row[5] is not None})
