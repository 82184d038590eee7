"""PROV-JSON as one of the formats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO, Final

from provstore.formats.contract import Loss, Reading
from provstore.formats.prov_json.reader import read
from provstore.model.document import Assertion, Namespaces


class ProvJson:
    """Own reader and writer; holds everything that a statement can say."""

    name: str = "prov-json"
    endings: tuple[str, ...] = (".json", ".provjson")
    media_types: tuple[str, ...] = ("application/provenance+json", "application/json")
    beginning: re.Pattern[bytes] = re.compile(rb"\s*\{")
    reader_version: str = "1"

    def read(self, stream: BinaryIO, *, source: str) -> Reading:
        """As Format.read; the memory does not grow with the document."""
        return read(stream, source=source)

    def write(self, assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
        """As Format.write."""
        from provstore.formats.prov_json.writer import write

        return write(assertions, namespaces, stream)


PROV_JSON: Final = ProvJson()
