"""Writes PROV-XML: assertions come in, in any order; a document goes out that reads back to the same statements.

Source: PROV-XML (W3C Note 2013-04-30); rules 1 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, Final

from provstore.formats.contract import Loss
from provstore.formats.losses import UNWRITABLE_STATEMENT, Losses
from provstore.formats.prov_xml.fragment import attribute_escaped
from provstore.formats.prov_xml.naming import FIXED, LocalNames, Naming, Unwritable
from provstore.formats.prov_xml.record_texts import RecordTexts, declarations
from provstore.formats.prov_xml.segments import Segment
from provstore.formats.spool import Spool
from provstore.formats.surrogates import refusing_lone_surrogates
from provstore.model.document import Assertion, Namespaces
from provstore.model.statement import Statement

_OPENING: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<prov:document'
_CLOSING: Final = b"</prov:document>\n"


def write(assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
    """Writes one document; what is kept in memory meanwhile does not grow with it.

    A bundle is one element, so the result is identical (rule 4) when the assertions of each bundle follow each other,
    and equal otherwise.
    Returns: what XML cannot hold.
    Raises: BadInput: a text holds a lone surrogate.
    """
    with Spool() as spool, refusing_lone_surrogates():
        document = _Document(namespaces, spool, stream)
        for bundle, stated in assertions:
            document.add(bundle, stated)
        document.finish()
    return document.losses.found()


class _Bundle:
    """A bundle that is being written: its opening tag, None when its name cannot be written, and its records."""

    def __init__(self, opening: str | None, records: Segment, texts: RecordTexts) -> None:
        self.opening = opening
        self.records = records
        self.texts = texts


class _Document:
    def __init__(self, namespaces: Namespaces, spool: Spool, stream: BinaryIO) -> None:
        self._namespaces = namespaces
        self._spool = spool
        self._stream = stream
        self._naming = Naming(namespaces.get(None, {}))
        self.losses = Losses()
        self._texts = RecordTexts(self._naming, self.losses, "  ")
        self._bundles: dict[str, _Bundle] = {}
        # In the order of the document: bundles, and the records between them, of which the first ones are written.
        self._parts: list[_Bundle | Segment] = []
        stream.write(f"{_OPENING}{declarations(FIXED | self._naming.own)}>\n".encode())

    def add(self, bundle: str | None, stated: Statement) -> None:
        """Adds one assertion."""
        if bundle is None:
            self._add(self._texts.text(stated).encode())
            return
        found = self._bundles.get(bundle) or self._begin(bundle)
        if found.opening is None:
            self.losses.add(UNWRITABLE_STATEMENT, stated)
        else:
            found.records.add(found.texts.text(stated).encode())

    def _add(self, data: bytes) -> None:
        """Adds to the document itself; streams it as long as there is no bundle."""
        if not self._parts:
            self._stream.write(data)
            return
        last = self._parts[-1]
        if isinstance(last, _Bundle):
            last = Segment(self._spool)
            self._parts.append(last)
        last.add(data)

    def _begin(self, iri: str) -> _Bundle:
        naming = Naming(self._namespaces.get(iri, {}), self._naming)
        begun = _Bundle(self._opening(iri, naming), Segment(self._spool), RecordTexts(naming, self.losses, "    "))
        self._bundles[iri] = begun
        self._parts.append(begun)
        return begun

    def _opening(self, iri: str, naming: Naming) -> str | None:
        names = LocalNames(naming)
        try:
            name = attribute_escaped(names.value(iri))
        except Unwritable:
            return None
        return f'  <prov:bundleContent{declarations(naming.own | names.declarations())} prov:id="{name}">\n'

    def finish(self) -> None:
        """Writes what is not yet written."""
        for iri in self._namespaces:
            if iri is not None and iri not in self._bundles:
                self._begin(iri)  # a bundle may be empty
        for part in self._parts:
            if isinstance(part, _Bundle):
                self._finish_bundle(part)
            else:
                self._stream.writelines(part.data())
        self._stream.write(_CLOSING)

    def _finish_bundle(self, bundle: _Bundle) -> None:
        if bundle.opening is not None:
            self._stream.write(bundle.opening.encode())
            self._stream.writelines(bundle.records.data())
            self._stream.write(b"  </prov:bundleContent>\n")
