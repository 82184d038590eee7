"""Whatever ends a process, and whenever: what was acknowledged is there, nothing is half there, the check is clean."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from multiprocessing import get_context

from provstore.ledger import database
from provstore.ledger.checking import check
from provstore.ledger.contract import Erasure, Retraction
from provstore.ledger.sqlite import SqliteLedger
from tests.support.ledgers import document, entity, inside, used

FORK = get_context("fork")


def workload(ledger, acknowledge):
    """A small piece of everything; `acknowledge` is called with the head's sequence after each append."""
    first, *_ = ledger.append([
        document("u", entity("a"), used("r", "a"), blobs=[b"x" * 5_000], namespaces={None: {"p": "http://p/"}}),
        document("v", *[entity(f"e{n}", label="y" * 50) for n in range(300)], idempotency_key="k"),
    ])  # fmt: skip
    acknowledge(ledger.head().sequence)
    (second,) = ledger.append([document("u", inside("b", entity("a")), event_time=1)])
    acknowledge(ledger.head().sequence)
    ledger.append([Retraction(second.document, "wrong")])
    acknowledge(ledger.head().sequence)
    ledger.append([Erasure(first.document, "private")])
    acknowledge(ledger.head().sequence)


class Dying:
    """A connection in whose n-th statement the process ends at once."""

    def __init__(self, connection, calls):
        self._connection, self._calls = connection, calls

    def __getattr__(self, name):
        if name in ("execute", "executemany"):
            self._calls -= 1
            if self._calls == 0:
                os._exit(9)
        return getattr(self._connection, name)


def _dies_at(path, calls, acknowledged):
    ledger = SqliteLedger(path)
    ledger._writer = Dying(ledger._writer, calls)

    def acknowledge(sequence):
        os.write(acknowledged, b"%d\n" % sequence)

    workload(ledger, acknowledge)
    os._exit(0)


def test_a_process_may_end_at_any_statement_of_the_workload(tmp_path):
    code, calls, seen = None, 0, set()
    while code != 0:
        calls += 1
        path = tmp_path / f"{calls}.db"
        reading, writing = os.pipe()
        process = FORK.Process(target=_dies_at, args=(path, calls, writing))
        process.start()
        process.join()
        os.close(writing)
        with os.fdopen(reading) as pipe:
            acknowledged = max([0, *map(int, pipe.read().split())])
        code = process.exitcode
        with SqliteLedger(path) as ledger:
            sequence = ledger.head().sequence
            assert check(ledger).findings == []
            assert sequence in (0, 2, 3, 4, 5)
            assert sequence >= acknowledged
            seen.add(sequence)
    assert calls > 60
    assert seen == {0, 2, 3, 4, 5}


def _dies_while_making(path, calls):
    connect = database._connect
    database._connect = lambda path, busy_timeout_s: Dying(connect(path, busy_timeout_s), calls)
    SqliteLedger(path)
    os._exit(0)


def test_a_process_may_end_at_any_statement_of_making_a_store(tmp_path):
    code, calls = None, 0
    while code != 0:
        calls += 1
        path = tmp_path / f"{calls}.db"
        process = FORK.Process(target=_dies_while_making, args=(path, calls))
        process.start()
        process.join()
        code = process.exitcode
        with SqliteLedger(path) as ledger:
            assert ledger.append([document("u", entity("a"))])[0].sequence == 1
            assert check(ledger).findings == []
    assert calls > 15


def test_the_log_may_be_cut_at_any_frame_and_within_it(tmp_path):
    """What a power cut leaves: the file, and a beginning of SQLite's log, its last piece torn."""
    path = tmp_path / "store.db"
    with SqliteLedger(path) as ledger:
        heads = {0: ledger.head()}
        for number in range(1, 6):
            ledger.append([document("u", *[entity(f"e{number}-{k}") for k in range(40)], event_time=number)])
            heads[number] = ledger.head()
        log = (tmp_path / "store.db-wal").read_bytes()
        shutil.copy(path, tmp_path / "base")
    seen = set()
    frame = 4_096 + 24
    for end in range(32, len(log), frame):
        for torn in (0, 24, 2_000):
            cut = tmp_path / "cut.db"
            shutil.copy(tmp_path / "base", cut)
            (tmp_path / "cut.db-wal").write_bytes(log[: end + torn])
            with SqliteLedger(cut) as after:
                assert after.head() == heads.get(after.head().sequence) or after.head().sequence == 0
                assert check(after).findings == []
                seen.add(after.head().sequence)
            cut.unlink()
    assert seen == {0, 1, 2, 3, 4} or seen == {0, 1, 2, 3, 4, 5}


def _writes(path, name, acknowledged):
    ledger = SqliteLedger(path)
    number = 0
    while True:
        number += 1
        given = [document(f"{name}/{number}/{k}", entity(f"{name}-{number}"), entity("shared")) for k in range(3)]
        receipts = ledger.append(given)
        lines = [json.dumps([receipt.sequence, receipt.document]) + "\n" for receipt in receipts]
        os.write(acknowledged, "".join(lines).encode())


def test_10_kills_of_4_writers_lose_nothing_that_was_acknowledged(tmp_path):
    seed = random.randrange(10**6)
    chosen = random.Random(seed)
    path = tmp_path / "store.db"
    told = tmp_path / "acknowledged"
    for kill in range(10):
        output = os.open(told, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        writers = [FORK.Process(target=_writes, args=(path, f"{kill}-{n}", output)) for n in range(4)]
        for writer in writers:
            writer.start()
        time.sleep(0.15 + chosen.random() * 0.4)
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
        for writer in writers:
            writer.join()
        os.close(output)
        began = time.monotonic()
        with SqliteLedger(path) as ledger:
            stored = {entry.sequence: entry.document for entry in ledger.entries()}
            assert time.monotonic() - began < 5
            for line in told.read_text().splitlines():
                sequence, iri = json.loads(line)
                assert stored[sequence] == iri, f"seed {seed}"
            assert len(stored) % 3 == 0, f"a list is stored whole (seed {seed})"
            assert check(ledger).findings == [], f"seed {seed}"
    assert len(stored) > 30
