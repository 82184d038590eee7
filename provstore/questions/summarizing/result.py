"""The answer of `summarize`: classes of alike elements, and the share of segments behind each edge."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from provstore.graph.contract import Edge
from provstore.questions.result import Graph, values_json
from provstore.questions.summarizing.pieces import VertexClass


class Member(NamedTuple):
    """An element of a segment."""

    segment: str
    iri: str


@dataclass(frozen=True, slots=True)
class Outlier:
    """A segment that takes rare edges, or misses frequent ones."""

    segment: str
    takes: tuple[Edge, ...]
    misses: tuple[Edge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Graph):
    """A graph whose nodes are blocks: `node.iri` is the block's id, `node.label` its class in words and its size.

    `members`, `classes`: by id. `behind`: by edge (source, relation, target), the names of the segments that have such
    an edge. `segments`: all names. `outliers`: None when they were not asked for. An edge has an empty sid: no
    single statement is behind it.
    """

    members: Mapping[str, tuple[Member, ...]] = field(default_factory=dict)
    classes: Mapping[str, tuple[str, VertexClass]] = field(default_factory=dict)
    behind: Mapping[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    outliers: tuple[Outlier, ...] | None = None

    @property
    def compaction_ratio(self) -> float | None:
        """Blocks by elements of all segments; 1: nothing was merged; None: there are no elements."""
        elements = sum(map(len, self.members.values()))
        return len(self.nodes) / elements if elements else None

    def gamma(self, edge: Edge) -> float:
        """The share of segments that have such an edge, above 0, at most 1."""
        return len(self.behind[edge.source, edge.relation, edge.target]) / len(self.segments)

    def as_json(self) -> dict[str, Any]:
        """The summary object of docs/reference/json.md."""
        answer: dict[str, Any] = {
            "question": self.question,
            "parameters": dict(self.parameters),
            "nodes": self.node_rows(),
            "edges": self.edge_rows(),
            "counts": {"nodes": len(self.nodes), "edges": len(self.edges)},
            "segments": list(self.segments),
            "compaction_ratio": self.compaction_ratio,
            "truncated": self.truncated.as_json() if self.truncated else None,
            "incomplete": self.incomplete,
            "as_of": self.as_of,
        }
        if self.outliers is not None:
            answer["outliers"] = [self._outlier(one) for one in self.outliers]
        return answer | ({"notes": list(self.notes)} if self.notes else {})

    def json_pieces(self) -> Iterator[str]:
        """The text of `as_json` on one line."""
        yield json.dumps(self.as_json(), ensure_ascii=False)

    def node_rows(self) -> list[dict[str, Any]]:
        """One object per block: id, class, kind, kinds, keys, members, size."""
        return [self._node(one.node.iri) | ({"hidden": True} if one.hidden else {}) for one in self.nodes]

    def edge_rows(self) -> list[dict[str, Any]]:
        """One object per edge: source, target, relation, gamma, segments."""
        return [self._edge(edge) | {"segments": list(self._behind(edge))} for edge in self.edges]

    def _node(self, number: str) -> dict[str, Any]:
        text, own = self.classes[number]
        members = self.members[number]
        keys = {self.prefixes.shorten(key): values_json(values) for key, values in own.values}
        described: dict[str, Any] = {
            "id": number,
            "class": text,
            "kind": own.kinds[0],
            "kinds": list(own.kinds),
            "keys": keys,
        }
        if own.neighbourhood:
            described["neighbourhood"] = own.neighbourhood
        return described | {"members": [one._asdict() for one in members], "size": len(members)}

    def _edge(self, edge: Edge) -> dict[str, Any]:
        return {
            "source": edge.source, "target": edge.target, "relation": edge.relation, "gamma": self.gamma(edge),
        }  # fmt: skip

    def _behind(self, edge: Edge) -> tuple[str, ...]:
        return self.behind[edge.source, edge.relation, edge.target]

    def _outlier(self, one: Outlier) -> dict[str, Any]:
        sides: dict[str, Sequence[Edge]] = {"takes": one.takes, "misses": one.misses}
        return {"segment": one.segment} | {side: [self._edge(edge) for edge in edges] for side, edges in sides.items()}
