"""Keeps lines or bytes for later: those of several groups come in mixed, those of each go out together, in order.

Memory does not grow with them: they go to one temporary file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Final, Protocol, Self

_BUFFERED_BYTES: Final = 8 << 20


class Group(Protocol):
    """What belongs together; it keeps what came since it was last flushed, and where in the file the rest lies."""

    def flush(self, file: IO[bytes]) -> None:
        """Moves what is buffered to the end of `file`."""
        ...


class Spool:
    """Keeps what many groups hold, in memory at first, then in one temporary file."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._groups: list[Group] = []
        self._buffered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def register(self, group: Group) -> None:
        """Takes a new, empty group."""
        self._groups.append(group)

    def count(self, size: int) -> None:
        """Notes that `size` more characters or bytes are buffered; writes all buffers out when there are too many."""
        self._buffered += size
        if self._buffered > _BUFFERED_BYTES:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
            for group in self._groups:
                group.flush(self._file)
            self._buffered = 0

    def read(self, offset: int, size: int) -> bytes:
        """A piece of the temporary file."""
        assert self._file is not None
        self._file.seek(offset)
        return self._file.read(size)


class Lines:
    """Lines that belong together; a line has no line break in it."""

    __slots__ = ("_lines", "_pieces", "_spool")

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._lines: list[str] = []
        self._pieces: list[tuple[int, int]] = []
        spool.register(self)

    def keep(self, line: str) -> None:
        """Adds a line."""
        self._lines.append(line)
        self._spool.count(len(line))

    def flush(self, file: IO[bytes]) -> None:
        """Moves the buffered lines to the end of `file`."""
        if self._lines:
            data = "\n".join(self._lines).encode()
            self._pieces.append((file.seek(0, 2), len(data)))
            file.write(data)
            self._lines = []

    def lines(self) -> Iterator[str]:
        """The lines, in the order in which they came."""
        for offset, size in self._pieces:
            yield from self._spool.read(offset, size).decode().split("\n")
        yield from self._lines
