"""PROV-CONSTRAINTS on what is stored: everything at once, and a new run beside everything."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

import provstore
from benchmarks import data
from benchmarks.harness import PROVSTORE, Claim, Series, main, paired, run
from provstore.model.document import Document
from provstore.store.validating_new import Validating

MEGABYTE = 1024 * 1024
# Runs of 20 statements each.
SIZES = (500, 5_000, 50_000)


def validation_stored(quick: bool) -> None:
    """Every size as a whole; new runs beside the largest."""
    claim = Claim(
        "validation_stored",
        "`provstore validate --stored` on a store of training runs that share data sets and an agent, a document each:"
        " processor seconds and peak memory of the whole process. A run: 20 new statements validated beside the largest"
        " store, processor seconds.",
        quick,
        ("what", "statements", "seconds", "statements/s", "peak MB"),
    )
    seconds: dict[int, float] = {}
    sizes = (50, 100) if quick else SIZES
    with tempfile.TemporaryDirectory() as folder:
        for runs in sizes:
            location = Path(folder) / f"{runs}.db"
            with provstore.open(location) as store:
                statements = data.fill(store, runs)
            peak = _whole(claim, location, statements, seconds, rounds=1 if quick or runs == sizes[-1] else 5)
            if runs == SIZES[1]:
                claim.goal(f"{statements:,} statements, seconds", seconds[statements], at_most=8)
                claim.goal(f"{statements:,} statements, peak MB", peak / MEGABYTE, at_most=500)
        small, large = sorted(seconds)[-2:]
        claim.goal(f"time of {large:,} over {small:,}", seconds[large] / seconds[small], at_most=13)
        _beside(claim, location, sizes[-1], rounds=5 if quick else 51)
    claim.report()


def _whole(claim: Claim, location: Path, statements: int, seconds: dict[int, float], *, rounds: int) -> int:
    """Validates a store in a process of its own, some times over; returns its peak memory in bytes."""
    peaks: list[int] = []

    def once() -> float:
        finished = run([*PROVSTORE, "--store", location, "validate", "--stored"])
        peaks.append(finished.peak_bytes)
        return finished.processor_s

    seconds[statements] = paired(rounds, {"whole": once})["whole"].median
    rate = statements / seconds[statements]
    claim.row("the whole store", statements, seconds[statements], rate, max(peaks) / MEGABYTE)
    return max(peaks)


def _beside(claim: Claim, location: Path, runs: int, *, rounds: int) -> None:
    """New runs of 20 statements beside the store, one at a time."""
    with provstore.open(location) as store:
        validating = Validating(store.ledger, lambda documents: (store.append(documents), True), "warn")
        shapes = {"new data": lambda n: data.tracker_run(runs + 5 * n), "stored data": _later(runs, rounds)}
        for shape, make in shapes.items():
            series = Series([_decided(validating, make(number)) for number in range(rounds)])
            claim.row(f"a run on {shape}", 20, series.median, 20 / series.median, "-")
            claim.goal(f"a run on {shape} beside {20 * runs:,} statements, seconds", series.median, at_most=0.05)


def _later(runs: int, rounds: int) -> Callable[[int], Document]:
    return lambda number: data.run_on_stored_data(number * (runs // 5 // rounds))


def _decided(validating: Validating, document: Document) -> float:
    started = process_time()
    added = validating.validated([document])
    seconds = process_time() - started
    if added.findings or not added.decided:
        raise RuntimeError("a valid run was found invalid, or not decided")
    return seconds


if __name__ == "__main__":
    main([validation_stored], __doc__)
