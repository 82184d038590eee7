"""Reads PROV-JSON, streaming: a seekable stream comes in, namespaces and then assertions go out.

Source: PROV-JSON (W3C member submission, 2013); rules 1 to 4; docs/reference/formats.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from provstore.formats.contract import Reading
from provstore.formats.json_file import JsonFile
from provstore.formats.json_scanner import Scanner
from provstore.formats.names import PREDECLARED, RESERVED, BlankNames, Scope
from provstore.formats.notes import Notes
from provstore.formats.prov_json.columns import Columns
from provstore.formats.prov_json.parts import open_group, parts
from provstore.formats.prov_json.records import Records
from provstore.formats.prov_json.survey import Survey, survey
from provstore.formats.repeats import Repeats
from provstore.formats.values import WrongShape
from provstore.model.columns import Chunk, ChunkBuilder
from provstore.model.document import Assertion
from provstore.model.terms import RecordType


def read(stream: BinaryIO, *, source: str) -> Reading:
    """The document that begins where `stream` stands; memory does not grow with it.

    Args: stream: seekable; the assertions are read from it while they are asked for. source: names it in errors.
    Raises: BadInput: it is no PROV-JSON; at once, or when the assertions come to the mistake.
    """
    return _File(stream, source).reading()


class _File(JsonFile):
    def __init__(self, stream: BinaryIO, source: str) -> None:
        super().__init__(stream, source)
        self._survey: Survey = survey(stream, source, self._start)

    def _may_have_blank_names(self) -> bool:
        return self._survey.blank_names

    def _prefixes(self) -> dict[str, str]:
        return self._survey.prefixes

    def _bundles(self, blanks: BlankNames) -> Iterator[tuple[str, dict[str, str]]]:
        for number, (_, prefixes) in enumerate(self._survey.bundles):
            yield self._bundle(number, blanks), prefixes

    def _assertions(self, blanks: BlankNames, warnings: list[str]) -> Iterator[Assertion]:
        scanner = Scanner(self._stream, self._source, start=self._start)
        notes = Notes(scanner)
        for kind, records, repeats in self._groups(scanner, blanks, notes):
            try:
                yield from records.assertions(kind, scanner.entries(repeats))
            except WrongShape as error:
                scanner.fail(str(error))
        warnings.extend(notes.warnings())

    def _chunks(self, blanks: BlankNames, warnings: list[str]) -> Iterator[Chunk]:
        scanner = Scanner(self._stream, self._source, start=self._start)
        notes, builder = Notes(scanner), ChunkBuilder()
        columns: Columns | None = None
        for kind, records, repeats in self._groups(scanner, blanks, notes):
            if columns is None or columns.records is not records:
                columns = Columns(records, builder, scanner)
            try:
                yield from columns.chunks(kind, repeats)
            except WrongShape as error:
                scanner.fail(str(error))
        if builder.count:
            yield builder.take()
        warnings.extend(notes.warnings())

    def _groups(
        self, scanner: Scanner, blanks: BlankNames, notes: Notes
    ) -> Iterator[tuple[RecordType, Records, Repeats]]:
        """Each group of records, with the cursor in it: what is in scope there, and what is told each name's hash.

        Raises: BadInput: a name is repeated in one group.
        """
        records = own = self._records(None, blanks, notes)
        for part in parts(scanner):
            if part.kind is not None:
                open_group(scanner, part)
                repeats = Repeats()
                yield part.kind, own if part.bundle is None else records, repeats
                if suspects := repeats.found():
                    self._refuse_repeated(suspects)
            elif part.bundle is not None and part.member == "bundle":
                records = self._records(part.bundle, blanks, notes)
            else:
                scanner.value()

    def _refuse_repeated(self, suspects: frozenset[int]) -> None:
        """Reads the file again for the place of the second of two equal names; equal hashes alone are no mistake."""
        scanner = Scanner(self._stream, self._source, start=self._start, watched=suspects)
        for part in parts(scanner):
            if part.kind is not None:
                open_group(scanner, part)
                for _ in scanner.entries(Repeats()):
                    pass
            elif part.member == "prefix":
                scanner.value()

    def _records(self, bundle: int | None, blanks: BlankNames, notes: Notes) -> Records:
        if bundle is None:
            return Records(None, self._scope({}, blanks), blanks, notes)
        scope = self._scope(self._survey.bundles[bundle][1], blanks)
        return Records(self._bundle(bundle, blanks), scope, blanks, notes)

    def _bundle(self, number: int, blanks: BlankNames) -> str:
        """The IRI of the n-th bundle."""
        name, prefixes = self._survey.bundles[number]
        return self._bundle_iri(name, self._scope(prefixes, blanks), blanks)

    def _scope(self, own: dict[str, str], blanks: BlankNames) -> Scope:
        # The reserved ones last, as some writers declare xsd without its "#".
        return Scope(PREDECLARED | self._survey.prefixes | own | RESERVED, blanks)
