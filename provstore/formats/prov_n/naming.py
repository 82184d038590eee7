"""Names for writing: full IRIs come in, qualified names go out that read back to the same IRI.

Source: PROV-N section 3.7.1, productions [51] to [57]; rules 4 and 30.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from provstore.formats.names import RESERVED
from provstore.formats.prov_n.terminals import iri_ref, not_in_iri, not_in_local, pn_prefix
from provstore.formats.prov_n.text import local_text

_MAX_CACHED: Final = 10_000


class Naming:
    """The prefixes of a document or bundle while it is written; a namespace that has none gets one.

    `changed` counts the names that PROV-N can't write and that were percent-encoded. `prov` and `xsd` are declared by
    PROV-N itself.

    Args: prefixes: as the document has them, the default namespace under "". outer: those of the document around.
    """

    def __init__(self, prefixes: Mapping[str, str], outer: Mapping[str, str] | None = None) -> None:
        self.changed = 0
        self._own = {p: n for p, n in prefixes.items() if _can_be_declared(p, n)}
        self._scope = {**(outer or {}), **self._own, **RESERVED}
        self._short: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._order()

    def _order(self) -> None:
        # The longest namespace first; of one namespace a prefix before the default, which can't write every name.
        pairs = ((namespace, prefix) for prefix, namespace in self._scope.items())
        self._namespaces = sorted(pairs, key=lambda pair: (-len(pair[0]), not pair[1]))

    @property
    def scope(self) -> Mapping[str, str]:
        """All prefixes in scope."""
        return self._scope

    def declared(self) -> dict[str, str]:
        """The prefixes to declare, the default namespace under ""."""
        return self._own

    def name(self, iri: str) -> str:
        """The text of the name of `iri`."""
        short = self._short.get(iri)
        if short is None:
            if len(self._short) >= _MAX_CACHED:
                self._short.clear()
            changed = self.changed
            short = self._shorten(iri)
            if changed == self.changed:
                self._short[iri] = short
        return short

    def _shorten(self, iri: str) -> str:
        for namespace, prefix in self._namespaces:
            if iri.startswith(namespace):
                local = iri[len(namespace) :]
                if prefix and (text := local_text(local)) is not None:
                    return f"{prefix}:{text}"
                # Without a prefix two slashes begin a comment; and `prov` does not read escapes well there.
                if not prefix and local_text(local) == local and local[:1] not in ("", "/"):
                    return local
        possible = not_in_iri.sub(_quoted, iri)
        if possible != iri:
            self.changed += 1
            return self._shorten(possible)
        namespace = _namespace(iri)
        return f"{self._declare(namespace)}:{local_text(iri[len(namespace) :])}"

    def _declare(self, namespace: str) -> str:
        """A new prefix for a namespace that no prefix fits; for a scheme the scheme, so that names read as the IRI."""
        wanted = namespace[:-1] if namespace[-1:] == ":" and pn_prefix(namespace[:-1]) else "ns"
        prefix = wanted
        while prefix in self._scope:
            number = self._numbers[wanted] = self._numbers.get(wanted, 1) + 1
            prefix = f"{wanted}{number}"
        self._own[prefix] = self._scope[prefix] = namespace
        self._order()
        return prefix


def _can_be_declared(prefix: str, namespace: str) -> bool:
    return bool(prefix not in RESERVED and (not prefix or pn_prefix(prefix)) and namespace and iri_ref(namespace))


def _namespace(iri: str) -> str:
    """The namespace for an IRI that no prefix fits: its scheme, or all up to what a local name can't hold."""
    scheme, colon, local = iri.partition(":")
    if colon and local_text(local) is not None:
        return scheme + colon
    end = max((match.end() for match in not_in_local.finditer(iri)), default=1)
    return iri[:end] if local_text(iri[end:]) is not None else iri


def _quoted(match: re.Match[str]) -> str:
    return quote(match[0], safe="")
