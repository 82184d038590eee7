"""Topological order: from `used` and `wasGeneratedBy` alone, never from sequence or clock. Source: rule 29."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from provstore.graph.contract import Edge

ORDERING: Final = frozenset({"used", "wasGeneratedBy"})


@dataclass(frozen=True, slots=True)
class Order:
    """`ranks`: longest way from an element without causes, 0 for these; those of one cycle have one rank.

    `cycles`: each the sorted IRIs of elements that cause each other.
    """

    ranks: Mapping[str, int]
    cycles: tuple[tuple[str, ...], ...]


def topological(iris: Iterable[str], edges: Iterable[Edge]) -> Order:
    """The order of the elements by the edges that rule 29 names. Linear, without recursion; cycles are reported."""
    causes: dict[str, list[str]] = {iri: [] for iri in sorted(iris)}
    for edge in edges:
        if edge.relation in ORDERING and edge.source in causes and edge.target in causes:
            causes[edge.source].append(edge.target)
    ranks: dict[str, int] = {}
    cycles = []
    for component in _components(causes):
        members = set(component)
        below = [ranks[cause] for iri in component for cause in causes[iri] if cause not in members]
        ranks.update(dict.fromkeys(component, max(below, default=-1) + 1))
        if len(component) > 1 or component[0] in causes[component[0]]:
            cycles.append(tuple(sorted(component)))
    return Order(ranks, tuple(sorted(cycles)))


def _components(causes: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Tarjan's strongly connected components (1972), causes before effects."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: dict[str, bool] = defaultdict(bool)
    for root in causes:
        if root in index:
            continue
        work = [(root, iter(causes[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack[root] = True
        while work:
            iri, rest = work[-1]
            cause = next(rest, None)
            if cause is None:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[iri])
                if low[iri] == index[iri]:
                    yield _popped(stack, on_stack, iri)
            elif cause not in index:
                index[cause] = low[cause] = len(index)
                stack.append(cause)
                on_stack[cause] = True
                work.append((cause, iter(causes[cause])))
            elif on_stack[cause]:
                low[iri] = min(low[iri], index[cause])


def _popped(stack: list[str], on_stack: dict[str, bool], last: str) -> list[str]:
    component = []
    while True:
        component.append(stack.pop())
        on_stack[component[-1]] = False
        if component[-1] == last:
            return component
