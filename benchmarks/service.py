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
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.harness import ROOT, Claim, main, run
from provstore.server.database import beside
from provstore.server.tokens import Tokens
from provstore.store import Store

PATIENCE_S = 120
STORE = "s.db"


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
    store = folder / STORE
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


class Cell(NamedTuple):
    """What one server did for so many clients in one round."""

    records_per_s: float
    calls_per_s: float
    p50_ms: float
    p99_ms: float
    cpu_ms_per_run: float
    failed: float


def service(quick: bool) -> None:
    """Records that several clients write at once, how long each call takes, and what a killed service has kept."""
    clients, seconds, rounds = ((1, 8), 1.0, 1) if quick else ((1, 8, 64), 4.0, 3)
    ways = ("three calls", "one call") if quick else ("three calls", "one call", "mlflow")
    claim = Claim(
        "service",
        "Clients in a process of their own write runs of 20 records: 10 parameters and 10 metric values that no other"
        " run has. To provstore in three calls (it begins; the records; it ends), or in one batch once it has ended; to"
        " MLflow's server in the fewest calls that its interface has for that, three, of which one has all records (its"
        " own client makes five). A record counts when the call that brings it is answered: by provstore when it is on"
        " disk (fsync) and in the graph, by MLflow when its SQLite has committed. Both servers run the whole time, as"
        " they come, and are asked in turns.",
        quick,
        ("server", "clients", "records/s", "calls/s", "p50 ms", "p99 ms", "CPU ms a run", "failed"),
    )
    cells: dict[tuple[str, int], list[Cell]] = {}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folders = [Path(name) / kind for kind in ("provstore", "mlflow", "killed")]
        for folder in folders:
            folder.mkdir()
        servers = dict.fromkeys(ways, stack.enter_context(ours(folders[0])))
        if not quick:
            servers["mlflow"] = stack.enter_context(theirs(folders[1]))
        for way in ways:
            _measure(way, servers[way], 1, 0.5)
        for _ in range(rounds):
            for number in clients:
                for way in ways:
                    cells.setdefault((way, number), []).append(_measure(way, servers[way], number, seconds))
        lost = _lost_when_killed(folders[2], max(clients), seconds)
    _tell(claim, cells, clients)
    claim.goal("acknowledged runs that a kill -9 of provstore under this load lost", lost, at_most=0)
    claim.notes.append(f"medians of {rounds} rounds of {seconds:g} s each")
    claim.report()


def _tell(claim: Claim, cells: dict[tuple[str, int], list[Cell]], clients: Sequence[int]) -> None:
    for (way, number), found in sorted(cells.items(), key=lambda cell: (cell[0][1], cell[0][0])):
        server = way if way == "mlflow" else f"provstore, {way}"
        claim.row(server, number, *(median(column) for column in zip(*found, strict=True)))
    if claim.quick:
        claim.notes.append("MLflow's server takes longer to start than this runs, so it is left out")
    for way in ("one call", "three calls"):
        for number in () if claim.quick else clients:
            both = zip(cells[way, number], cells["mlflow", number], strict=True)
            ratio = median(mine.records_per_s / theirs.records_per_s for mine, theirs in both if theirs.records_per_s)
            claim.goal(f"records/s of {number} clients, {way} a run, times MLflow's", ratio, at_least=20)
    p99 = median(cell.p99_ms for cell in cells["one call", 8])
    claim.goal("p99 of a batch of 20 records at 8 clients, ms", p99, at_most=100)


def _measure(way: str, server: Server, clients: int, seconds: float) -> Cell:
    """One round; begun when the server has done with the round before, whose last calls nobody waited for."""
    _wait_until_idle(server)
    before = server.cpu_seconds()
    found = json.loads(run(_clients(way, server, clients, seconds)).output)
    used = server.cpu_seconds() - before
    calls, took = found["latencies"], found["seconds"]
    at = (calls[len(calls) // 2], calls[min(len(calls) - 1, len(calls) * 99 // 100)])
    each = 1_000 * used / max(len(found["runs"]), 1)
    return Cell(found["records"] / took, len(calls) / took, *at, each, found["failed"])


def _clients(way: str, server: Server, clients: int, seconds: float) -> list[str]:
    return [
        sys.executable, "-m", "benchmarks.service_client", way, server.url, server.token, str(clients), str(seconds),
    ]  # fmt: skip


def _wait_until_idle(server: Server) -> None:
    deadline, before = time.monotonic() + PATIENCE_S, server.cpu_seconds()
    while time.monotonic() < deadline:
        time.sleep(0.3)
        now = server.cpu_seconds()
        if now - before < 0.05:
            return
        before = now


def _lost_when_killed(folder: Path, clients: int, seconds: float) -> int:
    """How many runs were acknowledged before the service was killed under load, and are not in its store."""
    with ours(folder) as server:
        command = _clients("one call", server, clients, 10 * seconds)
        writing = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT.parent)
        time.sleep(seconds)
        os.killpg(server.group, signal.SIGKILL)
        found = json.loads(writing.communicate()[0])
    with Store.open(folder / STORE, create=False) as store:
        units = {entry.header.unit for entry in store.ledger.live() if entry.header}
    return len([run for run in found["runs"] if f"event:run/{run}" not in units])


if __name__ == "__main__":
    main([service], __doc__)
