"""Foreign files, read without trusting them: trees whose links are not followed, capped reads, digests.

In: a directory that another program wrote. Out: relative names, bytes and digests of regular files inside it.
Foreign databases: `foreign_sqlite`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from provstore.errors import BadInput, printable
from provstore.importers.contract import Findings
from provstore.importers.footprint import Operation, Place

# Caps for files that an importer parses whole; what is only hashed has none.
MAX_TEXT_BYTES: Final = 64 * 1024 * 1024
MAX_DEPTH: Final = 64
_HASHED_BYTES: Final = 1024 * 1024
_NO_FOLLOW: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: a FIFO that lies in the tree must not stop us; fstat refuses it afterwards.
_AS_FILE: Final = _NO_FOLLOW | os.O_NONBLOCK
_AS_DIRECTORY: Final = _NO_FOLLOW | os.O_DIRECTORY


class Found(NamedTuple):
    """A regular file of a tree: its path relative to the root with `/`, and its size in bytes."""

    path: str
    size: int


class Digested(NamedTuple):
    """The SHA-256 of a file's bytes, 64 hexadecimal digits, and how many bytes they were."""

    sha256: str
    size: int


class Listing(NamedTuple):
    """The names in one directory, sorted; links and special files are in neither list."""

    directories: list[str]
    files: list[str]


class Tree:
    """A directory of foreign files. The root may be a link (the user named it); below it no link is followed.

    Args: root: the directory. findings: where links and special files that were met are counted, and what was looked at
    is noted.
    Every `relative` is a path below the root with `/`; `..`, absolute and empty ones are refused.
    Raises: BadInput: from each method, when the file is missing, no regular file, or behind a link.
    """

    def __init__(self, root: str | Path, findings: Findings | None = None) -> None:
        self.root = Path(root)
        self._findings = findings or Findings()

    def uncounted(self) -> Tree:
        """The same tree for looking whether something is there: what is met is noted, not counted."""
        return Tree(self.root, Findings(footprint=self._findings.footprint))

    def listing(self, relative: str = "") -> Listing:
        """What lies directly in one directory of the tree ("" = the root)."""
        with self._directory(_parts(relative)) as handle, os.scandir(handle) as entries:
            found, others = Listing([], []), []
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    found.directories.append(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    found.files.append(entry.name)
                else:
                    what = "link not followed" if entry.is_symlink() else "special file"
                    others.append((entry.name, what))
        for name, what in sorted(others):
            self._findings.skip(what, _join(relative, name))
        listed = Listing(sorted(found.directories), sorted(found.files))
        self._note("listing", relative, sha256(repr((listed, sorted(others))).encode()).hexdigest())
        return listed

    def files(self, below: str = "") -> Iterator[Found]:
        """All regular files below a directory of the tree, in sorted order, depth first.

        A name that is no UTF-8 is no text that could be stored: it is counted, with what lies below it.
        """
        if len(_parts(below)) > MAX_DEPTH:
            raise BadInput(f"directories are nested deeper than {MAX_DEPTH}", where=str(self.root / below))
        here = self.listing(below)
        for name in self._told(below, here.files):
            with self.open(_join(below, name)) as stream:
                yield Found(_join(below, name), os.fstat(stream.fileno()).st_size)
        for name in self._told(below, here.directories):
            yield from self.files(_join(below, name))

    def _told(self, below: str, names: list[str]) -> Iterator[str]:
        for name in names:
            shown = printable(_join(below, name))
            if shown == _join(below, name):
                yield name
            else:
                self._findings.skip("name of a file or directory that is no UTF-8", shown)

    def has(self, relative: str) -> bool:
        """True when `relative` is a regular file of the tree."""
        try:
            self.open(relative).close()
        except BadInput:
            return False
        return True

    def open(self, relative: str) -> BinaryIO:
        """The file's bytes as a stream; close it."""
        parts = _parts(relative)
        if not parts:
            raise BadInput("a file is expected here", where=str(self.root))
        with self._directory(parts[:-1]) as handle:
            try:
                descriptor = os.open(parts[-1], _AS_FILE, dir_fd=handle)
            except OSError as error:
                self._note("file", relative, f"refused: {error.errno}")
                raise _refused(self.root / relative, error) from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            self._note("file", relative, "no regular file")
            raise BadInput("this is no regular file", where=str(self.root / relative))
        stream = os.fdopen(descriptor, "rb")
        self._findings.footprint.file(str(self.root), relative, stream)
        return stream

    def read(self, relative: str, *, max_bytes: int = MAX_TEXT_BYTES) -> bytes:
        """The whole file. Raises: BadInput: it is larger than `max_bytes`."""
        with self.open(relative) as stream:
            return read_capped(stream, max_bytes=max_bytes, where=str(self.root / relative))

    def digest(self, relative: str) -> Digested:
        """The digest of the file's bytes, read in blocks."""
        with self.open(relative) as stream:
            return digest(stream)

    @contextmanager
    def _directory(self, parts: list[str]) -> Iterator[int]:
        """A descriptor of a directory reached name by name, so that no link on the way is followed."""
        place, reached = self.root, ""
        try:
            handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            self._note("directory", "", f"refused: {getattr(error, 'errno', None)}")
            raise _refused(place, error) from error
        try:
            for part in parts:
                place, reached = place / part, _join(reached, part)
                try:
                    inner = os.open(part, _AS_DIRECTORY, dir_fd=handle)
                except OSError as error:
                    self._note("directory", reached, f"refused: {error.errno}")
                    raise _refused(place, error) from error
                os.close(handle)
                handle = inner
            yield handle
        finally:
            os.close(handle)

    def _note(self, operation: Operation, relative: str, found: str) -> None:
        self._findings.footprint.note(Place(operation, str(self.root), relative), found)


def read_capped(stream: BinaryIO, *, max_bytes: int, where: str) -> bytes:
    """All bytes of `stream`. Raises: BadInput: there are more than `max_bytes`."""
    content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise BadInput(
            f"the file is larger than {max_bytes} bytes",
            where=where,
            next_step="Is this the right file? Metadata files of trackers are small.",
        )
    return content


def digest(stream: BinaryIO) -> Digested:
    """The SHA-256 of the bytes from here to the end of `stream`."""
    hashed, size = sha256(), 0
    while block := stream.read(_HASHED_BYTES):
        hashed.update(block)
        size += len(block)
    return Digested(hashed.hexdigest(), size)


def _parts(relative: str) -> list[str]:
    parts = [part for part in relative.split("/") if part not in ("", ".")]
    if relative.startswith("/") or ".." in parts or "\0" in relative:
        raise BadInput(
            "the path leads out of the tree",
            where=relative,
            next_step="Only files inside the imported directory are read.",
        )
    return parts


def _join(below: str, name: str) -> str:
    return f"{below}/{name}" if below else name


def _refused(place: Path, error: OSError | ValueError) -> BadInput:
    # O_NOFOLLOW answers ELOOP for a link, O_DIRECTORY | O_NOFOLLOW answers ENOTDIR for one.
    # os.path: Path.is_symlink raises for a name that the file system does not take, which is no link.
    if os.path.islink(place):
        return BadInput("a link is not followed", where=str(place))
    return BadInput(getattr(error, "strerror", None) or str(error), where=str(place))
