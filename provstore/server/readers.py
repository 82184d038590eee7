"""Stores to read from: each request has one to itself, so that questions wait neither for each other nor for writes.

What is asked of one ends at its deadline, wherever it is worked on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from provstore.errors import BackendUnavailable
from provstore.server.problems import Busy
from provstore.store import Store
from provstore.transactions import Caching


class Readers:
    """A pool of open stores.

    Args: open_store: gives one more. size: how many there may be. wait_s: how long a request waits for one. limit_s:
    how long it may ask it.
    """

    def __init__(self, open_store: Callable[[], Store], *, size: int, wait_s: float, limit_s: float) -> None:
        self._open_store = open_store
        self._free = threading.Semaphore(size)
        self._wait_s = wait_s
        self.limit_s = limit_s
        self._idle: list[Store] = []
        self._lock = threading.Lock()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """A store for the time of one request. Raises: Busy: none is free. BackendUnavailable: it took too long."""
        if not self._free.acquire(timeout=self._wait_s):
            raise Busy("too many questions are being answered")
        try:
            with self._lock:
                idle = self._idle.pop() if self._idle else None
            store = idle or self._open_store()
            try:
                with self._in_time(store):
                    yield store
            finally:
                _shrink(store)
                with self._lock:
                    self._idle.append(store)
        finally:
            self._free.release()

    @contextmanager
    def _in_time(self, store: Store) -> Iterator[None]:
        deadline = time.monotonic() + self.limit_s
        store.stop_reading_at(deadline)
        try:
            yield
        except BackendUnavailable as error:
            if time.monotonic() < deadline:
                raise
            raise too_slow(self.limit_s) from error
        finally:
            store.stop_reading_at(None)

    def close(self) -> None:
        """Closes them."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()


def _shrink(store: Store) -> None:
    # So many caches of one file are no better than the system's own.
    for part in (store.ledger, store.engine):
        if isinstance(part, Caching):
            part.shrink()


def too_slow(limit_s: float) -> BackendUnavailable:
    """The error of a question that took too long."""
    return BackendUnavailable(
        f"the question took longer than {limit_s:g} s",
        next_step="Ask for less (depth, only, limit), or ask where the store is.",
    )
