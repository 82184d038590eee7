"""Names in messages: terms come in, names as people know them go out."""

from __future__ import annotations

from provstore.formats.provn import Shortener
from provstore.model.terms import BLANK
from provstore.validation.instance import Instance


class Words:
    """Shortens names by a store's or a document's prefixes."""

    def __init__(self, prefixes: Shortener) -> None:
        self._prefixes = prefixes

    def name(self, iri: str) -> str:
        """`prefix:local`, or the IRI; a blank identifier as `_:label`."""
        return f"_:{iri.rpartition(':')[2]}" if iri.startswith(BLANK) else self._prefixes.shorten(iri)

    def term(self, instance: Instance, term: int) -> str:
        """The name of what a term is known to be."""
        label = instance.terms.label(term)
        return "something that is not named" if label is None else self.name(label)

    def own(self, instance: Instance, term: int) -> str:
        """The name of a term as its statement has it."""
        label = instance.terms.own_label(term)
        return self.term(instance, term) if label is None else self.name(label)
