"""What the parts of one segment take: `python -m benchmarks.segment_parts STORE ROUNDS SRC SRC DST DST` prints JSON.

Processor seconds, each the least of so many rounds, of three for `adjust`. `whole`: everything from the start of the
process to the JSON, once.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Callable
from time import process_time
from typing import TypeVar

import provstore
from provstore.collecting import without_collecting
from provstore.questions.segmenting.extract import ancestry, extracted, named

Answer = TypeVar("Answer")


def main(location: str, rounds: int, src: list[str], dst: list[str]) -> None:
    """Asks for the segment, and for its parts."""
    with provstore.open(location) as store:
        answer = store.segment(src, dst)
        _go_through(answer.json_pieces())
        whole = process_time()

        @without_collecting()
        def read() -> None:
            reader = extracted(store.reader(), dst)
            ancestry(reader, dst)
            named(reader, answer.why.keys())

        seconds, _ = _least(rounds, read)
        found = {"whole": whole, "read": seconds}
        found["segment"], _ = _least(rounds, lambda: store.segment(src, dst))
        found["json"], _ = _least(rounds, lambda: _go_through(answer.json_pieces()))
        expanded = [(dst[0], 2)]
        found["adjust"], adjusted = _least(3, lambda: answer.adjust(exclude=["kind = agent"], expand=expanded))
        found["look"], counts = _once(lambda: (len(adjusted.nodes), len(adjusted.edges)))
        if counts >= (len(answer.nodes), len(answer.edges)):
            raise RuntimeError(f"{counts} nodes and edges are left of {len(answer.nodes)} and {len(answer.edges)}")
    print(json.dumps(found | {"nodes": len(answer.nodes), "edges": len(answer.edges)}))


def _go_through(pieces: object) -> None:
    deque(pieces, maxlen=0)  # type: ignore[call-overload]


def _least(rounds: int, work: Callable[[], Answer]) -> tuple[float, Answer]:
    return min((_once(work) for _ in range(rounds)), key=lambda one: one[0])


def _once(work: Callable[[], Answer]) -> tuple[float, Answer]:
    started = process_time()
    answer = work()
    return process_time() - started, answer


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:5], sys.argv[5:7])
