"""Cassandra keeps what is deleted for a while, and refuses a read that has to pass over too much of it.

Source: Cassandra 5.0, cassandra.yaml: tombstone_failure_threshold, 100,000.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cassandra.cluster import Cluster, Session
from cassandra.concurrent import execute_concurrent_with_args

import provstore
from provstore.errors import BackendUnavailable
from provstore.graph.contract import Filter
from provstore.store import Store
from tests.cluster.conftest import Note
from tests.cluster.load import told
from tests.cluster.test_ring import assert_whole
from tests.support.servers import Running, own_server

pytestmark = [pytest.mark.servers, pytest.mark.cluster]
DELETED = 120_000
TEN_DAYS_S = 864_000
# Of a vertex: the cell that says that it exists, which is what a read of all vertices looks at.
EXISTS = b"\x02"


@pytest.fixture(scope="module")
def one_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """JanusGraph on one node."""
    with own_server("janusgraph-cassandra", tmp_path_factory.mktemp("one")) as running:
        yield running


@pytest.fixture
def session(one_node: Running) -> Iterator[Session]:
    node = one_node.below[0]
    with Cluster(["127.0.0.1"], int(node.settings["port"])) as cluster:
        yield cluster.connect("provstore")


@pytest.fixture
def store(one_node: Running, tmp_path: Path) -> Iterator[Store]:
    with provstore.open(tmp_path / "store.db", graph=one_node.url) as made:
        yield made


def remember_for(session: Session, gc_grace_s: int) -> None:
    session.execute(f"ALTER TABLE edgestore WITH gc_grace_seconds = {gc_grace_s}")
    time.sleep(1.1)


def test_a_graph_from_which_much_was_removed_is_filled_all_the_same_and_read_once_that_is_forgotten(
    store: Store, session: Session, note: Note
) -> None:
    remember_for(session, TEN_DAYS_S)
    # JanusGraph's own keys are of eight bytes.
    delete = session.prepare("DELETE FROM edgestore WHERE key = ? AND column1 = ?")
    execute_concurrent_with_args(session, delete, ((n.to_bytes(9, "big"), EXISTS) for n in range(DELETED)), 64)
    with pytest.raises(BackendUnavailable, match="could not read all of its storage") as refused:
        store.engine.nodes(Filter())
    assert "gc_grace_seconds" in (refused.value.next_step or "")
    receipts, projected = store.deliver([told("a", number) for number in range(3)])
    assert projected
    remember_for(session, 0)
    assert_whole(store, {one.document for one in receipts}, note, f"{DELETED:,} vertices were deleted before")


def test_on_one_node_nothing_that_was_deleted_is_kept(one_node: Running, session: Session) -> None:
    rows = session.execute("SELECT gc_grace_seconds FROM system_schema.tables WHERE keyspace_name = 'provstore'")
    assert {row.gc_grace_seconds for row in rows} == {0}


def test_on_a_ring_locks_are_forgotten_within_minutes(janusgraph: Running) -> None:
    node = janusgraph.below[0]
    with Cluster([node.settings["address"]], int(node.settings["port"])) as cluster:
        asked = "SELECT table_name, gc_grace_seconds FROM system_schema.tables WHERE keyspace_name = 'provstore'"
        kept = {row.table_name: row.gc_grace_seconds for row in cluster.connect().execute(asked)}
    locks = {name for name in kept if name.endswith("_lock_")}
    assert locks == {"edgestore_lock_", "graphindex_lock_", "system_properties_lock_"}
    assert {kept[name] for name in locks} == {600}
    assert {kept[name] for name in kept.keys() - locks} == {TEN_DAYS_S}
