"""Keeps the parts of a document apart while it is written: texts come in for any part, all go out part by part.

A bundle is one element, and its assertions may come in between others; the memory must not grow with the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from provstore.formats.spool import Spool


class Segment:
    """One part."""

    __slots__ = ("_buffer", "_pieces", "_spool")

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._buffer: list[bytes] = []
        self._pieces: list[tuple[int, int]] = []
        spool.register(self)

    def add(self, data: bytes) -> None:
        """Adds to the end of the part."""
        self._buffer.append(data)
        self._spool.count(len(data))

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
            yield self._spool.read(offset, size)
        yield from self._buffer
