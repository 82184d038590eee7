"""RDF terms and triples, in the order in which they were said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from provstore.model.statement import Value
from provstore.model.terms import INTERNATIONALIZED_STRING, QUALIFIED_NAME


class Iri(NamedTuple):
    """A node that has an IRI."""

    iri: str


class Blank(NamedTuple):
    """A node without an IRI; `label` names it within one document."""

    label: str


class Text(NamedTuple):
    """A literal; `datatype` is xsd:string when it has neither datatype nor language."""

    lexical: str
    datatype: str
    language: str = ""


Node = Iri | Blank
Term = Iri | Blank | Text
Triple = tuple[Node, str, Term]


class Graph:
    """A set of triples in order, with those of each subject at hand."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._triples: dict[Triple, None] = {}
        self._of: dict[Node, dict[str, list[Term]]] = {}
        for triple in triples:
            self.add(triple)

    def add(self, triple: Triple) -> bool:
        """Adds one triple; False when it is there already."""
        if triple in self._triples:
            return False
        subject, name, value = triple
        self._triples[triple] = None
        self._of.setdefault(subject, {}).setdefault(name, []).append(value)
        return True

    def __iter__(self) -> Iterator[Triple]:
        return iter(self._triples)

    def __len__(self) -> int:
        return len(self._triples)

    def about(self, subject: Node) -> dict[str, list[Term]]:
        """The properties of a subject with their values."""
        return self._of.get(subject, {})


def term(value: Value) -> Term:
    """The RDF term of a value (rule 1)."""
    if value.datatype == QUALIFIED_NAME:
        return Iri(value.lexical)
    if value.language:
        return Text(value.lexical, INTERNATIONALIZED_STRING, value.language)
    return Text(value.lexical, value.datatype)
