"""The answer of `segment`: a graph whose nodes say why they are there, which can be adjusted and composed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any, Final

from provstore.collecting import without_collecting
from provstore.errors import UsageError
from provstore.graph.columns import EdgeColumns
from provstore.graph.contract import Edge, Reader
from provstore.model.names import Prefixes
from provstore.questions.result import AnswerNode, Graph
from provstore.questions.segmenting import choosing
from provstore.questions.segmenting.adjusting import Adjustment, Growth, Left, Material, Why, growth, left_out
from provstore.questions.segmenting.boundary import Boundary, parse_boundary
from provstore.questions.segmenting.explaining import MirroredPaths
from provstore.questions.segmenting.later import LaterMapping, LaterTuple
from provstore.questions.segmenting.parts import WHY
from provstore.questions.segmenting.shaping import EDGE_ORDER, arranged, in_one_piece

# A tuple of all fields as a node of an answer: there may be a million.
_answer_node: Final = partial(tuple.__new__, AnswerNode)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a segment can be adjusted from: where it was read, the boundary within which, and what was adjusted since.

    `ends`: its sources and destinations, which are never left out. `whole`: the segment before its adjustments; None:
    it has none.
    """

    reader: Reader
    boundary: Boundary
    ends: frozenset[str]
    whole: Segment | None = None
    adjustment: Adjustment = field(default_factory=Adjustment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Graph):
    """The answer of `segment`: a graph, of each node the parts that it is in, and whether it is in one piece.

    `depth` of a node: fewest edges of the answer, whichever way they point, from a destination; in a piece without
    one from a source; in a piece with neither, 0; before anything was dropped from it afterwards.
    `why` by IRI: of `src, dst, c1, c2, c3, c4, c5` those that hold.
    `explained`: the element that was to be explained, and two paths of equal length that do (None: it is on none).
    `criteria`: the parameters with full IRIs in place of names, from which the segment can be made again.
    `is_one_piece`: `connected`, where it is known already.
    """

    why: Why = field(default_factory=dict)
    explained: tuple[str, MirroredPaths | None] | None = None
    criteria: Mapping[str, Any] = field(default_factory=dict, repr=False)
    basis: Basis | None = field(default=None, repr=False, compare=False)
    is_one_piece: bool | None = field(default=None, repr=False, compare=False)

    def described(self) -> dict[str, Any]:
        """The graph object with `connected`."""
        return Graph.described(self) | {"connected": self.connected} | self._explanation()

    def node_json(self, one: AnswerNode) -> dict[str, Any]:
        """One object of `nodes`, with `why`."""
        return Graph.node_json(self, one) | {"why": list(self.why[one.node.iri])}

    def reasons(self, one: AnswerNode) -> tuple[str, ...]:
        """The parts that the node is in."""
        return self.why[one.node.iri]

    def node_rows(self) -> list[dict[str, Any]]:
        """One flat row per node, with `why`."""
        return [row | {"why": list(self.why[row["iri"]])} for row in Graph.node_rows(self)]

    @property
    def connected(self) -> bool:
        """Whether it is in one piece."""
        return in_one_piece(self.iris(), self.edges) if self.is_one_piece is None else self.is_one_piece

    def part(self, name: str) -> frozenset[str]:
        """The IRIs of one part: `src`, `dst`, `c1` to `c5`."""
        return frozenset(iri for iri, parts in self.why.items() if name in parts)

    def adjust(
        self,
        *,
        exclude: Sequence[str] = (),
        exclude_edges: Sequence[str] = (),
        only_relations: Sequence[str] | None = None,
        expand: Sequence[tuple[str, int]] = (),
    ) -> Segment:
        """The segment with more left out, or more added, without inducing it again.

        What is left out is dropped from the finished segment (mode `post`); the order of adjustments does not matter.

        Args: exclude, exclude_edges: expressions (rule 28), of elements and of edges. only_relations: of the five, keep
        the edges of these. expand: an entity of the segment, and how many ancestry steps behind it to add; read while
        the store is open.
        Raises: UsageError: an expression that cannot be read, no such relation, no entity of the segment.
        """
        basis = self._basis()
        adjustment = basis.adjustment.further(exclude, exclude_edges, only_relations, expand)
        if adjustment == basis.adjustment:
            return self
        whole = basis.whole or self
        said = {"adjusted": adjustment.as_json()}
        criteria = dict(whole.criteria) | said
        return replace(whole.adjusted(adjustment), parameters=dict(whole.parameters) | said, criteria=criteria)

    def adjusted(self, adjustment: Adjustment) -> Segment:
        """This segment as an adjustment leaves it, its parameters as they were."""
        basis, prefixes = self._basis(), self.prefixes
        boundary = parse_boundary(
            adjustment.exclude, adjustment.exclude_edges, adjustment.only_relations, basis.ends, prefixes
        )
        added = growth(self.why.keys(), basis.reader, prefixes, adjustment.expand, basis.boundary)
        left = left_out(lambda: self.why.keys() | added.nodes.keys(), basis.reader, boundary)
        # Only what is added was read; the nodes and edges are gone through when somebody looks at them.
        made = cache(without_collecting()(lambda: self._grown(added)._left(left, boundary)))
        return replace(
            self,
            nodes=LaterTuple(lambda: tuple(made().nodes)),
            edges=LaterTuple(lambda: tuple(made().edges)),
            why=LaterMapping(lambda: made().why),
            incomplete=self.incomplete or bool(added.hidden),
            is_one_piece=None,
            basis=replace(basis, whole=self, adjustment=adjustment),
        )

    def __add__(self, other: Segment) -> Segment:
        """Every node and edge of either; a node is in the parts in which it is in either."""
        return self._composed("+", other, [*self.nodes, *other.nodes], [*self.edges, *other.edges])

    def __and__(self, other: Segment) -> Segment:
        """The nodes and edges of both; a node is in the parts in which it is in either."""
        theirs = set(map(EDGE_ORDER, other.edges))
        nodes = [one for one in self.nodes if one.node.iri in other.why]
        return self._composed("&", other, nodes, [edge for edge in self.edges if EDGE_ORDER(edge) in theirs])

    def __sub__(self, other: Segment) -> Segment:
        """The nodes of this that the other has not, and the edges of this among them."""
        nodes = [one for one in self.nodes if one.node.iri not in other.why]
        kept = {one.node.iri for one in nodes}
        edges = [edge for edge in self.edges if edge.source in kept and edge.target in kept]
        return self._composed("-", other, nodes, edges)

    def _composed(self, sign: str, other: Segment, nodes: Iterable[AnswerNode], edges: Iterable[Edge]) -> Segment:
        if self.as_of != other.as_of:
            raise UsageError(
                f"expected segments as of the same entry, found {_entry(self.as_of)} and {_entry(other.as_of)}",
                next_step="Ask for both as the store is now (--now), or as of one entry (--as-of).",
            )
        also = {} if sign == "-" else other.why
        found = {one.node.iri: one for one in nodes}
        material = Material(
            {iri: one.node for iri, one in found.items()},
            list({EDGE_ORDER(edge): edge for edge in edges}.values()),
            {iri: _both(self.why.get(iri, ()), also.get(iri, ())) for iri in found},
            frozenset(iri for iri, one in found.items() if one.hidden),
        )
        made = self._of(material)
        return replace(
            made,
            parameters=_chain(self.parameters, sign, other.parameters),
            criteria=_chain(self.criteria, sign, other.criteria),
            incomplete=self.incomplete or other.incomplete,
            notes=tuple(sorted({*self.notes, *other.notes})),
            basis=Basis(self._basis().reader, Boundary(), made.part("src") | made.part("dst")),
        )

    def _grown(self, added: Growth) -> Segment:
        """This with what expansions add."""
        material = added.added_to(self._material())
        return self._of(material) if added.nodes or added.edges else replace(self, why=material.why)

    def _left(self, left: Left, boundary: Boundary) -> Segment:
        """This without the nodes that are left out, and with the edges that the boundary keeps; the depths stay."""
        out = {one.node.iri for one in self.nodes if left.has(one.node)}
        nodes = [one for one in self.nodes if one.node.iri not in out]
        why = {iri: parts for iri, parts in self.why.items() if iri not in out}
        edges = choosing.among(boundary.of_edges(self.edges), why.keys())
        return replace(self, nodes=tuple(nodes), edges=tuple(edges), why=why)

    def _basis(self) -> Basis:
        if self.basis is None:
            raise UsageError("this segment was not asked of a store, so it cannot be adjusted or composed")
        return self.basis

    def _material(self) -> Material:
        nodes = {one.node.iri: one.node for one in self.nodes}
        return Material(nodes, self.edges, self.why, frozenset(one.node.iri for one in self.nodes if one.hidden))

    def _of(self, material: Material) -> Segment:
        made = shaped(material, question=self.question, prefixes=self.prefixes, as_of=self.as_of)
        return replace(made, incomplete=self.incomplete or made.incomplete, notes=self.notes)

    def _explanation(self) -> dict[str, Any]:
        if self.explained is None:
            return {}
        iri, paths = self.explained
        return {"explained": {"iri": iri} | {name: list(path) for name, path in paths._asdict().items()} if paths
                else {"iri": iri, "to_source": None, "through": None}}  # fmt: skip


def shaped(material: Material, *, question: str, prefixes: Prefixes, as_of: int | None) -> Segment:
    """The segment of some material: its nodes by (depth, IRI), and whether it is in one piece."""
    nodes, edges, why, hidden = material
    src, dst = ([iri for iri, parts in why.items() if end in parts] for end in ("src", "dst"))
    vertices, depths, order, connected = arranged(nodes, edges, src, dst)
    fields = list(map(nodes.__getitem__, vertices)), depths, list(map(hidden.__contains__, vertices))
    in_order = zip(*(map(field.__getitem__, order) for field in fields), strict=True)
    return Segment(
        question=question,
        parameters={},
        nodes=tuple(map(_answer_node, in_order)),
        edges=edges if isinstance(edges, EdgeColumns) else tuple(sorted(edges, key=EDGE_ORDER)),
        incomplete=bool(hidden),
        as_of=as_of,
        prefixes=prefixes,
        why=why,
        is_one_piece=connected,
    )


def _chain(mine: Mapping[str, Any], sign: str, theirs: Mapping[str, Any]) -> dict[str, Any]:
    """What is composed, from left to right."""
    before = mine["compose"] if "compose" in mine and "adjusted" not in mine else [dict(mine)]
    return {"compose": [*before, [sign, dict(theirs)]]}


def _entry(as_of: int | None) -> str:
    return "now" if as_of is None else f"entry {as_of}"


def _both(one: Collection[str], other: Collection[str]) -> tuple[str, ...]:
    return tuple(part for part in WHY if part in one or part in other)
