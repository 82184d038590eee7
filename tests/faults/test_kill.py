"""Killed at any instant, the store opens clean and has everything that it acknowledged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import provstore

ROOT = Path(__file__).resolve().parents[2]
KILLS = 50
KILLS_PER_STORE = 10
WRITERS = 4


def start(location: Path, writer: int, output: Path) -> subprocess.Popen[bytes]:
    with output.open("ab") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writer", str(location), str(writer)],
            cwd=ROOT,
            stdout=stream,
            start_new_session=True,
        )


def acknowledged(outputs: list[Path]) -> list[tuple[str, int]]:
    """Whole lines only: a line that the kill cut in two was read by nobody."""
    lines = [line for path in outputs for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return [(document, int(sequence)) for document, sequence in map(str.split, lines)]


def kill_while_writing(location: Path, outputs: list[Path], seconds: float) -> None:
    """Starts the writers, waits until one of them was answered and a little longer, and kills them all."""
    writers = [start(location, number, output) for number, output in enumerate(outputs)]
    deadline = time.monotonic() + 30
    while not acknowledged(outputs) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(seconds)
    for writer in writers:
        os.killpg(writer.pid, signal.SIGKILL)
        writer.wait()


def test_50_kills_lose_no_acknowledged_document_and_leave_no_half_one(tmp_path):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for store_number in range(KILLS // KILLS_PER_STORE):
        location = tmp_path / f"store{store_number}.db"
        said: list[Path] = []
        for kill in range(KILLS_PER_STORE):
            outputs = [tmp_path / f"said-{store_number}-{kill}-{writer}" for writer in range(WRITERS)]
            for output in outputs:
                output.touch()
            kill_while_writing(location, outputs, chance.uniform(0, 0.3))
            assert acknowledged(outputs)
            said += outputs
            with provstore.open(location) as store:
                report = store.check()
                assert report["ok"], report["findings"]
                stored = {entry.document: entry for entry in store.ledger.entries()}
                for document, sequence in acknowledged(said):
                    assert stored[document].sequence == sequence
                assert {entry.statements for entry in stored.values()} == {20}
