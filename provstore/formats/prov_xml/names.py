"""Names of PROV-XML: prefixed names and element names come in, full IRIs go out, by the declarations in scope.

Source: Namespaces in XML 1.0; XML Schema part 2, section 3.2.18 (QName); PROV-XML section 2; rules 1 and 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from provstore.formats.names import BlankNames, UndeclaredName
from provstore.formats.notes import Notes
from provstore.formats.prov_xml.elements import expected_datatype
from provstore.model.terms import XSD

# No XML text has this character, so no namespace has.
SEPARATOR: Final = "\x01"
_MAX_CACHED: Final = 50_000
_space = re.compile(r"[ \t\n\r]+")
_escape = re.compile(r"_x([0-9A-F]{4}(?:[0-9A-F]{4})?)_")


def collapsed(text: str) -> str:
    """`text` without white space at its ends, and with one space for each run of it inside."""
    return _space.sub(" ", text).strip(" ")


def namespace_iri(name: str) -> str:
    """What is put before a local name: the namespace itself, but XML Schema's is written without its `#`."""
    return XSD if name == XSD[:-1] else name


def unescaped(local: str) -> str:
    """The local name that `_xHHHH_` stands for: characters that no element name has (`prov` writes them so too)."""
    return _escape.sub(_character, local) if "_x" in local else local


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match[0]


class Scope(dict[str, str]):
    """The IRI of each prefixed name in values, by the namespaces in scope; white space around a name does not count.

    Args: prefixes: as declared, the default namespace under "". blanks: for `_:` names, where `_` is not declared.
    Raises: UndeclaredName: on looking up a name of an undeclared prefix.
    """

    __slots__ = ("_blanks", "_notes", "prefixes")

    def __init__(self, prefixes: Mapping[str, str], blanks: BlankNames, notes: Notes) -> None:
        super().__init__()
        self.prefixes = dict(prefixes)
        self._blanks = blanks
        self._notes = notes

    def is_blank(self, name: str) -> bool:
        """True for `_:x`, unless `_` is a declared prefix."""
        return name[:2] == "_:" and "_" not in self.prefixes

    def __missing__(self, written: str) -> str:
        name = collapsed(written)
        if self.is_blank(name):
            return self._blanks.iri(name)
        prefix, colon, local = name.partition(":")
        if not colon:
            prefix, local = "", name
        elif not prefix:
            raise UndeclaredName(f'"{name}" is no name, a prefix was expected before the colon')
        if not name:
            raise UndeclaredName("a name was expected, the text is empty")
        namespace = self.prefixes.get(prefix)
        if namespace is None and prefix:
            raise UndeclaredName(f'the prefix "{prefix}" of "{name}" is not declared')
        if not namespace:
            # By XML Schema such a name is in no namespace; the examples of the Note have some.
            self._notes.add("a name has no prefix and no default namespace is declared; it was taken as it is", name)
            return local
        if len(self) >= _MAX_CACHED:
            self.clear()
        iri = self[written] = namespace_iri(namespace) + local
        return iri


class ElementName(NamedTuple):
    """An element: its IRI, the datatype of a plain text in it, its namespace, and its name as written."""

    iri: str
    expected: str
    namespace: str
    written: str


class ElementNames(dict[str, ElementName]):
    """The meaning of each element or XML attribute, by the name that expat gives: namespace, local name, prefix."""

    def __missing__(self, raw: str) -> ElementName:
        namespace, _, rest = raw.partition(SEPARATOR)
        if not rest:
            namespace, rest = "", raw
        local, _, prefix = rest.partition(SEPARATOR)
        if len(self) >= _MAX_CACHED:
            self.clear()
        iri = namespace_iri(namespace) + unescaped(local)
        written = f"{prefix}:{local}" if prefix else local
        found = self[raw] = ElementName(iri, expected_datatype(iri), namespace, written)
        return found
