"""Some of a sequence of edges, and their ends: column by column where it is in columns, else edge by edge."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set

from provstore.graph.columns import EdgeColumns, RelationColumns
from provstore.graph.contract import Edge
from provstore.graph.edge_conditions import edge_matches, undecided
from provstore.graph.expressions import Condition
from provstore.questions.segmenting.shaping import EDGE_ORDER


def of_relations(edges: Sequence[Edge], relations: Collection[str]) -> Sequence[Edge]:
    """The edges of some relations."""
    if isinstance(edges, EdgeColumns):
        return edges.of(relations)
    return [edge for edge in edges if edge.relation in relations]


def without(edges: Sequence[Edge], conditions: Sequence[Condition]) -> Sequence[Edge]:
    """The edges that meet none of the conditions."""
    if isinstance(edges, EdgeColumns):
        some = ((one, undecided(conditions, one.relation)) for one in edges.relations)
        kept = [_rest(edges.iris, one, asked) for one, asked in some if asked is not None]
        return EdgeColumns(edges.iris, kept)
    asked_of = {relation: undecided(conditions, relation) for relation in {edge.relation for edge in edges}}
    return [edge for edge in edges if _stays(edge, asked_of[edge.relation])]


def among(edges: Sequence[Edge], iris: Set[str]) -> Sequence[Edge]:
    """The edges of which both ends are among the elements."""
    if isinstance(edges, EdgeColumns):
        return edges.among(iris)
    return [edge for edge in edges if edge.source in iris and edge.target in iris]


def over(edges: Sequence[Edge], iris: Set[str]) -> Sequence[Edge]:
    """The edges by relation, source, target, sid; all ends are among the elements, whose numbers columns have then."""
    return edges.over(iris) if isinstance(edges, EdgeColumns) else sorted(edges, key=EDGE_ORDER)


def sources(edges: Sequence[Edge]) -> Set[str]:
    """What the edges leave."""
    return edges.source_iris() if isinstance(edges, EdgeColumns) else {edge.source for edge in edges}


def targets(edges: Sequence[Edge]) -> Set[str]:
    """What the edges lead to."""
    return edges.target_iris() if isinstance(edges, EdgeColumns) else {edge.target for edge in edges}


def _rest(iris: Sequence[str], one: RelationColumns, conditions: Sequence[Condition]) -> RelationColumns:
    if not conditions:
        return one
    return one.kept(bytes(_stays(edge, conditions) for edge in EdgeColumns(iris, [one])))


def _stays(edge: Edge, conditions: Sequence[Condition] | None) -> bool:
    return conditions is not None and not any(edge_matches(condition, edge) for condition in conditions)
