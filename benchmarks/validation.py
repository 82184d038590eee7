"""PROV-CONSTRAINTS: flat documents and one chain, beside ProvToolbox and `prov`'s unified(); imports."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import data, mlflow_data
from benchmarks.harness import PROVSTORE, ROOT, Claim, Finished, main, paired, run
from benchmarks.peers import provtoolbox

MEGABYTE = 1024 * 1024
SIZES = (10_000, 100_000, 1_000_000)
# Beyond these it does not end in reasonable time: on a chain its time grows like n^2.7.
PROVTOOLBOX_MAX = {"flat": 100_000, "chain": 10_000}


def validation(quick: bool) -> None:
    """Every size flat and as a chain; `prov` where it ends in reasonable time."""
    claim = Claim(
        "validation",
        "The verdict of PROV-CONSTRAINTS on a document in memory (processor seconds), and the peak memory of the whole"
        " process, which reads the file first. Flat: training runs that share data sets. Chain: each activity uses what"
        " the one before generated, its result is derived from it, and it is informed by it. `prov`'s unified() merges"
        " records of one identifier (constraints 22 and 23) and checks stated types; it does not infer or order."
        " ProvToolbox reads the same document as PROV-N; its seconds are those of the thread that validates."
        " An import: whole processes, paired.",
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
                contestants = _contestants(shape, size)
                _measure(claim, shape, document, statements, rounds, contestants, seconds, peaks)
    small, large = sizes[-2:]
    for shape in ("flat", "chain"):
        claim.goal(f"{small:,} statements, {shape}, seconds", seconds[shape, small], at_most=8)
        claim.goal(f"{small:,} statements, {shape}, peak MB", peaks[shape, small] / MEGABYTE, at_most=500)
        claim.goal(f"time of {large:,}, {shape}", seconds[shape, large] / seconds[shape, small], at_most=13)
    lacking = provtoolbox.missing()
    limits = ", ".join(f"{shape} of at most {size:,} statements" for shape, size in PROVTOOLBOX_MAX.items())
    claim.notes.append(f"ProvToolbox: this machine lacks {lacking}" if lacking else f"ProvToolbox: {limits}")
    _import(claim, quick)
    claim.report()


def _contestants(shape: str, size: int) -> tuple[str, ...]:
    peers = {"prov": size < SIZES[2], "ProvToolbox": size <= PROVTOOLBOX_MAX[shape] and not provtoolbox.missing()}
    return ("provstore", *(name for name, runs in peers.items() if runs))


def _import(claim: Claim, quick: bool) -> None:
    """An import that validates beside one that does not; few points, so that little else is done."""
    runs, rounds = (20, 1) if quick else (2_000, 5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mlflow_data.write(folder / "mlflow.db", mlflow_data.Size(runs, points=20))
        strict = {mode: _imported(folder, mode) for mode in ("off", "warn")}
        series = paired(rounds, strict)
    for mode, one in series.items():
        claim.row(f"import of {runs:,} MLflow runs, {mode}", "provstore", "-", one.median, "-", "-")
    claim.goal("import with `warn` over `off`", series["warn"].times(series["off"]), at_most=1.3)


def _imported(folder: Path, mode: str) -> Callable[[], float]:
    def once() -> float:
        for old in folder.glob(f"{mode}.db*"):
            old.unlink()
        command = [*PROVSTORE, "--store", folder / f"{mode}.db", "--json", "import", "--validate", mode]
        finished = run([*command, "mlflow", folder / "mlflow.db"])
        if json.loads(finished.output)["warnings"]:
            raise RuntimeError("an import was found invalid, or not decided")
        return finished.seconds

    return once


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
    if "ProvToolbox" in contestants:
        run([*PROVSTORE, "convert", document, document.with_suffix(".provn")])

    def provtoolbox_once() -> float:
        cost = provtoolbox.validating(document.with_suffix(".provn"))
        if cost.verdict != "valid":
            raise RuntimeError("ProvToolbox found a valid document invalid")
        found["ProvToolbox"] = max(cost.peak_bytes, found.get("ProvToolbox", 0))
        return cost.validate_s

    def contestant(name: str) -> Callable[[], float]:
        def once() -> float:
            finished = run([sys.executable, ROOT / "peers" / "validation.py", document, name])
            found[name] = max(finished.peak_bytes, found.get(name, 0))
            return _seconds(finished)

        return once

    works = {name: provtoolbox_once if name == "ProvToolbox" else contestant(name) for name in contestants}
    series = paired(rounds, works)
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
