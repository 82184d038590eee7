"""The question `segment`: how some elements came from others, and what else went the same way.

Source: operator PgSeg of Miao and Deshpande, arXiv 1810.04599; rules 24, 25, 28 and 29.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from provstore.errors import UsageError
from provstore.graph.contract import Edge, Reader
from provstore.model.names import Prefixes
from provstore.questions.lineage import nodes_by_iri
from provstore.questions.resolve import resolve, resolve_one
from provstore.questions.result import AnswerNode, Graph
from provstore.questions.segmenting.boundary import Boundary, parse_boundary
from provstore.questions.segmenting.explaining import MirroredPaths
from provstore.questions.segmenting.parts import Expansion, Parts, expanded, induce, induced_edges, responsible
from provstore.questions.told import attribute_iri

Mode = Literal["pre", "post"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Graph):
    """The answer of `segment`: a graph, of each node the parts that it is in, and whether it is in one piece.

    `depth` of a node: fewest edges of the answer, whichever way they point, from a destination; in a piece without
    one from a source; in a piece with neither, 0. `why` by IRI: of `src, dst, c1, c2, c3, c4, c5` those that hold.
    `explained`: the element that was to be explained, and two paths of equal length that do (None: it is on none).
    """

    why: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    connected: bool = True
    explained: tuple[str, MirroredPaths | None] | None = None

    def as_json(self) -> dict[str, Any]:
        """The graph object of interface.md with `why` at each node, and `connected`."""
        answer = Graph.as_json(self)
        nodes = [node | {"why": list(self.why[node["iri"]])} for node in answer["nodes"]]
        return answer | {"nodes": nodes, "connected": self.connected} | self._explanation()

    def node_rows(self) -> list[dict[str, Any]]:
        """One flat row per node, with `why`."""
        return [row | {"why": list(self.why[row["iri"]])} for row in Graph.node_rows(self)]

    def _explanation(self) -> dict[str, Any]:
        if self.explained is None:
            return {}
        iri, paths = self.explained
        return {"explained": {"iri": iri} | {name: list(path) for name, path in paths._asdict().items()} if paths
                else {"iri": iri, "to_source": None, "through": None}}  # fmt: skip


def segment(
    reader: Reader,
    prefixes: Prefixes,
    src: Sequence[str],
    dst: Sequence[str],
    *,
    exclude: Sequence[str] = (),
    only_relations: Sequence[str] | None = None,
    expand: Sequence[tuple[str, int]] = (),
    mode: Mode = "pre",
    same: Sequence[str] = (),
    explain: str | None = None,
    as_of: int | None = None,
) -> Segment:
    """The segment between sources and destinations.

    Its parts: `c1` what lies on paths over `used` and `wasGeneratedBy` from a destination back to a source; `c2` what
    lies on walks from a destination with as many activity hops as one that ends at a source; `c3` what else the
    activities of these generated; `c5` expansions; `c4` the agents of all of these.

    Args: src, dst: entities, named as in `resolve`; at least one each. exclude: expressions; what meets one is left
    out, sources and destinations never. only_relations: of the five that a segment has, keep these (None: all).
    expand: an entity of the segment, and how many ancestry steps behind it to add (at least 1). mode: `pre`: paths
    run through nothing that is left out; `post`: it is dropped from the finished segment. same: attributes whose values
    must be equal at mirrored places of two similar walks (neither having one is equal). explain: an
    element of the segment of which to say what similar path it is on; not with `same`. as_of: the sequence that
    `reader` is as of.
    Raises: NotFound, Ambiguous: a name means nothing, or several things. UsageError: no entity is named, something
    else than an entity is, or an expression cannot be read. Conflict: what lies behind a destination is circular.
    """
    sources, destinations = _entities(reader, prefixes, src, "--src"), _entities(reader, prefixes, dst, "--dst")
    boundary = parse_boundary(exclude, only_relations, sources | destinations, prefixes)
    inducing = boundary if mode == "pre" else Boundary()
    parts = induce(
        reader, sources, destinations, inducing, prefixes.shorten, [attribute_iri(name, prefixes) for name in same]
    )
    parts = replace(parts, c5=expanded(reader, _expansions(reader, prefixes, expand, parts), inducing))
    parts = replace(parts, c4=responsible(reader, parts.vertices(), inducing))
    explained = None if explain is None else _explained(reader, prefixes, explain, parts, same)
    if mode == "post":
        parts = parts.without(boundary.outside(reader, parts.vertices()))
    asked = {
        "src": list(src), "dst": list(dst), "exclude": list(exclude),
        "only_relations": None if only_relations is None else list(only_relations),
        "expand": [list(one) for one in expand], "mode": mode, "same": list(same), "explain": explain,
    }  # fmt: skip
    answer = _answer(reader, prefixes, parts, boundary, asked, as_of)
    return (
        answer
        if explained is None
        else replace(answer, explained=explained, notes=(*answer.notes, *_in_words(explained, parts, prefixes)))
    )


def _answer(
    reader: Reader, prefixes: Prefixes, parts: Parts, boundary: Boundary, asked: Mapping[str, Any], as_of: int | None
) -> Segment:
    vertices = parts.vertices()
    edges, hidden = induced_edges(reader, vertices, boundary)
    depths, pieces = _depths(vertices, edges, parts)
    nodes = nodes_by_iri(reader, vertices)
    return Segment(
        question="segment",
        parameters=asked,
        nodes=tuple(
            AnswerNode(nodes[iri], depth, iri in hidden)
            for iri, depth in sorted(depths.items(), key=lambda one: (one[1], one[0]))
        ),
        edges=edges,
        incomplete=bool(parts.hidden or hidden),
        as_of=as_of,
        notes=_notes(parts, prefixes),
        prefixes=prefixes,
        why={iri: parts.why(iri) for iri in vertices},
        connected=pieces == 1,
    )


def _explained(
    reader: Reader, prefixes: Prefixes, name: str, parts: Parts, same: Sequence[str]
) -> tuple[str, MirroredPaths | None]:
    if same:
        raise UsageError("the paths of a segment with --same are not explained", where="--explain")
    iri = resolve_one(reader, prefixes, name)
    if iri not in parts.vertices():
        raise UsageError("--explain: expected an element of the segment", where=name)
    return iri, parts.paths_through(iri)


def _in_words(explained: tuple[str, MirroredPaths | None], parts: Parts, prefixes: Prefixes) -> tuple[str, ...]:
    iri, paths = explained
    if paths is None:
        return (f"{prefixes.shorten(iri)} is on no similar path, it is here as {', '.join(parts.why(iri))}",)
    to_source, through = (" < ".join(map(prefixes.shorten, path)) for path in paths)
    return (f"to a source: {to_source}", f"as many steps through {prefixes.shorten(iri)}: {through}")


def _entities(reader: Reader, prefixes: Prefixes, names: Sequence[str], option: str) -> frozenset[str]:
    """The IRIs that the names mean, all of entities."""
    if not names:
        raise UsageError("expected at least one entity, found none", where=option)
    found: set[str] = set()
    for name in names:
        iris = resolve(reader, prefixes, name)
        for node in nodes_by_iri(reader, iris).values():
            if "entity" not in node.kinds:
                kind = "an element of unknown kind" if node.kind == "unknown" else f"an {node.kind}"
                raise UsageError(
                    f"{option}: expected an entity, found {kind}",
                    where=name,
                    next_step="Name an entity, such as one that a run used or generated.",
                )
        found.update(iris)
    return frozenset(found)


def _expansions(reader: Reader, prefixes: Prefixes, expand: Sequence[tuple[str, int]], parts: Parts) -> list[Expansion]:
    vertices = parts.vertices()
    found = []
    for name, steps in expand:
        if steps < 1:
            raise UsageError(f"expected 1 step or more, found {steps}", where="--expand")
        entities = _entities(reader, prefixes, [name], "--expand")
        if not entities & vertices:
            raise UsageError("--expand: expected an entity of the segment", where=name)
        found.append(Expansion(entities & vertices, steps))
    return found


def _notes(parts: Parts, prefixes: Prefixes) -> tuple[str, ...]:
    apart = sorted(map(prefixes.shorten, parts.src - parts.c1))
    if not apart:
        return ()
    named = ", ".join(apart[:5]) + (f" and {len(apart) - 5} more" if len(apart) > 5 else "")
    return (f"no path of used and wasGeneratedBy leads from a destination back to {named}",)


def _depths(vertices: frozenset[str], edges: Iterable[Edge], parts: Parts) -> tuple[dict[str, int], int]:
    """By IRI the depth as `Segment` says, and in how many pieces the vertices are."""
    near: dict[str, list[str]] = {iri: [] for iri in vertices}
    for edge in edges:
        near[edge.source].append(edge.target)
        near[edge.target].append(edge.source)
    depths: dict[str, int] = {}
    _spread(near, parts.dst, depths)
    _spread(near, parts.src - depths.keys(), depths)
    depths |= dict.fromkeys(vertices - depths.keys(), 0)
    return depths, _pieces(near)


def _spread(near: Mapping[str, Sequence[str]], starts: Collection[str], depths: dict[str, int]) -> None:
    """Adds to `depths` everything that the starts, at 0, are joined to."""
    frontier = sorted(starts)
    depths.update(dict.fromkeys(frontier, 0))
    for iri in frontier:  # grows while it is read
        for other in near[iri]:
            if other not in depths:
                depths[other] = depths[iri] + 1
                frontier.append(other)


def _pieces(near: Mapping[str, Sequence[str]]) -> int:
    seen: dict[str, int] = {}
    count = 0
    for iri in near:
        if iri not in seen:
            _spread(near, {iri}, seen)
            count += 1
    return count
