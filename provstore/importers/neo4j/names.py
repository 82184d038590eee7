"""Names of a foreign graph as IRIs: by the prefixes that are known, or below `urn:provstore:neo4j:` (frozen by a test).

In: `ex:model`, `http://...`, `model`. Out: full IRIs, units, and how often a prefix was unknown. Source: rule 31.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from provstore.errors import UsageError
from provstore.model.names import is_iri, segment
from provstore.model.terms import PROV, XSD

KIND: Final = "neo4j"
NAMESPACE: Final = "urn:provstore:neo4j:"
# No other prefix means the same in every graph.
KNOWN: Final = {"prov": PROV, "xsd": XSD}
_WHATS: Final = frozenset({"name", "property", "database"})


class Names:
    """The names of one import.

    Args: scope: rule 31; "" for none.
    Raises: UsageError: the scope is one of the words that identifiers begin with.
    """

    namespace = NAMESPACE

    def __init__(self, scope: str = "") -> None:
        if scope in _WHATS:
            raise UsageError(f"{scope!r} cannot be a scope", next_step="Choose none of: " + ", ".join(sorted(_WHATS)))
        self._scope = f"{segment(scope)}/" if scope else ""
        self.unknown: Counter[str] = Counter()

    def unit(self, database: str, identifier: str) -> str:
        """The unit of one database: its name, and its id, which two databases of one name do not share."""
        return f"{KIND}:{self._scope}database/{segment(database)}/{segment(identifier)}"

    def element(self, text: str, prefixes: Mapping[str, str]) -> str:
        """The IRI of what the graph calls `text`."""
        return expand(text, prefixes) or self._own("name", text)

    def attribute(self, key: str, prefixes: Mapping[str, str]) -> str:
        """The IRI of the attribute that a property says."""
        return (":" in key and expand(key, prefixes)) or self._own("property", key)

    def _own(self, what: str, text: str) -> str:
        prefix, colon, _ = text.partition(":")
        if colon:
            self.unknown[prefix] += 1
        return f"{NAMESPACE}{self._scope if what == 'name' else ''}{what}/{segment(text)}"


def expand(text: str, prefixes: Mapping[str, str]) -> str | None:
    """The full IRI that `text` is or stands for; None when its prefix is not known."""
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes:
        found = prefixes[prefix] + local
    elif "://" in text or text.startswith("urn:"):
        found = text
    elif not colon and "" in prefixes:
        found = prefixes[""] + text
    else:
        return None
    return found if is_iri(found) else None
