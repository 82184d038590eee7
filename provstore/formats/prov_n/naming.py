"""Names for writing: full IRIs come in, qualified names go out that read back to the same IRI.

Source: PROV-N section 3.7.1, productions [51] to [57]; rules 4 and 30.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from provstore.formats import naming
from provstore.formats.names import RESERVED
from provstore.formats.prov_n.terminals import iri_ref, not_in_iri, not_in_local, pn_prefix
from provstore.formats.prov_n.text import local_text


class Naming(naming.Naming):
    """The prefixes of a document or bundle while it is written, as PROV-N can declare them.

    `changed` counts the names that PROV-N can't write and that were percent-encoded. `prov` and `xsd` are declared by
    PROV-N itself.

    Args: as `naming.Naming`.
    """

    predeclared: Mapping[str, str] = {}

    def __init__(self, prefixes: Mapping[str, str], outer: Mapping[str, str] | None = None) -> None:
        super().__init__(prefixes, outer)
        self.changed = 0
        self._numbers: dict[str, int] = {}

    def usable(self, prefix: str, namespace: str) -> bool:
        """As `naming.Naming.usable`."""
        return bool(prefix not in RESERVED and (not prefix or pn_prefix(prefix)) and namespace and iri_ref(namespace))

    def name(self, iri: str) -> str:
        """The text of the name of `iri`; each use of one that can't be written is counted, so it is not kept."""
        changed = self.changed
        short = super().name(iri)
        if changed != self.changed:
            del self._short[iri]
        return short

    def joined(self, prefix: str, local: str) -> str | None:
        """As `naming.Naming.joined`."""
        text = local_text(local)
        if prefix:
            return None if text is None else f"{prefix}:{text}"
        # Without a prefix two slashes begin a comment; and `prov` does not read escapes well there.
        return local if text == local and local[:1] not in ("", "/") else None

    def _declare(self, iri: str) -> str:
        """Declares a prefix for an IRI that none fits; for a scheme the scheme, so that names read as the IRI."""
        possible = not_in_iri.sub(_quoted, iri)
        if possible != iri:
            self.changed += 1
            return self._shorten(possible)
        namespace = _namespace(iri)
        wanted = namespace[:-1] if namespace[-1:] == ":" and pn_prefix(namespace[:-1]) else "ns"
        prefix = wanted
        while prefix in self._scope:
            number = self._numbers[wanted] = self._numbers.get(wanted, 1) + 1
            prefix = f"{wanted}{number}"
        self._own[prefix] = self._scope[prefix] = namespace
        self._order()
        return f"{prefix}:{local_text(iri[len(namespace) :])}"


def _namespace(iri: str) -> str:
    """The namespace for an IRI that no prefix fits: its scheme, or all up to what a local name can't hold."""
    scheme, colon, local = iri.partition(":")
    if colon and local_text(local) is not None:
        return scheme + colon
    end = max((match.end() for match in not_in_local.finditer(iri)), default=1)
    return iri[:end] if local_text(iri[end:]) is not None else iri


def _quoted(match: re.Match[str]) -> str:
    return quote(match[0], safe="")
