"""What an import has seen of the file system, so that a later one can tell that it would see the same.

In: each file and directory, noted before it is read. Out: the places, and one digest of what was found there.
A file that is noted before it is read, and found the same later, was the same while it was read: its change time
(ctime) only goes forward. The idea is that of build systems that trace what a step reads (memoize, tup).
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple

# Files up to this size are noted by their bytes too; metadata files are small, artifacts may be huge.
BYTES_NOTED: Final = 64 * 1024
# A time stamp this young may stay the same at the next write; such a file is noted by its bytes too. FAT has 2 s.
UNSURE_NS: Final = 2_500_000_000
# More places than this are not worth their memory.
MAX_PLACES: Final = 200_000
_BLOCK_BYTES: Final = 1024 * 1024

Operation = Literal["directory", "listing", "file", "bytes", "whole", "start"]


class Place(NamedTuple):
    """Where something was looked at: `operation` is how, `relative` lies below `root`."""

    operation: Operation
    root: str
    relative: str


class Footprint:
    """The places that were looked at, and what was found.

    `is_complete`: set by an importer whose documents depend on nothing but what is noted here; only then can an import
    be skipped. A live server cannot be noted. `is_steady`: nothing was found to change meanwhile.

    Args: again: the places of an earlier footprint; what was noted by its bytes there is noted by them here.
    """

    def __init__(self, again: Iterable[Place] = ()) -> None:
        self.is_complete = False
        self._again = frozenset(place for place in again if place.operation == "bytes")
        self._found: dict[Place, str] = {}
        self.is_steady = True

    @property
    def is_sure(self) -> bool:
        """True when everything is noted, and nothing changed meanwhile."""
        return self.is_complete and self.is_steady and len(self._found) <= MAX_PLACES

    @property
    def places(self) -> list[Place]:
        """Where was looked, in the order of the first looks."""
        return list(self._found)

    def digest(self) -> bytes:
        """SHA-256 over the places, in sorted order, and what was found there."""
        hashed = sha256()
        for place in sorted(self._found):
            for text in (*place, self._found[place]):
                hashed.update(text.encode("utf-8", "surrogateescape") + b"\0")
        return hashed.digest()

    def note(self, place: Place, found: str) -> None:
        """Notes what was found at a place. What differs from the first look there makes the footprint unsure."""
        self.is_steady &= self._found.setdefault(place, found) == found

    def file(self, root: str, relative: str, stream: BinaryIO) -> None:
        """Notes an open regular file: size, times and inode; and its bytes, if it is small or was just written."""
        status = os.fstat(stream.fileno())
        found = _identity(status)
        by_bytes = Place("bytes", root, relative)
        if self._found.get(by_bytes, "").startswith(f"{found} "):
            return
        if status.st_size <= BYTES_NOTED or by_bytes in self._again or _is_young(status):
            self.note(by_bytes, f"{found} {_digest(stream)}")
            stream.seek(0)
        else:
            self.note(Place("file", root, relative), found)

    def whole(self, path: str | Path) -> str | None:
        """Notes the bytes of a file that is named as it is, links followed; returns their SHA-256, None: no file."""
        place = Place("whole", "", str(Path(path)))
        if place not in self._found:
            self._found[place] = self._whole(place.relative)
        return self._found[place].partition(" ")[0] or None

    def start(self, path: str | Path, size_bytes: int) -> None:
        """Notes the first bytes of a file, which others may write all the time."""
        try:
            with Path(path).open("rb") as stream:
                found = stream.read(size_bytes).hex()
        except OSError as error:
            found = f"no file: {error.errno}"
        self.note(Place("start", str(size_bytes), str(path)), found)

    def _whole(self, path: str) -> str:
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):
                return " no regular file"
            with Path(path).open("rb") as stream:
                before = os.fstat(stream.fileno())
                digest = _digest(stream)
                self.is_steady &= _identity(os.fstat(stream.fileno())) == _identity(before)
                # Without its change time: SQLite sets the owner of a WAL that root opens.
                return f"{digest} {before.st_ino} {before.st_mtime_ns}"
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            return f" no file: {getattr(error, 'errno', None)}"


def _identity(status: os.stat_result) -> str:
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _is_young(status: os.stat_result) -> bool:
    return time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < UNSURE_NS


def _digest(stream: BinaryIO) -> str:
    hashed = sha256()
    while block := stream.read(_BLOCK_BYTES):
        hashed.update(block)
    return hashed.hexdigest()
