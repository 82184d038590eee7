"""PROV-O in Turtle and in TriG as two of the formats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

from provstore.formats.contract import Loss, Reading
from provstore.model.document import Assertion, Namespaces


@dataclass(slots=True)
class ProvO:
    """Own mapping between statements and triples; `rdflib` parses. A document is held in memory as a whole.

    Args: trig: bundles are named graphs; without it there is no place for them.
    """

    name: str
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    beginning: re.Pattern[bytes]
    reader_version: str
    trig: bool = False

    def read(self, stream: BinaryIO, *, source: str) -> Reading:
        """As Format.read.

        Raises: BadInput: also when the file holds no PROV statement. UsageError: the extra is not installed.
        """
        from provstore.formats.prov_o.documents import read

        return read(stream, name=self.name, trig=self.trig, source=source)

    def write(self, assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
        """As Format.write; what RDF or PROV-O cannot say is found by reading the triples back."""
        from provstore.formats.prov_o.documents import write

        return write(assertions, namespaces, stream, trig=self.trig)


_BEGINNING: Final = rb"\s*(?:@prefix|@base|PREFIX|BASE|#)"
TURTLE: Final = ProvO("turtle", (".ttl",), ("text/turtle",), re.compile(_BEGINNING, re.IGNORECASE), "1")
TRIG: Final = ProvO(
    "trig",
    (".trig",),
    ("application/trig",),
    re.compile(_BEGINNING + rb".*\{", re.DOTALL | re.IGNORECASE),
    "1",
    trig=True,
)
