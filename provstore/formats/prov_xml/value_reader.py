"""Reads one value: its element with all that is inside comes in as events, (attribute IRI, literal) pairs go out.

Source: PROV-XML section 2; PROV-Dictionary section 5; rule 1.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from provstore.formats.notes import Notes
from provstore.formats.prov_xml.elements import (
    ENTITY,
    KEY,
    KEY_ENTITY_PAIR_ELEMENT,
    RENAMED,
    XML,
    XML_LITERAL,
    XSI,
    expected_datatype,
)
from provstore.formats.prov_xml.fragment import Fragment
from provstore.formats.prov_xml.names import ElementName, ElementNames, Scope
from provstore.formats.prov_xml.values import literal
from provstore.formats.values import QNAME, Literal, WrongShape
from provstore.model.arguments import pair
from provstore.model.terms import PROV, QUALIFIED_NAME, STRING, XSD

_REF: Final = PROV + "ref"
_TYPE: Final = XSI + "type"
_LANGUAGE: Final = XML + "lang"


class Described(NamedTuple):
    """What the XML attributes of an element say of its value: a reference, a datatype, a language."""

    ref: str | None = None
    datatype: str | None = None
    language: str = ""


_PLAIN: Final = Described()


class ValueReader:
    """The value that is being read; one object serves for all of a document.

    `texts`: the character data since it was cleared; expat adds to it.
    Raises: WrongShape, UndeclaredName: from all methods; the caller knows the place.
    """

    def __init__(self, names: ElementNames, notes: Notes) -> None:
        self.texts: list[str] = []
        self._names = names
        self._notes = notes
        self._name = ElementName("", STRING, "", "")
        self._iri = ""
        self._expected = STRING
        self._said = _PLAIN
        self._fragment: Fragment | None = None
        self._is_open = False
        # Of a key-entity pair: what was read of it, and what is said of the part that is being read.
        self._is_pair = False
        self._key: Literal | None = None
        self._entity: str | None = None
        self._part = _PLAIN

    def open(self, raw: str, xml_attributes: dict[str, str], scope: Scope, kind: str) -> None:
        """The element of a value begins; `kind` is the type of its record."""
        name = self._name = self._names[raw]
        if not name.namespace:
            raise WrongShape(f"the attribute {name.written} has no namespace, and every attribute of PROV has one")
        self._iri, self._expected = name.iri, name.expected
        self._said = self._described(xml_attributes, scope) if xml_attributes else _PLAIN
        self._fragment = None
        self._is_pair = False
        self._is_open = True
        if kind in RENAMED:
            self._rename(RENAMED[kind])

    def close(self, scope: Scope) -> tuple[str, Literal]:
        """The element ends: its attribute and value."""
        self._is_open = False
        said = self._said
        if said.ref is not None and not self.texts and self._fragment is None:
            return self._iri, (QUALIFIED_NAME, said.ref, "")
        text = "".join(self.texts)
        self.texts.clear()
        if self._is_pair:
            return self._iri, self._pair(text)
        if self._fragment is not None:
            self._fragment.text(text)
            return self._iri, self._markup(said, self._fragment)
        if said.ref is not None:
            if text.strip(" \t\n\r"):
                raise WrongShape(f"{self._name.written} has a prov:ref and a text, one of them was expected")
            return self._iri, (QUALIFIED_NAME, said.ref, "")
        if self._expected == QUALIFIED_NAME and said == _PLAIN:
            self._check_reference(text)
        return self._iri, self._text(self._expected, said, text, scope)

    def _rename(self, renamed: dict[str, str]) -> None:
        """Dictionary records call some attributes otherwise than PROV-N does."""
        if self._iri in renamed:
            self._is_pair = self._iri == KEY_ENTITY_PAIR_ELEMENT
            self._iri = renamed[self._iri]
            self._expected = expected_datatype(self._iri)
            self._key = self._entity = None

    def open_inside(self, raw: str, xml_attributes: dict[str, str], scope: Scope) -> None:
        """An element inside of the value begins."""
        if self._fragment is None and (self._is_pair or self._expected == QUALIFIED_NAME):
            if "".join(self.texts).strip():
                raise WrongShape("text was found where an element was expected")
            self.texts.clear()
            self._open_part(self._names[raw], xml_attributes, scope)
            return
        self._markup_begins().start(raw, xml_attributes, scope.prefixes)

    def close_inside(self, raw: str, scope: Scope) -> None:
        """An element inside of the value ends."""
        if self._fragment is not None:
            self._flush(self._fragment)
            self._fragment.end(raw)
            return
        text = "".join(self.texts)
        self.texts.clear()
        if self._is_pair and self._names[raw].iri == KEY:
            self._key = self._text(STRING, self._part, text, scope)

    def comment(self, data: str) -> None:
        """A comment; it is part of an rdf:XMLLiteral and of nothing else."""
        if self._is_literal():
            self._markup_begins().comment(data)

    def instruction(self, target: str, data: str) -> None:
        """A processing instruction; it is part of an rdf:XMLLiteral and of nothing else."""
        if self._is_literal():
            self._markup_begins().instruction(target, data)

    def _is_literal(self) -> bool:
        return self._is_open and (self._fragment is not None or self._said.datatype == XML_LITERAL)

    def _markup_begins(self) -> Fragment:
        if self._fragment is None:
            self._fragment = Fragment()
        self._flush(self._fragment)
        return self._fragment

    def _flush(self, fragment: Fragment) -> None:
        if self.texts:
            fragment.text("".join(self.texts))
            self.texts.clear()

    def _open_part(self, name: ElementName, xml_attributes: dict[str, str], scope: Scope) -> None:
        """A part of a key-entity pair, or the argument that ProvToolbox 2.0 wraps into another element."""
        part = self._part = self._described(xml_attributes, scope)
        if self._is_pair:
            if (self._key if name.iri == KEY else self._entity) is not None or name.iri not in (KEY, ENTITY):
                raise WrongShape("a key-entity pair has one prov:key and one prov:entity")
            if name.iri == ENTITY:
                self._entity = part.ref or ""
            return
        if part.ref is None or self._said != _PLAIN:
            raise WrongShape(f"{self._name.written} must have a prov:ref and nothing inside")
        self._notes.add("an argument was written inside of another element", name.written)
        self._said = part

    def _pair(self, text: str) -> Literal:
        if self._key is None or not self._entity or text.strip():
            raise WrongShape("a key-entity pair has one prov:key and one prov:entity with its prov:ref")
        return (*pair(self._key, self._entity), "")

    def _markup(self, said: Described, fragment: Fragment) -> Literal:
        datatype = said.datatype
        if datatype is None:
            self._notes.add("a value with elements inside was taken as rdf:XMLLiteral", self._name.written)
            datatype = XML_LITERAL
        if said.ref is not None or datatype.startswith(XSD) or datatype == QUALIFIED_NAME:
            raise WrongShape(f"{self._name.written} must be a plain value, elements were found inside")
        return datatype, fragment.canonical(), ""

    def _check_reference(self, text: str) -> None:
        if not text.strip(" \t\n\r"):
            raise WrongShape(f"{self._name.written} must have a prov:ref")
        self._notes.add("an argument was written as a text instead of a prov:ref", self._name.written)

    def _text(self, expected: str, said: Described, text: str, scope: Scope) -> Literal:
        if said.datatype is None and not said.language:
            return literal(expected, "", text, scope, self._notes)
        return literal(said.datatype or STRING, said.language, text, scope, self._notes)

    def _described(self, xml_attributes: dict[str, str], scope: Scope) -> Described:
        ref = datatype = None
        language = ""
        for raw, value in xml_attributes.items():
            iri = self._names[raw].iri
            if iri == _REF:
                ref = scope[value]
            elif iri == _TYPE:
                datatype = QUALIFIED_NAME if scope[value] == QNAME else scope[value]
            elif iri == _LANGUAGE:
                language = value
            else:
                self._notes.add("an XML attribute of a value was left out", self._names[raw].written)
        return Described(ref, datatype, language)
