"""Looking again: the places of an earlier import come in, what is found there now goes out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from provstore.errors import BadInput
from provstore.importers.contract import Findings
from provstore.importers.footprint import Footprint, Place
from provstore.importers.paths import Tree


def retrace(places: Sequence[Place]) -> Footprint:
    """Looks at each place in the way in which it was looked at before, and notes what is there now."""
    footprint = Footprint(again=places)
    trees: dict[str, Tree] = {}
    for place in places:
        if place.operation == "whole":
            footprint.whole(place.relative)
        elif place.operation == "start":
            footprint.start(place.relative, int(place.root))
        else:
            tree = trees.setdefault(place.root, Tree(place.root, Findings(footprint=footprint)))
            with suppress(BadInput):  # A refusal is noted like anything else.
                _look(tree, place)
    return footprint


def _look(tree: Tree, place: Place) -> None:
    if place.operation in ("file", "bytes"):
        tree.open(place.relative).close()
    else:
        tree.listing(place.relative)
