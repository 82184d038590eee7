"""Builds statements: a record's element, its XML attributes and its values come in, assertions go out.

Source: PROV-XML (W3C Note 2013-04-30) and its schema; PROV-Dictionary section 5; PROV-Links section 5; rules 1 to 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from provstore.formats.names import BlankNames
from provstore.formats.notes import Notes
from provstore.formats.prov_xml.elements import ENTITY, SINGLE, XML, XSI, RecordElement
from provstore.formats.prov_xml.names import ElementNames, Scope, collapsed
from provstore.formats.values import Literal, WrongShape
from provstore.model.document import Assertion
from provstore.model.statement import Attribute, Statement
from provstore.model.terms import BY_NAME, PROV, QUALIFIED_NAME, STRING, TYPE

_MEMBERSHIP: Final = BY_NAME["hadMember"]
_ID: Final = PROV + "id"
_LOCATIONS: Final = frozenset({XSI + "schemaLocation", XSI + "noNamespaceSchemaLocation"})

# A tuple's own constructor takes a third of the time of a named tuple's.
_attribute: Callable[[tuple[str, str, str, str]], Attribute] = partial(tuple.__new__, Attribute)
_statement: Callable[[tuple[str, str | None, tuple[Attribute, ...]]], Statement] = partial(tuple.__new__, Statement)
_assertion: Callable[[tuple[str | None, Statement]], Assertion] = partial(tuple.__new__, Assertion)


class Record:
    """The record that is being read; one object serves for all of a document.

    `kind`: what its element says. `attributes`: what was read of it so far.
    """

    def __init__(self, names: ElementNames, blanks: BlankNames, notes: Notes, kind: RecordElement) -> None:
        self.kind = kind
        self.attributes: list[Attribute] = []
        self.identifier: str | None = None
        self._single: frozenset[str] = frozenset()
        self._seen: set[str] = set()
        self._names = names
        self._blanks = blanks
        self._notes = notes

    def open(self, kind: RecordElement, xml_attributes: dict[str, str], scope: Scope) -> None:
        """A record begins.

        Raises: WrongShape, UndeclaredName: of an XML attribute.
        """
        self.kind = kind
        self.attributes = []
        self.identifier = None
        self._single = SINGLE[kind.kind.iri]
        self._seen.clear()
        if kind.implied_type:
            self.attributes.append(_attribute((TYPE, QUALIFIED_NAME, kind.implied_type, "")))
        for raw, value in xml_attributes.items():
            if self._names[raw].iri == _ID:
                self.identifier = self._identifier(value, scope)
            else:
                self._take(raw, value, scope)

    def add(self, iri: str, value: Literal) -> None:
        """A value was read.

        Raises: WrongShape: the record has one of that argument already.
        """
        if iri in self._single and not (iri == ENTITY and self.kind.kind is _MEMBERSHIP):
            if iri in self._seen:
                raise WrongShape(f"{self.kind.kind.name} has one {iri.removeprefix(PROV)}, a second one was found")
            self._seen.add(iri)
        self.attributes.append(_attribute((iri, *value)))

    def assertions(self, bundle: str | None) -> Iterable[Assertion]:
        """The finished record; a membership of several entities is one for each, as PROV-DM has it."""
        attributes, kind = self.attributes, self.kind.kind
        if kind is _MEMBERSHIP:
            return self._memberships(bundle, kind.iri)
        if len(attributes) > 1:
            attributes = sorted(set(attributes))
        return (_assertion((bundle, _statement((kind.iri, self.identifier, tuple(attributes))))),)

    def _memberships(self, bundle: str | None, kind: str) -> Iterator[Assertion]:
        members = [one for one in self.attributes if one.name == ENTITY]
        rest = [one for one in self.attributes if one.name != ENTITY]
        for member in ([one] for one in members) if members else ([],):
            attributes = tuple(sorted({*rest, *member}))
            yield _assertion((bundle, _statement((kind, self.identifier, attributes))))

    def _identifier(self, name: str, scope: Scope) -> str | None:
        if name not in scope and not self.kind.kind.is_element and scope.is_blank(collapsed(name)):
            return self._blanks.of_relation(collapsed(name))
        return scope[name]

    def _take(self, raw: str, value: str, scope: Scope) -> None:
        """An XML attribute other than prov:id."""
        name = self._names[raw]
        if name.iri == XSI + "type":
            self.attributes.append(_attribute((TYPE, QUALIFIED_NAME, scope[value], "")))
        elif name.namespace in ("", PROV):
            raise WrongShape(f"{name.written} is no attribute of a record, prov:id was expected")
        elif name.namespace in (XML, XSI):
            if name.iri not in _LOCATIONS:
                self._notes.add("an XML attribute of a record was left out", name.written)
        else:
            self._notes.add("an XML attribute was taken as an attribute of the record", name.written)
            self.attributes.append(_attribute((name.iri, STRING, value, "")))
