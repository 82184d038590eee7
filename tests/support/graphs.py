"""A ledger with its graph, for tests that look at both."""

from __future__ import annotations

from pathlib import Path

from provstore.graph.contract import Filter, Node, Walk
from provstore.graph.projector import catch_up
from provstore.graph.sqlite import SqliteEngine
from provstore.ledger.sqlite import SqliteLedger
from provstore.model.document import Document
from tests.support.ledgers import (
    iri,
)

BYTES = "sha256:" + "ab" * 32
CONTENT = f"urn:provstore:content:default:{BYTES}"


class Store:
    """A ledger and a graph beside it, brought up to date by every call."""

    def __init__(self, path: str):
        self.ledger = SqliteLedger(Path(path))
        self.engine = SqliteEngine(path)
        self.engine.migrate()

    def add(self, *documents: Document) -> str:
        receipts = self.ledger.append(documents)
        catch_up(self.ledger, self.engine)
        return receipts[-1].document

    def node(self, identifier: str) -> Node:
        (node,) = self.engine.nodes(Filter(iris=[iri(identifier)])).nodes
        return node

    def edges(self, source: str, direction: str = "out") -> set[tuple[str, str, str]]:
        found = self.engine.expand([iri(source)], None, direction)  # type: ignore[arg-type]
        return {(e.relation, e.source.removeprefix(iri("")), e.target.removeprefix(iri(""))) for e in found}

    def reached(self, start: str, direction: str = "out", *options: str, **given: int) -> dict[str, int]:
        walk = Walk((iri(start),), direction, options=frozenset(options), **given)  # type: ignore[arg-type]
        return {i.removeprefix(iri("")): depth for i, depth in self.engine.closure(walk).depths.items()}
