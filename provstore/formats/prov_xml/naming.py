"""Names for writing: full IRIs come in, qualified names of XML go out that read back to the same IRI.

An IRI is cut where its last part is an NCName: at a prefix of the document if one fits, else at a namespace that the
record declares. PROV-N has names that are no xs:QName, such as ex:1, and the Note warns of them: where no cut leaves an
NCName, a value is written as it is, which readers take and the schema does not, and an element's name is escaped.
Source: PROV-XML section 2 (prov:id and prov:ref are xs:QName); Namespaces in XML 1.0; rule 4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from provstore.formats.prov_xml.elements import XML, XSI
from provstore.formats.prov_xml.names import collapsed
from provstore.model.terms import PROV, XSD

# Letters that XML 1.0 allows in names in all its editions (expat knows the fourth, others the fifth).
_START: Final = "A-Za-z_À-ÖØ-öø-ÿΑ-ΡΣ-Ϊα-ώА-Яа-яא-תぁ-ゔァ-ヺ一-龥가-힣"
_LATER: Final = _START + "0-9.\\-"
_ncname = re.compile(f"[{_START}][{_LATER}]*").fullmatch
_start = re.compile(f"[{_START}]").search
_later = re.compile(f"[{_LATER}]*").match
_looks_escaped = re.compile(r"_(?=x[0-9A-F]{4})")
_not_later = re.compile(f"[^{_LATER}]")
# Namespaces in XML section 2.1: a namespace is a URI (RFC 3986); libxml2 refuses a document with any other.
_SEGMENTS: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*"
_LATER_PARTS: Final = _SEGMENTS.replace("/]", "/?]")
_TAIL: Final = rf"(?:\?{_LATER_PARTS})?(?:#{_LATER_PARTS})?"
_AUTHORITY: Final = r"//(?:[A-Za-z0-9\-._~]+(?::[0-9]{1,4})?)?(?=[/?#]|\Z)"
_absolute = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:(?:{_AUTHORITY}|(?!//)){_SEGMENTS}{_TAIL}").fullmatch
_relative = re.compile(rf"[A-Za-z0-9\-._~!$&'()*+,;=@]+(?:/{_SEGMENTS})?{_TAIL}").fullmatch
_uri_characters = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?#%]*").match
# XML 1.0 section 2.2; halves of surrogate pairs are refused by all formats alike.
illegal: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]").search
XMLNS: Final = "http://www.w3.org/2000/xmlns/"
# As they stand in the file: XML Schema's own namespace has no `#`.
FIXED: Final = {"prov": PROV, "xsd": XSD[:-1], "xsi": XSI}
_RESERVED_PREFIXES: Final = frozenset({"prov", "xsd", "xsi", "xml", "xmlns", "_"})
_UNUSABLE: Final = frozenset({"", XML, XMLNS, XSD[:-1]})
_MAX_CACHED: Final = 10_000


class Unwritable(Exception):
    """XML cannot hold the name."""


class Cut(NamedTuple):
    """An IRI as namespace and local name; `prefix` is None when the record must declare one."""

    prefix: str | None
    namespace: str
    local: str


class Naming:
    """The names of a document or bundle while it is written.

    Args: prefixes: as the document has them, the default namespace under "". outer: of the document around.
    """

    def __init__(self, prefixes: Mapping[str, str], outer: Naming | None = None) -> None:
        self.own = {p: n for p, n in prefixes.items() if _is_usable(p, n)}
        self.scope: dict[str, str] = (outer.scope if outer else FIXED) | self.own
        pairs = ((PROV if p == "prov" else XSD if p == "xsd" else n, p) for p, n in self.scope.items())
        # The longest namespace first; of one namespace a prefix before the default, which can't write every name.
        self._namespaces = sorted(pairs, key=lambda pair: (-len(pair[0]), not pair[1]))
        self._elements: dict[str, Cut] = {}
        self._values: dict[str, Cut] = {}

    def value(self, iri: str) -> Cut:
        """Where `iri` is cut as a value. Raises: Unwritable."""
        found = self._values.get(iri)
        if found is None:
            if illegal(iri) or collapsed(iri) != iri or len(iri) < 2:
                raise Unwritable
            found = self._remember(self._values, iri, self._fitting(iri) or _cut(iri) or self._invalid(iri))
        return found

    def element(self, iri: str) -> Cut:
        """Where `iri` is cut as the name of an element. Raises: Unwritable."""
        found = self._elements.get(iri)
        if found is None:
            if illegal(iri) or len(iri) < 2:
                raise Unwritable
            found = self._fitting(iri) or _cut(iri)
            if found is None or _looks_escaped.search(found.local):
                found = self._invalid(iri)
                found = found._replace(local=_escaped(found.local))
            self._remember(self._elements, iri, found)
        return found

    def _remember(self, cache: dict[str, Cut], iri: str, cut: Cut) -> Cut:
        if len(cache) >= _MAX_CACHED:
            cache.clear()
        cache[iri] = cut
        return cut

    def _fitting(self, iri: str) -> Cut | None:
        """A prefix in scope that leaves an NCName."""
        for namespace, prefix in self._namespaces:
            if iri.startswith(namespace) and _ncname(iri, len(namespace)):
                return Cut(prefix, namespace, iri[len(namespace) :])
        return None

    def _invalid(self, iri: str) -> Cut:
        """A cut that leaves no NCName."""
        for namespace, prefix in self._namespaces:
            if prefix and iri.startswith(namespace) and len(iri) > len(namespace):
                return Cut(prefix, namespace, iri[len(namespace) :])
        return _invalid_cut(iri)


def _is_namespace(name: str) -> bool:
    """True for a URI to which names can be bound."""
    return name not in _UNUSABLE and bool(_absolute(name) or _relative(name))


def _is_usable(prefix: str, namespace: str) -> bool:
    named = not prefix or (prefix not in _RESERVED_PREFIXES and _ncname(prefix) is not None)
    return named and _is_namespace(namespace)


def _cut(iri: str) -> Cut | None:
    """The cut that leaves the longest NCName and a namespace."""
    # From the end, so that the time is linear.
    run = _later(iri[:0:-1])
    assert run is not None
    first = _start(iri, len(iri) - run.end())
    # One letter further, where the namespace is one that has a meaning of its own.
    second = _start(iri, first.end()) if first else None
    for begin in (match.start() for match in (first, second) if match):
        if _is_namespace(iri[:begin]):
            return Cut(None, iri[:begin], iri[begin:])
    return None


def _invalid_cut(iri: str) -> Cut:
    """A cut that leaves a namespace at least. Raises: Unwritable."""
    characters = _uri_characters(iri, 0, len(iri) - 1)
    assert characters is not None
    end = characters.end()
    breaks = (max(iri.rfind(mark, 0, end) for mark in "/#:") + 1, iri.find(":", 0, end) + 1, end, 1)
    at = next((at for at in breaks if _is_namespace(iri[:at])), None)
    if at is None:
        raise Unwritable
    return Cut(None, iri[:at], iri[at:])


def _escaped(local: str) -> str:
    """The local name with `_xHHHH_` for each character that no NCName has there (as `prov` writes it)."""
    kept = _looks_escaped.sub("_x005F_", local)
    first = "" if _start(kept[0]) else _code(kept[0])
    return first + _not_later.sub(lambda match: _code(match[0]), kept[1:] if first else kept)


def _code(character: str) -> str:
    code = ord(character)
    return f"_x{code:04X}_" if code <= 0xFFFF else f"_x{code:08X}_"


class LocalNames:
    """The names of one record: prefixes of the document, and those that the record declares itself."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming
        self._declared: dict[str, str] = {}

    def value(self, iri: str) -> str:
        """`prefix:local` as a value. Raises: Unwritable."""
        return self._written(self._naming.value(iri))

    def element(self, iri: str) -> str:
        """`prefix:local` as the name of an element. Raises: Unwritable."""
        return self._written(self._naming.element(iri))

    def declarations(self) -> dict[str, str]:
        """Prefixes and namespaces that the record's element must declare."""
        return {prefix: namespace for namespace, prefix in self._declared.items()}

    def _written(self, cut: Cut) -> str:
        if cut.prefix is not None:
            return f"{cut.prefix}:{cut.local}" if cut.prefix else cut.local
        prefix = self._declared.get(cut.namespace)
        if prefix is None:
            number = len(self._declared) + 1
            while f"ns{number}" in self._naming.scope or f"ns{number}" in self._declared.values():
                number += 1
            prefix = self._declared[cut.namespace] = f"ns{number}"
        return f"{prefix}:{cut.local}"
