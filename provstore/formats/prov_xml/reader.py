"""Reads PROV-XML, streaming: a seekable stream comes in, namespaces and then assertions go out.

Source: PROV-XML (W3C Note 2013-04-30); rules 1 to 4; docs/reference/formats.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from provstore.formats.contract import Reading
from provstore.formats.names import BlankNames
from provstore.formats.prov_xml.parser import WINDOW_BYTES, Parser
from provstore.model.document import Assertion, Namespaces

# A bundle, a `_:` name, or a character reference that could hide one; in these encodings, bytes tell.
_TELLING: Final = (b"bundle", b"_:", b"&#")
_PLAIN_ENCODINGS: Final = frozenset({"utf-8", "us-ascii", "iso-8859-1"})
_OVERLAP_BYTES: Final = len(b"bundle") - 1


def read(stream: BinaryIO, *, source: str) -> Reading:
    """The document that begins where `stream` stands; memory does not grow with it.

    Args: stream: seekable; the assertions are read from it while they are asked for. source: names it in errors.
    Raises: BadInput: it is no PROV-XML; at once, or when the assertions come to the mistake.
    """
    return _File(stream, source).reading()


class _File:
    """One file, read as often as needed: for its prefixes, for what its `_:` names stand for, for its assertions."""

    def __init__(self, stream: BinaryIO, source: str) -> None:
        self._stream = stream
        self._source = source
        self._start = stream.tell()

    def reading(self) -> Reading:
        """The namespaces, found in a first look, and the assertions of a second."""
        first = self._parser(as_written := BlankNames())
        whole = first.assertions()
        while not first.events.namespaces and next(whole, None) is not None:
            pass
        if not self._is_plain(first.encoding):
            for _ in whole:
                pass
        blanks = as_written.resolved(lambda blanks: self._assertions(blanks, []))
        warnings: list[str] = []
        return Reading(_named(first.events.namespaces, blanks), self._assertions(blanks, warnings), warnings)

    def _is_plain(self, encoding: str | None) -> bool:
        """True when the file has neither bundles nor `_:` names, so that its beginning tells all namespaces."""
        self._stream.seek(self._start)
        data = self._stream.read(4)
        # UTF-16 is known by its byte order mark or by the zeros around `<`.
        if (
            (encoding or "utf-8").lower() not in _PLAIN_ENCODINGS
            or b"\x00" in data
            or data[:2] in (b"\xff\xfe", b"\xfe\xff")
        ):
            return False
        while block := self._stream.read(WINDOW_BYTES):
            data = data[-_OVERLAP_BYTES:] + block
            if any(telling in data for telling in _TELLING):
                return False
        return True

    def _assertions(self, blanks: BlankNames, warnings: list[str]) -> Iterator[Assertion]:
        """The assertions in the order of the file; `warnings` is filled at the end."""
        parser = self._parser(blanks)
        for found in parser.assertions():
            yield from found
        warnings.extend(parser.notes.warnings())

    def _parser(self, blanks: BlankNames) -> Parser:
        return Parser(self._stream, self._source, self._start, blanks)


def _named(namespaces: Namespaces, blanks: BlankNames) -> Namespaces:
    """The prefix maps by the final IRIs of bundles, which may have `_:` names."""
    return {
        iri if iri is None or not iri.startswith("_:") else blanks.iri(iri): prefixes
        for iri, prefixes in namespaces.items()
    }
