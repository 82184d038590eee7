"""The ring, one for all tests: JanusGraph on three nodes of Cassandra, and the figures that the tests took."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import provstore
from provstore.store import Store
from tests.support.servers import Running, own_server

Note = Callable[[str, object], None]


@pytest.fixture(scope="session")
def note() -> Iterator[Note]:
    """Notes a figure; all are printed at the end, as a table."""
    figures: list[tuple[str, object]] = []
    yield lambda what, figure: figures.append((what, figure))
    print("\n\n| what | figure |\n| --- | --- |")
    for what, figure in figures:
        print(f"| {what} | {figure:,.1f} |" if isinstance(figure, float) else f"| {what} | {figure} |")
    print(f"| load of the machine at the end | {os.getloadavg()[1]:.1f} |")


@pytest.fixture(scope="session")
def janusgraph(tmp_path_factory: pytest.TempPathFactory, note: Note) -> Iterator[Running]:
    """JanusGraph; `below` are the nodes."""
    began = time.monotonic()
    with own_server("janusgraph-cassandra-ring", tmp_path_factory.mktemp("ring")) as running:
        note("s until the ring and JanusGraph are up", time.monotonic() - began)
        yield running


@pytest.fixture
def store(janusgraph: Running, tmp_path: Path) -> Iterator[Store]:
    """A store whose graph is on the ring, where it is empty."""
    with provstore.open(tmp_path / "store.db", graph=janusgraph.url) as made:
        made.engine.migrate()
        made.engine.drop()
        yield made
