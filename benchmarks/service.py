"""The service under 1, 8 and 64 clients, beside an MLflow server that takes the same runs."""

from __future__ import annotations

import json
import math
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

PATIENCE_S = 300
STORE = "s.db"
OURS = ("provstore, one call", "provstore, three calls")
THEIRS = ("mlflow, its client", "mlflow, three calls")


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
    """MLflow's server, as it comes, on SQLite; on a busy machine its supervisor would kill workers that still start."""
    command = [
        str(Path(sys.executable).with_name("mlflow")), "server", "--backend-store-uri", f"sqlite:///{folder}/ml.db",
        "--default-artifact-root", str(folder / "artifacts"), "--host", "127.0.0.1", "--port", "{port}",
        "--uvicorn-opts", "--timeout-worker-healthcheck 120",
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
    clients, seconds, rounds = ((1, 8), 1.0, 1) if quick else ((1, 8, 64), 3.0, 3)
    claim = Claim(
        "service",
        "Clients in a process of their own write runs of 20 records: 10 parameters and 10 metric values that no other"
        " run has. To provstore in one batch once the run has ended, or in three calls as it happens (it begins; the"
        " records; it ends). To MLflow's server in the five calls that its own client makes (create; log-batch of the"
        " parameters; log-batch of the metrics; get; update), or in the fewest that its interface has (create; one"
        " log-batch; update). A record counts when the call that brings it is answered: by provstore when it is on"
        " disk (fsync) and in the graph, by MLflow when its SQLite has committed, with the fsync that SQLite does by"
        " default. Both servers run the whole time, as they come, and are asked in turns.",
        quick,
        ("server", "clients", "records/s", "calls/s", "p50 ms", "p99 ms", "CPU ms a run", "failed"),
    )
    cells: dict[tuple[str, int], list[Cell]] = {}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folders = [Path(name) / kind for kind in ("provstore", "mlflow", "killed")]
        for folder in folders:
            folder.mkdir()
        servers = dict.fromkeys(OURS, stack.enter_context(ours(folders[0])))
        if not quick:
            servers |= dict.fromkeys(THEIRS, stack.enter_context(theirs(folders[1])))
        for way, server in servers.items():
            # Each of MLflow's four processes opens its database at its first request.
            _measure(way, server, 8, 0.5 if quick else 3.0)
        for _ in range(rounds):
            for number in clients:
                for way, server in servers.items():
                    cells.setdefault((way, number), []).append(_measure(way, server, number, seconds))
        lost, acknowledged = _lost_when_killed(folders[2], max(clients), seconds)
    _tell(claim, cells, clients)
    claim.goal("acknowledged runs that a kill -9 of provstore under this load lost", lost, at_most=0)
    claim.notes.append(f"{acknowledged:,} runs of {max(clients)} clients were acknowledged before it was killed")
    claim.notes.append(f"medians of {rounds} rounds of {seconds:g} s each")
    claim.report()


def _tell(claim: Claim, cells: dict[tuple[str, int], list[Cell]], clients: Sequence[int]) -> None:
    for (way, number), found in sorted(cells.items(), key=lambda cell: (cell[0][1], cell[0][0])):
        claim.row(way, number, *(median(column) for column in zip(*found, strict=True)))
    if claim.quick:
        claim.notes.append("MLflow's server takes longer to start than this runs, so it is left out")
    for number in () if claim.quick else clients:
        ratio = _ratio(cells["provstore, one call", number], cells["mlflow, its client", number])
        claim.goal(
            f"records/s of {_clients_of(number)}, one call a run, times those of MLflow's client", ratio, at_least=20
        )
    p99 = median(cell.p99_ms for cell in cells["provstore, one call", 8])
    claim.goal("p99 of a batch of 20 records at 8 clients, ms", p99, at_most=100)
    for number in () if claim.quick else clients:
        for mine, other in (OURS[0], THEIRS[1]), (OURS[1], THEIRS[0]), (OURS[1], THEIRS[1]):
            claim.notes.append(in_words(number, mine, other, _ratio(cells[mine, number], cells[other, number])))


def in_words(number: int, mine: str, other: str, ratio: float) -> str:
    """What the ratio says, also where there is none."""
    if math.isinf(ratio):
        told = f"no ratio to {other}, which acknowledged no record in most rounds"
    else:
        told = f"{ratio:.3g} times those of {other}"
    return f"records/s of {_clients_of(number)}, {mine}: {told}"


def _clients_of(number: int) -> str:
    return "1 client" if number == 1 else f"{number} clients"


def _ratio(mine: list[Cell], other: list[Cell]) -> float:
    """Of records a second, round by round; infinite when the other acknowledged none."""
    return median(
        a.records_per_s / b.records_per_s if b.records_per_s else math.inf for a, b in zip(mine, other, strict=True)
    )


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


def _lost_when_killed(folder: Path, clients: int, seconds: float) -> tuple[int, int]:
    """How many acknowledged runs a service has lost that was killed under load, and out of how many."""
    with ours(folder) as server:
        command = _clients("provstore, one call", server, clients, 10 * seconds)
        writing = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT.parent)
        time.sleep(1 + seconds)  # the clients begin within a second
        os.killpg(server.group, signal.SIGKILL)
        found = json.loads(writing.communicate()[0])
    with Store.open(folder / STORE, create=False) as store:
        units = {entry.header.unit for entry in store.ledger.live() if entry.header}
    return sum(f"event:run/{run}" not in units for run in found["runs"]), len(found["runs"])


if __name__ == "__main__":
    main([service], __doc__)
