"""A lineage as plain mappings: what every baseline takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from provstore.graph.contract import Edge


class Lineage(NamedTuple):
    """By entity the activities that generated it, by activity the entities that it used, and ordinals.

    `order`: of every vertex, greater than those of all that it came from.
    """

    generated_by: dict[str, list[str]]
    used: dict[str, list[str]]
    order: dict[str, int]

    def oldest(self, entities: Iterable[str]) -> int:
        """The least ordinal of some entities; of none that are known, beyond all."""
        return min((self.order[one] for one in entities if one in self.order), default=len(self.order))


def lineage_behind(destinations: Collection[str], edges: Iterable[Edge]) -> Lineage:
    """What lies behind the destinations. A vertex is either an entity or an activity, and there are no circles."""
    causes: dict[str, dict[str, None]] = defaultdict(dict)
    activities = set()
    for edge in edges:
        if edge.relation in ("used", "wasGeneratedBy"):
            causes[edge.source][edge.target] = None
            activities.add(edge.source if edge.relation == "used" else edge.target)
    finished = _finished(destinations, causes)
    generated_by = {one: list(causes[one]) for one in finished if one not in activities and causes[one]}
    used = {one: list(causes[one]) for one in finished if one in activities and causes[one]}
    return Lineage(generated_by, used, {one: number for number, one in enumerate(finished)})


def _finished(starts: Iterable[str], causes: dict[str, dict[str, None]]) -> list[str]:
    """What is reached, causes first: the order in which a depth-first search leaves the vertices."""
    left: list[str] = []
    seen: set[str] = set()
    for start in starts:
        stack = [] if start in seen else [(start, iter(causes[start]))]
        seen.add(start)
        while stack:
            vertex, following = stack[-1]
            for cause in following:
                if cause not in seen:
                    seen.add(cause)
                    stack.append((cause, iter(causes[cause])))
                    break
            else:
                left.append(vertex)
                stack.pop()
    return left
