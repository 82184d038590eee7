"""What a summary says in words: shares of segments, how far it was compacted, which segments stand out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from provstore.graph.contract import Edge
from provstore.questions.result import Graph
from provstore.questions.summarizing.result import Outlier, Summary

# Widths of edges in a picture, by share: each up to and with.
_STEPS: Final = (0.1, 0.25, 0.5, 0.75, 1.0)
_MOST_OUTLIERS: Final = 20


def share(answer: Graph, edge: Edge) -> str:
    """` 75 %` for an edge of a summary, else nothing."""
    gamma = answer.gamma(edge)
    return "" if gamma is None else f" {percent(gamma)}"


def percent(gamma: float) -> str:
    """A share in whole per cent, but never 0 % or 100 % for what is not nothing or all."""
    whole = round(100 * gamma)
    if whole == 0 and gamma > 0:
        return "<1 %"
    return ">99 %" if whole == 100 and gamma < 1 else f"{whole} %"


def width_class(answer: Graph, edge: Edge) -> str:
    """` share-1` to ` share-5`, the class of an edge's width in a picture; nothing where there are no shares."""
    gamma = answer.gamma(edge)
    return "" if gamma is None else f" share-{next(n for n, most in enumerate(_STEPS, 1) if gamma <= most)}"


def heading(answer: Graph) -> str | None:
    """`Summary of 6 segments`; None for any other answer."""
    if not isinstance(answer, Summary):
        return None
    return f"Summary of {len(answer.segments):,} segment{'s' * (len(answer.segments) != 1)}"


def told(answer: Graph) -> list[str]:
    """What a summary says of itself besides counts; nothing of any other answer."""
    if not isinstance(answer, Summary) or answer.compaction_ratio is None:
        return []
    elements, segments = sum(map(len, answer.members.values())), len(answer.segments)
    said = [
        f"{elements:,} elements of {segments:,} segment{'s' * (segments != 1)}, compaction ratio "
        f"{answer.compaction_ratio:.3g}; the per cent of an edge: the share of segments that have it."
    ]
    if answer.truncated:
        said.append(f"Stopped after {answer.truncated.limit:g} s: right as it is, but more might be merged.")
    return said + _outliers(answer)


def _outliers(answer: Summary) -> list[str]:
    if answer.outliers is None:
        return []
    if not answer.outliers:
        return ["No segment takes a rare edge or misses a frequent one."]
    lines = [_in_words(answer, one) for one in answer.outliers[:_MOST_OUTLIERS]]
    more = len(answer.outliers) - len(lines)
    return [*lines, *([f"{more:,} more segments stand out; JSON lists all."] if more else [])]


def _in_words(answer: Summary, one: Outlier) -> str:
    sides = (("takes", one.takes), ("misses", one.misses))
    return f"{one.segment} " + "; ".join(f"{verb} {_edges(answer, edges)}" for verb, edges in sides if edges)


def _edges(answer: Summary, edges: Sequence[Edge]) -> str:
    return ", ".join(
        f"{answer.classes[edge.source][0]} {edge.relation} {answer.classes[edge.target][0]}"
        f" ({percent(answer.gamma(edge))})"
        for edge in edges
    )
