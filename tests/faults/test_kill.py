"""Killed at any instant, the store opens clean and has everything that it acknowledged."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import provstore
from provstore.ledger.apart import APART_BYTES

ROOT = Path(__file__).resolve().parents[2]
KILLS = 50
KILLS_PER_STORE = 10
WRITERS = 4
LARGE = 8_000
LARGE_KILLS = 8


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


def large_document(path: Path) -> None:
    entities = {f"ex:e{n}": {"prov:label": "x" * 250} for n in range(LARGE)}
    usages = {f"_:u{n}": {"prov:activity": "ex:a", "prov:entity": f"ex:e{n}"} for n in range(LARGE)}
    written = {"prefix": {"ex": "http://example.org/"}, "entity": entities, "used": usages}
    path.write_text(json.dumps(written), encoding="utf-8")
    assert path.stat().st_size > APART_BYTES


def start_ingest(location: Path, document: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "provstore", "--store", str(location), "--json", "ingest", str(document)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)


def test_a_kill_while_a_large_document_is_taken_in_leaves_all_of_it_in_ledger_and_graph_or_nothing(tmp_path):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    document = tmp_path / "large.json"
    large_document(document)
    began = time.monotonic()
    assert json.loads(start_ingest(tmp_path / "whole.db", document).communicate()[0])["new"] == 2 * LARGE
    took_s = time.monotonic() - began
    for kill in range(LARGE_KILLS):
        location = tmp_path / f"store{kill}.db"
        process = start_ingest(location, document)
        time.sleep(took_s * chance.uniform(0.3, 1.05))
        # By turns the process with its child, and the process alone.
        (os.killpg if kill % 2 else os.kill)(process.pid, signal.SIGKILL)
        acknowledged = process.communicate()[0].endswith(b"\n")
        with provstore.open(location) as store:
            head, applied = store.ledger.head(), store.engine.applied()
            assert (head.tree_size, applied and applied.root) in ((0, None), (2 * LARGE + 1, head.root.hex()))
            assert head.sequence or not acknowledged
            assert store.check()["findings"] == []
