"""Killed while MLflow's calls write, the service has every point, parameter and end of a run that it answered for."""

from __future__ import annotations

import random
import signal
import threading
import time

import httpx2
import pytest

import provstore
from provstore.server.database import beside
from provstore.server.tokens import Tokens
from tests.faults.test_service_kill import start
from tests.support.mlflow_calls import Client

KILLS = 2
WRITERS = 3
PATIENCE_S = 60


class Writer:
    """Records runs until the service is gone, and notes what was answered: per run its points, parameters, end."""

    def __init__(self, url, token):
        self.http = httpx2.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=PATIENCE_S
        )
        self.known, self.count = {}, 0

    def record(self):
        try:
            while True:
                self._record_run()
        except (httpx2.HTTPError, AssertionError):
            self.http.close()

    def _record_run(self):
        client = Client(self.http)
        run = client.run()
        known = self.known[run] = {"points": [], "params": {}, "ended": False}
        for step in range(5):
            client.asked("POST", "runs/log-metric", run_id=run, key="m", value=step / 3, timestamp=step, step=step)
            known["points"].append((step, step, step / 3))
            client.asked("POST", "runs/log-parameter", run_id=run, key=f"p{step}", value=str(step))
            known["params"][f"p{step}"] = str(step)
            self.count += 1
        client.asked("POST", "runs/update", run_id=run, status="FINISHED")
        known["ended"] = True


@pytest.mark.parametrize("seed", range(KILLS))
def test_nothing_that_mlflow_was_answered_is_lost_when_the_service_is_killed(seed, tmp_path):
    store = tmp_path / "s.db"
    with Tokens(beside(str(store))) as tokens:
        token = tokens.create("writer", "writer")["token"]
    process, url = start(store)
    writers = [Writer(url, token) for _ in range(WRITERS)]
    threads = [threading.Thread(target=writer.record) for writer in writers]
    for thread in threads:
        thread.start()
    while sum(writer.count for writer in writers) < 20:
        time.sleep(0.01)
    time.sleep(random.Random(seed).random())
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    for thread in threads:
        thread.join()
    with provstore.open(store, create=False) as opened:
        assert opened.check()["ok"]
    process, url = start(store)
    try:
        for writer in writers:
            for run, known in writer.known.items():
                _require(Client(httpx2.Client(base_url=url, headers=writer.http.headers, trust_env=False)), run, known)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
        process.stderr.close()


def _require(client, run, known):
    with client.http:
        read = client.read(run)
        history = client.asked("GET", "metrics/get-history", run_id=run, metric_key="m").get("metrics", [])
    points = [(one["step"], one["timestamp"], one["value"]) for one in history]
    assert points[: len(known["points"])] == known["points"]
    # What was on its way when the service died may be there, and no more than that.
    assert len(points) <= len(known["points"]) + 1
    assert known["params"].items() <= {one["key"]: one["value"] for one in read["data"].get("params", [])}.items()
    assert not known["ended"] or read["info"]["status"] == "FINISHED"
