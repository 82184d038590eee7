"""What the lineage questions share: the walk, its answer as a graph, and `--only`. Source: rules 21, 22 and 25."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from provstore.errors import UsageError
from provstore.graph.contract import Direction, Edge, Filter, Node, Reached, Reader, Walk
from provstore.graph.stitching import BOILERPLATE, LIMIT, Content, stitching_digest
from provstore.graph.walk import TABLE
from provstore.model.names import Prefixes
from provstore.model.terms import CONTENT, ELEMENT_KINDS
from provstore.questions.resolve import resolve
from provstore.questions.result import AnswerNode, Graph, Truncated

WALKED: Final = tuple(dict.fromkeys(step.relation for step in TABLE))
_NAMED: Final = 3
# A tuple of all fields as a node of an answer, which has thousands.
_answer_node: Final = partial(tuple.__new__, AnswerNode)


@dataclass(frozen=True, slots=True)
class Only:
    """What `--only` asks for: relations to walk (None: all), and which nodes the answer shows (none: all)."""

    relations: frozenset[str] | None = None
    kinds: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        """True when the answer shows every node."""
        return not self.kinds and not self.types

    def shows(self, node: Node) -> bool:
        """True when the answer shows the node."""
        if self.everything:
            return True
        return node.kind in self.kinds or bool(self.kinds & set(node.kinds)) or bool(self.types & set(node.types))

    def options(self) -> set[str]:
        """The options that the named relations need."""
        return {step.option for step in TABLE if step.option and step.relation in (self.relations or ())}


def parse_only(text: str | None, prefixes: Prefixes) -> Only:
    """`--only`: words separated by commas.

    A relation of rule 22's table (`used`) restricts the walk to the relations named; one that needs an option implies
    it. A kind (`entity`) or a prefixed type (`ps:Dataset`) restricts what is shown: the walk goes through the others.

    Raises: UsageError: a word that is none of these.
    """
    words = [word.strip() for word in (text or "").split(",") if word.strip()]
    kinds = {word for word in words if word in (*ELEMENT_KINDS, "unknown")}
    relations = {word for word in words if word in WALKED}
    types = {word: prefixes.expand(word) for word in words if word not in kinds | relations}
    unknown = [word for word, iri in types.items() if iri is None]
    if unknown:
        raise UsageError(
            f"expected relations, kinds or types separated by commas, found {unknown[0]!r}",
            where="--only",
            next_step=f"Relations: {', '.join(WALKED)}. Kinds: {', '.join(ELEMENT_KINDS)}. Types: such as ps:Dataset.",
        )
    shown = frozenset(iri for iri in types.values() if iri is not None)
    return Only(frozenset(relations) or None, frozenset(kinds), shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A lineage question as asked; see `upstream`."""

    question: str
    name: str
    direction: Direction
    depth: int | None
    only: str | None
    agents: bool
    parents: bool
    max_nodes: int | None
    as_of: int | None


def lineage(reader: Reader, prefixes: Prefixes, asked: Asked) -> Graph:
    """Walks from everything that the name means and answers with what was reached."""
    only = parse_only(asked.only, prefixes)
    starts = resolve(reader, prefixes, asked.name)
    chosen = options(agents=asked.agents, parents=asked.parents) | only.options()
    walk = Walk(starts, asked.direction, asked.depth, chosen, only.relations, asked.max_nodes, whole=True)
    reached = reader.closure(walk)
    nodes = reached.nodes
    shown = _shown(reached, only, starts)
    return Graph(
        question=asked.question,
        parameters=_parameters(asked, starts),
        nodes=tuple(
            [
                _answer_node((nodes[iri], depth, iri in reached.hidden))
                for iri, depth in reached.depths.items()
                if iri in shown
            ]
        ),
        edges=tuple(_edges_among(reached, shown)),
        truncated=_truncated(reached, asked),
        incomplete=bool(reached.hidden),
        as_of=asked.as_of,
        notes=(*boilerplate(reader, nodes.values()), *_specializations(reader, prefixes, asked, reached)),
        prefixes=prefixes,
    )


def options(*, agents: bool, parents: bool) -> frozenset[str]:
    """The walk's options as rule 22 names them."""
    return frozenset(name for name, given in (("agents", agents), ("parents", parents)) if given)


def nodes_by_iri(reader: Reader, iris: Iterable[str]) -> dict[str, Node]:
    """The nodes with these IRIs."""
    wanted = list(iris)
    return {node.iri: node for node in reader.nodes(Filter(iris=wanted)).nodes} if wanted else {}


def holders(reader: Reader, iris: Collection[str]) -> dict[str, list[Edge]]:
    """By content node that one of the elements belongs to: the inferred edges of all that belong to it (rule 21)."""
    contents = {edge.target for edge in reader.expand(iris, {"alternateOf"}, "out") if _is_stitch(edge)}
    found: dict[str, list[Edge]] = {content: [] for content in sorted(contents)}
    if contents:
        for edge in reader.expand(sorted(contents), {"alternateOf"}, "in"):
            if _is_stitch(edge):
                found[edge.target].append(edge)
    return found


def boilerplate(reader: Reader, nodes: Iterable[Node]) -> tuple[str, ...]:
    """Notes on content nodes of too many entities that the nodes belong to: lineage passes them by (rule 21)."""
    contents = {
        Content(space, digest).iri
        for node in nodes
        for one in node.digests
        if (digest := stitching_digest(one))
        for space in node.spaces
    }
    return tuple(
        f"more than {LIMIT} entities hold the bytes {content.removeprefix(CONTENT)}: lineage does not walk from one to "
        "the other (rule 21)"
        for content, node in sorted(nodes_by_iri(reader, sorted(contents)).items())
        if BOILERPLATE in node.types
    )


def _specializations(reader: Reader, prefixes: Prefixes, asked: Asked, reached: Reached) -> list[str]:
    """A note where nothing is known of how what was asked for was made, but it has versions: ask for those."""
    if asked.direction == "in" or asked.only or reached.edges or reached.cut or reached.hidden:
        return []
    found = sorted({edge.source for edge in reader.expand(reached.depths, {"specializationOf"}, "in")})
    if not found:
        return []
    named = ", ".join(map(prefixes.shorten, found[:_NAMED])) + (", ..." if len(found) > _NAMED else "")
    return [f"nothing is said of what it was made from; ask for one of its specializations ({len(found)}): {named}"]


def _is_stitch(edge: Edge) -> bool:
    return edge.inferred and edge.target.startswith(CONTENT)


def _shown(reached: Reached, only: Only, starts: Collection[str]) -> Collection[str]:
    if only.everything:
        return reached.depths.keys()
    return {iri for iri in reached.depths if only.shows(reached.nodes[iri]) or iri in starts}


def _edges_among(reached: Reached, shown: Collection[str]) -> Iterable[Edge]:
    if len(shown) == len(reached.depths):
        return reached.edges
    return (edge for edge in reached.edges if edge.source in shown and edge.target in shown)


def _truncated(reached: Reached, asked: Asked) -> Truncated | None:
    limits = {"depth": asked.depth, "nodes": asked.max_nodes}
    if reached.cut is None:
        return None
    return Truncated(reached.cut, limits[reached.cut] or 0, reached.remaining)


def _parameters(asked: Asked, starts: tuple[str, ...]) -> dict[str, Any]:
    given = {"id": asked.name, "starts": list(starts), "depth": asked.depth, "only": asked.only}
    return given | {"agents": asked.agents, "parents": asked.parents, "max_nodes": asked.max_nodes}
