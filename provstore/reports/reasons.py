"""Why a node is in a segment, in words: what pictures and pages tell beside each node and in their legends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provstore.questions.result import AnswerNode, Graph
from provstore.questions.segmenting.result import Segment

REASONS: Final[Mapping[str, str]] = {
    "src": "a source",
    "dst": "a destination",
    "c1": "on a path from a destination back to a source",
    "c2": "on a path as long as one that ends at a source",
    "c3": "generated beside these",
    "c4": "an agent of these",
    "c5": "added by an expansion",
}


def reasons_of(answer: Graph, one: AnswerNode) -> tuple[str, ...]:
    """The parts of a segment that a node is in; of any other answer, none."""
    return tuple(answer.why[one.node.iri]) if isinstance(answer, Segment) else ()


def reasons_present(answer: Graph) -> list[str]:
    """The parts that some node of a segment is in, in their order; of any other answer, none."""
    found = {reason for one in answer.nodes for reason in reasons_of(answer, one)}
    return [reason for reason in REASONS if reason in found]
