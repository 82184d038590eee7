"""Who said what of an element: its live statements, and the documents, people and entries behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from provstore.errors import UsageError
from provstore.graph.expressions import ATTRIBUTE_WORDS, WORDS
from provstore.ledger.contract import Entry, Ledger
from provstore.model.arguments import Place
from provstore.model.fold import Mention
from provstore.model.names import Prefixes
from provstore.model.terms import PS

# From so many documents on, one pass over the ledger's entries costs less than a look-up of each.
_PASS = 2_000


def attribute_iri(name: str, prefixes: Prefixes) -> str:
    """The full IRI of an attribute as typed: a word of the expression language, a prefixed name, or N for `ps:N`.

    Raises: UsageError: a word that is no attribute, or a prefix that the store does not know.
    """
    if name in ATTRIBUTE_WORDS:
        return ATTRIBUTE_WORDS[name]
    if name in WORDS:
        raise UsageError(f"{name} is no attribute", next_step="Name one, such as label, status or ps:metric.accuracy.")
    if ":" not in name:
        return PS + name
    expanded = prefixes.expand(name)
    if expanded is None and not name.startswith("urn:") and "://" not in name:
        raise UsageError(f"expected a prefix that the store knows, found {name.partition(':')[0]!r}", where=name)
    return expanded or name


def said_of(
    ledger: Ledger,
    iri: str,
    *,
    as_of: int | None,
    spaces: Collection[str] | None,
    places: Sequence[Place] | None = None,
) -> Iterator[Mention]:
    """The live assertions that name the element, those in the spaces only (None: all)."""
    return own_mentions(ledger.about([iri], places=places, as_of=as_of, spaces=spaces), iri)


def own_mentions(mentions: Iterable[Mention], iri: str) -> Iterator[Mention]:
    """Those that name the element itself: a digest that others carry names them, too, and nothing is said of it."""
    return (one for one in mentions if one.place != "element" or one.claim.statement.identifier == iri)


def entries_of(ledger: Ledger, documents: Iterable[str]) -> dict[str, Entry]:
    """By document IRI, the entry that stored it."""
    wanted = set(documents)
    if len(wanted) < _PASS:
        return {document: ledger.document(document).entry for document in wanted}
    return {entry.document: entry for entry in ledger.entries() if entry.kind == "append" and entry.document in wanted}


def source_of(entry: Entry) -> str | None:
    """Where the document came from, for people: the path that it was read from, else its unit."""
    if entry.header is None:
        return None
    return entry.header.source or entry.header.unit


def described(entry: Entry, bundle: str | None) -> dict[str, Any]:
    """A document that asserts a statement, as `Said.documents` has it."""
    return {
        "document": entry.document,
        "sequence": entry.sequence,
        "time": entry.time,
        "actor": entry.actor,
        "source": source_of(entry),
        "bundle": bundle,
    }
