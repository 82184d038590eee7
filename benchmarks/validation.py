"""PROV-CONSTRAINTS: flat documents and one chain through all of them, beside `prov`'s unified()."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.harness import ROOT, Claim, Finished, main, paired, run

MEGABYTE = 1024 * 1024
SIZES = (10_000, 100_000, 1_000_000)


def validation(quick: bool) -> None:
    """Every size flat and as a chain; `prov` where it ends in reasonable time."""
    claim = Claim(
        "validation",
        "The verdict of PROV-CONSTRAINTS on a document in memory (processor seconds), and the peak memory of the whole"
        " process, which reads the file first. Flat: training runs that share data sets. Chain: each activity uses what"
        " the one before generated, its result is derived from it, and it is informed by it. `prov`'s unified() merges"
        " records of one identifier (constraints 22 and 23) and checks stated types; it does not infer or order.",
        quick,
        ("document", "contestant", "statements", "seconds", "statements/s", "peak MB"),
    )
    seconds: dict[tuple[str, int], float] = {}
    peaks: dict[tuple[str, int], int] = {}
    sizes = (1_000, 2_000) if quick else SIZES
    with tempfile.TemporaryDirectory() as folder:
        for shape, write in (("flat", data.prov_json), ("chain", prov_json_chain)):
            for size in sizes:
                document = Path(folder) / f"{shape}-{size}.json"
                statements = write(document, size)
                rounds = 1 if quick or size > SIZES[1] else 5
                contestants = ("provstore", "prov") if size < SIZES[2] else ("provstore",)
                _measure(claim, shape, document, statements, rounds, contestants, seconds, peaks)
    small, large = sizes[-2:]
    for shape in ("flat", "chain"):
        claim.goal(f"{small:,} statements, {shape}, seconds", seconds[shape, small], at_most=8)
        claim.goal(f"{small:,} statements, {shape}, peak MB", peaks[shape, small] / MEGABYTE, at_most=500)
        claim.goal(f"time of {large:,}, {shape}", seconds[shape, large] / seconds[shape, small], at_most=13)
    claim.report()


def _measure(
    claim: Claim,
    shape: str,
    document: Path,
    statements: int,
    rounds: int,
    contestants: tuple[str, ...],
    seconds: dict[tuple[str, int], float],
    peaks: dict[tuple[str, int], int],
) -> None:
    found: dict[str, int] = {}

    def contestant(name: str) -> Callable[[], float]:
        def once() -> float:
            finished = run([sys.executable, ROOT / "peers" / "validation.py", document, name])
            found[name] = max(finished.peak_bytes, found.get(name, 0))
            return _seconds(finished)

        return once

    series = paired(rounds, {name: contestant(name) for name in contestants})
    size = int(document.stem.partition("-")[2])
    seconds[shape, size], peaks[shape, size] = series["provstore"].median, found["provstore"]
    for name, one in series.items():
        claim.row(shape, name, statements, one.median, statements / one.median, found[name] / MEGABYTE)


def _seconds(finished: Finished) -> float:
    told = json.loads(finished.output)
    if told["answer"] is not True:
        raise RuntimeError("a valid document was found invalid")
    return float(told["seconds"])


def prov_json_chain(path: Path, statements: int) -> int:
    """Writes a chain of steps, six statements each, and returns how many statements."""
    document: dict[str, Any] = {"prefix": {"ex": data.EXAMPLE}}
    count = step = 0
    while count < statements:
        for kind, attributes in _step(step):
            if count < statements:
                name = f"ex:{kind}/{step}" if kind in ("entity", "activity") else f"_:{kind}{step}"
                document.setdefault(kind, {})[name] = attributes
                count += 1
        step += 1
    path.write_text(json.dumps(document), encoding="utf-8")
    return count


def _step(step: int) -> list[tuple[str, dict[str, str]]]:
    entity, activity = f"ex:entity/{step}", f"ex:activity/{step}"
    before, starter = f"ex:entity/{step - 1}", f"ex:activity/{step - 1}"
    linked: list[tuple[str, dict[str, str]]] = [
        ("used", {"prov:activity": activity, "prov:entity": before}),
        ("wasDerivedFrom", {"prov:generatedEntity": entity, "prov:usedEntity": before, "prov:activity": activity}),
        ("wasInformedBy", {"prov:informed": activity, "prov:informant": starter}),
    ]
    return [
        ("entity", {}),
        ("activity", {"prov:startTime": data.START}),
        ("wasGeneratedBy", {"prov:entity": entity, "prov:activity": activity}),
        *(linked if step else []),
    ]


if __name__ == "__main__":
    main([validation], __doc__)
