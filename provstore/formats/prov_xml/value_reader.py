"""Reads one value: its element with all that is inside comes in as events, (attribute IRI, literal) pairs go out.

Source: PROV-XML section 2; PROV-Dictionary section 5; rule 1.
"""

from __future__ import annotations

from typing import Final

from provstore.formats.prov_json.notes import Notes
from provstore.formats.prov_json.records import KEY_ENTITY_SET
from provstore.formats.prov_json.values import QNAME, Literal
from provstore.formats.prov_xml.elements import ENTITY, KEY, RENAMED, XML, XML_LITERAL, XSI, expected_datatype
from provstore.formats.prov_xml.fragment import Fragment
from provstore.formats.prov_xml.names import ElementName, ElementNames, Scope
from provstore.formats.prov_xml.values import WrongShape, collapsed, literal
from provstore.model.arguments import pair
from provstore.model.terms import PROV, QUALIFIED_NAME, STRING, XSD

_REF: Final = PROV + "ref"
_TYPE: Final = XSI + "type"
_LANGUAGE: Final = XML + "lang"


class Described:
    """What the XML attributes of an element say of its value: a reference, a datatype, a language."""

    __slots__ = ("datatype", "language", "ref")

    def __init__(self) -> None:
        self.ref: str | None = None
        self.datatype: str | None = None
        self.language = ""


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
        self._part = Described()
        self._said: Described | None = None
        self._fragment: Fragment | None = None
        # Of a key-entity pair: what was read of it.
        self._key: Literal | None = None
        self._entity: str | None = None
        self._is_open = False

    def open(self, raw: str, xml_attributes: dict[str, str], scope: Scope, kind: str) -> None:
        """The element of a value begins; `kind` is the type of its record."""
        name = self._names[raw]
        if not name.namespace:
            raise WrongShape(f"the attribute {name.written} has no namespace, and every attribute of PROV has one")
        self._name = name
        renamed = RENAMED.get(kind)
        self._iri = name.iri if renamed is None else renamed.get(name.iri, name.iri)
        self._expected = name.expected if renamed is None else expected_datatype(self._iri)
        self._said = self._described(xml_attributes, scope) if xml_attributes else None
        self._fragment = None
        self._key = self._entity = None
        self._is_open = True

    def close(self, scope: Scope) -> tuple[str, Literal]:
        """The element ends: its attribute and value."""
        self._is_open = False
        text = "".join(self.texts)
        self.texts.clear()
        if self._is_pair():
            return self._iri, self._pair(text)
        said = self._said
        if self._fragment is not None:
            self._fragment.text(text)
            return self._iri, self._markup(said, self._fragment)
        if said is None:
            return self._iri, self._plain(text, scope)
        if said.ref is not None:
            if text.strip():
                raise WrongShape(f"{self._name.written} has a prov:ref and a text, one of them was expected")
            return self._iri, (QUALIFIED_NAME, said.ref, "")
        return self._iri, self._described_text(self._expected, said, text, scope)

    # -- what is inside of a value

    def open_inside(self, raw: str, xml_attributes: dict[str, str], scope: Scope) -> None:
        """An element inside of the value begins."""
        if self._fragment is None and (self._is_pair() or self._is_argument()):
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
        if self._is_pair() and self._names[raw].iri == KEY:
            self._key = self._described_text(STRING, self._part, text, scope)

    def comment(self, data: str) -> None:
        """A comment; it is part of an rdf:XMLLiteral and of nothing else."""
        if self._is_literal():
            self._markup_begins().comment(data)

    def instruction(self, target: str, data: str) -> None:
        """A processing instruction; it is part of an rdf:XMLLiteral and of nothing else."""
        if self._is_literal():
            self._markup_begins().instruction(target, data)

    # -- parts

    def _is_pair(self) -> bool:
        return self._iri == KEY_ENTITY_SET and self._iri != self._name.iri

    def _is_argument(self) -> bool:
        return self._expected == QUALIFIED_NAME

    def _is_literal(self) -> bool:
        said = self._said
        return self._is_open and (self._fragment is not None or (said is not None and said.datatype == XML_LITERAL))

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
        if self._is_pair():
            if (self._key if name.iri == KEY else self._entity) is not None or name.iri not in (KEY, ENTITY):
                raise WrongShape("a key-entity pair has one prov:key and one prov:entity")
            if name.iri == ENTITY:
                self._entity = part.ref or ""
            return
        if part.ref is None or self._said is not None:
            raise WrongShape(f"{self._name.written} must have a prov:ref and nothing inside")
        self._notes.add("an argument was written inside of another element", name.written)
        self._said = part

    def _pair(self, text: str) -> Literal:
        if self._key is None or not self._entity or text.strip():
            raise WrongShape("a key-entity pair has one prov:key and one prov:entity with its prov:ref")
        return (*pair(self._key, self._entity), "")

    def _markup(self, said: Described | None, fragment: Fragment) -> Literal:
        datatype = said.datatype if said is not None else None
        if datatype is None:
            self._notes.add("a value with elements inside was taken as rdf:XMLLiteral", self._name.written)
            datatype = XML_LITERAL
        if (said is not None and said.ref is not None) or datatype.startswith(XSD) or datatype == QUALIFIED_NAME:
            raise WrongShape(f"{self._name.written} must be a plain value, elements were found inside")
        return datatype, fragment.canonical(), ""

    def _plain(self, text: str, scope: Scope) -> Literal:
        expected = self._expected
        if expected == STRING:
            return STRING, text, ""
        if expected == QUALIFIED_NAME:
            if not text.strip():
                raise WrongShape(f"{self._name.written} must have a prov:ref")
            self._notes.add("an argument was written as a text instead of a prov:ref", self._name.written)
        return literal(expected, "", text, scope, self._notes)

    def _described_text(self, expected: str, said: Described, text: str, scope: Scope) -> Literal:
        if said.datatype is None and not said.language:
            return literal(expected, "", text, scope, self._notes)
        return literal(said.datatype or STRING, said.language, text, scope, self._notes)

    def _described(self, xml_attributes: dict[str, str], scope: Scope) -> Described:
        said = Described()
        for raw, value in xml_attributes.items():
            name = self._names[raw]
            if name.iri == _REF:
                said.ref = scope[collapsed(value)]
            elif name.iri == _TYPE:
                datatype = scope[collapsed(value)]
                said.datatype = QUALIFIED_NAME if datatype == QNAME else datatype
            elif name.iri == _LANGUAGE:
                said.language = value
            else:
                self._notes.add("an XML attribute of a value was left out", name.written)
        return said
