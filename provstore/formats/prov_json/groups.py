"""Sorts records into groups on disk: records come in any order, the text of each group goes out in order.

PROV-JSON keeps the records of one type together and gives several records of one name as one array; the memory must
not grow with the document all the same.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import IO, Final

from provstore.formats.prov_json.repeats import Repeats

_BUFFERED_BYTES: Final = 8 << 20
encode: Final = json.JSONEncoder(ensure_ascii=False).encode


class Spool:
    """Keeps the lines of many groups, in memory at first, then in one temporary file."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._groups: list[Group] = []
        self._buffered = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def group(self) -> Group:
        """A new, empty group."""
        self._groups.append(Group(self))
        return self._groups[-1]

    def count(self, size: int) -> None:
        """Notes that `size` more characters are buffered; writes all buffers out when there are too many."""
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


class Group:
    """The records of one type in one bundle, each a line `"name": {...}`."""

    __slots__ = ("_lines", "_pieces", "_repeats", "_spool")

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._lines: list[str] = []
        self._pieces: list[tuple[int, int]] = []
        self._repeats = Repeats()

    def add(self, name: str, record: str) -> None:
        """Adds a record, its JSON text, under `name`."""
        line = f"{encode(name)}: {record}"
        self._lines.append(line)
        self._repeats.note(hash(name))
        self._spool.count(len(line))

    def flush(self, file: IO[bytes]) -> None:
        """Moves the buffered lines to the end of `file`."""
        if self._lines:
            data = "\n".join(self._lines).encode()
            self._pieces.append((file.seek(0, 2), len(data)))
            file.write(data)
            self._lines = []

    def entries(self) -> Iterator[str]:
        """The entries `"name": {...}`, or `"name": [{...}, {...}]` where the first of several stood."""
        repeated = self._repeats.found()
        if not repeated:
            yield from self._read()
            return
        arrays: dict[str, list[str]] = {}
        for name, record in self._split():
            if hash(name) in repeated:
                arrays.setdefault(name, []).append(record)
        for name, record in self._split():
            if name not in arrays:
                yield f"{encode(name)}: {record}"
            elif arrays[name]:
                records = arrays[name]
                yield f"{encode(name)}: [{', '.join(records)}]" if len(records) > 1 else f"{encode(name)}: {record}"
                arrays[name] = []

    def _read(self) -> Iterator[str]:
        for offset, size in self._pieces:
            yield from self._spool.read(offset, size).decode().split("\n")
        yield from self._lines

    def _split(self) -> Iterator[tuple[str, str]]:
        for line in self._read():
            name, end = scanstring(line, 1, True)
            yield name, line[end + 2 :]
