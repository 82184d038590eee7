"""One sample of records per importer for the importers' contract; the next importer adds one line to SAMPLES."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

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
