"""Starting: `provstore --help`, and `import provstore` over a bare interpreter."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks.harness import PROVSTORE, Claim, main, paired, run


def startup(quick: bool) -> None:
    """Whole processes, warm file cache."""
    rounds = 3 if quick else 25
    claim = Claim(
        "startup",
        f"Whole processes, medians of {rounds} paired rounds.",
        quick,
        ("command", "milliseconds"),
    )
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "python -c 'import provstore'": [sys.executable, "-c", "import provstore"],
        "provstore --help": [*PROVSTORE, "--help"],
    }
    series = paired(rounds, {name: _starting(command) for name, command in commands.items()})
    for name, one in series.items():
        claim.row(name, 1000 * one.median)
    bare, importing, helping = series.values()
    claim.goal("import provstore, seconds over a bare interpreter", importing.median - bare.median, at_most=0.15)
    claim.goal("provstore --help, seconds", helping.median, at_most=0.3)
    claim.report()


def _starting(command: list[str]) -> Callable[[], float]:
    return lambda: run(command).seconds


if __name__ == "__main__":
    main([startup], __doc__)
