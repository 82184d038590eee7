"""Segments as one labelled graph: their disjoint union, each vertex with its class. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from provstore.graph.contract import Edge, Node
from provstore.model.statement import Value
from provstore.questions.summarizing.labelled import Labelled, labelled
from provstore.questions.summarizing.neighbourhoods import Hood, RkMethod, types_of
from provstore.questions.summarizing.stopping import Stop, never

Keys = Mapping[str, tuple[str, ...]]  # by kind, full IRIs of the attributes that stay visible


class Piece(NamedTuple):
    """A segment to summarize: its name, its nodes, edges among them, and which nodes something hidden leaves."""

    name: str
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    hidden: frozenset[str] = frozenset()


class VertexClass(NamedTuple):
    """What two vertices must have in common: kinds, values of the visible keys, and the number of their type R_k."""

    kinds: tuple[str, ...]
    values: tuple[tuple[str, tuple[Value, ...]], ...]
    neighbourhood: int = 0


@dataclass(frozen=True, slots=True)
class Union:
    """The disjoint union: by vertex its piece and node; classes and relations by number, and the labelled graph."""

    pieces: Sequence[Piece]
    vertices: list[tuple[int, Node]]
    classes: list[VertexClass]
    relations: list[str]
    graph: Labelled


def union(
    pieces: Sequence[Piece],
    keys: Keys,
    *,
    rk: int = 0,
    rk_method: RkMethod = "exact",
    hood: Hood = "both",
    stop: Stop = never,
) -> Union:
    """The pieces as one graph. Args: rk, rk_method, hood: as `types_of`. Raises: as `types_of`."""
    vertices = [(number, node) for number, piece in enumerate(pieces) for node in piece.nodes]
    places = {(number, node.iri): place for place, (number, node) in enumerate(vertices)}
    relations = sorted({edge.relation for piece in pieces for edge in piece.edges})
    codes = {relation: code for code, relation in enumerate(relations)}
    edges = {
        (places[number, edge.source], codes[edge.relation], places[number, edge.target])
        for number, piece in enumerate(pieces)
        for edge in piece.edges
    }
    known: dict[int, VertexClass] = {}
    plain = [known.setdefault(id(node), _class(node, keys)) for _, node in vertices]
    names = sorted(set(plain))
    numbers = {name: number for number, name in enumerate(names)}
    graph = labelled([numbers[one] for one in plain], edges)
    if not rk:
        return Union(pieces, vertices, names, relations, graph)
    types = types_of(graph, rk, hood, rk_method, stop)
    pairs = sorted(set(zip(graph.classes, types, strict=True)))
    refined = {pair: number for number, pair in enumerate(pairs)}
    classes = [refined[pair] for pair in zip(graph.classes, types, strict=True)]
    named = [names[own]._replace(neighbourhood=number + 1) for number, (own, _) in enumerate(pairs)]
    return Union(pieces, vertices, named, relations, labelled(classes, edges))


def _class(node: Node, keys: Keys) -> VertexClass:
    """A missing property is a value of its own: none. A node of several kinds has the keys of each."""
    kinds = node.kinds or ("unknown",)
    visible = dict.fromkeys(key for kind in kinds for key in keys.get(kind, ()))
    return VertexClass(kinds, tuple((key, tuple(sorted(node.attributes.get(key, ())))) for key in visible))
