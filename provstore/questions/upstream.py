"""The question `upstream`. Source: rule 22."""

from __future__ import annotations

from provstore.graph.contract import Reader
from provstore.model.names import Prefixes
from provstore.questions.lineage import Asked, lineage
from provstore.questions.result import Graph


def upstream(
    reader: Reader,
    prefixes: Prefixes,
    name: str,
    *,
    depth: int | None = None,
    only: str | None = None,
    agents: bool = False,
    parents: bool = False,
    max_nodes: int | None = None,
    as_of: int | None = None,
) -> Graph:
    """Everything that the named element was made from, nearest first.

    Args: name: as in `resolve`; a digest means all entities that hold these bytes. depth: fewest edges, from 0 (None:
    all). only: relations, kinds or types (`lineage.parse_only`). agents: also who was responsible. parents: also the
    runs that runs are part of. max_nodes: cut the answer there, and say so. as_of: the sequence that `reader` is as of,
    for the answer.
    Raises: NotFound, Ambiguous: `name` means nothing, or several things. UsageError: `only` cannot be read.
    """
    return lineage(
        reader,
        prefixes,
        Asked(
            question="upstream", name=name, direction="out", depth=depth, only=only, agents=agents, parents=parents,
            max_nodes=max_nodes, as_of=as_of,
        ),
    )  # fmt: skip
