"""One sample of records per importer for the importers' contract; the next importer adds one line to SAMPLES, or to
LIVE_SAMPLES when it reads a server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.foreign_graphs import foreign_graph
from tests.support.openlineage import RUN, TIME, dataset, event

DATA = Path(__file__).parents[1] / "data"
SECRET = "hunter2-never-store-this"
OUTSIDE = "content-outside-of-the-tree"


class Sample(NamedTuple):
    """`build` writes records into an empty folder and returns the path to import: with one field that the tracker does
    not define, with SECRET where trackers keep secrets, and with a link to `outside.txt` beside the folder. `bad` are
    ways to break a path (a function that changes it). `identifiers`: some of the frozen IRIs that the records get.
    """

    build: Callable[[Path], Path]
    bad: dict[str, Callable[[Path], object]]
    identifiers: tuple[str, ...]


class LiveSample(NamedTuple):
    """`build` writes records into a server for as long as it is entered, and gives the path to import and the
    environment that it needs; the rest as in `Sample`.
    """

    build: Callable[[], AbstractContextManager[tuple[str, dict[str, str]]]]
    identifiers: tuple[str, ...]


@contextmanager
def _neo4j() -> Iterator[tuple[str, dict[str, str]]]:
    graph = {
        "nodes": [
            {"labels": ["Entity"], "properties": {"id": "data", "db_password": SECRET, "rows": 3}},
            {"labels": ["Activity"], "properties": {"id": "run", "command": f"train --password={SECRET}"}},
            {"labels": ["beyond_the_standard"], "properties": {"id": "x"}},
        ],
        "relationships": [{"from": 1, "type": "used", "to": 0, "properties": {"role": "training"}}],
    }
    with foreign_graph(graph) as found:
        yield found


def _openlineage(folder: Path) -> Path:
    records = folder / "events"
    records.mkdir()
    secrets = {"environmentVariables": [{"name": "DB_PASSWORD", "value": SECRET}]}
    location = {"type": "git", "url": f"https://user:{SECRET}@git.example/r"}
    lines = [
        event(eventType="START", inputs=[dataset()], beyond_the_standard=1),
        event(run={"environmentVariables": secrets}, job={"sourceCodeLocation": location}, outputs=[dataset("out")]),
        {"eventTime": TIME, "dataset": dataset(facets={"dataSource": {"uri": f"postgres://u:{SECRET}@host/db"}})},
    ]
    (records / "a.ndjson").write_text("".join(json.dumps(one) + "\n" for one in lines))
    (records / "b.ndjson").symlink_to(folder / "outside.txt")
    return records


def _mlflow(folder: Path) -> Path:
    records = folder / "mlruns"
    shutil.copytree(DATA / "mlflow" / "2.22.5-file" / "mlruns", records)
    run = next(path.parent for path in sorted(records.glob("*/*/meta.yaml")) if (path.parent / "params").is_dir())
    (run / "params" / "api_key").write_text(SECRET)
    (run / "params" / "command").write_text(f"train --password={SECRET}")
    (run / "params" / "linked").symlink_to(folder / "outside.txt")
    with (run / "meta.yaml").open("a") as meta:
        meta.write("beyond_the_standard: 1\n")
    return records


def _overwrite(content: bytes) -> Callable[[Path], object]:
    return lambda path: [file.write_bytes(content) for file in path.rglob("*") if file.is_file()]


SAMPLES = {
    "mlflow": Sample(
        _mlflow,
        {"no yaml": lambda path: [meta.write_bytes(b"{[") for meta in path.rglob("meta.yaml")]},
        ("urn:provstore:mlflow:run/b72ea8fad76943ecbd5642908bb4c566",),
    ),
    "openlineage": Sample(
        _openlineage,
        {
            "no json": _overwrite(b"no json"),
            "truncated": _overwrite(b'{"eventTime": "2026-'),
            "no utf-8": _overwrite(b'{"eventTime": "\xff"}'),
        },
        (
            f"urn:provstore:openlineage:run/{RUN}",
            "urn:provstore:openlineage:job/n/j",
            "urn:provstore:openlineage:dataset/a/d",
            f"urn:provstore:openlineage:dataset/a/out/run/{RUN}",
        ),
    ),
}
LIVE_SAMPLES = {
    "neo4j": LiveSample(_neo4j, ("urn:provstore:neo4j:name/data", "urn:provstore:neo4j:name/run")),
}
