"""Prefixed names, and names that begin with `_:`: texts come in, full IRIs go out, by the prefixes of one scope.

Source: PROV-JSON section 2.1; PROV-N section 3.7; rules 1 and 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from provstore.model.document import Assertion, content_digest
from provstore.model.terms import BLANK, PROV, XSD

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
# What these prefixes always mean.
RESERVED: Final = {"prov": PROV, "xsd": XSD}
# What they may be declared as: ProvToolbox and others declare xsd without its "#".
RESERVED_SPELLINGS: Final = {"prov": (PROV,), "xsd": (XSD, XSD[:-1])}
PREDECLARED: Final = {**RESERVED, "xsi": XSI}
# The key of the default namespace in PROV-JSON, where no prefix can be called so.
DEFAULT_KEY: Final = "default"
# Bounds the memory of a scope; one entry takes some 200 bytes.
_MAX_CACHED: Final = 50_000


class UndeclaredName(Exception):
    """A name that no prefix in scope explains; its text says why."""


class BlankNames:
    """What the `_:` names of one file stand for (rule 3).

    Args: meant: the names that mean something: something refers to them, or they are on an element. digest: gives the
    digest of the file's content with all such names as written, asked for once at most; without it they stay so.
    """

    __slots__ = ("_digest", "_meant", "_stem", "met")

    def __init__(self, meant: frozenset[str] = frozenset(), digest: Callable[[], str] | None = None) -> None:
        self.met: set[str] = set()
        self._meant = meant
        self._digest = digest
        self._stem: str | None = None

    def resolved(self, read: Callable[[BlankNames], Iterable[Assertion]]) -> BlankNames:
        """What the names stand for, after the file was read with these, which are as written.

        Args: read: reads the file again with the names that it is given.
        """
        return BlankNames(frozenset(self.met), lambda: content_digest(read(BlankNames())))

    def iri(self, name: str) -> str:
        """The IRI of a name where something refers to it, or on an element; it is noted in `met`."""
        self.met.add(name)
        if self._digest is None:
            return name
        if self._stem is None:
            self._stem = f"{BLANK}{self._digest()}:"
        return self._stem + name[2:]

    def are_unused(self, names: Iterable[str]) -> bool:
        """True when relations of those names, which all begin with `_:`, have no identifiers."""
        return self._digest is not None and self._meant.isdisjoint(names)

    def of_relation(self, name: str) -> str | None:
        """The identifier of a relation of that name: none when the name means nothing."""
        if self._digest is None:
            return name
        return self.iri(name) if name in self._meant else None


class Scope(dict[str, str]):
    """The IRI of each name, by the prefixes of one document or bundle; names are kept as they are met.

    Args: prefixes: all that are in scope, the default namespace under "". blanks: for names that begin with `_:`.
    Raises: UndeclaredName: on looking up a name of an undeclared prefix.
    """

    __slots__ = ("_blanks", "prefixes")

    def __init__(self, prefixes: Mapping[str, str], blanks: BlankNames) -> None:
        super().__init__()
        self.prefixes = dict(prefixes)
        self._blanks = blanks

    def __missing__(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        if colon and prefix == "_":
            return self._blanks.iri(name)
        if not colon:
            prefix, local = "", name
        namespace = self.prefixes.get(prefix)
        if namespace is None or not name:
            raise UndeclaredName(_reason(name, prefix, colon))
        if len(self) >= _MAX_CACHED:
            self.clear()
        iri = self[name] = namespace + local
        return iri


def _reason(name: str, prefix: str, colon: str) -> str:
    if not name:
        return "a name was expected, the text is empty"
    if colon:
        return f'the prefix "{prefix}" of "{name}" is not declared'
    return f'"{name}" has no prefix and no default namespace is declared'
