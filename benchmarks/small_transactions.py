"""Runs of 20 statements, one durable transaction each, beside ml-metadata and the SQLite floor."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median

import provstore
from benchmarks import data, floor
from benchmarks.harness import ROOT, Claim, Series, main, paired, run, timed
from benchmarks.peers import interpreter

STATEMENTS = 20


def small_transactions(quick: bool) -> None:
    """As many runs as trackers report, each acknowledged after its fsync."""
    runs, rounds = (20, 1) if quick else (500, 5)
    claim = Claim(
        "small_transactions",
        f"{runs} runs of {STATEMENTS} statements, one `append` each: in the ledger, projected, fsynced before the next"
        " begins. ml-metadata stores runs of the same shape by put_lineage_subgraph, its fastest way, in a SQLite file"
        " with its own settings. The floor writes the rows of the finished store by plain executemany, those of a run"
        " in one transaction, synchronous=FULL.",
        quick,
        ("contestant", "runs", "seconds", "runs/s", "ms a run"),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer = interpreter("ml-metadata", "ml_metadata", install=not quick)
        contestants = {"provstore": lambda: _ours(folder, runs), "floor": lambda: _floor(folder, runs)}
        if peer is not None:
            contestants["ml-metadata"] = lambda: _ml_metadata(peer, folder, runs)
        else:
            claim.notes.append("ml-metadata is not installed here")
        series = paired(rounds, contestants)
        fsync_s = _fsync_s(folder)
    for contestant, one in series.items():
        claim.row(contestant, runs, one.median, runs / one.median, 1000 * one.median / runs)
    _compare(claim, series)
    claim.notes.append(
        f"medians and ratios of {rounds} paired rounds; an fsync of 4 KiB takes {1000 * fsync_s:.2f} ms on this disk,"
        " and what is ours beyond the floor is processor time of Python"
    )
    claim.report()


def _compare(claim: Claim, series: dict[str, Series]) -> None:
    ours = series["provstore"]
    claim.goal("rate over the floor's", series["floor"].times(ours), at_least=0.5)
    if "ml-metadata" in series:
        claim.goal("rate over ml-metadata's", series["ml-metadata"].times(ours), at_least=5)


def _fsync_s(folder: Path) -> float:
    """What each contestant waits for at least once a run: the median of 200."""
    with (folder / "fsync").open("wb") as file:

        def written() -> None:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())

        return median(timed(written) for _ in range(200))


def _fresh(folder: Path, name: str) -> Path:
    for old in folder.glob(f"{name}*"):
        old.unlink()
    return folder / name


def _ours(folder: Path, runs: int) -> float:
    documents = [data.tracker_run(number) for number in range(runs + 1)]
    with provstore.open(_fresh(folder, "store.db")) as store:
        store.append(documents[:1])
        seconds = timed(lambda: [store.append([document]) for document in documents[1:]])
        if store.ledger.head().sequence != runs + 1:
            raise RuntimeError("not all runs were stored")
    return seconds


def _floor(folder: Path, runs: int) -> float:
    return floor.rewrite(folder / "store.db", _fresh(folder, "floor.db"), transactions=runs)


def _ml_metadata(peer: Path, folder: Path, runs: int) -> float:
    finished = run([peer, ROOT / "peers" / "mlmd_runs.py", _fresh(folder, "mlmd.db"), str(runs)])
    return float(finished.output.split()[-1])


if __name__ == "__main__":
    main([small_transactions], __doc__)
