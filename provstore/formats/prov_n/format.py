"""PROV-N as one of the formats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO, Final

from provstore.formats.contract import Loss, Reading
from provstore.model.document import Assertion, Namespaces


class ProvN:
    """Own reader and writer; holds everything that PROV-N, PROV-Dictionary and PROV-Links can say."""

    name: str = "prov-n"
    endings: tuple[str, ...] = (".provn", ".pn")
    media_types: tuple[str, ...] = ("text/provenance-notation",)
    beginning: re.Pattern[bytes] = re.compile(rb"(?:\s|//[^\n]*\n|/\*.*?\*/)*document\b", re.DOTALL)
    reader_version: str = "1"

    def read(self, stream: BinaryIO, *, source: str) -> Reading:
        """As Format.read; the memory does not grow with the document."""
        from provstore.formats.prov_n.reader import read

        return read(stream, source=source)

    def write(self, assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
        """As Format.write."""
        from provstore.formats.prov_n.writer import write

        return write(assertions, namespaces, stream)


PROV_N: Final = ProvN()
