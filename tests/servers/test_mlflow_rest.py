"""The importer against a real `mlflow server` on loopback, started here.

Needs a Python with MLflow: the one that runs the tests, or the one that PROVSTORE_TEST_MLFLOW_PYTHON names.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.support.mlflow_server import without_bytes
from tests.support.mlflow_stores import DEMO, imported

PYTHON = os.environ.get("PROVSTORE_TEST_MLFLOW_PYTHON") or (
    sys.executable if importlib.util.find_spec("mlflow") else None
)
START_TIMEOUT_S = 180.0

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(PYTHON is None, reason="MLflow is installed neither here nor at PROVSTORE_TEST_MLFLOW_PYTHON"),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of an MLflow server on a copy of the demo's store."""
    directory = tmp_path_factory.mktemp("mlflow")
    shutil.copy(DEMO / "mlflow.db", directory)
    shutil.copytree(DEMO / "artifacts", directory / "artifacts")
    port = free_port()
    command = [PYTHON, "-m", "mlflow", "server", "--backend-store-uri", "sqlite:///mlflow.db",
               "--artifacts-destination", "./artifacts", "--host", "127.0.0.1", "--port", str(port)]  # fmt: skip
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=directory, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", process, directory / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)


def wait_until_ready(address, process, log):
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"mlflow server did not start: {log.read_text()[-2000:]}")


def test_a_real_server_gives_what_its_database_gives(server):
    live, stored = imported(server), imported(DEMO)
    assert live.documents.keys() == stored.documents.keys()
    assert live.findings.refused == []
    for unit, document in live.documents.items():
        theirs = [stated for _, stated in stored.documents[unit].assertions]
        assert without_bytes([stated for _, stated in document.assertions]) == without_bytes(theirs)
        assert set(document.blobs) == set(stored.documents[unit].blobs)
