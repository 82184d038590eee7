"""Which stored statements matter to new ones: statements and a way to look up stored ones come in, statements go out.

Looking up the whole store is not needed: constraints 22 to 29 and 51 to 56 speak of the same identifiers and keys, and
a circle of events that new statements close goes through an event that they name; from there it is followed forwards.
Source: PROV-CONSTRAINTS sections 4 and 5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final, Protocol

from provstore.model.statement import Statement
from provstore.model.terms import BLANK, BY_IRI, BY_NAME, PROV
from provstore.validation.events import END, GENERATION, INVALIDATION, START
from provstore.validation.removal import names_in
from provstore.validation.typing_ import PLACES


class Stored(Protocol):
    """What is stored of one bundle (or of all documents' own statements), by what it names."""

    def known(self, names: Collection[str]) -> Collection[str]:
        """Those of the names that something stored may have; the others are not looked up."""
        ...

    def identified(self, iri: str) -> Iterable[Statement]:
        """The statements whose identifier is `iri`, element records included."""
        ...

    def naming(self, kind: str, argument: str, iri: str, limit: int | None) -> Iterable[Statement]:
        """The statements of a kind (PROV-N keyword) with `iri` as that argument (attribute IRI), `limit` at most."""
        ...


# An event: its kind, such as START, and the identifier of its element.
Event = tuple[str, str]


class TooMany(Exception):
    """More stored statements matter than may be looked at."""


# Keys, and what inference 11 makes keys of: all statements with the element at this place matter.
_KEYS: Final = (
    (GENERATION, "entity"), (INVALIDATION, "entity"), (START, "activity"), (END, "activity"),
    ("wasDerivedFrom", "generatedEntity"), ("wasDerivedFrom", "generation"), ("wasDerivedFrom", "usage"),
)  # fmt: skip
# One statement for each place tells the type (constraint 50), or that an event happens (inferences 9, 10 and 13).
_TYPED: Final = tuple(
    (kind, BY_NAME[kind].arguments[place].iri.removeprefix(PROV))
    for kind, places in PLACES.items()
    for place, _ in places
)
# For each event, the statements by which others come after it: kind, the place of its element, and what comes after.
# Steps by way of an event without a name (a usage, the generation of an unknown trigger) are taken as one.
_AFTER: Final[dict[str, tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]]] = {
    GENERATION: (
        ("used", "entity", ((END, "activity"),)),
        (GENERATION, "entity", ((END, "activity"),)),
        (START, "trigger", ((START, "activity"), (END, "starter"))),
        (END, "trigger", ((END, "activity"), (END, "ender"))),
        ("wasDerivedFrom", "usedEntity", ((GENERATION, "generatedEntity"), (END, "activity"))),
        ("wasDerivedFrom", "generatedEntity", ((END, "activity"),)),
        ("specializationOf", "generalEntity", ((GENERATION, "specificEntity"),)),
        ("wasAttributedTo", "agent", ((GENERATION, "entity"),)),
        ("wasAssociatedWith", "agent", ((END, "activity"),)),
        ("actedOnBehalfOf", "responsible", ((INVALIDATION, "delegate"), (END, "activity"))),
        ("actedOnBehalfOf", "delegate", ((END, "activity"),)),
    ),
    INVALIDATION: (("specializationOf", "specificEntity", ((INVALIDATION, "generalEntity"),)),),
    START: (
        ("used", "activity", ((INVALIDATION, "entity"),)),
        (GENERATION, "activity", ((GENERATION, "entity"),)),
        ("wasInformedBy", "informant", ((END, "informed"),)),
        (START, "activity", ((INVALIDATION, "trigger"),)),
        (START, "starter", ((GENERATION, "trigger"), (START, "activity"))),
        (END, "ender", ((GENERATION, "trigger"), (END, "activity"))),
        ("wasDerivedFrom", "activity", ((GENERATION, "generatedEntity"), (INVALIDATION, "usedEntity"))),
        ("wasAssociatedWith", "activity", ((INVALIDATION, "agent"), (END, "agent"))),
        ("wasAssociatedWith", "agent", ((END, "activity"),)),
        ("wasAttributedTo", "agent", ((GENERATION, "entity"),)),
        ("actedOnBehalfOf", "responsible", ((END, "delegate"), (END, "activity"))),
        ("actedOnBehalfOf", "delegate", ((END, "activity"),)),
        (
            "actedOnBehalfOf",
            "activity",
            ((INVALIDATION, "delegate"), (END, "delegate"), (INVALIDATION, "responsible"), (END, "responsible")),
        ),
    ),
    END: ((END, "activity", ((INVALIDATION, "trigger"),)),),
}
# What comes after an event of the same element: constraints 30 and 36.
_LAST: Final = {GENERATION: INVALIDATION, START: END}


class Neighbourhood:
    """Collects stored statements; `found` has them in the order in which they were met.

    Args: limit: how many may be collected.
    """

    def __init__(self, stored: Stored, limit: int) -> None:
        self._stored = stored
        self._limit = limit
        self._described: set[str] = set()
        self._passed: set[Event] = set()
        self.found: dict[Statement, None] = {}

    def describe(self, names: Iterable[str]) -> None:
        """Collects what decides the type, the merges and the events of these names. Raises: TooMany."""
        waiting = self._known(names)
        while waiting:
            name = waiting.pop()
            if name in self._described:
                continue
            self._described.add(name)
            waiting.extend(self._known(self._met_with(name)))

    def _known(self, names: Iterable[str]) -> list[str]:
        new = dict.fromkeys(name for name in names if name not in self._described)
        known = set(self._stored.known(list(new)))
        self._described.update(new.keys() - known)
        return [name for name in new if name in known]

    def _met_with(self, name: str) -> Iterator[str]:
        """Collects what is said of one name, and gives the names that have to be described, too."""
        met = self._take(self._stored.identified(name))
        for kind, argument in _KEYS:
            met += self._take(self._naming(kind, argument, name, None))
        for kind, argument in _TYPED:
            met += self._take(self._naming(kind, argument, name, 1))
        # Inferences 19 and 21 go along specializations, both ways.
        for argument in ("specificEntity", "generalEntity"):
            for stated in self._take(self._naming("specializationOf", argument, name, None)):
                yield from names_in(stated)
        for stated in met:
            yield from self._merged_with(stated)

    def _merged_with(self, stated: Statement) -> Iterable[str]:
        """Names that the merge of a statement can make equal to others: its identifier, and blank ones."""
        names = {name for name in names_in(stated) if name.startswith(BLANK)}
        element = BY_IRI[stated.kind].is_element
        return names if element or stated.identifier is None else {*names, stated.identifier}

    def follow(self, events: Iterable[Event]) -> None:
        """Collects what says which events come after these, and after those, and so on. Raises: TooMany."""
        waiting = list(events)
        while waiting:
            event = waiting.pop()
            if event in self._passed:
                continue
            self._passed.add(event)
            kind, element = event
            if not self._stored.known([element]):
                continue
            self.describe([element])
            if kind in _LAST:
                waiting.append((_LAST[kind], element))
            for relation, place, later in _AFTER[kind]:
                for stated in self._take(self._naming(relation, place, element, None)):
                    same = self._stored.identified(stated.identifier) if stated.identifier else ()
                    waiting.extend(_later([stated, *self._take(same)], later))

    def _naming(self, kind: str, argument: str, iri: str, limit: int | None) -> Iterable[Statement]:
        return self._stored.naming(kind, PROV + argument, iri, limit)

    def _take(self, statements: Iterable[Statement]) -> list[Statement]:
        taken = []
        for stated in statements:
            self.found[stated] = None
            taken.append(stated)
            if len(self.found) > self._limit:
                raise TooMany
        return taken


def _later(statements: list[Statement], later: tuple[tuple[str, str], ...]) -> list[Event]:
    """The events after, by all statements of one identifier (constraint 23)."""
    return [
        (kind, element)
        for kind, argument in later
        for stated in statements
        if (element := stated.argument(PROV + argument)) is not None
    ]
