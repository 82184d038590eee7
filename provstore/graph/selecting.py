"""Which of some nodes meet a condition, for a reader that decides in Python. Source: rule 28."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from provstore.batches import in_batches
from provstore.graph.contract import Edge, Filter, Node, NodePage, Page, Reader
from provstore.graph.expressions import AGENT_RELATIONS, Condition, matches, words
from provstore.graph.paging import page_of_nodes

_BATCH: Final = 1_000


def _has_asked(node: Node, where: Filter) -> bool:
    """True when a node has the label and the digest that a filter asks for; its IRIs and condition are not looked at.

    An engine may hold less than the whole of a label or a digest, and so find too many nodes.
    """
    if where.label is not None and node.label != where.label:
        return False
    prefix = where.digest_prefix
    return prefix is None or any(digest.startswith(prefix) for digest in node.digests)


def page_of_matches(reader: Reader, candidates: Iterable[Node], where: Filter, page: Page) -> NodePage:
    """One page of those candidates that meet a filter; its IRIs are not looked at."""
    found = [node for node in candidates if _has_asked(node, where)]
    if where.condition is not None:
        found = select(reader, where.condition, found)
    return page_of_nodes(found, page)


def select(reader: Reader, condition: Condition, nodes: Iterable[Node]) -> list[Node]:
    """The nodes that meet the condition, in order; edges and agents are fetched only when it asks for them."""
    asked = words(condition) & {"relation", "agent"}
    if not asked:
        return [node for node in nodes if matches(condition, node)]
    found: list[Node] = []
    for batch in in_batches(nodes, _BATCH):
        found += _of_batch(reader, condition, batch, None if "relation" in asked else AGENT_RELATIONS)
    return found


def _of_batch(
    reader: Reader, condition: Condition, batch: Sequence[Node], relations: frozenset[str] | None
) -> Iterable[Node]:
    leaving: dict[str, list[Edge]] = defaultdict(list)
    for edge in reader.expand([node.iri for node in batch], relations, "out"):
        leaving[edge.source].append(edge)
    agents = {edge.target for edges in leaving.values() for edge in edges if edge.relation in AGENT_RELATIONS}
    labels = {node.iri: node.label for node in reader.nodes(Filter(iris=agents)).nodes} if agents else {}
    return [node for node in batch if matches(condition, node, leaving[node.iri], labels)]
