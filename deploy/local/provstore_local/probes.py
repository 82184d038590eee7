"""Whether a server answers a query: an open port is not enough. Each raises OSError or ValueError until it does."""

from __future__ import annotations

import base64
import json
import socket
import struct
import urllib.request
from collections.abc import Mapping
from typing import Any

from provstore_local import cql

_TIMEOUT_S = 10


def neo4j(settings: Mapping[str, str]) -> None:
    """Runs `RETURN 1` over Neo4j's HTTP API."""
    login = base64.b64encode(f"neo4j:{settings['password']}".encode()).decode()
    said = _post(
        f"http://127.0.0.1:{settings['http_port']}/db/neo4j/tx/commit",
        {"statements": [{"statement": "RETURN 1"}]},
        {"Authorization": f"Basic {login}"},
    )
    if said["errors"] or not said["results"]:
        raise ValueError(f"neo4j answered {said}")


def gremlin(settings: Mapping[str, str]) -> None:
    """Counts at most one vertex over Gremlin Server's HTTP endpoint."""
    said = _post(f"http://127.0.0.1:{settings['port']}/gremlin", {"gremlin": "g.V().limit(1).count()"}, {})
    if said["status"]["code"] != 200:
        raise ValueError(f"the Gremlin server answered {said['status']}")


def cassandra(settings: Mapping[str, str]) -> None:
    """Reads `system.local` by the native protocol."""
    with cql.connected(settings["address"], int(settings["port"])) as node:
        node.run("SELECT release_version FROM system.local")


def postgres(settings: Mapping[str, str]) -> None:
    """Whether a password is asked for: a server that starts up, or recovers, answers with an error instead."""
    startup = struct.pack(">I", 196608) + b"user\0provstore\0database\0postgres\0\0"
    with socket.create_connection(("127.0.0.1", int(settings["port"])), timeout=_TIMEOUT_S) as connection:
        connection.sendall(struct.pack(">I", len(startup) + 4) + startup)
        if cql.exactly(connection, 1) != b"R":
            raise ValueError("PostgreSQL is not ready")


def _post(url: str, body: object, headers: Mapping[str, str]) -> Any:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json", "Accept": "application/json", **headers}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=_TIMEOUT_S) as reply:
        return json.load(reply)
