"""Summaries of generated sets of segments: how far PgSum compacts them beside other methods, and its processor time."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random
from statistics import fmean
from time import process_time
from typing import Final, NamedTuple

from benchmarks.harness import RESULTS, Claim, main
from benchmarks.sweeps import Sweep, plot
from benchmarks.team import poisson
from provstore.questions.summarizing.labelled import Labelled, labelled
from provstore.questions.summarizing.merging import apt, pgsum, strict

_METHODS: Final = ("PgSum", "strict stand-in", "provenance types, depth 2")
_SWEEPS: Final = {
    "alpha": (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0),
    "types": (3, 5, 10, 20),
    "activities": (5, 10, 20, 40),
    "segments": (2, 5, 10, 20, 40),
}
_STABLE: Final = 0.1


class Setting(NamedTuple):
    """A conceptual pipeline: Dirichlet concentration, activity types, activities in a segment, and segments."""

    alpha: float = 0.1
    types: int = 5
    activities: int = 20
    segments: int = 10


def summarize(quick: bool) -> None:
    """Compaction ratios: blocks of the summary by vertices of all segments; lower is better."""
    seeds = range(2 if quick else 20)
    claim = Claim(
        "summarize",
        "Compaction ratio, that is blocks of the summary by vertices of all segments (1: nothing merged), of generated"
        " sets of segments. One conceptual pipeline each: a Markov chain over activity types, every row of its matrix"
        " drawn from a symmetric Dirichlet distribution (small alpha: a stable pipeline); an activity uses 1 +"
        " Poisson(2) entities (Zipf, skew 1.5, the most recent first) and makes 1 + Poisson(2), of its own class."
        f" Defaults: alpha 0.1, 5 types, 20 activities, 10 segments. Means of {len(seeds)} seeds. The strict stand-in"
        " merges vertices that are equivalent in and out; it is ours, for summaries by equivalence. Provenance types"
        " may show paths that no segment has; the others never do.",
        quick,
        ("parameter", "value", *_METHODS, "PgSum / strict"),
    )
    sweeps, stable = [], []
    for parameter, values in _SWEEPS.items():
        lines: dict[str, list[float]] = {method: [] for method in _METHODS}
        for value in values[:2] if quick else values:
            means = _ratios(Setting()._replace(**{parameter: value}), seeds)
            for method, mean in zip(_METHODS, means, strict=True):
                lines[method].append(mean)
            claim.row(parameter, f"{value:g}", *means, means[0] / means[1])
            if parameter == "alpha" and value <= _STABLE:
                stable.append(means[0] / means[1])
        sweeps.append(Sweep(parameter, values[:2] if quick else values, lines))
    claim.goal(f"PgSum / strict stand-in, the worst for alpha up to {_STABLE:g}", max(stable), at_most=0.5)
    claim.report()
    if not quick:
        (RESULTS / "summarize.svg").write_text(plot(sweeps, "Compaction ratio (lower is better)"), encoding="utf-8")


def summarize_seconds(quick: bool) -> None:
    """Processor time of PgSum alone, from numbered vertices in memory to blocks."""
    claim = Claim(
        "summarize_seconds",
        "PgSum on generated sets of segments as in `summarize`, alpha 0.1: seconds of processor time, median of three.",
        quick,
        ("segments", "activities", "vertices", "edges", "seconds"),
    )
    for segments, activities, most in ((10, 20, 0.2),) if quick else ((10, 20, 0.2), (30, 50, None), (100, 100, 20)):
        graph = pipeline_runs(Setting(activities=activities, segments=segments), seed=1)
        seconds = sorted(_seconds(graph) for _ in range(3))[1]
        edges = sum(map(len, graph.causes))
        claim.row(segments, activities, len(graph), edges, seconds)
        if most is not None:
            claim.goal(f"seconds for {segments} segments of {activities} activities", seconds, at_most=most)
    claim.report()


def pipeline_runs(setting: Setting, *, seed: int) -> Labelled:
    """The segments as one graph; class 0 is the raw input, then activities and entities of each type.

    Source: the synthetic sets of arXiv 1810.04599, as far as they are described there; all segments share the matrix
    and the state that they start in.
    """
    random = Random(seed)
    rows = [_dirichlet(random, setting) for _ in range(setting.types)]
    classes: list[int] = []
    edges: list[tuple[int, int, int]] = []
    for _ in range(setting.segments):
        classes.append(0)
        entities, state = [len(classes) - 1], 0
        for _ in range(setting.activities):
            activity = len(classes)
            classes.append(1 + 2 * state)
            edges += [(activity, 0, entity) for entity in _chosen(random, entities)]
            for _ in range(1 + poisson(random, 2)):
                edges.append((len(classes), 1, activity))
                entities.append(len(classes))
                classes.append(2 + 2 * state)
            state = random.choices(range(setting.types), rows[state])[0]
    return labelled(classes, edges)


def _ratios(setting: Setting, seeds: range) -> list[float]:
    found: list[tuple[float, ...]] = []
    for seed in seeds:
        graph = pipeline_runs(setting, seed=seed)
        sizes = (pgsum(graph).size, strict(graph).size, apt(graph, 2).size)
        found.append(tuple(size / len(graph) for size in sizes))
    return [fmean(values) for values in zip(*found, strict=True)]


def _seconds(graph: Labelled) -> float:
    started = process_time()
    pgsum(graph)
    return process_time() - started


def _dirichlet(random: Random, setting: Setting) -> list[float]:
    """Gamma variates before normalization; when all are too small to be told from 0, one type takes all."""
    weights = [random.gammavariate(setting.alpha, 1) for _ in range(setting.types)]
    if not sum(weights):
        weights[random.randrange(setting.types)] = 1.0
    return weights


def _chosen(random: Random, entities: list[int]) -> list[int]:
    weights = list(accumulate((number + 1) ** -1.5 for number in range(len(entities))))
    wanted, chosen = min(len(entities), 1 + poisson(random, 2)), set[int]()
    while len(chosen) < wanted:
        chosen.add(entities[-1 - bisect(weights, random.random() * weights[-1])])
    return sorted(chosen)


if __name__ == "__main__":
    main([summarize, summarize_seconds], __doc__)
