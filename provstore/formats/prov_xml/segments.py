"""Keeps the parts of a document apart while it is written: texts come in for any part, all go out part by part.

A bundle is one element, and its assertions may come in between others; the memory must not grow with the document.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Final

_BUFFERED_BYTES: Final = 8 << 20


class Segments:
    """Parts in the order in which they were begun, in memory at first, then in one temporary file."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._segments: list[Segment] = []
        self._buffered = 0

    def __enter__(self) -> Segments:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._segments)

    def begin(self) -> Segment:
        """A new, empty part after all others."""
        self._segments.append(Segment(self))
        return self._segments[-1]

    def count(self, size: int) -> None:
        """Notes that `size` more bytes are buffered; writes all buffers out when there are too many."""
        self._buffered += size
        if self._buffered > _BUFFERED_BYTES:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
            for segment in self._segments:
                segment.flush(self._file)
            self._buffered = 0

    def read(self, offset: int, size: int) -> bytes:
        """A piece of the temporary file."""
        assert self._file is not None
        self._file.seek(offset)
        return self._file.read(size)


class Segment:
    """One part."""

    __slots__ = ("_buffer", "_pieces", "_segments")

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self._buffer: list[bytes] = []
        self._pieces: list[tuple[int, int]] = []

    def add(self, data: bytes) -> None:
        """Adds to the end of the part."""
        self._buffer.append(data)
        self._segments.count(len(data))

    def flush(self, file: IO[bytes]) -> None:
        """Moves what is buffered to the end of `file`."""
        if self._buffer:
            data = b"".join(self._buffer)
            self._pieces.append((file.seek(0, 2), len(data)))
            file.write(data)
            self._buffer = []

    def data(self) -> Iterator[bytes]:
        """The part from its beginning, piece by piece."""
        for offset, size in self._pieces:
            yield self._segments.read(offset, size)
        yield from self._buffer
