"""Names for writing: full IRIs come in, prefixed names go out that read back to the same IRI.

Source: PROV-JSON section 2.1; rule 4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from provstore.formats.names import DEFAULT_KEY, PREDECLARED, RESERVED, RESERVED_SPELLINGS

_MAX_CACHED: Final = 10_000
_scheme = re.compile(r"[A-Za-z][A-Za-z0-9_-]*").fullmatch


class Naming:
    """The prefixes of a document or bundle while it is written; a namespace that has none gets one.

    Args: prefixes: as the document has them, the default namespace under "". outer: those of the document around.
    """

    predeclared: Mapping[str, str] = PREDECLARED

    def __init__(self, prefixes: Mapping[str, str], outer: Mapping[str, str] | None = None) -> None:
        self._own = {p: n for p, n in prefixes.items() if n in RESERVED_SPELLINGS.get(p, (n,)) and self.usable(p, n)}
        self._scope = {**self.predeclared, **(outer or {}), **self._own, **RESERVED}
        self._short: dict[str, str] = {}
        self._order()

    def _order(self) -> None:
        # The longest namespace first; of one namespace a prefix before the default, which can't write every name.
        pairs = ((namespace, prefix) for prefix, namespace in self._scope.items())
        self._namespaces = sorted(pairs, key=lambda pair: (-len(pair[0]), not pair[1]))

    def usable(self, prefix: str, namespace: str) -> bool:
        """True when the format can declare `prefix` for `namespace`."""
        # PROV-JSON has the default namespace under its own key, and "_" is of blank names.
        return ":" not in prefix and prefix not in (DEFAULT_KEY, "_") and bool(namespace)

    @property
    def scope(self) -> Mapping[str, str]:
        """All prefixes in scope."""
        return self._scope

    def declared(self) -> dict[str, str]:
        """The prefixes to declare, the default namespace under ""."""
        return self._own

    def name(self, iri: str) -> str:
        """The prefixed name of `iri`, a text that is not empty."""
        short = self._short.get(iri)
        if short is None:
            if len(self._short) >= _MAX_CACHED:
                self._short.clear()
            short = self._short[iri] = self._shorten(iri)
        return short

    def joined(self, prefix: str, local: str) -> str | None:
        """The name of these parts, or None when it would not be read back to them."""
        if prefix:
            return f"{prefix}:{local}"
        return local if local and ":" not in local else None

    def _shorten(self, iri: str) -> str:
        for namespace, prefix in self._namespaces:
            if iri.startswith(namespace):
                name = self.joined(prefix, iri[len(namespace) :])
                if name is not None:
                    return name
        return self._declare(iri)

    def _declare(self, iri: str) -> str:
        """Declares a prefix for an IRI that none fits: its scheme, so that the name reads as the IRI itself."""
        scheme, colon, _ = iri.partition(":")
        wanted = scheme if colon and _scheme(scheme) and self.usable(scheme, f"{scheme}:") else "ns"
        namespace = f"{scheme}:" if colon else iri[:1]
        prefix, number = wanted, 2
        while prefix in self._scope:
            prefix, number = f"{wanted}{number}", number + 1
        self._own[prefix] = self._scope[prefix] = namespace
        while self.joined(prefix, iri[len(namespace) :]) is None:
            namespace = self._own[prefix] = self._scope[prefix] = iri[: len(namespace) + 2]
        self._short.clear()
        self._order()
        return f"{prefix}:{iri[len(namespace) :]}"
