"""What every format implements: read a stream into assertions, write assertions to a stream."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from provstore.model.columns import Chunk
from provstore.model.document import Assertion, Namespaces


@dataclass(slots=True)
class Reading:
    """A document being read: its namespaces first, then its assertions, once, in order.

    `namespaces` is complete before the first assertion is asked for. `warnings` grows while reading and is complete
    when `assertions` is exhausted. `chunks`: the same assertions in columns, where the format has that faster way; one
    of the two is read.
    """

    namespaces: Namespaces
    assertions: Iterator[Assertion]
    warnings: list[str] = field(default_factory=list)
    chunks: Iterator[Chunk] | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a format cannot hold: `what`, how often, one example, and the clause that forces it (or "")."""

    what: str
    count: int
    example: str
    clause: str = ""

    def __str__(self) -> str:
        forced = f" [{self.clause}]" if self.clause else ""
        return f"{self.what} ({self.count}), such as {self.example}{forced}"


class Format(Protocol):
    """One PROV format. `name` as people type it (`prov-json`), with its file endings and media types.

    `beginning`: what a file of it begins with, a byte order mark aside. `reader_version`: a number of our own, kept
    with what was read, and raised when the reader starts to map the same file differently (rule 11).
    """

    name: str
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    beginning: re.Pattern[bytes]
    reader_version: str

    def read(self, stream: BinaryIO, *, source: str) -> Reading:
        """Reads one document from a seekable binary `stream`; `source` names it in errors.

        Raises: BadInput: it is no such document; `where` has the source and the place (line and column, or record).
        """
        ...

    def write(self, assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
        """Writes one document and returns what the format could not hold."""
        ...
