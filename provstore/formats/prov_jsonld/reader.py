"""Reads PROV-JSONLD: a seekable stream comes in, namespaces and then assertions go out.

Source: PROV-JSONLD (W3C member submission, 2024-08-25); rules 1 to 4; docs/reference/formats.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from provstore.formats.bounds import MAX_DEPTH
from provstore.formats.contract import Reading
from provstore.formats.json_file import JsonFile
from provstore.formats.json_scanner import Scanner, depth
from provstore.formats.names import BlankNames
from provstore.formats.notes import Notes
from provstore.formats.prov_jsonld.context import Context, Scope
from provstore.formats.prov_jsonld.parts import Opened, document_context, parts
from provstore.formats.prov_jsonld.records import Records
from provstore.formats.values import WrongShape
from provstore.model.document import Assertion

_BLOCK_BYTES: Final = 1 << 20
_GRAPH: Final = b'"@graph"'
# A letter spelled as \u00xx could hide a keyword or a blank name.
_hidden_letter: Final = re.compile(rb"\\u00[2-7]").search
# Document, graph, bundle, its graph, record, array of values, value.
_LEVELS_ABOVE: Final = 5


def read(stream: BinaryIO, *, source: str) -> Reading:
    """The document that begins where `stream` stands.

    Args: stream: seekable; the assertions are read from it while they are asked for. source: names it in errors.
    Raises: BadInput: it is no PROV-JSONLD; at once, or when the assertions come to the mistake.
    """
    return _File(stream, source).reading()


class _File(JsonFile):
    def __init__(self, stream: BinaryIO, source: str) -> None:
        super().__init__(stream, source)
        found = document_context(self._scanner())
        self._context = found or Context()
        self._has_context = found is not None
        self._opened: list[Opened] = []
        self._blank_names = False
        if not self._is_simple():
            for part in parts(self._scanner()):
                if isinstance(part, Opened):
                    self._opened.append(part)

    def _scanner(self) -> Scanner:
        return Scanner(self._stream, self._source, start=self._start)

    def _is_simple(self) -> bool:
        """True when the bytes show that there are no bundles; notes whether there may be `_:` names."""
        self._stream.seek(self._start)
        graphs, carried, hidden = 0, b"", False
        while block := self._stream.read(_BLOCK_BYTES):
            data = carried + block
            graphs += data.count(_GRAPH)
            hidden = hidden or _hidden_letter(data) is not None
            self._blank_names = self._blank_names or hidden or b'"_:' in data
            carried = data[-(len(_GRAPH) - 1) :]
        return graphs < 2 and not hidden

    def _may_have_blank_names(self) -> bool:
        return self._blank_names

    def _prefixes(self) -> dict[str, str]:
        return self._context.prefixes

    def _bundles(self, blanks: BlankNames) -> Iterator[tuple[str, dict[str, str]]]:
        for opened in self._opened:
            yield self._bundle(opened, blanks), opened.context.prefixes

    def _assertions(self, blanks: BlankNames, warnings: list[str]) -> Iterator[Assertion]:
        scanner = self._scanner()
        notes = Notes(scanner)
        if not self._has_context:
            notes.add("the document has no @context", "names were taken as they are")
        records = own = Records(None, self._scope(None, blanks, notes), blanks, notes)
        for part in parts(scanner):
            if isinstance(part, Opened):
                records = Records(self._bundle(part, blanks), self._scope(part, blanks, notes), blanks, notes)
                continue
            try:
                yield from (own if part.bundle is None else records).assertions(part.content)
            except WrongShape as error:
                deep = depth(part.content) + _LEVELS_ABOVE > MAX_DEPTH
                more = f", and nothing nested deeper than {MAX_DEPTH} levels" if deep else ""
                scanner.fail(f"{error}{more}")
        warnings.extend(notes.warnings())

    def _bundle(self, opened: Opened, blanks: BlankNames) -> str:
        return self._bundle_iri(opened.name, self._scope(opened, blanks, None), blanks)

    def _scope(self, opened: Opened | None, blanks: BlankNames, notes: Notes | None) -> Scope:
        context = self._context if opened is None else opened.context.inside(self._context)

        def told(name: str) -> None:
            if notes is not None:
                notes.add("a name of an undeclared prefix was taken as an IRI", name)

        return Scope(context, blanks, told)
