"""What a segment leaves out: elements and edges that match an expression, and relations.

Source: rule 28; arXiv 1810.04599.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from provstore.errors import UsageError
from provstore.graph.contract import Edge, Filter, Reader
from provstore.graph.expressions import Condition, parse
from provstore.model.names import Prefixes
from provstore.questions.segmenting.choosing import among, of_relations, sources, targets, without

# U, G, S, A and D of the operator's data model.
RELATIONS: Final = ("used", "wasGeneratedBy", "wasAssociatedWith", "wasAttributedTo", "wasDerivedFrom")


@dataclass(frozen=True, slots=True)
class Boundary:
    """Elements that meet one of `conditions` are left out, but never those of `always`; only `relations` stay, and of
    these the edges that meet none of `edge_conditions`."""

    conditions: tuple[Condition, ...] = ()
    relations: frozenset[str] = frozenset(RELATIONS)
    always: frozenset[str] = frozenset()
    edge_conditions: tuple[Condition, ...] = ()

    def of_edges(self, edges: Sequence[Edge]) -> Sequence[Edge]:
        """Those of the edges, of relations that a segment has, that stay, whatever their ends."""
        kept = edges if len(self.relations) == len(RELATIONS) else of_relations(edges, self.relations)
        return without(kept, self.edge_conditions) if self.edge_conditions else kept

    def within(self, reader: Reader, edges: Sequence[Edge]) -> Sequence[Edge]:
        """Those of the edges, of relations that a segment has, that stay and have both ends inside."""
        kept = self.of_edges(edges)
        if not self.conditions:
            return kept
        ends = sources(kept) | targets(kept)
        out = self.outside(reader, ends)
        return among(kept, ends - out) if out else kept

    def outside(self, reader: Reader, iris: Iterable[str]) -> set[str]:
        """Those of the elements that are left out."""
        asked = sorted(set(iris) - self.always) if self.conditions else []
        if not asked:
            return set()
        found = (reader.nodes(Filter(iris=asked, condition=condition)).nodes for condition in self.conditions)
        return {node.iri for nodes in found for node in nodes}


def parse_boundary(
    exclude: Sequence[str],
    exclude_edges: Sequence[str],
    only_relations: Sequence[str] | None,
    always: Iterable[str],
    prefixes: Prefixes,
) -> Boundary:
    """The boundary of expressions and relations as typed.

    Args: exclude, exclude_edges: expressions that elements, or edges, meet which are left out. only_relations: names of
    `RELATIONS`; None: all.
    Raises: UsageError: an expression that cannot be read, or no such relation.
    """
    unknown = [name for name in only_relations or () if name not in RELATIONS]
    if unknown:
        raise UsageError(
            f"expected relations of {', '.join(RELATIONS)}, found {unknown[0]!r}", where="--only-relations"
        )
    relations = frozenset(RELATIONS if only_relations is None else only_relations)
    conditions, of_edges = (tuple(parse(one, prefixes) for one in given) for given in (exclude, exclude_edges))
    return Boundary(conditions, relations, frozenset(always), of_edges)
