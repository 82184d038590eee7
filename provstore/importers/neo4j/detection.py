"""Which layout a database has, by what only that layout has in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from provstore.errors import BadInput
from provstore.importers.neo4j import layouts

if TYPE_CHECKING:
    from provstore.importers.neo4j.link import Graph

_BY_LABEL: Final = {"_ProvElementNode": "yprov", "prov2neo:node": "prov2neo"}
_BY_PROPERTY: Final = {"meta:identifier": "prov-db-connector"}
# Words that others use too: asked when nothing above was found.
_PLAIN: Final = ("provdb", frozenset({"Entity", "Activity", "Agent"}))
_OWN: Final = "Element"
_SHOWN_LABELS: Final = 10


def detect(graph: Graph) -> layouts.Layout:
    """The one layout that the database has.

    Raises: BadInput: none is known, or several are found; the labels that were found are named.
    """
    labels = [label for label, _ in graph.rows("labels")]
    found = [name for label, name in _BY_LABEL.items() if label in labels]
    found += [name for key, name in _BY_PROPERTY.items() if any(graph.rows("has_property", property=key))]
    if not found and _OWN in labels:
        raise BadInput(
            "this is the graph of a provstore, which is made from its ledger",
            where=graph.location,
            next_step="Copy the ledger itself with `provstore copy`, or name a layout with --mapping.",
        )
    if not found and not _PLAIN[1].isdisjoint(labels):
        found = [_PLAIN[0]]
    if len(found) == 1:
        return layouts.named(found[0])
    shown = ", ".join(labels[:_SHOWN_LABELS]) or "none, the database is empty"
    said = f"several layouts are in it: {', '.join(found)}" if found else "no layout of provenance is known for it"
    raise BadInput(
        f"{said}; its labels: {shown}",
        where=graph.location,
        next_step=f"Name one of {', '.join(layouts.NAMES)}, or a mapping file, with --mapping.",
    )
