"""One contestant on one generated lineage, in a process of its own: `python -m benchmarks.baselines NAME SIZE ...`.

Prints a JSON list, an object for each place of the sources: processor seconds of the answer alone, what is in memory at
the peak, and the answer's digest; or why there is none.
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
from benchmarks.baselines.limit import GivenUp, at_most
from benchmarks.baselines.lineage import Lineage, lineage_behind
from benchmarks.team import Rank, work_of_a_team
from provstore.collecting import without_collecting
from provstore.questions.segmenting.kernel import direct, similar
from provstore.questions.segmenting.subgraph import Subgraph, behind

Similar = Callable[[Lineage, list[str], list[str]], set[str]]
_BASELINES: dict[str, Similar] = {
    "CflrB": cflrb.similar, "SimProvAlg": simprovalg.similar, "level sets": levels.similar,
}  # fmt: skip


def main(name: str, size: int, rank: Rank, seed: int, limit_s: float, places: list[float]) -> list[dict[str, Any]]:
    """Prepares the input, and answers for one place after the other.

    Args: limit_s: of one answer of a baseline; provstore has none. places: where in the order of
    their making the two sources are, 0 to 1.
    """
    sources, dst = _ends(size, rank, seed, places)
    # Edge by edge: the peak is that of the algorithm, not of its input.
    edges = work_of_a_team(size, [], seed=seed, rank=rank)
    if name == "provstore":
        with without_collecting():
            subgraph = behind(dst, edges)
            return [_of_the_kernel(subgraph, src, dst) for src in sources]
    lineage = lineage_behind(dst, edges)
    return [_of_a_baseline(_BASELINES[name], lineage, src, dst, limit_s) for src in sources]


def _ends(size: int, rank: Rank, seed: int, places: list[float]) -> tuple[list[list[str]], list[str]]:
    entities: list[str] = []
    deque(work_of_a_team(size, entities, seed=seed, rank=rank), maxlen=0)
    firsts = (int(place * len(entities)) for place in places)
    return [entities[first : first + 2] for first in firsts], entities[-2:]


def _of_a_baseline(
    baseline: Similar, lineage: Lineage, src: list[str], dst: list[str], limit_s: float
) -> dict[str, Any]:
    # The peak from here on: what was needed for an earlier place is not that of this one.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    try:
        with at_most(limit_s):
            return _measured(lambda: baseline(lineage, src, dst))
    except GivenUp as error:
        return {"given_up": str(error)}


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
    named, size, rank, seed, limit, *firsts = sys.argv[1:]
    print(json.dumps(main(named, int(size), cast(Rank, rank), int(seed), float(limit), list(map(float, firsts)))))
