"""Runs a producer in a child process and hands its items over through a pipe, in order.

Only where a fork is safe: a single-threaded process on a system that has it. The child leaves by `os._exit`, so that it
touches nothing that it inherited.
"""

from __future__ import annotations

import fcntl
import gc
import marshal
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import Queue
from typing import IO, Any, NoReturn

from provstore import errors
from provstore.errors import ProvstoreError

_PIPE_BYTES = 1 << 20
_SIZE_BYTES = 8
# Made and not yet written: a pipe holds about one, and neither side is to wait for the other at each.
_MOST_WAITING = 8
Produce = Callable[[], Iterable[Any]]


def fork_is_safe() -> bool:
    """True in a single-threaded process on Linux; elsewhere a child could inherit locks that nobody releases."""
    return sys.platform == "linux" and threading.active_count() == 1


def run_in_child(produce: Produce) -> Iterator[Any]:
    """The items that `produce` yields, made in a child process, which begins at once.

    Args: produce: yields what `marshal` can write; what else it changes is lost with the child.
    Raises: what `produce` raises, if it is one of ours; else ProvstoreError with its text.
    """
    reading, writing = _pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _serve(produce, writing)
    os.close(writing)
    items = _receive(child, reading)
    next(items)  # from here on, closing the iterator ends the child
    return items


def _pipe() -> tuple[int, int]:
    """A pipe with room for a few items, so that the child need not wait while the parent is at work."""
    reading, writing = os.pipe()
    with suppress(OSError):  # the system may allow less
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return reading, writing


def _receive(child: int, reading: int) -> Iterator[Any]:
    with os.fdopen(reading, "rb", buffering=_PIPE_BYTES) as pipe:
        try:
            yield None
            yield from _items(pipe)
        finally:
            _end(child)


def _items(pipe: IO[bytes]) -> Iterator[Any]:
    while True:
        # In one piece: from a file, marshal reads value by value, at three times the cost.
        size = int.from_bytes(pipe.read(_SIZE_BYTES), "big")
        message = pipe.read(size)
        if not size or len(message) < size:
            raise ProvstoreError("the process that was reading the input ended before its time")
        what, content = marshal.loads(message)  # noqa: S302 - written by our own child
        if what == "end":
            return
        if what == "error":
            raise _error(*content)
        yield content


def _error(name: str, message: str, where: str | None, next_step: str | None) -> ProvstoreError:
    kind = getattr(errors, name, ProvstoreError)
    error = kind.__new__(kind)
    ProvstoreError.__init__(error, message, where=where, next_step=next_step)
    assert isinstance(error, ProvstoreError)
    return error


def _end(child: int) -> None:
    """Ends the child, whether it is done or no longer wanted."""
    os.kill(child, signal.SIGTERM)  # until it is waited for, its number is not given to another
    os.waitpid(child, 0)


def _serve(produce: Produce, writing: int) -> NoReturn:
    """The child's life: items, then the end or the error."""
    code = 1
    try:
        gc.disable()  # millions of new tuples, of which none are in cycles, in a process that ends soon
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C reaches the parent, which ends this process
        sender = _Sender(writing)
        _send(produce, sender.put)
        sender.close()
        code = 0
    finally:
        os._exit(code)


def _send(produce: Produce, put: Callable[[tuple[str, Any]], None]) -> None:
    try:
        for item in produce():
            put(("item", item))
        put(("end", None))
    except ProvstoreError as error:
        name = type(error).__name__
        put(("error", (name, error.message, error.where, error.next_step)))
    except Exception as error:
        put(("error", ("ProvstoreError", f"{type(error).__name__}: {error}", None, None)))


class _Sender:
    """Writes what is put into it, in order, in a thread of its own: the next is made meanwhile."""

    def __init__(self, writing: int) -> None:
        self._waiting: Queue[bytes | None] = Queue(_MOST_WAITING)
        self._writing = threading.Thread(target=self._write, args=(writing,))
        self._writing.start()

    def put(self, item: tuple[str, Any]) -> None:
        """Takes one more; waits while too many are there."""
        self._waiting.put(marshal.dumps(item))

    def close(self) -> None:
        """Waits until all is written."""
        self._waiting.put(None)
        self._writing.join()

    def _write(self, writing: int) -> None:
        try:
            with os.fdopen(writing, "wb", buffering=_PIPE_BYTES) as pipe:
                while (message := self._waiting.get()) is not None:
                    pipe.write(len(message).to_bytes(_SIZE_BYTES, "big"))
                    pipe.write(message)
                    pipe.flush()
        except OSError:
            os._exit(1)  # the parent is gone, and nobody else would end this process
