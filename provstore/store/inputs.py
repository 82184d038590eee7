"""What a user names as a document to read: a path comes in, or `-`; a stream, its format or its content goes out."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from provstore.errors import BadInput
from provstore.formats import registry
from provstore.formats.contract import Format
from provstore.model.document import Assertion, Namespaces

_SPOOL_BYTES: Final = 16 * 1024 * 1024
# What a format is found out by.
_FIRST_BYTES: Final = 4096


class Content(NamedTuple):
    """All that a document says."""

    assertions: list[Assertion]
    namespaces: Namespaces


@contextmanager
def open_input(path: str) -> Iterator[BinaryIO]:
    """A seekable stream of `path`; standard input is spooled. Raises: BadInput: it cannot be opened."""
    if path == "-":
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES) as spool:
            shutil.copyfileobj(sys.stdin.buffer, spool)
            spool.seek(0)
            yield spool  # type: ignore[misc]
        return
    try:
        stream = Path(path).open("rb")  # noqa: SIM115 - closed below, where its own errors are not this one
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=path, next_step="Check the path.") from error
    with stream:
        yield stream


def format_of(stream: BinaryIO, path: str, name: str | None) -> Format:
    """The format of that name, else the one that the path or the first bytes tell; the stream stands at its beginning.

    Raises: UsageError: no such format. BadInput: neither tells.
    """
    chosen = registry.by_name(name) if name else registry.find_out(path, stream.read(_FIRST_BYTES))
    stream.seek(0)
    return chosen


def read_file(path: str, format_name: str | None = None) -> Content:
    """All assertions of a file, and its namespaces. Raises: BadInput: it cannot be read."""
    with open_input(path) as stream:
        reading = format_of(stream, path, format_name).read(stream, source=path)
        return Content(list(reading.assertions), reading.namespaces)
