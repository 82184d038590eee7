"""The question `history`: how what is said about an element came to be. Source: rules 11 and 27."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

from provstore.graph.contract import Direction, Reader
from provstore.ledger.contract import Entry, Ledger
from provstore.model.names import Prefixes
from provstore.model.statement import Statement, sid
from provstore.model.terms import PROV, TYPE
from provstore.questions.resolve import resolve_one
from provstore.questions.result import Table
from provstore.questions.told import own_mentions, said_of, source_of

COLUMNS: Final = (
    "sequence", "time", "actor", "change", "element", "document", "unit", "source", "added", "removed", "reason",
)  # fmt: skip
REVISION: Final = PROV + "Revision"
_NEWER_IMPORTER: Final = re.compile(r"importer \S+ -> \S+")

# What is said: the space that it is said in, and the statement's sid.
_Saying = tuple[str, str]


class Change(NamedTuple):
    """An entry that changed what is said of the element, and how many statements it added and removed."""

    entry: Entry
    added: int
    removed: int


def history(
    reader: Reader,
    ledger: Ledger,
    prefixes: Prefixes,
    name: str,
    *,
    everything: bool = False,
    derived: bool = False,
    as_of: int | None = None,
    spaces: Collection[str] | None = None,
) -> Table:
    """The entries that changed what is said about an element, and its revisions, by sequence.

    A row's `change` is `said`, `changed` or `withdrawn`, with how many statements were `added` and `removed`;
    or `revision`: `element` is a revision of the one that `reason` names, the entry the first that says so.

    Args: name: as in `resolve`. everything: also entries that only a newer importer caused. derived: also what
    provstore itself stated (rule 16). as_of, spaces: what the `reader` is limited to.
    Raises: NotFound, Ambiguous: the name means nothing, or several things.
    """
    iri = resolve_one(reader, prefixes, name)
    found = changes(ledger, iri, derived=derived, as_of=as_of, spaces=spaces)
    rows = [_row(change, prefixes.shorten(iri)) for change in found]
    if not everything:
        rows = [row for row in rows if not is_reread(row[-1])]
    rows += _revision_rows(reader, ledger, prefixes, iri, as_of, spaces)
    rows.sort(key=lambda row: (row[0], row[3] == "revision", row[4]))
    return Table(
        question="history",
        parameters={"id": name, "all": everything, "derived": derived},
        columns=COLUMNS,
        rows=tuple(map(tuple, rows)),
    )


def changes(
    ledger: Ledger,
    iri: str,
    *,
    derived: bool = False,
    as_of: int | None = None,
    spaces: Collection[str] | None = None,
) -> Iterator[Change]:
    """The entries that changed what is said about `iri`, in order; what derived documents say only with `derived`.

    Looks at the documents that ever named the element, however many others there are.
    """
    sayings: dict[str, set[_Saying]] = defaultdict(set)
    sequences = set()
    for mention in own_mentions(ledger.ever_about(iri), iri):
        origin = mention.claim.origin
        sayings[origin.document].add((origin.space, sid(mention.claim.statement)))
        sequences.add(origin.sequence)
    live: Counter[_Saying] = Counter()
    for entry in ledger.entries_on(sequences):
        if as_of is not None and entry.sequence > as_of:
            return
        if entry.header and entry.header.derived and not derived:
            sayings.pop(entry.document, None)
        opened = [saying for document in entry.opened for saying in sayings.get(document, ())]
        closed = [saying for document in entry.closed for saying in sayings.get(document, ())]
        touched = {saying for saying in (*opened, *closed) if spaces is None or saying[0] in spaces}
        before = {saying for saying in touched if live[saying]}
        live.update(opened)
        live.subtract(closed)
        after = {saying for saying in touched if live[saying]}
        if before != after:
            yield Change(entry, len(after - before), len(before - after))


def is_reread(reason: str | None) -> bool:
    """True for the reason of a snapshot that only a newer importer caused (rule 11)."""
    return bool(reason and _NEWER_IMPORTER.fullmatch(reason))


def _row(change: Change, element: str) -> list[Any]:
    what = "changed" if change.added and change.removed else "said" if change.added else "withdrawn"
    return _cells(change.entry, what, element, change.added, change.removed)


def _cells(entry: Entry, what: str, element: str, added: int | None, removed: int | None) -> list[Any]:
    unit = entry.header.unit if entry.header else None
    return [
        entry.sequence, entry.time, entry.actor, what, element, entry.document, unit, source_of(entry), added, removed,
        entry.reason,
    ]  # fmt: skip


def _revision_rows(
    reader: Reader, ledger: Ledger, prefixes: Prefixes, iri: str, as_of: int | None, spaces: Collection[str] | None
) -> list[list[Any]]:
    """One row per revision, earlier or later, with the first live document that says so."""
    rows = []
    for newer, older in sorted({*_revisions(reader, iri, "out"), *_revisions(reader, iri, "in")}):
        sources = [
            mention.claim.origin
            for mention in said_of(ledger, newer, as_of=as_of, spaces=spaces, places=["first"])
            if _says_revision(mention.claim.statement, older)
        ]
        if sources:
            entry = ledger.document(min(sources, key=lambda origin: origin.sequence).document).entry
            shown = prefixes.shorten(newer)
            rows.append([*_cells(entry, "revision", shown, None, None)[:-1], f"revision of {prefixes.shorten(older)}"])
    return rows


def _revisions(reader: Reader, iri: str, direction: Direction) -> Iterator[tuple[str, str]]:
    """(newer, older) pairs along the chain of revisions from `iri`: to earlier ones (`out`) or later ones (`in`)."""
    seen, level = {iri}, [iri]
    while level:
        edges = [edge for edge in reader.expand(level, {"wasDerivedFrom"}, direction) if REVISION in edge.types]
        yield from ((edge.source, edge.target) for edge in edges)
        far = {edge.target if direction == "out" else edge.source for edge in edges}
        level = sorted(far - seen)
        seen |= far


def _says_revision(stated: Statement, older: str) -> bool:
    is_revision = any(value.lexical == REVISION for value in stated.values(TYPE))
    return is_revision and stated.argument(PROV + "usedEntity") == older
