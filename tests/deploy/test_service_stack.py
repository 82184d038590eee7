"""What deploy/compose/service starts, as processes: the same programs, command and environment.

The service is killed while it takes records in; started again it has all that it answered for, in ledger and graph.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx2
import pytest
import yaml

from provstore.graph.contract import Filter
from provstore.graph.neo4j import Neo4jEngine
from tests.docs.blocks import ROOT
from tests.support.databases import database
from tests.support.engines import neo4j_settings

pytestmark = pytest.mark.servers
COMPOSE = ROOT / "deploy" / "compose" / "service" / "compose.yaml"
WRITERS = 2
ENOUGH = 20
PATIENCE_S = 60


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """The environment of the service as it stands in the Compose file, but for hosts, ports and folders."""
    folder = tmp_path_factory.mktemp("stack")
    for name in ("run/secrets", "data"):
        (folder / name).mkdir(parents=True)
    declared = yaml.safe_load(COMPOSE.read_text())["services"]["provstore"]["environment"]
    with database() as ledger, neo4j_settings() as graph:
        (folder / "run/secrets/store_password").write_text(ledger.password + "\n")
        (folder / "run/secrets/graph_password").write_text(graph["graph_password"] + "\n")
        here = {
            "postgresql://provstore@postgres:5432/provenance": ledger.url, "bolt://neo4j:7687": graph["graph"],
            "0.0.0.0": "127.0.0.1", "8000": "0",
        }  # fmt: skip
        environment = {
            name: re.sub(r"^/(?=run/|data\b)", f"{folder}/", here.get(value, value)) for name, value in declared.items()
        }
        yield environment | {"HOME": str(folder / "data"), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}


@pytest.fixture
def start(given):
    """Starts the service as the image does; gives the process and what it tells of itself."""
    entry = re.search(r"^ENTRYPOINT (.*)$", (ROOT / "deploy/container/Containerfile").read_text(), re.M)
    started = []

    def starting(lines):
        process = subprocess.Popen(
            [sys.executable, "-m", *json.loads(entry[1])],
            cwd=given["HOME"], env=given, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process, [process.stderr.readline() for _ in range(lines)]

    yield starting
    for process in started:
        process.terminate()
        process.wait(PATIENCE_S)
        process.stderr.close()


def write(client, name, acknowledged, enough):
    """Sends runs, each of which used what the one before made, until the service is gone; notes what was answered."""
    for number in range(1_000_000):
        run = {
            "type": "run", "id": f"{name}-{number}", "time": "2026-11-21T10:00:00Z",
            "inputs": [f"{name}-made-{number - 1}"], "outputs": [f"{name}-made-{number}"],
        }  # fmt: skip
        try:
            answer = client.post("/api/v1/events", json={"events": [run]})
        except httpx2.HTTPError:
            return
        if answer.status_code == 201:
            acknowledged.append((name, number, answer.json()["projected"]))
        if len(acknowledged) >= ENOUGH:
            enough.set()


def eventually_ready(client):
    ends = time.monotonic() + PATIENCE_S
    while (state := client.get("/readyz").json()) != {"ledger": "ok", "projection": "ok"}:
        assert time.monotonic() < ends, state
        time.sleep(0.1)


def test_killed_while_it_writes_and_started_again_it_has_all_that_it_answered_for(start, given):
    process, told = start(2)
    token = told[1].split()[-1]
    headers = {"Authorization": f"Bearer {token}"}

    def client(line):
        return httpx2.Client(base_url=line.split()[-1], headers=headers, timeout=PATIENCE_S, trust_env=False)

    acknowledged, enough = [], threading.Event()
    clients = [client(told[0]) for _ in range(WRITERS)]
    writers = [
        threading.Thread(target=write, args=(one, f"w{number}", acknowledged, enough))
        for number, one in enumerate(clients)
    ]
    for writer in writers:
        writer.start()
    assert enough.wait(PATIENCE_S)
    process.send_signal(signal.SIGKILL)
    for writer, one in zip(writers, clients, strict=True):
        writer.join()
        one.close()
    assert all(projected for _, _, projected in acknowledged)
    told = start(1)[1]
    with client(told[0]) as asking:
        # The server of the ledger may still commit what the killed process sent, and the graph then follows by itself.
        eventually_ready(asking)
        for name in {name for name, _, _ in acknowledged}:
            last = max(number for one, number, _ in acknowledged if one == name)
            found = asking.get(f"/api/v1/upstream/event:artifact%2F{name}-made-{last}", params={"depth": 1_000}).json()
            runs = {node["qname"] for node in found["nodes"] if node["kind"] == "activity"}
            assert runs == {f"event:run/{name}-{number}" for number in range(last + 1)}
        assert asking.get("/api/v1/check").json()["findings"] == []
    password = Path(given["PROVSTORE_GRAPH_PASSWORD_FILE"]).read_text().strip()
    wanted = {f"urn:provstore:event:run/{name}-{number}" for name, number, _ in acknowledged}
    with Neo4jEngine(given["PROVSTORE_GRAPH"], user=given["PROVSTORE_GRAPH_USER"], password=password) as engine:
        assert {node.iri for node in engine.nodes(Filter(iris=wanted)).nodes} == wanted


def test_where_a_password_is_missing_the_service_says_which(given, tmp_path):
    missing = given | {"PROVSTORE_STORE_PASSWORD_FILE": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, "-m", "provstore", "serve", "--json"], env=missing, cwd=tmp_path, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 4
    error = json.loads(done.stderr)["error"]
    assert error["where"] == f"PROVSTORE_STORE_PASSWORD_FILE={tmp_path / 'none'}"
