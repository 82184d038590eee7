"""The segment of a run: the activity, what it used and generated, its code and its agents, and what joins these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from provstore.graph.contract import Edge, Filter, Reader, Walk
from provstore.graph.expressions import And, parse
from provstore.model.names import Prefixes
from provstore.questions.lineage import nodes_by_iri
from provstore.questions.summarizing.pieces import Piece

_FROM_RUN: Final = frozenset({"used", "wasAssociatedWith", "hadPlan"})
RELATIONS: Final = _FROM_RUN | {"wasGeneratedBy", "wasDerivedFrom", "wasAttributedTo"}


def pieces_of_runs(reader: Reader, prefixes: Prefixes, expression: str) -> list[Piece]:
    """One piece for each activity that matches the expression, named by its short IRI, in the order of IRIs.

    Raises: UsageError: the expression cannot be read.
    """
    # What is an entity as well has that as its first kind, which is what the word asks for.
    condition = And((parse("kind in (activity, entity)", prefixes), parse(expression, prefixes)))
    found = reader.nodes(Filter(condition=condition)).nodes
    runs = [node.iri for node in found if "activity" in node.kinds]
    if not runs:
        return []
    inside = _inside(reader, runs)
    everything = sorted(set().union(*inside.values()))
    walk = Walk(tuple(everything), "out", 1, frozenset({"agents"}), RELATIONS)
    reached = reader.closure(walk)
    leaving: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in reached.edges:
        leaving[edge.source].append(edge)
    nodes = nodes_by_iri(reader, everything)
    pieces = []
    for run in sorted(runs):
        members = inside[run]
        edges = [edge for iri in members for edge in leaving.get(iri, ()) if edge.target in members]
        hidden = reached.hidden & members
        pieces.append(Piece(prefixes.shorten(run), [nodes[iri] for iri in sorted(members)], edges, hidden))
    return pieces


def _inside(reader: Reader, runs: Sequence[str]) -> dict[str, set[str]]:
    inside = {run: {run} for run in runs}
    for edge in reader.expand(runs, _FROM_RUN, "out"):
        inside[edge.source].add(edge.target)
    for edge in reader.expand(runs, {"wasGeneratedBy"}, "in"):
        inside[edge.target].add(edge.source)
    return inside
