"""One answer from several requests to a server that has no snapshots: it is asked again when the graph moved on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from provstore.graph.contract import Applied

Answer = TypeVar("Answer")
# A graph that is written all the time would never stand still.
_MOST_TIMES: Final = 3


def steadily(applied: Callable[[], Applied | None], ask: Callable[[], Answer]) -> Answer:
    """What `ask` answers, asked again where an entry was projected meanwhile; after three times the last answer.

    Args: applied: what the graph is current to.
    """
    for _ in range(_MOST_TIMES):
        before = applied()
        answer = ask()
        if applied() == before:
            break
    return answer
