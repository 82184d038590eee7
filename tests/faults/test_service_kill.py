"""Killed while clients write, the service has everything that it answered with 2xx, and nothing half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time

import httpx2
import pytest

import provstore
from provstore.server.database import beside
from provstore.server.tokens import Tokens

KILLS = 4
WRITERS = 4
PATIENCE_S = 60


def start(store):
    """The service as a process of its own, and where it listens."""
    settings = {
        "PROVSTORE_STORE": str(store),
        "PROVSTORE_SERVER_PORT": "0",
        "PROVSTORE_SERVER_REQUESTS_PER_MINUTE": "1000000",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "provstore", "serve"], stderr=subprocess.PIPE, text=True, env=os.environ | settings
    )
    line = process.stderr.readline()
    assert "http://" in line, line + process.stderr.read()
    return process, line.split()[-1]


def write(url, token, name, acknowledged, stop):
    """Sends events of its own one after the other until the service is gone; notes those that were answered."""
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        for number in range(1_000_000):
            event = {
                "type": "run",
                "id": f"{name}-{number}",
                "time": "2026-11-21T10:00:00Z",
                "parameters": {"n": number},
            }
            try:
                answer = client.post("/api/v1/events", json={"events": [event]}, timeout=PATIENCE_S)
            except httpx2.HTTPError:
                return
            if answer.status_code == 201:
                acknowledged.append((event["id"], answer.json()["sequence"]))
            if stop.is_set():
                return


@pytest.mark.parametrize("seed", range(KILLS))
def test_nothing_that_was_acknowledged_is_lost_when_the_service_is_killed(seed, tmp_path):
    chance = random.Random(seed)
    store = tmp_path / "s.db"
    with Tokens(beside(str(store))) as tokens:
        token = tokens.create("writer", "writer")["token"]
    process, url = start(store)
    acknowledged, stop = [], threading.Event()
    writers = [
        threading.Thread(target=write, args=(url, token, f"w{number}", acknowledged, stop)) for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    while len(acknowledged) < 10:
        time.sleep(0.01)
    time.sleep(chance.random())
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    stop.set()
    for writer in writers:
        writer.join()
    with provstore.open(store, create=False) as opened:
        assert opened.check()["ok"]
        for identifier, sequence in acknowledged:
            stored = next(iter(opened.ledger.entries(sequence - 1)))
            assert stored.header.unit == f"event:run/{identifier}"
            assert len(list(opened.ledger.document(stored.document).assertions)) == 1
        found = opened.find("type = ps:Run").total
        assert len(acknowledged) <= found <= len(acknowledged) + WRITERS


def test_a_request_that_runs_when_the_service_is_told_to_stop_is_finished(tmp_path):
    store = tmp_path / "s.db"
    with Tokens(beside(str(store))) as tokens:
        token = tokens.create("writer", "writer")["token"]
    process, url = start(store)
    begun = threading.Event()

    def lines():
        begun.set()
        for number in range(3):
            yield b'{"type": "run", "id": "r%d", "time": "2026-11-21T10:00:00Z"}\n' % number
            time.sleep(0.3)

    answers = []

    def send():
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
        answers.append(httpx2.post(f"{url}/api/v1/events", content=lines(), headers=headers, trust_env=False))

    sending = threading.Thread(target=send)
    sending.start()
    begun.wait(PATIENCE_S)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    sending.join()
    assert process.wait(PATIENCE_S) == 0
    process.stderr.close()
    assert (answers[0].status_code, answers[0].json()["documents"]["new"]) == (201, 3)
    assert not store.with_name("s.db-wal").exists()
