"""What is changed of a segment without inducing it again: more is added behind its entities, or left out.

Linear in the segment and in what is added. Source: "adjust" of PgSeg, arXiv 1810.04599.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from provstore.errors import UsageError
from provstore.graph.contract import Edge, Node, Reader
from provstore.graph.expressions import Condition, matches, words
from provstore.model.names import Prefixes
from provstore.questions.lineage import nodes_by_iri
from provstore.questions.segmenting.boundary import Boundary
from provstore.questions.segmenting.naming import expansion_of
from provstore.questions.segmenting.parts import WHY, Expansion, edges_beside, expanded, responsible

Why = Mapping[str, tuple[str, ...]]


class Material(NamedTuple):
    """A segment's nodes by IRI, its edges, the parts that each node is in, and those that something hidden leaves."""

    nodes: Mapping[str, Node]
    edges: Sequence[Edge]
    why: Why
    hidden: frozenset[str]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What was changed since the segment was induced, in an order of its own: it does not matter what came first.

    `only_relations`: None: all.
    """

    exclude: tuple[str, ...] = ()
    only_relations: tuple[str, ...] | None = None
    expand: tuple[tuple[str, int], ...] = ()

    def further(
        self, exclude: Iterable[str], only_relations: Iterable[str] | None, expand: Iterable[tuple[str, int]]
    ) -> Adjustment:
        """This and more."""
        relations = None if only_relations is None else set(only_relations)
        if relations is None or self.only_relations is None:
            both = self.only_relations if relations is None else tuple(sorted(relations))
        else:
            both = tuple(sorted(relations & set(self.only_relations)))
        expansions = {(name, steps) for name, steps in (*self.expand, *expand)}
        return Adjustment(tuple(sorted({*self.exclude, *exclude})), both, tuple(sorted(expansions)))

    def as_json(self) -> dict[str, Any]:
        """What was changed, as `adjust` takes it."""
        given = {"exclude": list(self.exclude), "expand": [list(one) for one in self.expand]}
        changed: dict[str, Any] = {name: value for name, value in given.items() if value}
        return changed if self.only_relations is None else changed | {"only_relations": list(self.only_relations)}


def grown(
    material: Material, reader: Reader, prefixes: Prefixes, expand: Sequence[tuple[str, int]], boundary: Boundary
) -> Material:
    """The material, and what the expansions add: C5, and its agents.

    Raises: UsageError: what is to be expanded is no entity of the segment.
    """
    waiting = [(name, expansion_of(reader, prefixes, name, steps)) for name, steps in expand]
    why = dict(material.why)
    while waiting:
        # One may start at what another adds.
        ready = [one for _, one in waiting if one.entities & why.keys()]
        if not ready:
            raise UsageError("--expand: expected an entity of the segment", where=waiting[0][0])
        waiting = [(name, one) for name, one in waiting if one not in ready]
        starts = [Expansion(one.entities & why.keys(), one.steps) for one in ready]
        added = expanded(reader, starts, boundary)
        _mark(why, added, "c5")
        _mark(why, responsible(reader, added, boundary), "c4")
    new = why.keys() - material.nodes.keys()
    if not new:
        return material._replace(why=why)
    edges, hidden = edges_beside(reader, new, why.keys(), boundary)
    nodes = {**material.nodes, **nodes_by_iri(reader, new)}
    ordered = sorted([*material.edges, *edges], key=lambda edge: (edge.relation, edge.source, edge.target, edge.sid))
    return Material(nodes, ordered, why, material.hidden | hidden)


def outside(nodes: Sequence[Node], reader: Reader, boundary: Boundary) -> set[str]:
    """The IRIs of those of the nodes that the boundary leaves out."""
    # What a condition says of relations and agents is not always within the segment: the reader knows.
    near = [one for one in boundary.conditions if not words(one) & {"relation", "agent"}]
    far = [one for one in boundary.conditions if one not in near]
    found = {node.iri for node in nodes if _meets(near, node)} if near else set[str]()
    further = Boundary(tuple(far), always=boundary.always).outside(reader, [node.iri for node in nodes])
    return (found | further) - boundary.always


def _meets(conditions: Sequence[Condition], node: Node) -> bool:
    return any(matches(condition, node) for condition in conditions)


def _mark(why: dict[str, tuple[str, ...]], iris: Iterable[str], part: str) -> None:
    for iri in iris:
        parts = {*why.get(iri, ()), part}
        why[iri] = tuple(one for one in WHY if one in parts)
