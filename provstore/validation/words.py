"""Names in messages: terms come in, names as people know them go out."""

from __future__ import annotations

from provstore.formats.prov_n.text import Shortener
from provstore.model.terms import BLANK, BY_NAME
from provstore.validation.facts import ANONYMOUS, Fact
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

    def fact(self, instance: Instance, fact: Fact) -> str:
        """A fact by its identifier, else as in `the generation of ex:e by ex:a`."""
        if fact.id != ANONYMOUS and instance.terms.label(fact.id) is not None:
            return self.term(instance, fact.id)
        ends = (self.term(instance, term) for term in fact.args[:2])
        return f"the {noun(fact.kind)} of {' and '.join(ends)}"


def with_article(word: str) -> str:
    """`a generation`, `an association`."""
    return f"{'an' if word[0] in 'aeio' else 'a'} {word}"


def noun(kind: str) -> str:
    """PROV-DM's name of a record type in lower case: `generation` for wasGeneratedBy."""
    return BY_NAME[kind].iri.rpartition("#")[2].lower()
