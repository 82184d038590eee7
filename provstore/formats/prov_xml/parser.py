"""Drives expat over one PROV-XML file, piece by piece: a stream comes in, its events go to `Events`, places to errors.

Source: XML 1.0; docs/reference/formats.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, NoReturn
from xml.parsers import expat

from provstore.errors import BadInput
from provstore.formats.names import BlankNames
from provstore.formats.notes import Notes
from provstore.formats.prov_xml.events import Events
from provstore.formats.prov_xml.names import SEPARATOR
from provstore.formats.values import WrongShape
from provstore.model.document import Assertion

WINDOW_BYTES: Final = 1 << 17
# A tag, comment or instruction comes in one piece, and expat looks at it again with each window: quadratic time.
MAX_TOKEN_BYTES: Final = 1 << 20


class Parser:
    """One reading of a file.

    Args: stream: seekable; it is sought before each read, so that several parsers may share it. source: names it in
    errors. blanks: what `_:` names stand for.
    """

    def __init__(self, stream: BinaryIO, source: str, start: int, blanks: BlankNames) -> None:
        self._stream = stream
        self._source = source
        self._start = start
        self._offset = start
        self.encoding: str | None = None
        self.notes = Notes(self)
        self.events = Events(blanks, self.notes, self._fail)
        self._expat = self._connected()

    def place(self) -> str:
        """`source:line:column` of what is being read."""
        return f"{self._source}:{self._expat.CurrentLineNumber}:{self._expat.CurrentColumnNumber + 1}"

    def assertions(self) -> Iterator[list[Assertion]]:
        """The assertions of the file in lists, one for each window that was read.

        Raises: BadInput: it is no well-formed XML, or no PROV-XML.
        """
        final = False
        while not final:
            self._stream.seek(self._offset)
            window = self._stream.read(WINDOW_BYTES)
            self._offset += len(window)
            final = not window
            self._feed(window, final)
            yield self.events.take()

    def _feed(self, data: bytes, final: bool) -> None:
        try:
            self._expat.Parse(data, final)
            self.events.check_text()
        except WrongShape as error:
            self._fail(str(error))
        except expat.ExpatError as error:
            place = f"{self._source}:{error.lineno}:{error.offset + 1}"
            raise BadInput(f"this is no XML: {expat.ErrorString(error.code)}", where=place) from None
        except (LookupError, ValueError):
            # Python's own decoders, which expat asks for an encoding that it does not know.
            self._fail(f'the encoding "{self.encoding}" is not known, or has no single bytes', "Use UTF-8.")
        if not final and self._offset - self._start - self._expat.CurrentByteIndex > MAX_TOKEN_BYTES:
            self._fail(f"a tag, comment or instruction is longer than {MAX_TOKEN_BYTES >> 20} MiB")

    def _fail(self, message: str, next_step: str | None = None) -> NoReturn:
        raise BadInput(message, where=self.place(), next_step=next_step)

    def _connected(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=SEPARATOR)
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        self.events.connect(parser)
        return parser

    def _declaration(self, _: str, encoding: str | None, __: int) -> None:
        self.encoding = encoding

    def _doctype(self, *_: object) -> None:
        self._fail("a DOCTYPE is not accepted", "Remove it; PROV-XML needs none.")
