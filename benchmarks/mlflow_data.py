"""An MLflow database of a given size: rows written by SQL into the schema that MLflow 3.17.2 itself made."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.harness import ROOT

SCHEMA: Final = ROOT.parent / "tests" / "data" / "mlflow" / "3.17.2-sqlite" / "mlflow.db"
SQL: Final = ROOT / "sql" / "mlflow"
_KEPT: Final = ("alembic_version", "workspaces")
_FIRST_MS: Final = 1_790_000_000_000
_FAMILY: Final = 20
_DATASETS: Final = 20


class Size(NamedTuple):
    """How much the database holds: runs, parameters a run, metrics a run, points a metric."""

    runs: int
    params: int = 20
    metrics: int = 5
    points: int = 200

    @property
    def total_points(self) -> int:
        """Metric points in all."""
        return self.runs * self.metrics * self.points


def run_id(run: int) -> str:
    """The id of the run with that number; every twentieth, from 0 on, is the parent of those up to the next."""
    return f"{run:032x}"


def dataset_digest(dataset: int) -> str:
    """The digest of the data set with that number (0 to 19); a run uses the one of its number modulo 20."""
    return f"{dataset:08x}"


def write(path: Path, size: Size) -> None:
    """Makes the database; equal sizes give equal contents."""
    shutil.copyfile(SCHEMA, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            if table not in _KEPT and not table.startswith("sqlite_"):
                connection.execute(f'DELETE FROM "{table}"')
        connection.execute(_sql("experiment"), {"location": f"{path.parent}/artifacts/1", "time": _FIRST_MS})
        for name, rows in _tables(size, path.parent).items():
            connection.executemany(_sql(name), rows)
        connection.commit()
        connection.execute("VACUUM")


def _tables(size: Size, folder: Path) -> dict[str, Iterator[tuple[object, ...]]]:
    runs, datasets = range(size.runs), range(min(size.runs, _DATASETS))
    return {
        "run": (
            (
                run_id(run),
                f"run {run}",
                _start(run),
                _start(run) + 60_000,
                f"{folder}/artifacts/1/{run_id(run)}/artifacts",
            )
            for run in runs
        ),
        "param": ((f"param_{n}", f"{n / 7:.6f}", run_id(run)) for run in runs for n in range(size.params)),
        "metric": (row for run in runs for n in range(size.metrics) for row in _points(run, n, size.points)),
        "latest": (
            (name, value, time, step, run)
            for number in runs
            for n in range(size.metrics)
            for name, value, time, run, step in list(_points(number, n, size.points))[-1:]
        ),
        "tag": (row for run in runs for row in _tags(run)),
        "dataset": ((f"{n:036x}", f"table {n}", dataset_digest(n), f'{{"uri": "/data/{n}.csv"}}') for n in datasets),
        "input": ((f"{run:036x}", f"{run % _DATASETS:036x}", run_id(run)) for run in runs),
    }


def _points(run: int, metric: int, points: int) -> Iterator[tuple[str, float, int, str, int]]:
    draw = random.Random(run * 31 + metric).random
    for step in range(points):
        yield f"metric_{metric}", draw(), _start(run) + 250 * step, run_id(run), step


def _tags(run: int) -> Iterator[tuple[str, str, str]]:
    yield "mlflow.runName", f"run {run}", run_id(run)
    yield "mlflow.user", "ada", run_id(run)
    yield "mlflow.source.git.commit", f"{run // 100:040x}", run_id(run)
    if run % _FAMILY:
        yield "mlflow.parentRunId", run_id(run - run % _FAMILY), run_id(run)


def _start(run: int) -> int:
    return _FIRST_MS + 100_000 * run


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
