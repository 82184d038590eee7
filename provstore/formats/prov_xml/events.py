"""Follows the events of one document: elements come in as expat meets them, namespaces and assertions go out.

Source: PROV-XML (W3C Note 2013-04-30) and its schema; Namespaces in XML 1.0; docs/reference/formats.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NoReturn
from xml.parsers import expat

from provstore.formats.bounds import MAX_DEPTH
from provstore.formats.names import PREDECLARED, BlankNames, UndeclaredName
from provstore.formats.notes import Notes
from provstore.formats.prov_xml.elements import BUNDLE, BUNDLE_CONTENT, DOCUMENT, RECORDS, STATES_NOTHING, XML
from provstore.formats.prov_xml.names import ElementNames, Scope, namespace_iri
from provstore.formats.prov_xml.records import Record
from provstore.formats.prov_xml.value_reader import ValueReader
from provstore.formats.values import WrongShape
from provstore.model.document import Assertion
from provstore.model.terms import PROV

_MAX_SCOPES: Final = 1_000


class Events:
    """Turns the events of one document into assertions.

    `namespaces`: the prefixes of the document (None) and of the bundles that were met, the default one under "".
    Args: fail: raises BadInput; called while expat stands at the mistake, as it goes on when a handler raises.
    """

    def __init__(self, blanks: BlankNames, notes: Notes, fail: Callable[[str], NoReturn]) -> None:
        self._fail = fail
        self.namespaces: dict[str | None, dict[str, str]] = {}
        self._blanks = blanks
        self._notes = notes
        self._names = ElementNames()
        self._found: list[Assertion] = []
        self._depth = 0
        # The depth of the container that is being read: 1 for the document, 2 for a bundle.
        self._base = 1
        self._bundle: str | None = None
        self._skipped_from: int | None = None
        self._declared: dict[str, str] = {}
        self._scopes: list[tuple[int, Scope]] = [(0, Scope({"xml": XML}, blanks, notes))]
        self._known_scopes: dict[tuple[int, frozenset[tuple[str, str]]], tuple[Scope, Scope]] = {}
        self._record = Record(self._names, blanks, notes, RECORDS[BUNDLE])
        self._value = ValueReader(self._names, notes)
        self._texts = self._value.texts
        # ProvToolbox writes the content of a bundle into prov:bundle; its first element tells.
        self._undecided: dict[str, str] | None = None

    def connect(self, parser: expat.XMLParserType) -> None:
        """Lets `parser` send its events here."""
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._texts.append
        parser.StartNamespaceDeclHandler = self._declare
        parser.CommentHandler = self._value.comment
        parser.ProcessingInstructionHandler = self._value.instruction

    def take(self) -> list[Assertion]:
        """The assertions since the last call."""
        found, self._found = self._found, []
        return found

    def check_text(self) -> None:
        """Refuses text where there must be elements only, and drops white space; the text of a value is kept.

        Raises: WrongShape.
        """
        if self._texts and self._depth - self._base < 2:
            self._drop_space()

    def _drop_space(self) -> None:
        for text in self._texts:
            if text.strip(" \t\n\r") and self._skipped_from is None:
                raise WrongShape("text was found where an element was expected")
        self._texts.clear()

    def _declare(self, prefix: str | None, namespace: str | None) -> None:
        self._declared[prefix or ""] = namespace or ""

    def _start(self, raw: str, xml_attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        declared = self._declared
        if declared:
            self._declared = {}
            self._scopes.append((depth, self._scope(declared)))
        if depth > MAX_DEPTH:
            self._fail(f"elements are nested deeper than {MAX_DEPTH} levels")
        if self._skipped_from is None:
            try:
                self._open(raw, xml_attributes, declared)
            except (WrongShape, UndeclaredName) as error:
                self._fail(str(error))

    def _open(self, raw: str, xml_attributes: dict[str, str], declared: dict[str, str]) -> None:
        level = self._depth - self._base
        if level > 2:
            self._value.open_inside(raw, xml_attributes, self._scopes[-1][1])
            return
        if self._texts:
            self._drop_space()
        if level == 2 and self._undecided is not None and self._is_bundle_after_all(raw):
            level = 1
        if level == 2:
            self._value.open(raw, xml_attributes, self._scopes[-1][1], self._record.kind.kind.iri)
        elif level == 1:
            self._open_record(raw, xml_attributes, declared)
        else:
            self._open_document(raw, declared)

    def _end(self, raw: str) -> None:
        level = self._depth - self._base
        scope = self._scopes[-1][1]
        try:
            if self._skipped_from is not None:
                self._end_skipped()
            elif level == 2:
                self._record.add(*self._value.close(scope))
            elif level > 2:
                self._value.close_inside(raw, scope)
            else:
                self._close(level)
        except (WrongShape, UndeclaredName) as error:
            self._fail(str(error))
        if self._scopes[-1][0] == self._depth:
            self._scopes.pop()
        self._depth -= 1

    def _close(self, level: int) -> None:
        """A record ends, or a container."""
        if self._texts:
            self._drop_space()
        if level == 1:
            self._undecided = None
            self._found.extend(self._record.assertions(self._bundle))
        else:
            self._base, self._bundle = 1, None

    def _end_skipped(self) -> None:
        self._texts.clear()
        if self._skipped_from == self._depth:
            self._skipped_from = None

    def _scope(self, declared: dict[str, str]) -> Scope:
        """The scope inside of an element with these declarations; some writers declare them at each record."""
        outer = self._scopes[-1][1]
        key = id(outer), frozenset(declared.items())
        known = self._known_scopes.get(key)
        if known is not None:
            return known[1]
        if len(self._known_scopes) >= _MAX_SCOPES:
            self._known_scopes.clear()
        found = Scope(outer.prefixes | declared, self._blanks, self._notes)
        # The outer scope is kept too, so that no other takes its id.
        self._known_scopes[key] = outer, found
        return found

    def _open_document(self, raw: str, declared: dict[str, str]) -> None:
        name = self._names[raw]
        if name.iri != DOCUMENT:
            raise WrongShape(f"the root element is {name.written}, prov:document was expected (namespace {PROV})")
        self._keep_prefixes(None, declared)

    def _open_record(self, raw: str, xml_attributes: dict[str, str], declared: dict[str, str]) -> None:
        name = self._names[raw]
        if name.iri in STATES_NOTHING:
            self._notes.add("an element that states nothing was left out", name.written)
            self._skipped_from = self._depth
            return
        is_content = name.iri == BUNDLE_CONTENT
        kind = RECORDS[BUNDLE] if is_content else RECORDS.get(name.iri)
        if kind is None:
            expected = ", ".join(sorted(iri.removeprefix(PROV) for iri in RECORDS))
            raise WrongShape(f"{name.written} is no PROV record; expected one of {expected}")
        self._record.open(kind, xml_attributes, self._scopes[-1][1])
        if kind.kind.is_element and self._record.identifier is None:
            raise WrongShape(f"{name.written} must have a prov:id")
        if is_content:
            self._open_bundle(declared)
        elif name.iri == BUNDLE:
            self._undecided = declared

    def _is_bundle_after_all(self, raw: str) -> bool:
        """Decides whether a prov:bundle is an entity, whose first element is an attribute, or holds records."""
        declared, self._undecided = self._undecided, None
        if self._names[raw].iri not in RECORDS:
            return False
        self._open_bundle(declared or {})
        return True

    def _open_bundle(self, declared: dict[str, str]) -> None:
        """The record that was opened turns out to be a bundle."""
        if self._base == 2:
            raise WrongShape("a bundle inside a bundle is no PROV")
        assert self._record.identifier is not None
        if len(self._record.attributes) > 1:
            self._notes.add("an XML attribute of a bundle was left out", self._record.identifier)
        self._base, self._bundle = 2, self._record.identifier
        self._keep_prefixes(self._bundle, declared)

    def _keep_prefixes(self, bundle: str | None, declared: dict[str, str]) -> None:
        given = {prefix: namespace_iri(namespace) for prefix, namespace in declared.items() if namespace}
        # What every format declares by itself is no choice of the document.
        own = {prefix: namespace for prefix, namespace in given.items() if PREDECLARED.get(prefix) != namespace}
        # Two bundles of one name: the first meaning of a prefix is kept.
        self.namespaces[bundle] = own | self.namespaces.get(bundle, {})
