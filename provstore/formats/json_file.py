"""A JSON document, read as often as needed: for its prefixes, for what its `_:` names stand for, for its assertions.

What PROV-JSON and PROV-JSONLD have in common. Source: rules 1 to 4.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from provstore.errors import BadInput
from provstore.formats.contract import Reading
from provstore.formats.names import BlankNames, Scope, UndeclaredName
from provstore.model.columns import Chunk
from provstore.model.document import Assertion, Namespaces


class JsonFile(ABC):
    """The document that begins where `stream` stands; `source` names it in errors."""

    def __init__(self, stream: BinaryIO, source: str) -> None:
        self._stream = stream
        self._source = source
        self._start = stream.tell()

    def reading(self) -> Reading:
        """Its namespaces and assertions; where there may be `_:` names, the file is read twice more (rule 3)."""
        as_written = BlankNames()
        if self._may_have_blank_names():
            deque(self._assertions(as_written, []), maxlen=0)
        blanks = as_written.resolved(lambda blanks: self._assertions(blanks, []))
        warnings: list[str] = []
        assertions, chunks = self._assertions(blanks, warnings), self._chunks(blanks, warnings)
        return Reading(self._namespaces(blanks), assertions, warnings, chunks)

    @abstractmethod
    def _may_have_blank_names(self) -> bool:
        """False when it is known that no `_:` name means anything."""

    @abstractmethod
    def _prefixes(self) -> dict[str, str]:
        """The prefixes of the document as written, the default namespace under ""."""

    @abstractmethod
    def _bundles(self, blanks: BlankNames) -> Iterator[tuple[str, dict[str, str]]]:
        """The IRI and the own prefixes of each bundle."""

    @abstractmethod
    def _assertions(self, blanks: BlankNames, warnings: list[str]) -> Iterator[Assertion]:
        """The assertions in the order of the file; `warnings` is filled at the end."""

    def _chunks(self, blanks: BlankNames, warnings: list[str]) -> Iterator[Chunk] | None:
        """As `_assertions`, in columns; None: there is no such way."""
        return None

    def _namespaces(self, blanks: BlankNames) -> Namespaces:
        found: dict[str | None, dict[str, str]] = {None: self._prefixes()}
        for iri, prefixes in self._bundles(blanks):
            # Two names of one bundle: the first meaning of a prefix is kept.
            found[iri] = prefixes | found.get(iri, {})
        return found

    def _bundle_iri(self, name: str, scope: Scope, blanks: BlankNames) -> str:
        """The IRI of a bundle, whose name is in the scope of its own prefixes."""
        if name.startswith("_:"):
            return blanks.iri(name)
        try:
            return scope[name]
        except UndeclaredName as error:
            raise BadInput(f'the bundle "{name}": {error}', where=self._source) from None
