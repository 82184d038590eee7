"""What a few entries changed: the documents that became live or ceased to be, and what they say, element by element.

In: entries of a history. Out: claims per element and per relation statement. Source: rules 8, 18 and 23.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from provstore.graph.history import History, HistoryDocument, HistoryEntry
from provstore.graph.projection import KIND_AT
from provstore.model.arguments import named
from provstore.model.fold import Claim, Mention, Origin
from provstore.model.statement import Statement
from provstore.model.terms import ELEMENTS, ElementKind

# A tuple of all fields as one of these: each statement needs some.
_claim: Final = partial(tuple.__new__, Claim)
_mention: Final = partial(tuple.__new__, Mention)


class Group(NamedTuple):
    """Entries that are projected together: documents that are live after them and were not before, and the reverse."""

    last: HistoryEntry
    opened: tuple[str, ...]
    closed: tuple[str, ...]


@dataclass(slots=True)
class Touched:
    """What became live about one IRI, and what ceased to be: every mention, and the records of the element alone."""

    opened: list[Mention] = field(default_factory=list)
    closed: list[Mention] = field(default_factory=list)
    stated: list[Claim] = field(default_factory=list)
    unstated: list[Claim] = field(default_factory=list)

    def kinds(self, mentions: Iterable[Mention]) -> set[ElementKind | None]:
        """The kinds that follow from mentions (constraint 50)."""
        return {KIND_AT[mention.claim.statement.kind, mention.place] for mention in mentions}

    def spaces(self, mentions: Iterable[Mention]) -> set[str]:
        """The spaces of mentions."""
        return {mention.claim.origin.space for mention in mentions}


@dataclass(slots=True)
class Changes:
    """All that a group changed: what is touched by IRI, and the claims of each relation that came and went."""

    touched: dict[str, Touched] = field(default_factory=dict)
    relations: dict[Statement, tuple[list[Claim], list[Claim]]] = field(default_factory=dict)

    def add(self, claim: Claim, closed: bool) -> None:
        """Takes in one assertion that became live, or ceased to be."""
        stated = claim.statement
        is_record = stated.kind in ELEMENTS
        if not is_record:
            self.relations.setdefault(stated, ([], []))[closed].append(claim)
        for iri, place, _ in named(stated):
            touched = self.touched.get(iri)
            if touched is None:
                touched = self.touched[iri] = Touched()
            (touched.closed if closed else touched.opened).append(_mention((iri, place, claim)))
            if is_record:
                (touched.unstated if closed else touched.stated).append(claim)


def groups(entries: Iterable[HistoryEntry], most_statements: int) -> Iterator[Group]:
    """Entries in groups of about so many statements, at least one entry each."""
    pending: list[HistoryEntry] = []
    count = 0
    for entry in entries:
        if pending and count + entry.statements > most_statements:
            yield _net(pending)
            pending, count = [], 0
        pending.append(entry)
        count += entry.statements
    if pending:
        yield _net(pending)


def claims(document: HistoryDocument) -> Iterator[Claim]:
    """Every assertion of a document as a claim; none once it is erased."""
    origin = origin_of(document.entry)
    if origin is not None:
        for position, (bundle, stated) in enumerate(document.assertions):
            yield _claim((origin, bundle, position, stated))


def origin_of(entry: HistoryEntry) -> Origin | None:
    """Who says what that entry stored; None once it is erased."""
    header = entry.header
    if header is None or entry.content_digest is None:
        return None
    return Origin(header.space, header.unit, header.event_time, entry.content_digest, entry.document, entry.sequence)


def changes(history: History, group: Group) -> Changes:
    """What a group changed, in memory."""
    found = Changes()
    for document in group.opened:
        for claim in claims(history.document(document)):
            found.add(claim, closed=False)
    for document in group.closed:
        for claim in claims(history.document(document)):
            found.add(claim, closed=True)
    return found


def _net(entries: Sequence[HistoryEntry]) -> Group:
    """The net effect: what opens and closes inside the group is neither, if it began as it ends."""
    first: dict[str, bool] = {}
    last: dict[str, bool] = {}
    for entry in entries:
        for document in entry.closed:
            first.setdefault(document, False)
            last[document] = False
        for document in entry.opened:
            first.setdefault(document, True)
            last[document] = True
    opened = tuple(one for one, now in last.items() if now and first[one])
    closed = tuple(one for one, now in last.items() if not now and not first[one])
    return Group(entries[-1], opened, closed)
