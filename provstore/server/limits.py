"""How often and how much: rates by token and by address, and how many heavy questions are answered at once.

Source: docs/reference/settings.md.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from provstore.server.problems import Busy
from provstore.server.roles import Caller

_UNKNOWN = "unknown"


class Rates:
    """Counts requests. Args: requests: a minute of one caller. failures: a minute from one address."""

    def __init__(self, requests: int, failures: int) -> None:
        self._requests = RateLimitItemPerMinute(requests)
        self._failures = RateLimitItemPerMinute(failures)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def failed(self, address: str | None) -> None:
        """Counts a request without a valid token. Raises: Busy: there were too many from that address."""
        if not self._limiter.hit(self._failures, "address", address or _UNKNOWN):
            raise self._busy(self._failures, "address", address or _UNKNOWN)

    def count(self, caller: Caller) -> None:
        """Counts a request of a caller. Raises: Busy: there were too many."""
        if not self._limiter.hit(self._requests, "caller", caller.name):
            raise self._busy(self._requests, "caller", caller.name)

    def _busy(self, item: RateLimitItem, *key: str) -> Busy:
        again = self._limiter.get_window_stats(item, *key).reset_time
        return Busy(f"more than {item.amount} requests a minute", retry_after_s=max(1.0, again - time.time()))


class Heavy:
    """Lets so many heavy questions be answered at once."""

    def __init__(self, at_once: int) -> None:
        self._free = threading.Semaphore(at_once)

    @contextmanager
    def one(self) -> Iterator[None]:
        """While the context lasts, one of them. Raises: Busy: there are enough."""
        if not self._free.acquire(blocking=False):
            raise Busy("enough heavy questions are being answered")
        try:
            yield
        finally:
            self._free.release()
