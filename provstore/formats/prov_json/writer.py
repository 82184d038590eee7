"""Writes PROV-JSON: assertions come in, in any order; a document goes out that reads back to the same statements.

Source: PROV-JSON (W3C member submission, 2013); rules 1, 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO

from provstore.formats.contract import Loss
from provstore.formats.json_values import encode
from provstore.formats.losses import NO_PAIRS, QNAME_DATATYPE, SEVERAL_VALUES, Losses
from provstore.formats.names import DEFAULT_KEY
from provstore.formats.naming import Naming
from provstore.formats.prov_json.groups import Group
from provstore.formats.prov_json.literals import pair_text, unlike_typed_array, value_text
from provstore.formats.spool import Spool
from provstore.formats.values import FORMAL, QNAME
from provstore.formats.writing import write_spooled
from provstore.model.document import Assertion, Namespaces
from provstore.model.statement import Attribute, Statement
from provstore.model.terms import BY_IRI, KEY_ENTITY_PAIR, KEY_ENTITY_SET, STRING


def write(assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
    """Writes one document; what is kept in memory meanwhile does not grow with it.

    PROV-JSON keeps records of one type together, so the result is identical (rule 4) when the assertions are so
    ordered, as those of a PROV-JSON document are, and equal otherwise.
    Returns: what no PROV-JSON can say; nothing for statements that PROV-DM allows.
    Raises: BadInput: a text holds a lone surrogate.
    """
    return write_spooled(partial(_Document, namespaces), assertions, stream)


def separated(entries: Iterable[str]) -> Iterator[str]:
    """Entries of an object, each on a line of its own."""
    separator = "\n"
    for entry in entries:
        yield separator + entry
        separator = ",\n"


class _Container:
    """The document itself, or one bundle: its names and its groups of records in the order of their first."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming
        self.groups: dict[str, Group | None] = {}

    def text(self, bundles: Iterable[str] = ()) -> Iterator[str]:
        """The JSON object piece by piece; `bundles` is the text of the member "bundle"."""
        separator = "\n"
        yield "{"
        if declared := self.naming.declared():
            prefixes = {prefix or DEFAULT_KEY: namespace for prefix, namespace in declared.items()}
            yield f'\n"prefix": {encode(prefixes)}'
            separator = ",\n"
        for member, group in self.groups.items():
            yield f'{separator}"{member}": {{'
            separator = ",\n"
            yield from bundles if group is None else separated(group.entries())
            yield "\n}"
        yield "\n}"


class _Document:
    def __init__(self, namespaces: Namespaces, spool: Spool) -> None:
        self._spool = spool
        self._namespaces = namespaces
        self._own = _Container(Naming(namespaces.get(None, {})))
        self._bundles: dict[str, _Container] = {}
        self._unnamed = 0
        self.losses = Losses()

    def add(self, bundle: str | None, stated: Statement) -> None:
        """Adds one assertion."""
        container = self._own if bundle is None else self._bundle(bundle)
        member = BY_IRI[stated.kind].name
        group = container.groups.get(member)
        if group is None:
            group = container.groups[member] = Group(self._spool)
        if stated.identifier is None:
            self._unnamed += 1
            name = f"_:n{self._unnamed}"  # rule 3: nothing refers to it, so it means "no identifier"
        else:
            name = container.naming.name(stated.identifier)
        group.add(name, self._record(stated, container.naming))

    def _bundle(self, iri: str) -> _Container:
        found = self._bundles.get(iri)
        if found is None:
            self._own.groups.setdefault("bundle", None)
            naming = Naming(self._namespaces.get(iri, {}), self._own.naming.scope)
            found = self._bundles[iri] = _Container(naming)
        return found

    def text(self) -> Iterator[str]:
        """The whole document, piece by piece."""
        for iri in self._namespaces:
            if iri is not None:
                self._bundle(iri)  # a bundle may be empty
        names = {iri: container.naming.name(iri) for iri, container in self._bundles.items()}
        yield from self._own.text(self._bundle_texts(names))
        yield "\n"

    def _bundle_texts(self, names: dict[str, str]) -> Iterator[str]:
        separator = "\n"
        for iri, container in self._bundles.items():
            yield f"{separator}{encode(names[iri])}: "
            yield from container.text()
            separator = ",\n"

    def _record(self, stated: Statement, naming: Naming) -> str:
        members = []
        for name, group in groupby(stated.attributes, key=itemgetter(0)):
            texts = self._values(stated, FORMAL.get(name, STRING), list(group), naming)
            value = texts[0] if len(texts) == 1 and name != KEY_ENTITY_SET else f"[{', '.join(texts)}]"
            members.append(f"{encode(naming.name(name))}: {value}")
        return f"{{{', '.join(members)}}}"

    def _values(
        self, stated: Statement, expected: str | None, attributes: list[Attribute], naming: Naming
    ) -> list[str]:
        """The JSON texts of the values of one attribute; `expected` as in records.FORMAL."""
        if expected is None:
            pairs = [attribute for attribute in attributes if attribute.datatype == KEY_ENTITY_PAIR]
            self._lose(NO_PAIRS, stated, len(attributes) - len(pairs))
            return [pair_text(attribute, naming) for attribute in pairs]
        if expected != STRING:
            self._lose(SEVERAL_VALUES, stated, len(attributes) - 1)
            attributes = attributes[:1]
        self._lose(QNAME_DATATYPE, stated, sum(a.datatype == QNAME for a in attributes))
        texts = [value_text(attribute, expected, naming) for attribute in attributes]
        return unlike_typed_array(attributes, texts)

    def _lose(self, what: str, stated: Statement, count: int) -> None:
        if count:
            self.losses.add(what, stated, count)
