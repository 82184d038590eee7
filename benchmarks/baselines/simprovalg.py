"""SimProvAlg: the pairs of entities and of activities that two walks of equal length reach, half a step at a time.

Source: Miao and Deshpande, arXiv 1810.04599. Pairs are symmetric, so each is stored once.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain

from benchmarks.baselines.lineage import Lineage

Pair = tuple[str, str]


def similar(lineage: Lineage, sources: Collection[str], destinations: Collection[str]) -> set[str]:
    """The entities that are similar to a source."""
    entities, _ = pairs(lineage, sources, destinations)
    seeds = {(one, one) for one in destinations}
    again = {pair for pair in entities & seeds if _is_reached(lineage, entities, pair[0])}
    found = (entities - seeds) | again
    return set(chain.from_iterable(pair for pair in found if pair[0] in sources or pair[1] in sources))


def pairs(lineage: Lineage, sources: Collection[str], destinations: Collection[str]) -> tuple[set[Pair], set[Pair]]:
    """The pairs of entities, those of each destination with itself among them, and the pairs of activities."""
    oldest, order = lineage.oldest(sources), lineage.order
    entities = {(one, one) for one in destinations}
    activities: set[Pair] = set()
    waiting = [(one, True) for one in entities]
    halves: set[Pair] = set()
    while waiting:
        (x, y), of_entities = waiting.pop()
        if order[x] < oldest and order[y] < oldest:
            continue  # what is older than every source leads to none
        links, found = (lineage.generated_by, activities) if of_entities else (lineage.used, entities)
        for a in links.get(x, ()):
            if (a, y) in halves:
                continue
            halves.add((a, y))
            for b in links.get(y, ()):
                pair = (a, b) if a <= b else (b, a)
                if pair not in found:
                    found.add(pair)
                    waiting.append((pair, not of_entities))
    return entities, activities


def _is_reached(lineage: Lineage, entities: set[Pair], one: str) -> bool:
    """Whether a destination lies behind another, so that its seed is a pair of its own right as well."""
    users = {activity for activity, used in lineage.used.items() if one in used}
    made = {x for x, _ in entities if users & set(lineage.generated_by.get(x, ()))}
    return any((x, x) in entities for x in made)
