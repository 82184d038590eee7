"""A real `mlflow server` on loopback, by a Python with MLflow: this one, or what PROVSTORE_TEST_MLFLOW_PYTHON names."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PYTHON = os.environ.get("PROVSTORE_TEST_MLFLOW_PYTHON") or (
    sys.executable if importlib.util.find_spec("mlflow") else None
)
START_TIMEOUT_S = 180.0


@contextmanager
def mlflow_server(directory: Path) -> Iterator[str]:
    """The address of a server whose database is `mlflow.db` and whose artifacts lie in `artifacts` of the directory."""
    port = free_port()
    command = [PYTHON, "-m", "mlflow", "server", "--backend-store-uri", "sqlite:///mlflow.db",
               "--artifacts-destination", "./artifacts", "--host", "127.0.0.1", "--port", str(port),
               "--workers", "1"]  # fmt: skip
    with (directory / "log").open("wb") as log:
        # Without the processes that would run jobs of users: each imports all of MLflow.
        alone = os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        process = subprocess.Popen(command, cwd=directory, env=alone, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", process, directory / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(address, process, log):
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"mlflow server did not start: {log.read_text()[-2000:]}")
