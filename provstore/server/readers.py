"""Stores to read from: each request has one to itself, so that questions wait neither for each other nor for writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from provstore.server.problems import Busy
from provstore.store import Store


class Readers:
    """A pool of open stores.

    Args: open_store: gives one more. size: how many there may be. wait_s: how long a request waits for one.
    """

    def __init__(self, open_store: Callable[[], Store], *, size: int, wait_s: float) -> None:
        self._open_store = open_store
        self._free = threading.Semaphore(size)
        self._wait_s = wait_s
        self._idle: list[Store] = []
        self._lock = threading.Lock()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """A store for the time of one request. Raises: Busy: none is free."""
        if not self._free.acquire(timeout=self._wait_s):
            raise Busy("too many questions are being answered")
        try:
            with self._lock:
                idle = self._idle.pop() if self._idle else None
            store = idle or self._open_store()
            try:
                yield store
            finally:
                with self._lock:
                    self._idle.append(store)
        finally:
            self._free.release()

    def close(self) -> None:
        """Closes them."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()
