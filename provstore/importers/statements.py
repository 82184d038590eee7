"""Building one document's statements: what an importer says about elements and relations, in order, each once.

In: calls such as `entity(iri, attributes)` and `relate("used", run, dataset)`. Out: assertions, elements first.
Source: rules 1, 5 and 20; docs/reference/identifiers.md, the attributes of imported things.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from provstore.model.document import Assertion
from provstore.model.names import local_name
from provstore.model.statement import Attribute, reference, statement
from provstore.model.terms import (
    BOOLEAN,
    BY_NAME,
    DATE_TIME,
    DOUBLE,
    END_TIME,
    INT,
    INTEGER,
    LABEL,
    LONG,
    PROV,
    PS,
    START_TIME,
    STRING,
    TYPE,
    XSD,
    ElementKind,
)
from provstore.model.times import instant

PREFIXES: Final = {"prov": PROV, "xsd": XSD, "ps": PS}
_RANGES: Final = ((31, INT), (63, LONG))
# Runs have the same parameters and metrics as the runs before them.
_REMEMBERED: Final = 10_000
# The formal arguments of each relation by its PROV-N keyword, times left out.
_ARGUMENTS: Final = {
    name: tuple(argument.iri for argument in record.arguments if argument.holds != "time")
    for name, record in BY_NAME.items()
}


@lru_cache(_REMEMBERED)
def ps(local: str) -> str:
    """The IRI of provstore's term `local`; what PROV-N forbids in names is percent-encoded (rule 30)."""
    return PS + local_name(local)


def text(name: str, value: str) -> Attribute:
    """An attribute of plain text; `name` is a full IRI, as in all functions here."""
    return Attribute(name, STRING, value)


def typed(iri: str) -> Attribute:
    """A `prov:type` that is a name, such as `ps:Run`."""
    return reference(TYPE, iri)


def label(value: str) -> Attribute:
    """The `prov:label` for people."""
    return text(LABEL, value)


def number(name: str, value: int | float) -> Attribute:
    """An integer as xsd:int, long or integer by size, anything else as xsd:double (rule 1)."""
    if isinstance(value, float):
        special = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}
        return Attribute(name, DOUBLE, special.get(repr(value), repr(value)))
    for bits, datatype in _RANGES:
        if -(1 << bits) <= value < 1 << bits:
            return Attribute(name, datatype, str(value))
    return Attribute(name, INTEGER, str(value))


def boolean(name: str, value: bool) -> Attribute:
    """An xsd:boolean."""
    return Attribute(name, BOOLEAN, "true" if value else "false")


def time(name: str, value: str) -> Attribute:
    """A time in UTC; what can't be read as one stays text (rule 32)."""
    moment = instant(value)
    return Attribute(name, DATE_TIME, moment.utc) if moment else text(name, value)


class Statements:
    """The statements of one document. Attributes said of one element in several calls become one record."""

    def __init__(self) -> None:
        self._elements: dict[tuple[ElementKind, str], dict[Attribute, None]] = {}
        self._relations: dict[Assertion, None] = {}

    def entity(self, iri: str, attributes: Iterable[Attribute] = ()) -> str:
        """Describes an entity and returns its IRI."""
        return self.describe("entity", iri, attributes)

    def activity(
        self, iri: str, attributes: Iterable[Attribute] = (), *, start: str | None = None, end: str | None = None
    ) -> str:
        """Describes an activity and returns its IRI; `start` and `end` are UTC text."""
        times = [Attribute(name, DATE_TIME, at) for name, at in ((START_TIME, start), (END_TIME, end)) if at]
        return self.describe("activity", iri, [*times, *attributes])

    def agent(self, iri: str, attributes: Iterable[Attribute] = ()) -> str:
        """Describes an agent and returns its IRI."""
        return self.describe("agent", iri, attributes)

    def describe(self, kind: ElementKind, iri: str, attributes: Iterable[Attribute]) -> str:
        """Adds attributes to the record of one element."""
        self._elements.setdefault((kind, iri), {}).update(dict.fromkeys(attributes))
        return iri

    def relate(
        self, relation: str, *ends: str | None, attributes: Iterable[Attribute] = (), time: str | None = None
    ) -> None:
        """States a relation.

        Args: relation: PROV-N keyword. ends: its formal arguments in PROV-N order, None for an absent one; times are
        not among them. time: UTC text for the relation's time argument.
        """
        named = zip(_ARGUMENTS[relation], ends, strict=False)
        formal = [reference(name, end) for name, end in named if end is not None]
        if time:
            formal.append(Attribute(PROV + "time", DATE_TIME, time))
        self._relations[Assertion(None, statement(BY_NAME[relation].iri, None, [*formal, *attributes]))] = None

    def assertions(self) -> tuple[Assertion, ...]:
        """Everything said, elements first, each in the order of its first mention (rule 5)."""
        elements = (
            Assertion(None, statement(BY_NAME[kind].iri, iri, attributes))
            for (kind, iri), attributes in self._elements.items()
        )
        return (*elements, *self._relations)
