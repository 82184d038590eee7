"""Where names of edges go: near the middle of their edges, none on another. Boxes come in and points go out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from provstore.reports.layout import Point

# After so many places to either side a label goes back to its own: it would be far from its edge.
_FARTHEST: Final = 12


class Label(NamedTuple):
    """A line of text of some width in px that belongs at a point, its middle."""

    middle: Point
    width: float


def apart(labels: Sequence[Label], height: float, low: float, high: float) -> list[Point]:
    """The middle of each label: its own, or the nearest above or below it where it is on no other.

    Args: height: of a line in px. low, high: between these the middles stay, in px.
    """
    taken: dict[int, list[tuple[Point, float]]] = defaultdict(list)
    placed = [label.middle for label in labels]
    for number in sorted(range(len(labels)), key=lambda one: (labels[one].middle[1], labels[one].middle[0], one)):
        (x, y), width = labels[number]
        places = ((x, y + step * height) for step in _steps() if not step or low <= y + step * height <= high)
        place = next((one for one in places if _is_free(taken, one, width, height)), (x, y))
        taken[int(place[1] // height)].append((place, width))
        placed[number] = place
    return placed


def _steps() -> list[int]:
    return [0, *(step for far in range(1, _FARTHEST + 1) for step in (far, -far))]


def _is_free(taken: dict[int, list[tuple[Point, float]]], place: Point, width: float, height: float) -> bool:
    row = int(place[1] // height)
    return not any(
        abs(place[0] - x) < (width + other) / 2 and abs(place[1] - y) < height
        for near in (row - 1, row, row + 1)
        for (x, y), other in taken.get(near, ())
    )
