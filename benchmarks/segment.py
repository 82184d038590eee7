"""Segments of generated lineages of a team: the kernel beside other ways, and the whole command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from math import log
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.baselines.cypher import CypherJoin, LocalServerError
from benchmarks.baselines.limit import GivenUp
from benchmarks.harness import PROVSTORE, ROOT, Claim, main, run
from benchmarks.team import Rank, lineage_of_a_team, team_prov_json

_SEEDS: Final = (1, 2, 3, 4, 5)
_LIMIT_S: Final = 30  # of one answer
_SLOW_S: Final = 5  # who needs longer is asked of one seed
_LONGEST_S: Final = 1_800  # of a process
_SOURCES: Final = {"first two": 0.0, "last decile": 0.9}
# The fastest last: what ran out of time at one size is not asked at the next.
_CONTESTANTS: Final = ("Cypher join", "CflrB", "SimProvAlg", "level sets", "provstore")
_LARGEST: Final = {"Cypher join": 10_000, "CflrB": 10_000, "SimProvAlg": 10_000, "level sets": 100_000}
_SIZES: Final = (50, 100, 1_000, 10_000, 100_000, 1_000_000)
_HUGE: Final = 10_000_000
_GOALS_S: Final = {100_000: 0.1, 1_000_000: 1.0, _HUGE: 15.0}
_HUGE_GB, _GROWTH = 6, 1.15
_WHOLE: Final = {100_000: (2.5, None), 1_000_000: (20.0, 2.0)}
_ROUNDS: Final = {1_000_000: 1}
_ADJUST: Final = 0.01
GivenUpBy = dict[tuple[str, str], str]  # by contestant and place of the sources: why it has no answers from there on


def segment(quick: bool) -> None:
    """The kernel beside its baselines, in both directions of choice, with sources far away and near; and all of it."""
    claim = Claim(
        "segment",
        "What is similar to two sources, behind two destinations: the last two entities, of one run or of two."
        " Generated lineages: a team runs activities one after the other, each using 1 + Poisson(2) entities (chosen by"
        " Zipf, skew 1.5, the most recent or the oldest first) and making 1 + Poisson(2). Processor time of the"
        " algorithm alone, on its input in memory (for provstore C1 and C2; the others answer a part of C2), and the"
        f" peak of the whole process; median of {len(_SEEDS)} seeds, of one where that took more than {_SLOW_S} s;"
        f" stopped after {_LIMIT_S} s. The Cypher join of all paths runs in Neo4j: wall time of the second of two runs,"
        " and no peak. All give the same answer, or the run fails.",
        quick,
        ("vertices", "chosen first", "sources", "by", "s", "peak, MB", "similar"),
    )
    before = os.getloadavg()[0]
    with ExitStack() as stack:
        _kernel(claim, None if quick else _cypher(claim, stack))
    if not quick:
        _huge(claim)
    with TemporaryDirectory() as name:
        _whole(claim, Path(name), _SIZES[1:2] if quick else tuple(_WHOLE))
    claim.notes.append(f"load of the machine: {before:.1f} before, {os.getloadavg()[0]:.1f} after")
    claim.report()


def _cypher(claim: Claim, stack: ExitStack) -> CypherJoin | None:
    try:
        return CypherJoin.started(stack)
    except LocalServerError as error:
        claim.notes.append(f"no Cypher join: {str(error).splitlines()[0]}")
        return None


def _kernel(claim: Claim, cypher: CypherJoin | None) -> None:
    kernel: dict[int, float] = {}
    for rank in ("recent", "oldest"):
        given_up: GivenUpBy = {} if cypher else {("Cypher join", sources): "no server" for sources in _SOURCES}
        for size in _SIZES[:2] if claim.quick else _SIZES:
            kernel[size] = max(kernel.get(size, 0.0), _contest(claim, size, rank, given_up, cypher))
    for size in (size for size in kernel if size in _GOALS_S):
        claim.goal(f"kernel at {size:,} vertices, seconds", kernel[size], at_most=_GOALS_S[size])
    if 1_000_000 in kernel:
        grown = log(kernel[1_000_000] / kernel[10_000]) / log(100)
        claim.goal("exponent of growth from 10,000 to 1,000,000", grown, at_most=_GROWTH)


def _contest(claim: Claim, size: int, rank: Rank, given_up: GivenUpBy, cypher: CypherJoin | None) -> float:
    """One row for each contestant and place of the sources; the most of our median seconds."""
    rows: dict[str, list[tuple[object, ...]]] = {sources: [] for sources in _SOURCES}
    digests: dict[tuple[str, int], str] = {}
    most = 0.0
    for name in _CONTESTANTS:
        answers = _answers(claim.quick, name, size, rank, given_up, cypher)
        for sources, said in answers.items():
            for seed, one in said.items():
                if digests.setdefault((sources, seed), one["digest"]) != one["digest"]:
                    raise RuntimeError(f"{name} answers differently: {size} vertices, {rank}, {seed}, {sources}")
            rows[sources].append(_row(name, list(said.values()), given_up.get((name, sources))))
            if name == "provstore":
                most = max(most, median(one["seconds"] for one in said.values()))
    for sources, several in rows.items():
        for cells in several:
            claim.row(size, rank, sources, *cells)
    return most


def _row(name: str, answers: list[dict[str, Any]], given_up: str | None) -> tuple[object, ...]:
    if given_up is not None:
        return name, given_up, "-", "-"
    seconds, similar = (median(one[what] for one in answers) for what in ("seconds", "similar"))
    peak = "-" if name == "Cypher join" else round(median(one["peak_bytes"] for one in answers) / 1e6)
    return name if len(answers) > 1 else f"{name}, one seed", seconds, peak, similar


def _answers(
    quick: bool, name: str, size: int, rank: Rank, given_up: GivenUpBy, cypher: CypherJoin | None
) -> dict[str, dict[int, dict[str, Any]]]:
    """By place of the sources and by seed what a contestant answers, as far as it does; else why is noted."""
    answers: dict[str, dict[int, dict[str, Any]]] = {sources: {} for sources in _SOURCES}
    if size > _LARGEST.get(name, size):
        for sources in _SOURCES:
            given_up.setdefault((name, sources), f"not run above {_LARGEST[name]:,}")
    for seed in _SEEDS[:1] if quick else _SEEDS:
        asked = [sources for sources in _SOURCES if (name, sources) not in given_up]
        if not asked:
            break
        places = [_SOURCES[sources] for sources in asked]
        if name == "Cypher join":
            assert cypher is not None
            said = _join(cypher, size, rank, seed, places)
        else:
            said = _process(name, size, rank, seed, places)
        for sources, one in zip(asked, said, strict=True):
            if "given_up" in one:
                given_up[name, sources] = f"{one['given_up']} at {size:,}"
            else:
                answers[sources][seed] = one
        if name != "provstore" and max(one.get("seconds", 0.0) for one in said) > _SLOW_S:
            break
    return answers


def _join(cypher: CypherJoin, size: int, rank: Rank, seed: int, places: list[float]) -> list[dict[str, Any]]:
    edges, entities = lineage_of_a_team(size, seed=seed, rank=rank)
    cypher.load(edges)
    said: list[dict[str, Any]] = []
    for first in (int(place * len(entities)) for place in places):
        try:
            said.append(cypher.similar(entities[first : first + 2], entities[-2:], _LIMIT_S))
        except GivenUp as error:
            said.append({"given_up": str(error)})
    return said


def _process(name: str, size: int, rank: Rank, seed: int, places: list[float]) -> list[dict[str, Any]]:
    """What we or a baseline answer, in a process of its own, for which the lineage is made once."""
    words = [sys.executable, "-m", "benchmarks.baselines", name, str(size), rank, str(seed), str(_LIMIT_S)]
    done = subprocess.run(
        [*words, *map(str, places)], cwd=ROOT.parent, capture_output=True, check=True, timeout=_LONGEST_S
    )
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said


def _huge(claim: Claim) -> None:
    """One seed of the largest lineage, by the kernel alone."""
    (answer,) = _process("provstore", _HUGE, "recent", _SEEDS[0], [0.0])
    peak = answer["peak_bytes"] / 1e6
    claim.row(_HUGE, "recent", "first two", "provstore, one seed", answer["seconds"], round(peak), answer["similar"])
    claim.goal(f"kernel at {_HUGE:,} vertices, seconds", answer["seconds"], at_most=_GOALS_S[_HUGE])
    claim.goal(f"kernel at {_HUGE:,} vertices, peak, GB", peak / 1e3, at_most=_HUGE_GB)


def _whole(claim: Claim, folder: Path, sizes: tuple[int, ...]) -> None:
    """The command `segment --json` on an embedded store, and what its parts take."""
    claim.table(
        "`provstore segment --src first two --dst last two --json` on an embedded store: wall time and peak of the"
        " whole process, and processor time of parts of it, asked of the same store: all that is read from it, from the"
        " question to the finished answer (that reading, C1 to C5, order), and the answer as JSON. Adjusted: `kind ="
        " agent` is left out of it, and one expansion by two activities is added; looked at: nodes and edges gone"
        " through then.",
        ("vertices", "chosen first", "nodes", "edges", "whole, s", "peak, MB", "processor, s", "read, s", "answer, s",
         "JSON, s", "adjusted, s", "looked at, s"),
    )  # fmt: skip
    ratios = []
    for size in sizes:
        for rank in ("recent", "oldest"):
            found, seconds, peak_gb = _one_command(claim, folder, size, rank)
            ratios.append((found["adjust"] / found["segment"], size))
            if size in _WHOLE:
                most_s, most_gb = _WHOLE[size]
                claim.goal(f"whole command, {size:,} vertices, {rank} first, seconds", seconds, at_most=most_s)
                if most_gb is not None:
                    claim.goal(f"whole command, {size:,} vertices, {rank} first, GB", peak_gb, at_most=most_gb)
    worst, size = max(ratios)
    claim.goal(f"adjusting by the answer's time, the worst ({size:,} vertices)", worst, at_most=_ADJUST)


def _one_command(claim: Claim, folder: Path, size: int, rank: Rank) -> tuple[dict[str, Any], float, float]:
    store = folder / f"{size}-{rank}.db"
    entities = team_prov_json(folder / "team.json", size, seed=_SEEDS[0], rank=rank)
    run([*PROVSTORE, "--store", store, "ingest", folder / "team.json"])
    src, dst = entities[:2], entities[-2:]
    answer = folder / "answer.json"
    words = [*PROVSTORE, "--store", store, "segment", "--src", *src, "--dst", *dst, "--json", "-o", answer]
    times = 1 if claim.quick else _ROUNDS.get(size, 3)
    rounds = [run(words) for _ in range(times)]
    parts = [sys.executable, "-m", "benchmarks.segment_parts", store, str(times), *src, *dst]
    found: dict[str, Any] = json.loads(run(parts, folder=ROOT.parent).output)
    seconds, peak_gb = median(one.seconds for one in rounds), max(one.peak_bytes for one in rounds) / 1e9
    claim.row(
        size, rank, found["nodes"], found["edges"], seconds, round(peak_gb * 1e3), found["whole"], found["read"],
        found["segment"], found["json"], found["adjust"], found["look"],
    )  # fmt: skip
    store.unlink()
    return found, seconds, peak_gb


if __name__ == "__main__":
    main([segment], __doc__)
