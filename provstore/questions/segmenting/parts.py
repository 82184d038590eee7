"""The parts C1 to C5 of a segment, read from any reader. Source: operator PgSeg, arXiv 1810.04599."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from itertools import compress, product
from operator import or_
from typing import Final, NamedTuple

from provstore.graph.contract import Edge, Engine, Filter, Reader, Walk
from provstore.graph.members import Members, flags_of
from provstore.model.statement import Value
from provstore.questions.segmenting import choosing
from provstore.questions.segmenting.boundary import RELATIONS, Boundary
from provstore.questions.segmenting.explaining import MirroredPaths, mirrored_paths
from provstore.questions.segmenting.extract import Extract, ancestry
from provstore.questions.segmenting.kernel import direct, similar
from provstore.questions.segmenting.mirrored import similar_alike
from provstore.questions.segmenting.subgraph import ANCESTRY, Subgraph, behind

WHY: Final = ("src", "dst", "c1", "c2", "c3", "c4", "c5")
# By the parts that something is in, a bit for each: their names. Each combination is once in memory.
_TOLD: Final = [tuple(compress(WHY, which[::-1])) for which in product((False, True), repeat=len(WHY))]
_RESPONSIBLE: Final = frozenset({"wasAssociatedWith", "wasAttributedTo"})


class Expansion(NamedTuple):
    """Entities of a segment, and how many ancestry steps behind them are added."""

    entities: frozenset[str]
    steps: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The IRIs of each part: sources, destinations, direct paths, similar paths, siblings, agents, expansions.

    `behind`: the subgraph that the paths are in. `hidden`: elements in it that something invisible leaves (rule 25).
    """

    src: frozenset[str]
    dst: frozenset[str]
    behind: Subgraph
    c1: Set[str] = frozenset()
    c2: Set[str] = frozenset()
    c3: Set[str] = frozenset()
    c4: Set[str] = frozenset()
    c5: Set[str] = frozenset()
    hidden: frozenset[str] = frozenset()

    def vertices(self) -> Set[str]:
        """All of the segment."""
        return reduce(or_, (getattr(self, part) for part in WHY))

    def paths_through(self, iri: str) -> MirroredPaths | None:
        """Two paths that show why an element is on a similar path, or None when it is on none."""
        ends = self.behind.entities(sorted(self.src)), self.behind.entities(sorted(self.dst))
        return mirrored_paths(self.behind, *ends, iri)

    def why(self, iri: str) -> tuple[str, ...]:
        """The parts that an element is in."""
        return tuple([part for part in WHY if iri in getattr(self, part)])

    def tags(self, iris: Set[str]) -> dict[str, tuple[str, ...]]:
        """By element, the parts that it is in."""
        among = iris.iris if isinstance(iris, Members) else list(iris)
        bits = 0  # a byte for each
        for place, part in enumerate(WHY):
            bits |= int.from_bytes(flags_of(getattr(self, part), among), "little") << place
        told = zip(among, map(_TOLD.__getitem__, bits.to_bytes(len(among), "little")), strict=True)
        return dict(compress(told, iris.flags) if isinstance(iris, Members) else told)


def induce(
    reader: Reader,
    src: frozenset[str],
    dst: frozenset[str],
    boundary: Boundary,
    name: Callable[[str], str] = str,
    same: Sequence[str] = (),
) -> Parts:
    """C1, C2 and C3 over what the boundary keeps.

    Args: src, dst: full IRIs of entities. name: how an error calls an IRI. same: attribute IRIs; similar paths are
    those whose mirrored elements have the same values of these.
    Raises: Conflict: what lies behind the destinations is circular. UsageError: too much to compare with `same`.
    """
    reached, hidden = ancestry(reader, dst)
    subgraph = behind(sorted(dst), boundary.within(reader, reached), name)
    sources, destinations = subgraph.entities(sorted(src)), subgraph.entities(sorted(dst))
    c1 = direct(subgraph, src)
    if same:
        word = _words(reader, set(subgraph.names), same).__getitem__
        c2: Set[str] = similar_alike(subgraph, sources, destinations, word)
    else:
        c2 = similar(subgraph, sources, destinations)
    made = reader.expand(c1 | c2, {"wasGeneratedBy"}, "in")
    c3 = choosing.sources(boundary.within(reader, made))
    return Parts(src, dst, subgraph, c1, c2, c3, hidden=hidden)


def expanded(reader: Reader, expansions: Iterable[Expansion], boundary: Boundary) -> frozenset[str]:
    """C5: the entities of each expansion, and all activities and entities within its steps behind them."""
    return frozenset(iri for one in expansions for iri in _expanded(reader, one, boundary))


def responsible(reader: Reader, iris: Collection[str], boundary: Boundary) -> Set[str]:
    """C4: agents that activities among the elements are associated with, or entities attributed to."""
    edges = reader.expand(iris, _RESPONSIBLE, "out")
    return choosing.targets(boundary.within(reader, edges))


def induced_edges(reader: Reader, vertices: Set[str], boundary: Boundary) -> tuple[Sequence[Edge], frozenset[str]]:
    """The edges of the five relations among the vertices, and the vertices that something invisible leaves.

    Edges in columns number the vertices alone, and are in the order of an answer.
    """
    if isinstance(reader, Extract):
        return choosing.over(boundary.within(reader, reader.edges.among(vertices)), vertices), frozenset()
    return _leaving(reader, vertices, vertices, boundary)


def edges_beside(
    reader: Reader, new: Collection[str], vertices: Collection[str], boundary: Boundary
) -> tuple[list[Edge], frozenset[str]]:
    """As `induced_edges`, but only those edges that some of the vertices, the new ones, have an end in."""
    edges, hidden = _leaving(reader, new, vertices, boundary)
    entering = reader.expand(new, frozenset(RELATIONS), "in")
    beside = boundary.within(reader, [e for e in entering if e.source in vertices and e.source not in new])
    return [*edges, *beside], hidden


def _leaving(
    reader: Reader, sources: Collection[str], vertices: Collection[str], boundary: Boundary
) -> tuple[Sequence[Edge], frozenset[str]]:
    hidden = frozenset[str]()
    if isinstance(reader, Engine):
        # An engine hides nothing, and has the edges of many vertices faster than a walk from each.
        edges: Sequence[Edge] = reader.expand(sources, boundary.relations, "out")
    else:
        walk = Walk(tuple(sorted(sources)), "out", 1, frozenset({"agents"}), frozenset(RELATIONS))
        reached = reader.closure(walk)
        edges, hidden = reached.edges, reached.hidden & frozenset(sources)
    among = [edge for edge in edges if edge.source in sources and edge.target in vertices]
    return boundary.within(reader, among), hidden


def _words(reader: Reader, iris: Collection[str], same: Sequence[str]) -> dict[str, tuple[tuple[Value, ...], ...]]:
    """By IRI, the values of the attributes."""
    nodes = reader.nodes(Filter(iris=iris)).nodes
    return {node.iri: tuple(tuple(sorted(node.attributes.get(name, ()))) for name in same) for node in nodes}


def _expanded(reader: Reader, expansion: Expansion, boundary: Boundary) -> set[str]:
    walk = Walk(tuple(sorted(expansion.entities)), "out", 2 * expansion.steps, relations=ANCESTRY)
    leaving: dict[tuple[str, str], list[str]] = {}
    for edge in boundary.within(reader, reader.closure(walk).edges):
        leaving.setdefault((edge.relation, edge.source), []).append(edge.target)
    found = seen = frontier = set(expansion.entities)
    for _ in range(expansion.steps):
        activities = set(_targets(leaving, "wasGeneratedBy", frontier))
        entities = set(_targets(leaving, "used", activities))
        # What was an entity of an earlier step leads nowhere new: its steps were more then.
        frontier = entities - seen
        seen, found = seen | frontier, found | activities | entities
        if not frontier:
            break
    return found


def _targets(leaving: dict[tuple[str, str], list[str]], relation: str, sources: Iterable[str]) -> Iterator[str]:
    return (target for source in sources for target in leaving.get((relation, source), ()))
