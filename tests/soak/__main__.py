"""`make soak`: a third of the time the service is killed again and again under load, then one process runs on.

After each kill all that was answered must be stored, nothing by half, and the service must be ready again in time.
While one process runs its memory, its open files and threads must not grow. At the end the whole store is checked. An
argument is the number of minutes; SOAK_SEED repeats the choices of a run.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Collection
from pathlib import Path

import httpx2

import provstore
from provstore.server.database import beside
from provstore.server.tokens import Tokens
from tests.soak.clients import crowd
from tests.soak.process import PATIENCE_S, Process, Sample
from tests.soak.record import MOST_KEPT, Record, Stored, growth, missing, too_much
from tests.support.mlflow_calls import Client as MlflowClient

MINUTES = 10.0
# Of processor time, so that a busy machine makes no finding.
SLOWEST_START_S = 5.0
# What a process opens more of while it goes on: connections of its pool of readers, of the clients.
FILES_SLACK = 16
MIB = 2**20


class Soak:
    """One soak. Args: folder: for the store. seed: of the choices."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.store = folder / "s.db"
        self.chance = random.Random(seed)
        self.findings: list[str] = []
        self.kills = self.documents = 0
        self.starts_s: list[float] = []
        self.last = Record()
        self._read_to = 0
        with Tokens(beside(str(self.store))) as tokens:
            self._tokens = {
                "writer": tokens.create("writer", "writer")["token"],
                "reader": tokens.create("reader", "reader")["token"],
                "stranger": tokens.create("stranger", "reader", ["elsewhere"])["token"],
            }

    def kill_once(self, load_s: float) -> None:
        """Starts the service, kills it under load, and looks at what is there afterwards."""
        process, record = self._started(), Record()
        with _load(process, self._tokens, record, self.chance.randrange(2**32)):
            time.sleep(load_s)
            record.dying.set()
            process.kill()
        self.kills += 1
        self._compare(record)
        process = self._started()
        self._compare_runs(process, record)
        process.stop()

    def run_on(self, load_s: float, at_least: Collection[str] = ()) -> list[Sample]:
        """Starts the service, and lets it work; gives one sample a second.

        Args: at_least: goes on until each of these answers was given.
        """
        process, self.last = self._started(), Record()
        samples, ends = [], time.monotonic() + load_s
        with _load(process, self._tokens, self.last, self.chance.randrange(2**32)):
            while time.monotonic() < ends or not all(self.last.answers[one] for one in at_least):
                time.sleep(1)
                samples.append(process.sample())
        self._compare_runs(process, self.last)
        if (code := process.stop()) != 0:
            self.findings.append(f"told to stop, the service ended with {code}")
        self._compare(self.last)
        self.findings += grown(samples)
        return samples

    def check(self) -> None:
        """The whole store."""
        with provstore.open(self.store, create=False) as opened:
            self.findings += [str(one) for one in opened.check()["findings"]]

    def _started(self) -> Process:
        process = Process(self.store)
        self.starts_s.append(process.started_s)
        if process.started_cpu_s > SLOWEST_START_S:
            self.findings.append(f"the service worked {process.started_cpu_s:.1f} s until it was ready")
        return process

    def _compare(self, record: Record) -> None:
        with provstore.open(self.store, create=False) as opened:
            stored = {}
            for entry in opened.ledger.entries(self._read_to):
                self._read_to = entry.sequence
                self.documents += 1
                if entry.header is not None:
                    stored[entry.header.unit] = Stored(entry.sequence, entry.statements)
        self.findings += record.findings + missing(record, stored)

    def _compare_runs(self, process: Process, record: Record) -> None:
        headers = {"Authorization": f"Bearer {self._tokens['reader']}"}
        with httpx2.Client(base_url=process.url, headers=headers, trust_env=False, timeout=PATIENCE_S) as http:
            for run, known in list(record.runs.items())[-MOST_KEPT:]:
                told = MlflowClient(http).asked("GET", "metrics/get-history", run_id=run, metric_key="m")
                points = [(one["step"], one["value"]) for one in told.get("metrics", [])]
                if points[: len(known)] != known or len(points) > len(known) + 1:
                    self.findings.append(f"run {run} was answered {len(known)} points, and has {points}")


class _load:
    """Clients that work while the context lasts."""

    def __init__(self, process: Process, tokens: dict[str, str], record: Record, seed: int) -> None:
        self._stop = threading.Event()
        self._clients = crowd(process.url, tokens, record, self._stop, seed=seed)

    def __enter__(self) -> None:
        for one in self._clients:
            one.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for one in self._clients:
            one.join()


def grown(samples: list[Sample]) -> list[str]:
    """What grew while the service went on."""
    found = []
    memory = [one.rss_bytes for one in samples]
    if too_much(memory):
        found.append(f"memory grew by {growth(memory) / MIB:.1f} MiB between the second and the last quarter")
    for name in ("files", "threads"):
        if growth([getattr(one, name) for one in samples]) > FILES_SLACK:
            found.append(f"open {name} grew from {getattr(samples[0], name)} to {getattr(samples[-1], name)}")
    return found


def main(minutes: float, seed: int) -> int:
    """Runs a soak and prints what it found; 1 when a promise was broken."""
    print(f"soak for {minutes:g} minutes, seed {seed}", flush=True)
    began, whole_s = time.monotonic(), minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder), seed)
        while not soak.kills or time.monotonic() - began < whole_s / 3:
            soak.kill_once(soak.chance.uniform(0.5, 8))
        killed = soak.documents
        samples = soak.run_on(max(1.0, whole_s - (time.monotonic() - began)))
        soak.check()
    acks_ms = sorted(1000 * one for one in soak.last.seconds)
    memory = [one.rss_bytes for one in samples]
    print(f"kills: {soak.kills}, documents meanwhile: {killed:,}, slowest start: {max(soak.starts_s):.1f} s")
    print(f"one process: {len(samples)} s, documents: {soak.documents - killed:,}")
    print(f"acknowledged after: median {_at(acks_ms, 0.5):.0f} ms, 99 % {_at(acks_ms, 0.99):.0f} ms")
    print(
        f"memory: {memory[0] / MIB:.0f} to {memory[-1] / MIB:.0f} MiB, {growth(memory) / MIB:+.1f} MiB over half of it"
    )
    print(f"files: {samples[0].files} to {samples[-1].files}, threads: {samples[0].threads} to {samples[-1].threads}")
    for what, times in sorted(soak.last.answers.items()):
        print(f"  {what}: {times:,}")
    for finding in soak.findings:
        print(f"FOUND: {finding}")
    print(f"{len(soak.findings)} findings")
    return 1 if soak.findings else 0


def _at(ordered: list[float], share: float) -> float:
    return ordered[int(share * (len(ordered) - 1))] if ordered else 0.0


if __name__ == "__main__":
    sys.exit(
        main(
            float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES,
            int(os.environ.get("SOAK_SEED") or random.randrange(2**32)),
        )
    )
