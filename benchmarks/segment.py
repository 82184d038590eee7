"""Similar paths on generated lineages of a team, by the kernel and by other ways, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from bisect import bisect
from itertools import accumulate
from math import exp, log
from random import Random
from statistics import median
from typing import Any, Literal

from benchmarks.harness import ROOT, Claim, main
from provstore.graph.contract import Edge

Rank = Literal["recent", "oldest"]
_SEEDS = (1, 2, 3, 4, 5)
_LIMIT_S = 120
_SOURCES = {"first two": 0.0, "last decile": 0.9}
# The fastest last: what ran out of time at one size is not asked at the next.
_CONTESTANTS = ("CflrB", "SimProvAlg", "level sets", "provstore")
_LARGEST = {"CflrB": 10_000, "SimProvAlg": 10_000, "level sets": 100_000, "provstore": 1_000_000}
_GOALS_S = {100_000: 0.1, 1_000_000: 1.0}
_GROWTH = 1.15


def segment(quick: bool) -> None:
    """The kernel beside its baselines, in both directions of choice, with sources far away and near."""
    claim = Claim(
        "segment",
        "What is similar to two sources, behind two destinations: the last two entities, of one run or of two."
        " Generated lineages: a team runs activities one after the other, each using 1 + Poisson(2) entities (chosen by"
        " Zipf, skew 1.5, the most recent or the oldest first) and making 1 + Poisson(2). Processor time of the"
        " algorithm alone, on its input in memory (for provstore C1 and C2; the others answer a part of C2), and the"
        f" peak of the whole process; median of {len(_SEEDS)} seeds. All give the same answer, or the run fails.",
        quick,
        ("vertices", "chosen first", "sources", "by", "s", "peak, MB", "similar"),
    )
    kernel: dict[int, float] = {}
    for rank in ("recent", "oldest"):
        for sources, first in _SOURCES.items():
            given_up: dict[str, str] = {}
            for size in (100, 1_000) if quick else (100, 1_000, 10_000, 100_000, 1_000_000):
                answers = _contest(claim, (size, rank, sources), first, given_up, _SEEDS[:1] if quick else _SEEDS)
                kernel[size] = max(kernel.get(size, 0.0), answers["provstore"])
    for size, goal in _GOALS_S.items():
        if size in kernel:
            claim.goal(f"kernel at {size:,} vertices, seconds", kernel[size], at_most=goal)
    if 1_000_000 in kernel:
        grown = log(kernel[1_000_000] / kernel[10_000]) / log(100)
        claim.goal("exponent of growth from 10,000 to 1,000,000", grown, at_most=_GROWTH)
    claim.report()


def _contest(
    claim: Claim, case: tuple[int, str, str], first: float, given_up: dict[str, str], seeds: tuple[int, ...]
) -> dict[str, float]:
    """One row for each contestant; the median seconds of those that answered."""
    size, rank, _ = case
    seconds: dict[str, float] = {}
    digests: dict[int, str] = {}
    for name in _CONTESTANTS:
        if name not in given_up and size > _LARGEST[name]:
            given_up[name] = f"not run above {_LARGEST[name]:,}"
        if name in given_up:
            claim.row(*case, name, given_up[name], "-", "-")
            continue
        answers = []
        for seed in seeds:
            answer = _answer(name, size, rank, seed, first)
            if answer is None:
                given_up[name] = f"more than {_LIMIT_S} s at {size:,}"
                break
            if digests.setdefault(seed, answer["digest"]) != answer["digest"]:
                raise RuntimeError(f"{name} answers differently: {size} vertices, {rank}, seed {seed}, from {first}")
            answers.append(answer)
        if name in given_up:
            claim.row(*case, name, given_up[name], "-", "-")
            continue
        seconds[name] = median(one["seconds"] for one in answers)
        peak = median(one["peak_bytes"] for one in answers) / 1e6
        claim.row(*case, name, seconds[name], round(peak), median(one["similar"] for one in answers))
    return seconds


def _answer(name: str, size: int, rank: str, seed: int, first: float) -> dict[str, Any] | None:
    """What a contestant answers in a process of its own; None: it ran out of time."""
    words = [sys.executable, "-m", "benchmarks.baselines", name, str(size), rank, str(seed), str(first)]
    try:
        done = subprocess.run(words, cwd=ROOT.parent, capture_output=True, check=True, timeout=_LIMIT_S)
    except subprocess.TimeoutExpired:
        return None
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


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
