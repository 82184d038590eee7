"""The kernel of segmentation on generated lineages of a team, up to 100,000 vertices: seconds of processor time."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import exp, log
from random import Random
from time import process_time
from typing import Literal

from benchmarks.harness import Claim, main
from provstore.graph.contract import Edge
from provstore.questions.segmenting.kernel import direct, similar
from provstore.questions.segmenting.subgraph import behind

Rank = Literal["recent", "oldest"]
_SEEDS = (1, 2, 3)


def segment(quick: bool) -> None:
    """Sources the first two entities, destinations the last two: the longest way."""
    claim = Claim(
        "segment",
        "Segments by the kernel alone: from edges in memory to the direct and the similar paths. Generated lineages: a"
        " team runs activities one after the other, each using 1 + Poisson(2) entities (chosen by Zipf, skew 1.5, the"
        " most recent or the oldest first) and making 1 + Poisson(2). Sources are the first two entities, destinations"
        " the last two. Median of three seeds, processor time.",
        quick,
        ("vertices", "chosen first", "edges", "behind the destinations", "arrays, s", "direct, s", "similar, s"),
    )
    slowest = 0.0
    for size in (1_000,) if quick else (1_000, 10_000, 100_000):
        for rank in ("recent", "oldest"):
            measured = sorted(_measure(size, rank, seed) for seed in _SEEDS)
            total, edges, vertices, *seconds = measured[len(measured) // 2]
            claim.row(size, rank, edges, vertices, *seconds)
            slowest = max(slowest, total)
    claim.goal("slowest of all, seconds", slowest, at_most=10)
    claim.report()


def lineage_of_a_team(
    size: int, *, seed: int, rank: Rank = "recent", inputs: float = 2, outputs: float = 2, skew: float = 1.5
) -> tuple[list[Edge], list[str]]:
    """About `size` vertices: the edges, and the entities in the order in which they were made.

    Args: inputs, outputs: means beyond the first. skew: of the Zipf choice of inputs. Source: the synthetic lineages
    of arXiv 1810.04599, as far as they are described there.
    """
    random = Random(seed)
    entities, edges = ["e0", "e1"], []
    agents = max(1, int(log(size)))
    weights = list(accumulate((number + 1) ** -skew for number in range(size * 2)))
    for number in range(int(size / (2 + outputs))):
        run = f"a{number}"
        edges.append(Edge("wasAssociatedWith", run, f"g{_zipf(random, agents, 1.2)}", ""))
        wanted, chosen = min(len(entities), 1 + _poisson(random, inputs)), set[str]()
        while len(chosen) < wanted:
            place = bisect(weights, random.random() * weights[len(entities) - 1])
            chosen.add(entities[-1 - place] if rank == "recent" else entities[place])
        edges += [Edge("used", run, entity, "") for entity in sorted(chosen)]
        made = [f"e{len(entities) + more}" for more in range(1 + _poisson(random, outputs))]
        edges += [Edge("wasGeneratedBy", entity, run, "") for entity in made]
        entities += made
    return edges, entities


def _measure(size: int, rank: Rank, seed: int) -> tuple[float, ...]:
    edges, entities = lineage_of_a_team(size, seed=seed, rank=rank)
    times = [process_time()]
    subgraph = behind(entities[-2:], edges)
    ends: tuple[Sequence[int], Sequence[int]] = subgraph.entities(entities[:2]), subgraph.entities(entities[-2:])
    times.append(process_time())
    direct(subgraph, entities[:2])
    times.append(process_time())
    similar(subgraph, *ends)
    times.append(process_time())
    seconds = [after - before for before, after in pairwise(times)]
    return times[-1] - times[0], len(edges), len(subgraph.names), *seconds


def _zipf(random: Random, count: int, skew: float) -> int:
    return random.choices(range(count), [(number + 1) ** -skew for number in range(count)])[0]


def _poisson(random: Random, mean: float) -> int:
    """Knuth's method."""
    limit, number, product = exp(-mean), 0, random.random()
    while product > limit:
        number, product = number + 1, product * random.random()
    return number


if __name__ == "__main__":
    main([segment], __doc__)
