"""A layered layout: boxes and directed edges come in, positions and routes go out; no name of a graph is known here.

(1) Break cycles by a depth-first search, (2) give layers by the longest path, (3) let long edges hold a place in the
layers that they cross (small graphs only), (4) order each layer by barycentre sweeps, (5) place each box as near to
its neighbours as its layer's order allows. Deterministic; no recursion; every step is linear but for sorting.
Source: Sugiyama, Tagawa, Toda (1981); step 5 is isotonic regression by pooling adjacent violators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

# Above this many boxes and crossings of layers, nobody follows single edges: long edges run straight, fewer sweeps.
_CAREFUL: Final = 3_000
_CAREFUL_SWEEPS, _QUICK_SWEEPS = 12, 4
_DUMMY_EXTENT: Final = 8.0
_DUMMY_WEIGHT: Final = 4.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is. A layer runs across; layers follow one another along, causes after effects.

    `layers`: each box's layer. `across`, `along`: centres. `routes`: per edge the (across, along) points between its
    ends, from source to target, empty for straight ones. `reversed`: edges that point against the layers (cycles).
    `breadth`, `length`: extents of the whole.
    """

    layers: list[int]
    across: list[float]
    along: list[float]
    routes: list[list[Point]]
    reversed: frozenset[int]
    breadth: float
    length: float


def layout(
    sizes: Sequence[Point], edges: Sequence[tuple[int, int]], *, gap_across: float = 24.0, gap_along: float = 72.0
) -> Layout:
    """Positions of boxes so that edges point along, but for those that close a cycle.

    Args: sizes: (across, along) extents of each box. edges: (source, target) indexes of boxes; loops are allowed.
    gap_across, gap_along: least distances between boxes of a layer, and between layers.
    """
    backwards = _closing(len(sizes), edges)
    forwards = [(t, s) if number in backwards else (s, t) for number, (s, t) in enumerate(edges)]
    order = _topological(len(sizes), forwards)
    layers = _layers(order, forwards)
    chains, owner_layers = _chains(layers, forwards)
    extents = [size[0] for size in sizes] + [_DUMMY_EXTENT] * (len(owner_layers) - len(sizes))
    links = sorted({link for chain in chains for link in pairwise(chain)})
    rows = _ordered(order, owner_layers, links)
    across = _placed(rows, extents, links, len(sizes), gap_across)
    centres, length = _stacked(owner_layers, sizes, gap_along)
    routes = [[(across[node], centres[owner_layers[node]]) for node in chain[1:-1]] for chain in chains]
    for number in backwards:
        routes[number].reverse()
    breadth = max((across[n] + extents[n] / 2 for n in range(len(extents))), default=0.0)
    along = [centres[layer] for layer in layers]
    return Layout(layers, across[: len(sizes)], along, routes, frozenset(backwards), breadth, length)


def _closing(count: int, edges: Sequence[tuple[int, int]]) -> set[int]:
    """(1) The edges that close a cycle: those that lead back to an ancestor of a depth-first search.

    The search starts where no edge enters, then at the first boxes: these stay before what they lead to.
    """
    out: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    entered = [False] * count
    for number, (source, target) in enumerate(edges):
        if source != target:
            out[source].append((target, number))
            entered[target] = True
    closing: set[int] = set()
    state = bytearray(count)  # 0 new, 1 on the way down, 2 done
    for root in sorted(range(count), key=entered.__getitem__):
        if state[root]:
            continue
        state[root] = 1
        stack = [(root, iter(out[root]))]
        while stack:
            box, following = stack[-1]
            for target, number in following:
                if state[target] == 1:
                    closing.add(number)
                elif not state[target]:
                    state[target] = 1
                    stack.append((target, iter(out[target])))
                    break
            else:
                state[box] = 2
                stack.pop()
    return closing


def _topological(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The boxes in an order in which every edge leads onwards, first come first served."""
    out: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for source, target in edges:
        if source != target:
            out[source].append(target)
            waiting[target] += 1
    order = [box for box in range(count) if not waiting[box]]
    for box in order:
        for target in out[box]:
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    return order


def _layers(order: Sequence[int], edges: Sequence[tuple[int, int]]) -> list[int]:
    """(2) The longest path from a box that nothing points to; boxes with more causes than effects move next to them."""
    causes: list[list[int]] = [[] for _ in order]
    entered = [0] * len(order)
    for source, target in edges:
        if source != target:
            causes[source].append(target)
            entered[target] += 1
    layers = [0] * len(order)
    for box in order:
        below = layers[box] + 1
        for cause in causes[box]:
            if layers[cause] < below:
                layers[cause] = below
    for box in reversed(order):
        if causes[box] and entered[box] < len(causes[box]):
            layers[box] = max(layers[box], min(layers[cause] for cause in causes[box]) - 1)
    lowest = min(layers, default=0)
    return [layer - lowest for layer in layers]


def _chains(layers: list[int], edges: Sequence[tuple[int, int]]) -> tuple[list[list[int]], list[int]]:
    """(3) Each edge as a chain of boxes; where the graph is small, with a place held in every layer that it crosses."""
    spans = sum(max(0, layers[target] - layers[source] - 1) for source, target in edges)
    if len(layers) + spans > _CAREFUL:
        return [[source, target] for source, target in edges], layers
    extended = list(layers)
    chains = []
    for source, target in edges:
        chain = [source]
        for layer in range(layers[source] + 1, layers[target]):
            chain.append(len(extended))
            extended.append(layer)
        chains.append([*chain, target])
    return chains, extended


def _ordered(order: Sequence[int], layers: list[int], links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """(4) The boxes of each layer in order: by the mean place of their neighbours, down and up in turn."""
    above, below = _neighbours(len(layers), links)
    rows: list[list[int]] = [[] for _ in range(max(layers, default=-1) + 1)]
    for box in (*order, *range(len(order), len(layers))):
        rows[layers[box]].append(box)
    place = [0.0] * len(layers)
    for row in rows:
        _number(row, place)
    for sweep in range(_CAREFUL_SWEEPS if len(layers) <= _CAREFUL else _QUICK_SWEEPS):
        near = above if sweep % 2 == 0 else below
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = {box: _mean(near[box], place, place[box]) for box in row}
            row.sort(key=wanted.__getitem__)
            _number(row, place)
    return rows


def _number(row: Sequence[int], place: list[float]) -> None:
    # Places relative to the row's length, so that rows of different lengths compare.
    scale = 1.0 / max(1, len(row))
    for index, box in enumerate(row):
        place[box] = (index + 0.5) * scale


def _placed(
    rows: Sequence[list[int]], extents: Sequence[float], links: Sequence[tuple[int, int]], boxes: int, gap: float
) -> list[float]:
    """(5) Centres across: the nearest to the neighbours' that keep the order and the gaps."""
    above, below = _neighbours(len(extents), links)
    weights = [1.0] * boxes + [_DUMMY_WEIGHT] * (len(extents) - boxes)
    across = [0.0] * len(extents)
    offsets = [_offsets(row, extents, gap) for row in rows]
    for row, offset in zip(rows, offsets, strict=True):
        for box, start in zip(row, offset, strict=True):
            across[box] = start - offset[-1] / 2
    quick = len(extents) > _CAREFUL
    for near in (above, below) if quick else (above, below, above, below, None):
        numbers = range(len(rows)) if near is above else range(len(rows) - 1, -1, -1)
        for number in numbers:
            row, offset = rows[number], offsets[number]
            wanted = [
                _mean(near[box] if near else above[box] + below[box], across, across[box]) - start
                for box, start in zip(row, offset, strict=True)
            ]
            for box, start, shift in zip(row, offset, _isotonic(wanted, [weights[b] for b in row]), strict=True):
                across[box] = start + shift
    first = min((across[box] - extents[box] / 2 for box in range(len(extents))), default=0.0)
    return [centre - first for centre in across]


def _offsets(row: Sequence[int], extents: Sequence[float], gap: float) -> list[float]:
    """The centres of a row packed as tightly as its gaps allow, from 0."""
    packed = [0.0]
    for left, right in pairwise(row):
        packed.append(packed[-1] + (extents[left] + extents[right]) / 2 + gap)
    return packed


def _isotonic(wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The non-decreasing values with the least weighted squared distance from `wanted`."""
    pools: list[tuple[float, float, int]] = []  # mean, weight, members
    for value, weight in zip(wanted, weights, strict=True):
        mean, total, members = value, weight, 1
        while pools and pools[-1][0] > mean:
            other, heavier, more = pools.pop()
            mean = (mean * total + other * heavier) / (total + heavier)
            total, members = total + heavier, members + more
        pools.append((mean, total, members))
    return [mean for mean, _, members in pools for _ in range(members)]


def _stacked(layers: Sequence[int], sizes: Sequence[Point], gap: float) -> tuple[list[float], float]:
    """The centre of each layer along, and the length of all."""
    deepest = [_DUMMY_EXTENT] * (max(layers, default=-1) + 1)
    for box, size in enumerate(sizes):
        deepest[layers[box]] = max(deepest[layers[box]], size[1])
    centres, along = [], 0.0
    for extent in deepest:
        centres.append(along + extent / 2)
        along += extent + gap
    return centres, max(0.0, along - gap)


def _neighbours(count: int, links: Sequence[tuple[int, int]]) -> tuple[list[list[int]], list[list[int]]]:
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for source, target in links:
        if source != target:
            below[source].append(target)
            above[target].append(source)
    return above, below


def _mean(boxes: Sequence[int], values: Sequence[float], otherwise: float) -> float:
    if not boxes:
        return otherwise
    if len(boxes) == 1:
        return values[boxes[0]]
    return sum(values[box] for box in boxes) / len(boxes)
