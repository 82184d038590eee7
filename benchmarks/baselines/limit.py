"""A limit of time for what a contestant answers."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class GivenUp(Exception):
    """A contestant did not answer, and why."""


@contextmanager
def at_most(limit_s: float) -> Iterator[None]:
    """Ends what runs in it after so many seconds, by the clock on the wall: a timer of processor time would make that
    time itself coarse. Raises: GivenUp: it did."""

    def give_up(_: int, __: FrameType | None) -> NoReturn:
        raise GivenUp(f"more than {limit_s:g} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
