"""Many processes write at once, and nothing is lost, doubled or out of order."""

from __future__ import annotations

import time
from multiprocessing import get_context
from pathlib import Path

from provstore.ledger.checking import check
from provstore.ledger.sqlite import SqliteLedger
from tests.support.ledgers import document, entity, folder_in_memory, iri, used

WRITERS, EACH = 8, 1_000


def _writes(path, name):
    with SqliteLedger(path) as ledger:
        for number in range(EACH):
            ledger.append(
                [document(f"{name}/{number}", used(f"{name}-{number}", "hub"), entity("hub", size=number % 7))]
            )


def test_8_times_1000_concurrent_writes_lose_nothing():
    with folder_in_memory() as folder:
        _compete(Path(folder) / "store.db")


def _compete(path):
    context = get_context("fork")
    writers = [context.Process(target=_writes, args=(path, f"w{n}")) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    last = 0
    with SqliteLedger(path) as reader:
        while any(writer.is_alive() for writer in writers):
            seen = [entry.sequence for entry in reader.entries(last)]
            assert seen == list(range(last + 1, last + 1 + len(seen)))  # no reader sees n + 1 before n
            last += len(seen)
            time.sleep(0.1)
        assert [writer.exitcode for writer in writers] == [0] * WRITERS
        entries = list(reader.entries())
        assert {entry.header.unit for entry in entries} == {f"w{n}/{k}" for n in range(WRITERS) for k in range(EACH)}
        assert [entry.sequence for entry in entries] == list(range(1, WRITERS * EACH + 1))
        times = [entry.time for entry in entries]
        assert times == sorted(times)
        uses = reader.about([iri("hub")], places=["second"])
        assert sum(1 for _ in uses) == WRITERS * EACH
        assert check(reader).findings == []
