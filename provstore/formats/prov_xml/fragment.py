"""Markup inside a value as text: the parts of rdf:XMLLiteral content come in, their canonical form goes out.

The text stands by itself: each element carries the declarations that its names need.
Source: Exclusive XML Canonicalization 1.0 with comments, as RDF has it for rdf:XMLLiteral; the prefix of an xsi:type
counts as used, since the type could not be told without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from provstore.formats.bounds import MAX_DEPTH
from provstore.formats.names import UndeclaredName
from provstore.formats.prov_xml.elements import XSI
from provstore.formats.prov_xml.names import SEPARATOR, collapsed

_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_ATTRIBUTE: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
)
# Document, bundle, record, attribute.
_LEVELS_ABOVE: Final = 4


def text_escaped(text: str) -> str:
    """`text` as the content of an element."""
    return text.translate(_TEXT)


def attribute_escaped(text: str) -> str:
    """`text` between double quotes."""
    return text.translate(_ATTRIBUTE)


class Fragment:
    """Collects the canonical form; names come as expat gives them (namespace, local name, prefix)."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._declared: list[dict[str, str]] = [{"": ""}]

    def text(self, data: str) -> None:
        """Character data."""
        self._parts.append(text_escaped(data))

    def start(self, raw: str, attributes: Mapping[str, str], prefixes: Mapping[str, str]) -> None:
        """An element begins; `prefixes` are the declarations in scope.

        Raises: UndeclaredName: an xsi:type has an undeclared prefix.
        """
        namespace, _, prefix = _parts(raw)
        used = {prefix: namespace}
        texts = []
        for (space, local, key), value in sorted((_parts(key), value) for key, value in attributes.items()):
            if key:
                used[key] = space
            if (space, local) == (XSI, "type"):
                used |= _used_by_type(value, prefixes)
            texts.append(f' {_name(local, key)}="{attribute_escaped(value)}"')
        declared = self._declared[-1]
        new = {p: n for p, n in used.items() if p != "xml" and declared.get(p) != n}
        self._declared.append(declared | new)
        spaces = (f' xmlns{p and ":"}{p}="{attribute_escaped(new[p])}"' for p in sorted(new))
        self._parts.append(f"<{_written(raw)}{''.join(spaces)}{''.join(texts)}>")

    def end(self, raw: str) -> None:
        """An element ends."""
        self._declared.pop()
        self._parts.append(f"</{_written(raw)}>")

    def comment(self, data: str) -> None:
        """A comment."""
        self._parts.append(f"<!--{data}-->")

    def instruction(self, target: str, data: str) -> None:
        """A processing instruction."""
        self._parts.append(f"<?{target}{data and ' '}{data}?>")

    def canonical(self) -> str:
        """All of it as text."""
        return "".join(self._parts)


def _parts(raw: str) -> tuple[str, str, str]:
    """Namespace, local name and prefix of a name as expat gives it."""
    namespace, separator, rest = raw.partition(SEPARATOR)
    if not separator:
        return "", raw, ""
    local, _, prefix = rest.partition(SEPARATOR)
    return namespace, local, prefix


def _name(local: str, prefix: str) -> str:
    return f"{prefix}:{local}" if prefix else local


def _written(raw: str) -> str:
    return _name(*_parts(raw)[1:])


def _used_by_type(value: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    prefix, colon, _ = collapsed(value).partition(":")
    if not colon:
        prefix = ""
    if prefix and prefix not in prefixes:
        raise UndeclaredName(f'the prefix "{prefix}" of "{value}" is not declared')
    return {prefix: prefixes.get(prefix, "")}


def is_canonical_markup(text: str) -> bool:
    """True when `text` has markup and is its own canonical form, so that it may be written as elements."""
    return "<" in text and "\x00" not in text and _Canonical(text).result == text


class _Canonical:
    """The canonical form of a text, `result`, or None when it is no well-formed content or nested too deep."""

    def __init__(self, text: str) -> None:
        self.result: str | None = None
        self._fragment = Fragment()
        self._scopes: list[dict[str, str]] = [{}]
        self._declared: dict[str, str] = {}
        try:
            self._parse(text)
        except (expat.ExpatError, UndeclaredName, UnicodeEncodeError):
            return
        self.result = self._fragment.canonical()

    def _parse(self, text: str) -> None:
        parser = expat.ParserCreate("utf-8", SEPARATOR)
        parser.namespace_prefixes = True
        parser.CommentHandler = self._fragment.comment
        parser.ProcessingInstructionHandler = self._fragment.instruction
        parser.StartNamespaceDeclHandler = self._declare
        # The content stands inside of an element; expat knows it is closed again when the text ends inside.
        parser.Parse("<x>", False)
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._fragment.text
        parser.Parse(text, False)
        if len(self._scopes) != 1:
            raise UndeclaredName("an element is not closed")
        parser.EndElementHandler = None
        parser.Parse("</x>", True)

    def _declare(self, prefix: str | None, namespace: str | None) -> None:
        self._declared[prefix or ""] = namespace or ""

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        if len(self._scopes) + _LEVELS_ABOVE > MAX_DEPTH:
            raise UndeclaredName("it is nested too deep")
        self._scopes.append(self._scopes[-1] | self._declared)
        self._declared = {}
        self._fragment.start(raw, attributes, self._scopes[-1])

    def _end(self, raw: str) -> None:
        if len(self._scopes) == 1:
            raise UndeclaredName("an element is closed that was not opened")
        self._scopes.pop()
        self._fragment.end(raw)
