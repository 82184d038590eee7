"""What Cassandra loses of a graph is found and mended from the ledger: single cells, taken away on all three nodes."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest
from cassandra import ConsistencyLevel
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, Session
from cassandra.policies import RoundRobinPolicy

from provstore.store import Store
from tests.cluster.conftest import Note
from tests.cluster.load import told
from tests.cluster.test_ring import assert_whole
from tests.support.servers import Running

pytestmark = [pytest.mark.servers, pytest.mark.cluster]
TABLES = ("edgestore", "graphindex")
Cell = tuple[str, bytes, bytes]
SHARES = {"few": 0.02, "a-third": 0.33, "most": 0.9}


@pytest.fixture
def session(janusgraph: Running) -> Iterator[Session]:
    """CQL on the ring; reads and writes on all three nodes."""
    profile = ExecutionProfile(RoundRobinPolicy(), consistency_level=ConsistencyLevel.ALL, request_timeout=60)
    node = janusgraph.below[0]
    cluster = Cluster(
        [node.settings["address"]], int(node.settings["port"]), execution_profiles={EXEC_PROFILE_DEFAULT: profile}
    )
    with cluster:
        yield cluster.connect("provstore")


def cells(session: Session) -> set[Cell]:
    """Every cell of the vertices and of the indexes."""
    return {
        (table, row.key, row.column1)
        for table in TABLES
        for row in session.execute(f"SELECT key, column1 FROM {table}")
    }


@pytest.mark.parametrize("share", SHARES.values(), ids=SHARES)
def test_cells_that_cassandra_lost_are_found_and_mended_without_a_rebuild(
    share: float, janusgraph: Running, store: Store, session: Session, note: Note
) -> None:
    acknowledged = {one.document for one in store.append([told("kept", number) for number in range(3)])}
    store.graph("catch-up")
    before = cells(session)
    acknowledged |= {one.document for one in store.append([told("lost", number) for number in range(4)])}
    store.graph("catch-up")
    written = sorted(cells(session) - before)
    lost = random.Random(7).sample(written, round(share * len(written)))
    for table, key, column in lost:
        session.execute(f"DELETE FROM {table} WHERE key = %s AND column1 = %s", (key, column))
    what = f"{len(lost)} of {len(written)} cells of 4 documents lost"
    note(f"{what}: findings of check", len(store.check()["findings"]))
    began = time.monotonic()
    repaired = store.graph("repair")["repaired"]
    note(f"{what}: nodes and edges repaired", repaired)
    note(f"{what}: s for the repair", time.monotonic() - began)
    assert repaired > 0
    assert_whole(store, acknowledged, note, f"{what}, after the repair")
    acknowledged |= {one.document for one in store.append([told("lost", 9)])}
    assert_whole(store, acknowledged, note, f"{what}, after another document")
