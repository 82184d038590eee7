"""The kernel of provstore, asked for the same as the baselines: the entities that are similar to a source."""

from __future__ import annotations

from collections.abc import Sequence

from provstore.questions.segmenting.depths import first_common
from provstore.questions.segmenting.kernel import all_levels
from provstore.questions.segmenting.subgraph import Subgraph


def similar(subgraph: Subgraph, sources: Sequence[int], destinations: Sequence[int]) -> set[str]:
    """The entities that are similar to a source. Args: sources, destinations: places."""
    return {
        subgraph.names[place]
        for levels in all_levels(subgraph, sources, destinations)
        for place, activity in enumerate(subgraph.is_activity)
        if not activity and first_common(levels.depths(place), levels.source_depths) is not None
    }
