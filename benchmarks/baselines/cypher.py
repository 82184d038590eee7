"""The join of all backward walks in Cypher, on a Neo4j server of its own: the query that a person would write.

Source: Miao and Deshpande, arXiv 1810.04599, in today's Cypher. It writes all walks out, so only tiny graphs
end in time.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import neo4j

from benchmarks.baselines.limit import GivenUp
from benchmarks.harness import ROOT
from provstore.graph.contract import Edge

sys.path.insert(0, str(ROOT.parent / "deploy" / "local"))

from provstore_local import KINDS, LocalServerError, missing, start

_HERE: Final = Path(__file__).parent
_GIVEN_UP: Final = {"TransactionTimedOut": "more than {:g} s", "OutOfMemory": "out of the server's memory"}
_LABELS: Final = {"used": ("Activity", "Entity"), "wasGeneratedBy": ("Entity", "Activity")}


class CypherJoin:
    """A server that holds one lineage at a time."""

    def __init__(self, driver: neo4j.Driver):
        self._driver = driver

    @classmethod
    def started(cls, stack: ExitStack) -> CypherJoin:
        """With a server that ends with the stack. Raises: LocalServerError: this machine cannot run one now."""
        lacking = missing(KINDS["neo4j"].min_java)
        if lacking:
            raise LocalServerError(f"this machine lacks {lacking}")
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(start("neo4j", folder))
        return cls(stack.enter_context(neo4j.GraphDatabase.driver(server.url, auth=("neo4j", server.password))))

    def load(self, edges: list[Edge]) -> None:
        """Replaces what is held."""
        with self._driver.session() as session:
            session.run(_text("empty")).consume()  # type: ignore[arg-type]
            for relation, (source, target) in _LABELS.items():
                rows = [[edge.source, edge.target] for edge in edges if edge.relation == relation]
                text = _text("load").replace("<source>", source).replace("<target>", target)
                text = text.replace("<relation>", relation)
                session.run(text, rows=rows).consume()  # type: ignore[arg-type]

    def similar(self, sources: Collection[str], destinations: Collection[str], limit_s: float) -> dict[str, Any]:
        """The entities of what is held that are similar to a source, with the wall seconds of the query.

        Raises: GivenUp.
        """
        with self._driver.session() as session:
            asked = {"src": list(sources), "dst": list(destinations)}
            query = neo4j.Query(_text("similar"), timeout=limit_s)  # type: ignore[arg-type]
            try:
                for _ in range(2):  # the first one also plans it
                    started = perf_counter()
                    found = {row[0] for row in session.run(query, asked).values()}
                    seconds = perf_counter() - started
            except neo4j.exceptions.Neo4jError as error:
                why = next((why for part, why in _GIVEN_UP.items() if part in (error.code or "")), None)
                if why is None:
                    raise
                raise GivenUp(why.format(limit_s)) from error
        digest = sha256("\n".join(sorted(found)).encode()).hexdigest()
        return {"seconds": seconds, "similar": len(found), "digest": digest}


def _text(name: str) -> str:
    lines: Iterable[str] = (_HERE / f"{name}.cypher").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("//"))
