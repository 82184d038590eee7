"""Qualified names of PROV-N: tokens come in, full IRIs go out, by the prefixes of one scope.

Source: PROV-N section 3.7.1, productions [51] to [55]; rule 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from provstore.formats.names import PREDECLARED, RESERVED
from provstore.formats.prov_n.lexer import Unexpected, shown
from provstore.formats.prov_n.terminals import local_escapes, qualified_name

# Bounds the memory of a scope; one entry takes some 200 bytes.
_MAX_CACHED: Final = 50_000


class Scope(dict[str, str]):
    """The IRI of each token that is a name, or a name in single quotes, by the prefixes of one document or bundle.

    Args: prefixes: that are declared, the default namespace under "". note: is told what was repaired, with an example.
    """

    __slots__ = ("_note", "prefixes")

    def __init__(self, prefixes: Mapping[str, str], note: Callable[[str, str], None]) -> None:
        super().__init__()
        self.prefixes = {**prefixes, **RESERVED}
        self._note = note

    def at(self, tokens: Sequence[str], index: int) -> str:
        """The IRI of a token.

        Raises: Unexpected: it is no qualified name, or no prefix in scope explains it.
        """
        try:
            return self[tokens[index]]
        except _BadName as error:
            raise Unexpected(index, str(error)) from None

    def of_text(self, tokens: Sequence[str], index: int, text: str) -> str:
        """The IRI of a name that is the text of a typed literal, the token at `index`; such a name has no escapes.

        Raises: Unexpected: as `at`.
        """
        prefix, colon, local = text.partition(":")
        try:
            if not text:
                raise _BadName("the name in this text is empty")
            return self._namespace(text, prefix) + local if colon else self._namespace(text, "") + text
        except _BadName as error:
            raise Unexpected(index, str(error)) from None

    def __missing__(self, token: str) -> str:
        name = token[1:-1] if token[:1] == "'" else token
        match = qualified_name(name)
        if match is None or not name:
            raise _BadName("a qualified name was expected")
        prefix, local = match.groups()
        iri = self._namespace(name, prefix or "") + local_escapes(r"\1", local or "")
        if (prefix or "") in self.prefixes:
            if len(self) >= _MAX_CACHED:
                self.clear()
            self[token] = iri
        return iri

    def _namespace(self, name: str, prefix: str) -> str:
        namespace, name, short = self.prefixes.get(prefix), shown(name), shown(prefix)
        if namespace is None and prefix in PREDECLARED:
            self._note(f"the prefix {prefix} is not declared and was taken for the usual one", name)
            return PREDECLARED[prefix]
        if namespace is None and prefix:
            raise _BadName(f'the prefix "{short}" of "{name}" is not declared')
        if namespace is None:
            raise _BadName(f'"{name}" has no prefix and no default namespace is declared')
        return namespace


class _BadName(Exception):
    """No qualified name, or none that a prefix in scope explains; its text says why."""
