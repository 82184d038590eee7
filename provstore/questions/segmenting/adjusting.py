"""What is changed of a segment without inducing it again: more is added behind its entities, or left out.

Linear in the segment and in what is added. Source: "adjust" of PgSeg, arXiv 1810.04599.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
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
    exclude_edges: tuple[str, ...] = ()
    only_relations: tuple[str, ...] | None = None
    expand: tuple[tuple[str, int], ...] = ()

    def further(
        self,
        exclude: Iterable[str],
        exclude_edges: Iterable[str],
        only_relations: Iterable[str] | None,
        expand: Iterable[tuple[str, int]],
    ) -> Adjustment:
        """This and more."""
        relations = None if only_relations is None else set(only_relations)
        if relations is None or self.only_relations is None:
            both = self.only_relations if relations is None else tuple(sorted(relations))
        else:
            both = tuple(sorted(relations & set(self.only_relations)))
        expansions = {(name, steps) for name, steps in (*self.expand, *expand)}
        return Adjustment(
            tuple(sorted({*self.exclude, *exclude})),
            tuple(sorted({*self.exclude_edges, *exclude_edges})),
            both,
            tuple(sorted(expansions)),
        )

    def as_json(self) -> dict[str, Any]:
        """What was changed, as `adjust` takes it."""
        given = {
            "exclude": list(self.exclude),
            "exclude_edges": list(self.exclude_edges),
            "expand": [list(one) for one in self.expand],
        }
        changed: dict[str, Any] = {name: value for name, value in given.items() if value}
        return changed if self.only_relations is None else changed | {"only_relations": list(self.only_relations)}


class Growth(NamedTuple):
    """What expansions add to a segment: C5, its agents, the nodes and edges that are new, and what something hidden
    leaves."""

    c5: frozenset[str]
    c4: frozenset[str]
    nodes: Mapping[str, Node]
    edges: Sequence[Edge]
    hidden: frozenset[str]

    def added_to(self, material: Material) -> Material:
        """The material with all this."""
        why = dict(material.why)
        _mark(why, self.c5, "c5")
        _mark(why, self.c4, "c4")
        return Material(
            {**material.nodes, **self.nodes}, [*material.edges, *self.edges], why, material.hidden | self.hidden
        )


def additions(
    vertices: Set[str], reader: Reader, prefixes: Prefixes, expand: Sequence[tuple[str, int]], boundary: Boundary
) -> tuple[frozenset[str], frozenset[str]]:
    """What expansions of these vertices, and of what is added to them, come to: C5, and its agents.

    Raises: UsageError: what is to be expanded is no entity of the segment.
    """
    waiting = [(name, expansion_of(reader, prefixes, name, steps)) for name, steps in expand]
    c5, c4 = set[str](), set[str]()
    while waiting:
        # One may start at what another adds.
        inside = {
            one: frozenset(iri for iri in one.entities if iri in vertices or iri in c5 or iri in c4)
            for _, one in waiting
        }
        ready = [one for _, one in waiting if inside[one]]
        if not ready:
            raise UsageError("--expand: expected an entity of the segment", where=waiting[0][0])
        waiting = [(name, one) for name, one in waiting if not inside[one]]
        added = expanded(reader, [Expansion(inside[one], one.steps) for one in ready], boundary)
        c5 |= added
        c4 |= responsible(reader, added, boundary)
    return frozenset(c5), frozenset(c4)


def growth(
    vertices: Set[str], reader: Reader, prefixes: Prefixes, expand: Sequence[tuple[str, int]], boundary: Boundary
) -> Growth:
    """What the expansions add to a segment of these vertices; read now, and nothing but that.

    Raises: UsageError: what is to be expanded is no entity of the segment.
    """
    c5, c4 = additions(vertices, reader, prefixes, expand, boundary)
    new = {iri for iri in c5 | c4 if iri not in vertices}
    edges, hidden = edges_beside(reader, new, vertices | new, boundary) if new else ([], frozenset[str]())
    return Growth(c5, c4, nodes_by_iri(reader, new), edges, hidden)


class Left(NamedTuple):
    """Which nodes are left out: those of some IRIs, and those that meet a condition that the node itself decides."""

    iris: frozenset[str]
    conditions: Sequence[Condition]
    always: Collection[str]

    def has(self, node: Node) -> bool:
        """Whether the node is left out."""
        if node.iri in self.always:
            return False
        return node.iri in self.iris or any(matches(condition, node) for condition in self.conditions)


def left_out(vertices: Callable[[], Iterable[str]], reader: Reader, boundary: Boundary) -> Left:
    """Those of the vertices that the boundary leaves out.

    Args: vertices: looked at only when a condition asks for relations or agents, which the reader knows.
    """
    # What a condition says of relations and agents is not always within the segment.
    near = [one for one in boundary.conditions if not words(one) & {"relation", "agent"}]
    far = [one for one in boundary.conditions if one not in near]
    found = Boundary(tuple(far), always=boundary.always).outside(reader, list(vertices())) if far else set[str]()
    return Left(frozenset(found), near, boundary.always)


def _mark(why: dict[str, tuple[str, ...]], iris: Iterable[str], part: str) -> None:
    for iri in iris:
        parts = {*why.get(iri, ()), part}
        why[iri] = tuple(one for one in WHY if one in parts)
