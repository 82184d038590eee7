"""Gives memory back to the system.

Questions, bodies and pages of SQLite's caches come and go in many threads, and leave holes in the heaps of the C
library, which keeps them: after minutes a service holds half as much again as it needs (decision 20).
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

PAUSE_S: Final = 10.0


@contextmanager
def given_back(pause_s: float = PAUSE_S) -> Iterator[None]:
    """While the context lasts, what is free in the heaps goes back to the system once in `pause_s` seconds.

    Other C libraries than glibc have no such call; with them nothing happens.
    """
    trim = _trim()
    if trim is None:
        yield
        return
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(pause_s):
            trim(0)

    thread = threading.Thread(target=run, name="provstore-memory", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _trim() -> Callable[[int], Any] | None:
    """`malloc_trim(3)`, which gives back whole pages in the middle of every heap."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
