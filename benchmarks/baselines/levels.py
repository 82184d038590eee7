"""SimProvTst, exactly: one set of entities for each number of activities behind a destination.

Source: Miao and Deshpande, arXiv 1810.04599.
"""

from __future__ import annotations

from collections.abc import Collection

from benchmarks.baselines.lineage import Lineage


def similar(lineage: Lineage, sources: Collection[str], destinations: Collection[str]) -> set[str]:
    """The entities that are similar to a source: those of each level that a source is in."""
    found: set[str] = set()
    for generation in {frozenset(lineage.generated_by.get(one, ())) for one in destinations}:
        activities: set[str] = set(generation)
        oldest = lineage.oldest(sources)
        while activities:
            level = {entity for one in activities for entity in lineage.used.get(one, ())}
            if not level.isdisjoint(sources):
                found |= level
            # When all of a level is as old as the oldest source, no later level holds one.
            stop = all(lineage.order[one] <= oldest for one in level)
            activities = set() if stop else {a for one in level for a in lineage.generated_by.get(one, ())}
    return found
