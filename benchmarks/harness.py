"""What the benchmarks share: processes with wall time and peak memory, paired rounds, tables, and result files.

In: functions that return seconds, one per contestant. Out: medians, ratios of paired rounds, markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent
RESULTS: Final = ROOT / "results"
PROVSTORE: Final = (sys.executable, "-m", "provstore")


class Finished(NamedTuple):
    """A process that has ended well: wall seconds, peak resident memory, what it printed, processor seconds."""

    seconds: float
    peak_bytes: int
    output: str
    processor_s: float


def run(command: Sequence[str | Path], *, folder: Path | None = None) -> Finished:
    """Runs one process to its end. Raises: RuntimeError: it failed; the message has what it said."""
    # Bytecode is kept, as an installed package has it; without that every process would compile itself first.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = Path(tempfile.gettempdir()) / f"provstore-benchmarks-{os.getuid()}"
    environment = kept | {
        "PYTHONPATH": str(ROOT.parent), "PYTHONHASHSEED": "0", "PYTHONPYCACHEPREFIX": str(compiled),
    }  # fmt: skip
    with (
        tempfile.TemporaryFile() as said,
        tempfile.TemporaryFile() as complained,
        tempfile.NamedTemporaryFile() as told,
    ):
        launch = [sys.executable, "-I", "-S", ROOT / "launcher.py", told.name, *command]
        subprocess.run(
            [str(word) for word in launch], stdout=said, stderr=complained, cwd=folder, env=environment, check=True
        )
        for stream in (said, complained):
            stream.seek(0)
        measured = json.loads(told.read())
        if measured["status"]:
            raise RuntimeError(f"{command} ended with {measured['status']}:\n{complained.read().decode()[-2000:]}")
        return Finished(measured["seconds"], measured["peak_bytes"], said.read().decode(), measured["processor_s"])


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


class Series(NamedTuple):
    """What one contestant needed in each round, in seconds."""

    seconds: list[float]

    @property
    def median(self) -> float:
        """The middle of all rounds."""
        return median(self.seconds)

    def times(self, other: Series) -> float:
        """How many times as long as `other`: the median of the ratios of paired rounds."""
        return median(mine / theirs for mine, theirs in zip(self.seconds, other.seconds, strict=True))


def paired(rounds: int, contestants: dict[str, Callable[[], float]]) -> dict[str, Series]:
    """All contestants one after the other, round by round, so that a busy moment meets all of them.

    Args: contestants: name to a function that does the work once and returns the seconds it took.
    """
    series = {name: Series([]) for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            series[name].seconds.append(work())
    return series


@dataclass
class Claim:
    """One claim being measured: rows for the table, and verdicts against the goals."""

    name: str
    what: str
    quick: bool
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)

    def table(self, what: str, columns: tuple[str, ...]) -> None:
        """Begins another table, which the rows from now on are in."""
        self.finished += self._table()
        self.what, self.columns, self.rows = what, columns, []

    def row(self, *cells: object) -> None:
        """Adds a row; floats are written with three digits."""
        self.rows.append(tuple(_cell(cell) for cell in cells))

    def goal(self, what: str, measured: float, *, at_least: float | None = None, at_most: float | None = None) -> None:
        """Compares a figure with its goal; small inputs prove nothing about goals and say so."""
        met = (at_least is None or measured >= at_least) and (at_most is None or measured <= at_most)
        wanted = f"at least {at_least:g}" if at_least is not None else f"at most {at_most:g}"
        verdict = "small input, no verdict" if self.quick else "reached" if met else "**missed**"
        self.verdicts.append(f"{what}: {_cell(measured)} ({wanted}): {verdict}")

    def text(self) -> str:
        """The claim as markdown."""
        lines = [f"# {self.name}", "", *self.finished, *self._table()]
        lines += [*[f"* {verdict}" for verdict in self.verdicts], *[f"* {note}" for note in self.notes]]
        return "\n".join([*lines, "", machine(), ""])

    def _table(self) -> list[str]:
        rows = [_line(row) for row in self.rows]
        return [self.what, "", _line(self.columns), _line(["---"] * len(self.columns)), *rows, ""]

    def report(self) -> None:
        """Prints the claim, and writes it to `results/` unless it was a quick run."""
        print(self.text(), flush=True)
        if not self.quick:
            RESULTS.mkdir(exist_ok=True)
            (RESULTS / f"{self.name}.md").write_text(self.text(), encoding="utf-8")


def machine() -> str:
    """The machine, the date and the versions that the figures are from."""
    names = ("provstore", "prov", "mlflow")
    packages = ", ".join(f"{name} {found}" for name in names if (found := _version(name)))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {cores} cores, {system}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {packages}."
    )


def arguments(what: str | None) -> argparse.Namespace:
    """The options that each benchmark has."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--quick", action="store_true", help="small inputs, one round: only to see that it runs")
    return parser.parse_args()


def main(claims: Iterable[Callable[[bool], None]], what: str | None) -> None:
    """The command line of a benchmark module."""
    quick = arguments(what).quick
    for claim in claims:
        claim(quick)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: object) -> str:
    return (
        f"{value:,.3g}"
        if isinstance(value, float) and abs(value) < 1000
        else f"{value:,.0f}"
        if isinstance(value, int | float)
        else str(value)
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
