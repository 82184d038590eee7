"""When to stop: every long loop of the kernel asks, and what was merged until then stays."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

Stop = Callable[[], bool]


class Stopped(Exception):
    """The time is up in the middle of a computation, which is discarded."""


def check(stop: Stop) -> None:
    """Raises: Stopped: the time is up."""
    if stop():
        raise Stopped


def never() -> bool:
    """No limit."""
    return False


def after(seconds: float) -> Stop:
    """True from so many seconds on, counted from now."""
    end = monotonic() + seconds
    return lambda: monotonic() >= end
