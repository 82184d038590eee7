"""Bulk ingest by the command line, durable and projected, beside `prov` merely parsing and the SQLite floor."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks import data, floor
from benchmarks.harness import PROVSTORE, ROOT, Claim, Finished, main, paired, run

MEGABYTE = 1024 * 1024


def ingest(document: Path, store: Path, statements: int) -> Finished:
    """One CLI ingest into a new store; the receipt must count all statements."""
    for old in store.parent.glob(f"{store.name}*"):
        old.unlink()
    finished = run([*PROVSTORE, "--store", store, "--json", "ingest", document])
    receipt = json.loads(finished.output)
    if (receipt["statements"], receipt["projected"]) != (statements, True):
        raise RuntimeError(f"not all was ingested: {receipt}")
    return finished


def bulk_ingest(quick: bool) -> None:
    """100,000 statements against prov and the floor; ten times as many for time and memory."""
    claim = Claim(
        "bulk_ingest",
        "A PROV-JSON file into a new store by the command line: parsed, hashed, in the ledger with its Merkle leaves,"
        " projected, fsynced; whole process. `prov` only parses the file. The floor writes the rows of the finished"
        " store by plain executemany in one transaction with synchronous=FULL, nothing else.",
        quick,
        ("contestant", "statements", "seconds", "statements/s", "peak MB"),
    )
    with tempfile.TemporaryDirectory() as folder:
        _against_peers(claim, Path(folder), 2_000 if quick else 100_000, rounds=1 if quick else 5)
        _ten_times(claim, Path(folder), 20_000 if quick else 1_000_000)
    claim.report()


def _against_peers(claim: Claim, folder: Path, statements: int, *, rounds: int) -> None:
    document, store = folder / "document.json", folder / "store.db"
    data.prov_json(document, statements)
    peaks: dict[str, int] = {}

    def ours() -> float:
        finished = ingest(document, store, statements)
        peaks["provstore"] = max(finished.peak_bytes, peaks.get("provstore", 0))
        return finished.seconds

    def parsing() -> float:
        finished = run([sys.executable, ROOT / "peers" / "prov_parse.py", document])
        peaks["prov"] = max(finished.peak_bytes, peaks.get("prov", 0))
        return finished.seconds

    def floor_() -> float:
        (folder / "floor.db").unlink(missing_ok=True)
        return floor.rewrite(store, folder / "floor.db")

    series = paired(
        rounds, {"provstore ingest": ours, "prov, parsing only": parsing, "floor: SQLite executemany": floor_}
    )
    ours_, prov, least = series.values()
    for name, one in series.items():
        peak = peaks.get(name.split()[0].rstrip(","))
        claim.row(name, statements, one.median, statements / one.median, peak / MEGABYTE if peak else "-")
    claim.goal("rate over prov's parsing (aim 2)", prov.times(ours_), at_least=1.4)
    claim.goal("rate over the floor's (aim 0.7)", least.times(ours_), at_least=0.5)
    claim.notes.append(f"medians and ratios of {rounds} paired rounds")


def _ten_times(claim: Claim, folder: Path, statements: int) -> None:
    small, large = folder / "document.json", folder / "large.json"
    data.prov_json(large, statements)
    few = data.prov_json(small, statements // 10)
    base = ingest(small, folder / "small.db", few).seconds
    finished = ingest(large, folder / "large.db", statements)
    rate = statements / finished.seconds
    claim.row("provstore ingest", statements, finished.seconds, rate, finished.peak_bytes / MEGABYTE)
    claim.goal("time of ten times as many statements", finished.seconds / base, at_most=12)
    claim.goal("peak memory, MB", finished.peak_bytes / MEGABYTE, at_most=250)


if __name__ == "__main__":
    main([bulk_ingest], __doc__)
