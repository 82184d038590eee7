"""Cassandra by hand: statements over its native protocol, and the tables that JanusGraph keeps a graph in.

On a ring JanusGraph cannot make them itself: it asks another node for a table before that node has heard of it.
Source: CQL binary protocol, version 4.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from provstore_local.jars import LocalServerError

KEYSPACE = "provstore"
# JanusGraph 1.1's own, with the columns that it gives them.
TABLES = (
    "edgestore", "edgestore_lock_", "graphindex", "graphindex_lock_", "janusgraph_ids", "system_properties",
    "system_properties_lock_", "systemlog", "txlog",
)  # fmt: skip
# How long a ring remembers that a lock was given back (docs/howto/gremlin.md).
LOCKS_GC_GRACE_S = 600
_TIMEOUT_S = 30
_AGREED_S = 60
_PAUSE_S = 0.1
_STARTUP, _READY, _QUERY, _RESULT = 0x01, 0x02, 0x07, 0x08
_ONE = 1


class Node:
    """A connection to one node."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._ask(_STARTUP, struct.pack(">H", 1) + _text("CQL_VERSION") + _text("3.0.0"), _READY)

    def run(self, statement: str) -> bytes:
        """Runs a statement; the body of the answer. Raises: ValueError: the node refuses it."""
        query = statement.encode()
        return self._ask(_QUERY, struct.pack(">I", len(query)) + query + struct.pack(">HB", _ONE, 0), _RESULT)

    def _ask(self, opcode: int, body: bytes, expected: int) -> bytes:
        self._connection.sendall(struct.pack(">BBHBI", 4, 0, 0, opcode, len(body)) + body)
        header = exactly(self._connection, 9)
        said = exactly(self._connection, struct.unpack(">I", header[5:])[0])
        if header[4] != expected:
            raise ValueError(f"Cassandra answered with opcode {header[4]}, {expected} was expected: {said!r}")
        return said


@contextmanager
def connected(address: str, port: int) -> Iterator[Node]:
    """A connection to the node that listens there."""
    with socket.create_connection((address, port), timeout=_TIMEOUT_S) as connection:
        yield Node(connection)


def make_tables(settings: Mapping[str, str]) -> None:
    """Makes the keyspace, with as many replicas as there are hosts, and JanusGraph's tables, one after another.

    Args: settings: `hosts`, with commas between them, and `needed_port`.
    Raises: LocalServerError: the nodes do not come to know one schema.
    """
    hosts, port = settings["hosts"].split(","), int(settings["needed_port"])
    replication = f"{{'class': 'SimpleStrategy', 'replication_factor': {len(hosts)}}}"
    statements = [f"CREATE KEYSPACE IF NOT EXISTS {KEYSPACE} WITH replication = {replication}"]
    statements += [
        f"CREATE TABLE IF NOT EXISTS {KEYSPACE}.{table} (key blob, column1 blob, value blob,"
        " PRIMARY KEY (key, column1)) WITH CLUSTERING ORDER BY (column1 ASC)"
        + (f" AND gc_grace_seconds = {LOCKS_GC_GRACE_S}" if table.endswith("_lock_") else "")
        for table in TABLES
    ]
    _agree(hosts, port)
    for statement in statements:
        with connected(hosts[0], port) as node:
            node.run(statement)
        _agree(hosts, port)


def _agree(hosts: list[str], port: int) -> None:
    """Waits until every node says that it knows the same schema."""
    deadline = time.monotonic() + _AGREED_S
    while len({_schema_version(host, port) for host in hosts}) > 1:
        if time.monotonic() > deadline:
            raise LocalServerError(f"the Cassandra nodes {', '.join(hosts)} know different schemas after {_AGREED_S} s")
        time.sleep(_PAUSE_S)


def _schema_version(host: str, port: int) -> bytes:
    with connected(host, port) as node:
        return node.run("SELECT schema_version FROM system.local")


def exactly(connection: socket.socket, size: int) -> bytes:
    """The next `size` bytes. Raises: OSError: the connection ends before."""
    found = b""
    while len(found) < size:
        part = connection.recv(size - len(found))
        if not part:
            raise OSError("the connection was closed")
        found += part
    return found


def _text(value: str) -> bytes:
    return struct.pack(">H", len(value)) + value.encode()
