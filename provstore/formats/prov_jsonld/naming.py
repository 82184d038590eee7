"""Names for writing PROV-JSONLD: full IRIs come in, prefixed names go out that every JSON-LD processor expands back.

Source: PROV-JSONLD section 4.1 and its schema; JSON-LD 1.1 section 4.1.5 (compact IRIs).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from provstore.formats.names import RESERVED
from provstore.formats.naming import Naming as SharedNaming
from provstore.formats.prov_jsonld.terms import PREDECLARED, WORDS

_prefix: Final = re.compile(r"[A-Za-z0-9_]*[A-Za-z0-9][A-Za-z0-9_]*").fullmatch
_absolute: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:").match


class Naming(SharedNaming):
    """The prefixes of a document or bundle while it is written; no name is written without a prefix.

    A bare name would be completed with `@vocab` in one place and resolved against `@base` in another.
    """

    predeclared: Mapping[str, str] = RESERVED

    def __init__(self, prefixes: Mapping[str, str], outer: Mapping[str, str] | None = None) -> None:
        default = prefixes.get("")
        self.default = default if default and _absolute(default) else None
        named = {prefix: namespace for prefix, namespace in prefixes.items() if prefix}
        if self.default and self.default not in named.values():
            named.setdefault("ns", self.default)
        super().__init__(named, outer)

    def prefer(self, prefix: str, namespace: str) -> None:
        """Declares a prefix for a namespace that has none, unless it is taken."""
        if prefix not in self._scope and namespace not in self._scope.values():
            self._own[prefix] = self._scope[prefix] = namespace
            self._order()

    def usable(self, prefix: str, namespace: str) -> bool:
        """True when a processor takes it for a prefix: the schema's letters, no word of the context, and a namespace
        that ends in a delimiter.
        """
        return (
            _prefix(prefix) is not None
            and prefix not in WORDS
            and PREDECLARED.get(prefix, namespace) == namespace
            and namespace[-1:] in tuple(":/?#[]@")
            and namespace[0] not in "_@"
        )

    def joined(self, prefix: str, local: str) -> str | None:
        """The name of these parts; what follows a colon with `//` is an IRI to JSON-LD, whatever stands before."""
        if local.startswith("//") and self.scope.get(prefix, f"{prefix}:") != f"{prefix}:":
            return None
        return f"{prefix}:{local}"
