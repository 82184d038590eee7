"""The question `blame`: who said an attribute's values, and what each one replaced. Source: rules 10, 11 and 27."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final

from provstore.errors import NotFound
from provstore.graph.contract import Node, Reader
from provstore.ledger.contract import Ledger
from provstore.model.fold import Claim, Kept, comparable, fold, functional_key
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import STRING
from provstore.questions.history import is_reread
from provstore.questions.resolve import find_node
from provstore.questions.result import Table, value_json, values_json
from provstore.questions.told import attribute_iri, said_of, source_of

COLUMNS: Final = ("value", "document", "actor", "source", "time", "sequence", "unit", "space", "replaced")


def blame(
    reader: Reader,
    ledger: Ledger,
    prefixes: Prefixes,
    name: str,
    attribute: str,
    *,
    everything: bool = False,
    as_of: int | None = None,
    spaces: Collection[str] | None = None,
) -> Table:
    """For each live value of an attribute: the document that says it, its actor, source and time, and what it replaced.

    One row per unit that says it, of an attribute with several values one per document. A value that only a newer
    importer read again is told by the document that said it before. `replaced`: the other value of the unit just before
    that document, None when it had none.

    Args: name: as in `resolve`. attribute: a word such as `label`, a prefixed name, or N for `ps:N`. everything: do not
    look behind a newer importer's document. as_of, spaces: what `reader` is limited to.
    Raises: NotFound: the name means nothing, or the element has no such attribute. Ambiguous. UsageError.
    """
    node = find_node(reader, prefixes, name)
    iri = attribute_iri(attribute, prefixes)
    past = _Past(ledger, node.iri, iri, spaces)
    told = past.told(as_of)
    if not told:
        raise _nothing(node, attribute, prefixes)
    rows = dict.fromkeys(_row(past, one, everything) for one in told)
    return Table(
        question="blame",
        parameters={"id": name, "attribute": prefixes.shorten(iri), "all": everything},
        columns=COLUMNS,
        rows=tuple((value_json(row[0]), *row[1:-1], _values_or_none(row[-1])) for row in rows),
    )


class _Past:
    """The values of one attribute of one element as of any entry."""

    def __init__(self, ledger: Ledger, element: str, attribute: str, spaces: Collection[str] | None) -> None:
        self.ledger = ledger
        self._element = element
        self._attribute = attribute
        self._spaces = spaces

    def told(self, as_of: int | None) -> list[Kept]:
        """What each unit says: of a functional attribute the value that the fold kept, else every document's."""
        claims: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in self._claims(as_of):
            claims[claim.origin[:2]].append(claim)
        found = [
            kept
            for unit in claims.values()
            for part in ([unit] if functional_attribute(self._attribute) else [[claim] for claim in unit])
            for kept in fold(part).attributes.get(self._attribute, ())
        ]
        return sorted(found, key=lambda kept: (kept.value, kept.claim.origin.sequence, kept.claim.position))

    def before(self, one: Kept) -> list[Kept]:
        """What the unit said just before the document that says this value: values of the same functional key."""
        origin = one.claim.origin
        unit = [claim for claim in self._claims(origin.sequence - 1) if claim.origin[:2] == origin[:2]]
        key = functional_key(self._attribute, one.value)
        kept = fold(unit).attributes.get(self._attribute, ())
        return [earlier for earlier in kept if functional_key(self._attribute, earlier.value) == key]

    def _claims(self, as_of: int | None) -> list[Claim]:
        mentions = said_of(self.ledger, self._element, as_of=as_of, spaces=self._spaces, places=["element"])
        return [mention.claim for mention in mentions]


def functional_attribute(iri: str) -> bool:
    """True for an attribute that has one value only (rule 10)."""
    return functional_key(iri, Value(STRING, "")) is not None


def _row(past: _Past, told: Kept, everything: bool) -> tuple[Any, ...]:
    earlier = past.before(told)
    # Rule 11: what a newer importer read again is told by the document that said it before.
    while not everything and _is_reread(past, told) and (same := _equals(earlier, told)):
        told = same[0]
        earlier = past.before(told)
    origin = told.claim.origin
    entry = past.ledger.document(origin.document).entry
    replaced = tuple(kept.value for kept in earlier if kept not in _equals(earlier, told))
    return (
        told.value, origin.document, entry.actor, source_of(entry), entry.time, entry.sequence, origin.unit,
        origin.space, replaced,
    )  # fmt: skip


def _is_reread(past: _Past, told: Kept) -> bool:
    return is_reread(past.ledger.document(told.claim.origin.document).entry.reason)


def _equals(among: Iterable[Kept], one: Kept) -> list[Kept]:
    return [kept for kept in among if comparable(kept.value) == comparable(one.value)]


def _values_or_none(values: tuple[Value, ...]) -> Any:
    return values_json(values) if values else None


def _nothing(node: Node, attribute: str, prefixes: Prefixes) -> NotFound:
    known = ", ".join(prefixes.shorten(name) for name in node.attributes) or "none"
    return NotFound(f"no live document says {attribute}", where=node.iri, next_step=f"Its attributes: {known}.")
