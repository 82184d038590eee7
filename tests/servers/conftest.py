"""TinkerPop graphs of each kind, and a store to project into them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import provstore
from tests.support.engines import gremlin_settings
from tests.support.ledgers import (
    activity,
    associated,
    at,
    derived,
    document,
    entity,
    generated,
    name,
    specialized,
    used,
)

GRAPHS = {"tinkergraph": ("gremlin",), "tinkertransactiongraph": ("gremlin", "gtx"), "janusgraph": ("janusgraph",)}


@pytest.fixture(params=GRAPHS)
def location(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where an empty graph of each kind is."""
    with gremlin_settings(*GRAPHS[request.param]) as given:
        yield given["graph"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[provstore.Store]:
    """A store with a graph of its own, of twelve documents that speak of the same things."""
    with provstore.open(tmp_path / "store.db") as made:
        for number in range(12):
            run, mine = f"run{number}", f"data{number % 5}"
            digest = "sha256:" + f"{number % 3 + 10:02x}" * 32
            made.append([
                document(
                    f"unit/{number}", entity(mine, label=f"version {number % 4}", digest=digest), used(run, mine),
                    generated(f"model{number}", run), derived(f"model{number}", mine), associated(run, "ann", "plan"),
                    specialized(f"model{number}", "model"), entity(f"model{number}", digest=digest), event_time=number,
                )
            ])  # fmt: skip
        alone = [
            document(f"alone/{how}", activity("alone", status=how, type=name("ps:Run"))) for how in ("done", "failed")
        ]
        approval = activity("approval", end=at(9), type=name("ps:Approval"))
        late = document("approval", approval, used("approval", "data1"), used("run1", "data1", at(3)))
        made.append([*alone, late])
        yield made
