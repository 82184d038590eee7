"""Writes PROV-N: assertions come in, in any order; a document goes out that reads back to the same statements.

Source: PROV-N (W3C Recommendation 30 April 2013); rules 1 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO

from provstore.formats.contract import Loss
from provstore.formats.losses import ENCODED_NAMES, UNNAMED_ELEMENTS, Losses
from provstore.formats.prov_n.forms import FORMS
from provstore.formats.prov_n.limits import Possible
from provstore.formats.prov_n.naming import Naming
from provstore.formats.prov_n.text import statement_text
from provstore.formats.spool import Lines, Spool
from provstore.formats.writing import write_spooled
from provstore.model.document import Assertion, Namespaces
from provstore.model.statement import Statement


def write(assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
    """Writes one document; what is kept in memory meanwhile does not grow with it.

    PROV-N has the statements of the document before its bundles, and each bundle in one piece (production [1]), so the
    result is identical (rule 4) when the assertions are so ordered, and equal otherwise.
    Returns: what no PROV-N can say.
    Raises: BadInput: a text holds a lone surrogate.
    """
    return write_spooled(partial(_Document, namespaces), assertions, stream)


class _Container:
    """The document itself, or one bundle: its names and its statements."""

    def __init__(self, naming: Naming, spool: Spool) -> None:
        self.naming = naming
        self.statements = Lines(spool)

    def lines(self, indent: str) -> Iterator[str]:
        """The declarations, then the statements."""
        declared = self.naming.declared()
        if "" in declared:
            yield f"{indent}default <{declared['']}>"
        for prefix, namespace in declared.items():
            if prefix:
                yield f"{indent}prefix {prefix} <{namespace}>"
        for line in self.statements.lines():
            yield indent + line


class _Document:
    def __init__(self, namespaces: Namespaces, spool: Spool) -> None:
        self._spool = spool
        self._namespaces = namespaces
        self._own = _Container(Naming(namespaces.get(None, {})), spool)
        self._bundles: dict[str, _Container] = {}
        self.losses = Losses()
        self._possible = Possible(self.losses)

    def add(self, bundle: str | None, stated: Statement) -> None:
        """Adds one assertion."""
        container = self._own if bundle is None else self._bundle(bundle)
        if FORMS[stated.kind].is_element and stated.identifier is None:
            self.losses.add(UNNAMED_ELEMENTS, stated)
            return
        naming, changed = container.naming, container.naming.changed
        container.statements.keep(statement_text(self._possible.of(stated), naming.name))
        if naming.changed > changed:
            self.losses.add(ENCODED_NAMES, stated, naming.changed - changed)

    def _bundle(self, iri: str) -> _Container:
        found = self._bundles.get(iri)
        if found is None:
            naming = Naming(self._namespaces.get(iri, {}), self._own.naming.scope)
            found = self._bundles[iri] = _Container(naming, self._spool)
            naming.name(iri)
            if naming.changed:
                self.losses.add(ENCODED_NAMES, f"bundle {iri}")
        return found

    def text(self) -> Iterator[str]:
        """The whole document, line by line."""
        return (f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        for iri in self._namespaces:
            if iri is not None:
                self._bundle(iri)  # a bundle may be empty
        yield "document"
        yield from self._own.lines("  ")
        for iri, bundle in self._bundles.items():
            yield f"  bundle {bundle.naming.name(iri)}"
            yield from bundle.lines("    ")
            yield "  endBundle"
        yield "endDocument"
