"""Import of an MLflow database: time, memory, the same again, and lineage questions beside MLflow's own search."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import provstore
from benchmarks import mlflow_data
from benchmarks.harness import PROVSTORE, ROOT, Claim, Finished, Series, main, run, timed
from benchmarks.peers import interpreter

MEGABYTE = 1024 * 1024
NAMESPACE = "urn:provstore:mlflow:"


def mlflow_import(quick: bool) -> None:
    """The first import, the second with nothing new, and two questions of lineage."""
    size = mlflow_data.Size(40, points=20) if quick else mlflow_data.Size(2_000)
    claim = Claim(
        "mlflow_import",
        f"A database of MLflow 3.17.2 with {size.runs:,} runs, {size.params} parameters and {size.metrics} metrics of"
        f" {size.points} points a run ({size.total_points:,} points), by `provstore import` into a new store, and once"
        " more when nothing is new. Then two questions from Python, beside MlflowClient.search_runs on that database.",
        quick,
        ("what", "contestant", "seconds", "peak MB"),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database, store = folder / "mlflow.db", folder / "store.db"
        mlflow_data.write(database, size)
        first, again = _import(database, store), _import(database, store)
        _check(first, again, size)
        claim.row("first import", "provstore", first.seconds, first.peak_bytes / MEGABYTE)
        claim.row("again, nothing new", "provstore", again.seconds, again.peak_bytes / MEGABYTE)
        claim.goal("first import, seconds", first.seconds, at_most=90)
        claim.goal("first import, peak MB", first.peak_bytes / MEGABYTE, at_most=400)
        claim.goal("again, share of the first", again.seconds / first.seconds, at_most=0.2)
        _questions(claim, database, store, rounds=3 if quick else 21)
    claim.report()


def _import(database: Path, store: Path) -> Finished:
    return run([*PROVSTORE, "--store", store, "--json", "import", "mlflow", database])


def _check(first: Finished, again: Finished, size: mlflow_data.Size) -> None:
    one, two = json.loads(first.output), json.loads(again.output)
    if one["documents"]["new"] < size.runs or one["documents"]["refused"]:
        raise RuntimeError(f"not all runs were imported: {one}")
    if two["new"] or two["documents"]["new"]:
        raise RuntimeError(f"the second import found something new: {two}")


def _questions(claim: Claim, database: Path, store: Path, *, rounds: int) -> None:
    digest, parent = mlflow_data.dataset_digest(0), mlflow_data.run_id(0)
    with provstore.open(store, create=False) as opened:
        ours = {
            "runs that used a data set": lambda: opened.downstream(
                f"{NAMESPACE}dataset/table%200/{digest}", depth=1, only="activity"
            ),
            "children of a run": lambda: opened.downstream(
                f"{NAMESPACE}run/{parent}", depth=1, parents=True, only="activity"
            ),
        }
        for question, ask in ours.items():
            claim.row(question, "provstore", Series([timed(ask) for _ in range(rounds)]).median, "-")
    peer = interpreter("mlflow", "mlflow", install=not claim.quick)
    if peer is None:
        claim.notes.append("mlflow is not installed here")
        return
    said = run([peer, ROOT / "peers" / "mlflow_search.py", database, digest, parent, str(rounds)]).output
    for question, answer in json.loads(said.splitlines()[-1]).items():
        claim.row(question, "MlflowClient.search_runs", Series(answer["seconds"]).median, "-")
    claim.notes.append("search_runs answers with whole runs; a lineage answer has the nodes with their attributes too")


if __name__ == "__main__":
    main([mlflow_import], __doc__)
