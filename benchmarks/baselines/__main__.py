"""One contestant on one generated lineage, in a process of its own: `python -m benchmarks.baselines NAME SIZE ...`.

Prints one JSON object: processor seconds of the answer alone, what is in memory at the peak, and the answer's digest.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Any, cast

from benchmarks.baselines import cflrb, levels, runs, simprovalg
from benchmarks.baselines.lineage import lineage_behind
from benchmarks.team import Rank, work_of_a_team
from provstore.collecting import without_collecting
from provstore.questions.segmenting.kernel import direct, similar
from provstore.questions.segmenting.subgraph import Subgraph, behind

_BASELINES = {"CflrB": cflrb.similar, "SimProvAlg": simprovalg.similar, "level sets": levels.similar}


def main(name: str, size: int, rank: Rank, seed: int, first: float) -> dict[str, Any]:
    """Prepares the input, and answers.

    Args: first: where in the order of their making the two sources are, 0 to 1.
    """
    src, dst = _ends(size, rank, seed, first)
    # Edge by edge: the peak is that of the algorithm, not of its input.
    edges = work_of_a_team(size, [], seed=seed, rank=rank)
    if name == "provstore":
        with without_collecting():
            return _of_the_kernel(behind(dst, edges), src, dst)
    lineage = lineage_behind(dst, edges)
    return _measured(lambda: _BASELINES[name](lineage, src, dst))


def _ends(size: int, rank: Rank, seed: int, first: float) -> tuple[list[str], list[str]]:
    entities: list[str] = []
    deque(work_of_a_team(size, entities, seed=seed, rank=rank), maxlen=0)
    place = int(first * len(entities))
    return entities[place : place + 2], entities[-2:]


def _of_the_kernel(subgraph: Subgraph, src: list[str], dst: list[str]) -> dict[str, Any]:
    ends = subgraph.entities(src), subgraph.entities(dst)
    started = process_time()
    direct(subgraph, src)
    similar(subgraph, *ends)
    seconds = process_time() - started
    # What the baselines answer is a part of C2: it is made once more, to be compared.
    return _measured(lambda: runs.similar(subgraph, *ends)) | {"seconds": seconds}


def _measured(answer: Callable[[], set[str]]) -> dict[str, Any]:
    started = process_time()
    found = answer()
    seconds = process_time() - started
    digest = sha256("\n".join(sorted(found)).encode()).hexdigest()
    return {"seconds": seconds, "peak_bytes": _peak_bytes(), "similar": len(found), "digest": digest}


def _peak_bytes() -> int:
    """The most memory that this process had; what `getrusage` says counts in that of the process that started it."""
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return int(said.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    named, size, rank, seed, first = sys.argv[1:]
    print(json.dumps(main(named, int(size), cast(Rank, rank), int(seed), float(first))))
