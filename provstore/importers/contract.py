"""What every importer implements: input path to a stream of documents, with what was not mapped counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from provstore.errors import printable
from provstore.importers.footprint import Footprint
from provstore.importers.redaction import redact
from provstore.model.document import Document

_EXAMPLE_CHARACTERS = 120


@dataclass(slots=True)
class Unmapped:
    """A field of the source that was not mapped: how often it was seen, and one example (redacted)."""

    what: str
    count: int
    example: str


@dataclass(slots=True)
class Findings:
    """What an importer tells besides its documents; complete when its documents are exhausted.

    `footprint`: what the import has seen of the file system; `paths.Tree` and `foreign_sqlite` note it. An importer
    that reads in no other way sets `footprint.is_complete`; then an import that would see the same again is skipped.
    `layout`: how the records are laid out, where there are several ways (`Request.mapping`).
    """

    unmapped: dict[str, Unmapped] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    redacted: int = 0
    layout: str = ""
    footprint: Footprint = field(default_factory=Footprint)

    def skip(self, what: str, example: object) -> None:
        """Counts one occurrence of the unmapped field `what`; the first `example` is kept, redacted and cut."""
        if what not in self.unmapped:
            # Redacted before it is cut: half a secret may look like none.
            self.unmapped[what] = Unmapped(what, 0, redact(what, printable(example))[0][:_EXAMPLE_CHARACTERS])
        self.unmapped[what].count += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to import. `path`: a file, a directory, or the URL of a live tracker. `scope`: rule 31, "" = none.

    `mapping`: how the records are laid out, a name that the importer knows or a file; "" = it finds out itself.
    `space`, `actor`: for the headers. `read_at`: the event time of snapshots, UTC text. `progress(done, total | None)`
    is called now and then.
    """

    path: str
    scope: str = ""
    mapping: str = ""
    space: str = "default"
    actor: str | None = None
    read_at: str
    progress: Callable[[int, int | None], None] = lambda done, total: None


class Importer(Protocol):
    """One tracker. `kind` is its word on the command line and the prefix of its identifiers (rule 31).

    `version` is the importer's own; `recovers` lists in words what it takes in. `immutable`: attribute IRIs of elements
    that never change within one unit; a unit that says otherwise comes from another store and needs a scope (rule 31).
    """

    kind: str
    version: str
    recovers: tuple[str, ...]
    immutable: tuple[str, ...]

    def recognizes(self, path: str) -> bool:
        """True when `path` looks like this tracker's records; cheap, never raises, reads a few bytes only."""
        ...

    def documents(self, request: Request, findings: Findings) -> Iterator[Document]:
        """The documents, one per run or natural unit, in a deterministic order; streamed, never all in memory.

        Raises: BadInput: the whole input cannot be read. A single bad unit is added to `findings.refused` instead.
        """
        ...
