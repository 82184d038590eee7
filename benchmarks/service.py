"""The service under 1, 8 and 64 clients, beside an MLflow server that takes the same runs."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.harness import ROOT, Claim, main, run
from provstore.server.database import beside
from provstore.server.tokens import Tokens

PATIENCE_S = 120


@dataclass
class Server:
    """A server that is up. `group`: its process group."""

    url: str
    token: str
    group: int

    def cpu_seconds(self) -> float:
        """What all its processes have used."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == self.group:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def started(command: list[str], token: str, path: str, folder: Path, **environment: str) -> Iterator[Server]:
    """A server in a process group of its own. Raises: RuntimeError: it does not answer."""
    port = _free_port()
    words = [word.format(port=port) for word in command]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            words, cwd=folder, stdout=log, stderr=log, start_new_session=True, env=os.environ | environment
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url + path, folder / "log")
        yield Server(url, token, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer: {log.read_text()[-2000:]}")


@contextmanager
def ours(folder: Path) -> Iterator[Server]:
    """provstore serve, as it comes, but for the rate of one token."""
    store = folder / "s.db"
    with Tokens(beside(str(store))) as tokens:
        token = tokens.create("benchmark", "writer")["token"]
    command = [sys.executable, "-m", "provstore", "serve", "--store", str(store), "--port", "{port}"]
    rates = {"PROVSTORE_SERVER_REQUESTS_PER_MINUTE": str(10**9), "PYTHONPATH": str(ROOT.parent)}
    with started(command, token, "/healthz", folder, **rates) as server:
        yield server


@contextmanager
def theirs(folder: Path) -> Iterator[Server]:
    """MLflow's server, as it comes, on SQLite."""
    command = [
        str(Path(sys.executable).with_name("mlflow")), "server", "--backend-store-uri", f"sqlite:///{folder}/ml.db",
        "--default-artifact-root", str(folder / "artifacts"), "--host", "127.0.0.1", "--port", "{port}",
    ]  # fmt: skip
    with started(command, "-", "/health", folder) as server:
        yield server


def service(quick: bool) -> None:
    """Runs that several clients write at once, and how long each call takes."""
    clients, seconds, rounds = ((1, 8), 1.0, 1) if quick else ((1, 8, 64), 8.0, 3)
    claim = Claim(
        "service",
        "Clients in a process of their own write runs in three calls each: it begins; 10 parameters and 10 metrics; it"
        " ends. provstore answers when the event is on disk (fsync) and in the graph, MLflow when its SQLite has"
        " committed. Both servers run the whole time, as they come, and are asked in turns.",
        quick,
        ("server", "clients", "runs/s", "calls/s", "p50 ms", "p99 ms", "CPU ms a run", "failed"),
    )
    cells: dict[tuple[str, int], list[tuple[float, ...]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name) / kind for kind in ("provstore", "mlflow")]
        for folder in folders:
            folder.mkdir()
        with ExitStack() as stack:
            servers = {"provstore": stack.enter_context(ours(folders[0]))}
            if not quick:
                servers["mlflow"] = stack.enter_context(theirs(folders[1]))
            for kind, server in servers.items():
                _measure(kind, server, 1, 0.5)
            for _ in range(rounds):
                for number in clients:
                    for kind, server in servers.items():
                        cells.setdefault((kind, number), []).append(_measure(kind, server, number, seconds))
    for (kind, number), found in sorted(cells.items(), key=lambda cell: (cell[0][1], cell[0][0])):
        claim.row(kind, number, *(median(column) for column in zip(*found, strict=True)))
    if quick:
        claim.notes.append("MLflow's server takes longer to start than this runs, so it is left out")
    for number in clients if not quick else ():
        mine, other = (cells[kind, number] for kind in ("provstore", "mlflow"))
        ratio = median(a[0] / b[0] for a, b in zip(mine, other, strict=True) if b[0])
        claim.goal(f"runs/s at {number} clients, times MLflow's", ratio, at_least=20)
    claim.goal("p99 of a call at 8 clients, ms", median(found[3] for found in cells["provstore", 8]), at_most=100)
    claim.notes.append(f"medians of {rounds} rounds of {seconds:g} s")
    claim.report()


def _measure(kind: str, server: Server, clients: int, seconds: float) -> tuple[float, ...]:
    before = server.cpu_seconds()
    command = (sys.executable, "-m", "benchmarks.service_client", kind, server.url, server.token, clients, seconds)
    found = json.loads(run([str(word) for word in command]).output)
    used = server.cpu_seconds() - before
    calls, runs, took = found["latencies"], found["runs"], found["seconds"]
    at = (calls[len(calls) // 2], calls[min(len(calls) - 1, len(calls) * 99 // 100)])
    return runs / took, len(calls) / took, *at, 1_000 * used / max(runs, 1), found["failed"]


if __name__ == "__main__":
    main([service], __doc__)
