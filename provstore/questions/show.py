"""The question `show`, and the points of a metric series. Source: rules 17 and 20."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from provstore.errors import NotFound
from provstore.graph.contract import Reader
from provstore.ledger.contract import Ledger
from provstore.model import series as metric_series
from provstore.model.fold import Claim
from provstore.model.names import Prefixes
from provstore.model.statement import Statement, sid
from provstore.model.terms import BY_IRI, PS
from provstore.questions.resolve import find_node, resolve_one
from provstore.questions.result import Element, Said, Table, finite_or_text
from provstore.questions.told import described, entries_of, said_of

_CHUNK = PS + "chunk"


def show(
    reader: Reader,
    ledger: Ledger,
    prefixes: Prefixes,
    name: str,
    *,
    as_of: int | None = None,
    spaces: Collection[str] | None = None,
) -> Element:
    """One element: its node, every live statement that names it in PROV-N, and the documents that say so.

    Args: name: as in `resolve`. as_of: the sequence that `reader` is as of. spaces: those that it sees (None: all).
    Raises: NotFound, Ambiguous: the name means nothing, or several things.
    """
    node = find_node(reader, prefixes, name)
    claims: dict[Statement, set[Claim]] = defaultdict(set)
    for mention in said_of(ledger, node.iri, as_of=as_of, spaces=spaces):
        claims[mention.claim.statement].add(mention.claim)
    entries = entries_of(ledger, (claim.origin.document for each in claims.values() for claim in each))
    said = []
    for stated in sorted(claims, key=_order):
        asserted = sorted(
            {(claim.origin.sequence, claim.bundle or "", claim.origin.document) for claim in claims[stated]}
        )
        documents = tuple(described(entries[document], bundle or None) for _, bundle, document in asserted)
        said.append(Said(sid=sid(stated), text=_text(stated, prefixes), documents=documents))
    return Element(node=node, statements=tuple(said), as_of=as_of, prefixes=prefixes)


def series(
    reader: Reader,
    ledger: Ledger,
    prefixes: Prefixes,
    name: str,
    *,
    as_of: int | None = None,
    spaces: Collection[str] | None = None,
) -> Table:
    """The points of a metric series in order: step, time in milliseconds since 1970, value (text when not finite).

    Raises: NotFound: the name means nothing, or nothing that has points. Ambiguous: it means several things.
    """
    iri = resolve_one(reader, prefixes, name)
    chunks = [
        (mention.claim.origin.event_time, ledger.blob(value.lexical.rpartition(":")[2]))
        for mention in said_of(ledger, iri, as_of=as_of, spaces=spaces, places=["element"])
        for value in mention.claim.statement.values(_CHUNK)
    ]
    if not chunks:
        raise NotFound(
            "this is no metric series",
            where=name,
            next_step="List them with `provstore find 'type = ps:MetricSeries'`.",
        )
    points = metric_series.points(chunks)
    rows = tuple((point.step, point.time_ms, finite_or_text(point.value)) for point in points)
    return Table(
        question="show", parameters={"id": name, "series": True}, columns=("step", "time_ms", "value"), rows=rows
    )


def _order(stated: Statement) -> tuple[int, Statement]:
    """Elements first, then relations in the order of PROV-DM."""
    return BY_IRI[stated.kind].code, Statement(stated.kind, stated.identifier or "", stated.attributes)


def _text(stated: Statement, prefixes: Prefixes) -> str:
    from provstore.formats.prov_n.text import provn_text

    return provn_text(stated, prefixes)
