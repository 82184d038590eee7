"""PROV-JSONLD as one of the formats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO, Final

from provstore.formats.contract import Loss, Reading
from provstore.model.document import Assertion, Namespaces


class ProvJsonLd:
    """Own reader and writer of the compact shape of the PROV-JSONLD submission."""

    name: str = "json-ld"
    endings: tuple[str, ...] = (".jsonld", ".json")
    media_types: tuple[str, ...] = ("application/ld+json",)
    beginning: re.Pattern[bytes] = re.compile(rb'\s*[\[{].*"@(?:context|graph|id)"', re.DOTALL)
    reader_version: str = "1"

    def read(self, stream: BinaryIO, *, source: str) -> Reading:
        """As Format.read; one record is held at a time, and a bundle when its `@graph` comes before its name."""
        from provstore.formats.prov_jsonld.reader import read

        return read(stream, source=source)

    def write(self, assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
        """As Format.write."""
        from provstore.formats.prov_jsonld.writer import write

        return write(assertions, namespaces, stream)


JSON_LD: Final = ProvJsonLd()
