"""PROV-XML as one of the formats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO, Final

from provstore.formats.contract import Loss, Reading
from provstore.model.document import Assertion, Namespaces


class ProvXml:
    """Own reader and writer; holds all that XML 1.0 can hold."""

    name: str = "prov-xml"
    endings: tuple[str, ...] = (".provx", ".xml")
    media_types: tuple[str, ...] = ("application/provenance+xml", "application/xml")
    beginning: re.Pattern[bytes] = re.compile(rb"\s*<[?!\w]")
    reader_version: str = "1"

    def read(self, stream: BinaryIO, *, source: str) -> Reading:
        """As Format.read; the memory does not grow with the document."""
        from provstore.formats.prov_xml.reader import read

        return read(stream, source=source)

    def write(self, assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
        """As Format.write."""
        from provstore.formats.prov_xml.writer import write

        return write(assertions, namespaces, stream)


PROV_XML: Final = ProvXml()
