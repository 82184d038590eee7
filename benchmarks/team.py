"""Lineages of a team that runs activities one after the other, and the same as a PROV-JSON file."""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from math import exp, log
from pathlib import Path
from random import Random
from typing import Any, Final, Literal

from benchmarks.data import EXAMPLE
from provstore.graph.contract import Edge

Rank = Literal["recent", "oldest"]
_ENDS: Final = {
    "used": ("prov:activity", "prov:entity"),
    "wasGeneratedBy": ("prov:entity", "prov:activity"),
    "wasAssociatedWith": ("prov:activity", "prov:agent"),
}


def lineage_of_a_team(
    size: int, *, seed: int, rank: Rank = "recent", inputs: float = 2, outputs: float = 2, skew: float = 1.5
) -> tuple[list[Edge], list[str]]:
    """About `size` vertices: the edges, and the entities in the order in which they were made; as `work_of_a_team`."""
    entities: list[str] = []
    return list(
        work_of_a_team(size, entities, seed=seed, rank=rank, inputs=inputs, outputs=outputs, skew=skew)
    ), entities


def work_of_a_team(
    size: int,
    entities: list[str],
    *,
    seed: int,
    rank: Rank = "recent",
    inputs: float = 2,
    outputs: float = 2,
    skew: float = 1.5,
) -> Iterator[Edge]:
    """The edges of a lineage of about `size` vertices, activity by activity.

    Args: entities: empty; filled in the order in which they are made. inputs, outputs: means beyond the first. skew: of
    the Zipf choice of inputs. Source: the synthetic lineages of arXiv 1810.04599, as far as they are described there.
    """
    random = Random(seed)
    entities += ["e0", "e1"]
    agents = max(1, int(log(size)))
    weights = list(accumulate((number + 1) ** -skew for number in range(size * 2)))
    for number in range(int(size / (2 + outputs))):
        run = f"a{number}"
        yield Edge("wasAssociatedWith", run, f"g{_zipf(random, agents, 1.2)}", "")
        wanted, chosen = min(len(entities), 1 + poisson(random, inputs)), set[str]()
        while len(chosen) < wanted:
            place = bisect(weights, random.random() * weights[len(entities) - 1])
            chosen.add(entities[-1 - place] if rank == "recent" else entities[place])
        yield from [Edge("used", run, entity, "") for entity in sorted(chosen)]
        made = [f"e{len(entities) + more}" for more in range(1 + poisson(random, outputs))]
        yield from [Edge("wasGeneratedBy", entity, run, "") for entity in made]
        entities += made


def _zipf(random: Random, count: int, skew: float) -> int:
    return random.choices(range(count), [(number + 1) ** -skew for number in range(count)])[0]


def poisson(random: Random, mean: float) -> int:
    """A number that is so distributed, by Knuth's method."""
    limit, number, product = exp(-mean), 0, random.random()
    while product > limit:
        number, product = number + 1, product * random.random()
    return number


def team_prov_json(path: Path, size: int, *, seed: int, rank: Rank) -> list[str]:
    """Writes the lineage, its elements declared, and returns the IRIs of the entities in the order of their making."""
    document: dict[str, Any] = {"prefix": {"ex": EXAMPLE}, "entity": {}, "activity": {}, "agent": {}}
    edges, entities = lineage_of_a_team(size, seed=seed, rank=rank)
    for entity in entities:
        document["entity"][f"ex:{entity}"] = {}
    for number, edge in enumerate(edges):
        if edge.relation == "wasAssociatedWith":
            document["activity"][f"ex:{edge.source}"] = document["agent"][f"ex:{edge.target}"] = {}
        source, target = _ENDS[edge.relation]
        said = {source: f"ex:{edge.source}", target: f"ex:{edge.target}"}
        document.setdefault(edge.relation, {})[f"_:{number}"] = said
    path.write_text(json.dumps(document), encoding="utf-8")
    return [EXAMPLE + entity for entity in entities]
