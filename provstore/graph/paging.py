"""The order of nodes in pages: by a sort value, then by IRI; numbers before texts, what has no value last. Pure."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import islice
from operator import attrgetter
from typing import Final, NamedTuple, TypeVar

from provstore.batches import in_batches
from provstore.graph.contract import Node, NodePage, Page

Item = TypeVar("Item")
_AT_ONCE: Final = 1_000
_WHOLE: Final = Page()
_BY_IRI: Final = attrgetter("iri")


class Sortable(NamedTuple):
    """What a node is sorted by: its sort value or None, and its IRI."""

    value: str | None
    iri: str


def sort_value(node: Node, sort: str) -> str | None:
    """The value that `sort` (Page.sort) means for a node; the first of several."""
    if sort in ("iri", "label", "start", "end", "kind"):
        return str(value) if (value := getattr(node, sort)) is not None else None
    values = node.attributes.get(sort)
    return values[0].lexical if values else None


def page_of(items: Iterable[tuple[Sortable, Item]], page: Page) -> list[Item]:
    """The items of one page, in order.

    Args: items: every match with what it is sorted by.
    """
    ordered = sorted(items, key=lambda pair: pair[0].iri)
    ordered.sort(key=lambda pair: _key(pair[0].value), reverse=page.descending)
    ordered.sort(key=lambda pair: pair[0].value is None)
    if page.after is not None:
        after = Sortable(*page.after)
        ordered = [pair for pair in ordered if _is_after(pair[0], after, page.descending)]
    return [item for _, item in islice(ordered, page.limit)]


def page_of_nodes(nodes: Iterable[Node], page: Page) -> NodePage:
    """The nodes of one page, in order, and how many nodes there are in all.

    Args: nodes: every match; of a page with a limit no more are held at once than a part of them.
    """
    if page == _WHOLE:
        found = sorted(nodes, key=_BY_IRI)
        return NodePage(found, len(found))
    total, best = 0, list[Node]()
    for part in in_batches(nodes, sys.maxsize if page.limit is None else max(page.limit, _AT_ONCE)):
        total += len(part)
        best = page_of(((Sortable(sort_value(n, page.sort), n.iri), n) for n in [*best, *part]), page)
    return NodePage(best, total)


def _is_after(one: Sortable, after: Sortable, descending: bool) -> bool:
    if one.value is None or after.value is None:
        return (one.value is None, one.iri) > (after.value is None, after.iri)
    mine, other = _key(one.value), _key(after.value)
    if mine == other:
        return one.iri > after.iri
    return mine < other if descending else mine > other


def _key(value: str | None) -> tuple[int, float, str]:
    if value is None:
        return 0, 0.0, ""
    try:
        number = float(value)
    except ValueError:
        return 1, 0.0, value
    return (0, number, "") if number == number else (1, 0.0, value)
