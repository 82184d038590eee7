"""Matches what two things were made from: by IRI, else by the way to it. Source: rule 27.

In: two lineages. Out: pairs, and what only one side has. Two nodes with the same kind and the same walk of relations
and roles from their start are matched; of several, those with equal labels first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from provstore.graph.contract import Edge, Node


class Lineage(NamedTuple):
    """One side: where it starts, its nodes by IRI, and the walked edges."""

    starts: tuple[str, ...]
    nodes: Mapping[str, Node]
    edges: Sequence[Edge]


class Matched(NamedTuple):
    """Pairs of different elements (IRIs of each side), and the IRIs that only one side has."""

    pairs: tuple[tuple[str, str], ...]
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]


class _Step(NamedTuple):
    """The last step of a walk: the rank of the walk before it, then relation and roles."""

    before: int
    relation: str
    roles: tuple[str, ...]


def match(left: Lineage, right: Lineage) -> Matched:
    """Matches the nodes of two lineages. Linear but for sorting."""
    both = left.nodes.keys() & right.nodes.keys()
    walks = _walks(left, right)
    pairs: list[tuple[str, str]] = []
    only: tuple[list[str], list[str]] = ([], [])
    groups: dict[tuple[str, int], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, lineage in enumerate((left, right)):
        for iri in sorted(lineage.nodes.keys() - both):
            groups[lineage.nodes[iri].kind, walks[side][iri]][side].append(iri)
    for mine, theirs in (groups[key] for key in sorted(groups)):
        found = _paired(mine, theirs, left.nodes, right.nodes)
        pairs += found
        only[0].extend(sorted(set(mine) - {one for one, _ in found}))
        only[1].extend(sorted(set(theirs) - {other for _, other in found}))
    return Matched(tuple(pairs), tuple(only[0]), tuple(only[1]))


def _walks(left: Lineage, right: Lineage) -> tuple[dict[str, int], dict[str, int]]:
    """By side and IRI: the number of its walk, equal on both sides for equal walks.

    Of several walks to a node it is the shortest, then the one that sorts first, so that 2^40 ways cost no more than
    their edges.
    """
    sides = (left, right)
    leaving = tuple(_by_source(side.edges) for side in sides)
    found: tuple[dict[str, int], dict[str, int]] = (dict.fromkeys(left.starts, 0), dict.fromkeys(right.starts, 0))
    levels: list[Collection[str]] = [left.starts, right.starts]
    numbered = 1
    while any(levels):
        steps = [_next_steps(levels[side], leaving[side], found[side]) for side in (0, 1)]
        distinct = sorted({step for side in steps for step in side.values()})
        ranks = {step: numbered + place for place, step in enumerate(distinct)}
        numbered += len(distinct)
        for side in (0, 1):
            found[side].update({iri: ranks[step] for iri, step in steps[side].items()})
        levels = [list(side) for side in steps]
    # What an edge of another state alone leads to has no walk of its own.
    for side, lineage in enumerate(sides):
        for iri in lineage.nodes:
            found[side].setdefault(iri, numbered)
    return found


def _next_steps(level: Iterable[str], leaving: Mapping[str, list[Edge]], known: Mapping[str, int]) -> dict[str, _Step]:
    """The smallest step to each node that is one edge further."""
    best: dict[str, _Step] = {}
    for iri in level:
        for edge in leaving.get(iri, ()):
            step = _Step(known[iri], edge.relation, edge.roles)
            if edge.target not in known and (edge.target not in best or step < best[edge.target]):
                best[edge.target] = step
    return best


def _by_source(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    found: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        found[edge.source].append(edge)
    return found


def _paired(
    mine: list[str], theirs: list[str], left: Mapping[str, Node], right: Mapping[str, Node]
) -> list[tuple[str, str]]:
    """Pairs within one group: equal labels first, the rest by label and IRI."""
    waiting: dict[str | None, list[str]] = defaultdict(list)
    for iri in reversed(theirs):
        waiting[right[iri].label].append(iri)
    pairs = [(iri, waiting[left[iri].label].pop()) for iri in mine if waiting.get(left[iri].label)]
    taken = {iri for pair in pairs for iri in pair}
    rest_mine = sorted((left[iri].label or "", iri) for iri in mine if iri not in taken)
    rest_theirs = sorted((right[iri].label or "", iri) for iri in theirs if iri not in taken)
    rest = zip(rest_mine, rest_theirs, strict=False)
    return pairs + [(one, other) for (_, one), (_, other) in rest]
