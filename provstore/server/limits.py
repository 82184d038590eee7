"""How often and how much: rates by token and by address, and how many heavy questions are answered at once.

Source: reliability.md section 5.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from provstore.server.problems import Busy
from provstore.server.roles import Caller

_UNKNOWN: Final = "unknown"
_MINUTE_S: Final = 60.0


class Rates:
    """Counts requests. Args: requests: a minute of one caller. failures: a minute from one address. clock: seconds."""

    def __init__(self, requests: int, failures: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._requests = _LastMinute(requests, clock)
        self._failures = _LastMinute(failures, clock)

    def failed(self, address: str | None) -> None:
        """Counts a request without a valid token. Raises: Busy: there were too many from that address."""
        self._failures.count(address or _UNKNOWN)

    def count(self, caller: Caller) -> None:
        """Counts a request of a caller. Raises: Busy: there were too many."""
        self._requests.count(caller.name)


class _LastMinute:
    """When requests came under each name within the last minute, at most so many of each.

    In this process, without a thread of its own: every request waits for it.
    """

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most, self._clock = most, clock
        self._lock = threading.Lock()
        self._times: dict[str, deque[float]] = {}
        self._tidied = clock()

    def count(self, name: str) -> None:
        """Raises: Busy: there were as many as there may be; this one is not counted."""
        with self._lock:
            now = self._clock()
            self._tidy(now)
            times = self._times.setdefault(name, deque())
            while times and times[0] <= now - _MINUTE_S:
                times.popleft()
            if len(times) >= self._most:
                again_s = times[0] + _MINUTE_S - now if times else _MINUTE_S
                raise Busy(f"more than {self._most} requests a minute", retry_after_s=max(1.0, again_s))
            times.append(now)

    def _tidy(self, now: float) -> None:
        """Forgets names that have not come for a minute: anybody can send from new addresses."""
        if now - self._tidied < _MINUTE_S:
            return
        self._tidied = now
        self._times = {name: times for name, times in self._times.items() if times and times[-1] > now - _MINUTE_S}


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
