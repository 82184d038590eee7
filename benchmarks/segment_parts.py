"""What the parts of one segment take: `python -m benchmarks.segment_parts STORE SRC SRC DST DST` prints JSON.

Processor seconds, each the least of three but for `whole`: everything from the start of the process to the JSON.
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
from provstore.graph.contract import Filter
from provstore.questions.segmenting.extract import ancestry, extracted

Answer = TypeVar("Answer")


def main(location: str, src: list[str], dst: list[str]) -> None:
    """Asks for the segment, and for its parts."""
    with provstore.open(location) as store:
        answer = store.segment(src, dst)
        _go_through(answer.json_pieces())
        whole = process_time()

        @without_collecting()
        def read() -> None:
            reader = store.reader()
            ancestry(extracted(reader, dst), dst)
            reader.nodes(Filter(iris=list(answer.why)))

        seconds, _ = _least(read)
        found = {"whole": whole, "read": seconds}
        found["segment"], _ = _least(lambda: store.segment(src, dst))
        found["json"], _ = _least(lambda: _go_through(answer.json_pieces()))
        found["adjust"], adjusted = _least(lambda: answer.adjust(exclude=["kind = agent"], expand=[(dst[0], 2)]))
        found["look"], counts = _once(lambda: (len(adjusted.nodes), len(adjusted.edges)))
        if counts >= (len(answer.nodes), len(answer.edges)):
            raise RuntimeError(f"{counts} nodes and edges are left of {len(answer.nodes)} and {len(answer.edges)}")
    print(json.dumps(found | {"nodes": len(answer.nodes), "edges": len(answer.edges)}))


def _go_through(pieces: object) -> None:
    deque(pieces, maxlen=0)  # type: ignore[call-overload]


def _least(work: Callable[[], Answer]) -> tuple[float, Answer]:
    return min((_once(work) for _ in range(3)), key=lambda one: one[0])


def _once(work: Callable[[], Answer]) -> tuple[float, Answer]:
    started = process_time()
    answer = work()
    return process_time() - started, answer


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:4], sys.argv[4:6])
