"""A reader that derives nodes, edges and lineage from the history itself: as of any entry, for any spaces.

It answers as-of questions and those of callers that may not see everything, and it is what `check` compares an engine
with. Source: rules 18 and 25.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from provstore.batches import in_batches
from provstore.graph.closure import ReaderSource, Search, answer, with_implied
from provstore.graph.contract import Direction, Edge, Filter, Node, NodePage, Page, Reached, Walk
from provstore.graph.history import History
from provstore.graph.reading import Reading
from provstore.graph.selecting import page_of_matches
from provstore.graph.stitching import Content
from provstore.graph.walk import TABLE
from provstore.model.arguments import named

_BATCH: Final = 1_000
_STITCHES: Final = frozenset({"alternateOf", "sameBytes", "bytesOf"})
_WALKED: Final = frozenset(step.relation for step in TABLE)


class Replay:
    """A reader over a history.

    Args: as_of: a sequence, None: now. spaces: what the caller may see (None: everything).
    """

    def __init__(self, history: History, as_of: int | None = None, spaces: Collection[str] | None = None):
        self.reading = Reading(history, as_of, spaces)
        self._whole = None if spaces is None else Replay(history, as_of)

    def nodes(self, where: Filter, page: Page = Page()) -> NodePage:  # noqa: B008
        """The nodes that match, one page of them."""
        return page_of_matches(self, self._candidates(where), where, page)

    def expand(
        self, frontier: Collection[str], relations: Collection[str] | None, direction: Direction
    ) -> Sequence[Edge]:
        """Edges of those relations (None: all) that leave or enter the frontier's nodes."""
        edges = self.reading.edges(frontier, relations, direction)
        if relations is None or not _STITCHES.isdisjoint(relations):
            stitches = self.reading.stitches(frontier, direction)
            edges += [edge for edge in stitches if relations is None or edge.relation in relations]
        return edges

    def closure(self, walk: Walk) -> Reached:
        """Rule 22's walk, over what is visible; nodes that something invisible leaves are marked (rule 25)."""
        found = self.nodes(Filter(iris=walk.starts)).nodes
        starts = sorted({node.iri for node in found})
        walk = with_implied(walk, any("agent" in node.kinds for node in found))
        search = Search(ReaderSource(self), walk, starts).run()
        return answer(self, search, self._hidden(search, starts))

    def iris(self) -> Iterator[str]:
        """Every IRI that has a node, content nodes included; each once."""
        seen: set[str] = set()
        contents: set[Content] = set()
        for mention in self.reading.about(None):
            for iri in (one.iri for one in named(mention.claim.statement)):
                if iri not in seen:
                    seen.add(iri)
                    yield iri
        for batch in in_batches(sorted(seen), _BATCH):
            contents.update(one for found in self.reading.contents(batch).values() for one in found)
        yield from sorted({content.iri for content in contents} - seen)

    def all_nodes(self) -> Iterator[Node]:
        """Every node, read in batches."""
        for batch in in_batches(self.iris(), _BATCH):
            yield from self.reading.nodes(batch)

    def _candidates(self, where: Filter) -> Iterator[Node]:
        if where.iris is not None:
            return self.reading.nodes(sorted(set(where.iris)))
        if where.digest_prefix is not None and where.digest_prefix.partition(":")[2]:
            return self._with_digest(where.digest_prefix)
        return self.all_nodes()

    def _with_digest(self, prefix: str) -> Iterator[Node]:
        named = {str(m.claim.statement.identifier) for m in self.reading.about([prefix], ("element",))}
        return self.reading.nodes(sorted(named)) if named else self.all_nodes()

    def _hidden(self, search: Search, starts: Sequence[str]) -> frozenset[str]:
        if self._whole is None:
            return frozenset()
        walk = replace(search.walk, max_nodes=None)
        level = [pair for pair, depth in search.reached.items() if walk.depth is None or depth < walk.depth]
        seen = {hop[:4] for _, hop, _ in search.leaving(level)}
        whole = Search(ReaderSource(self._whole), walk, starts)
        return frozenset(whole.near(hop) for _, hop, _ in whole.leaving(level) if hop[:4] not in seen)


def hidden_among(history: History, iris: Iterable[str], as_of: int | None, spaces: Collection[str]) -> set[str]:
    """Of these elements, those that an edge leaves which lineage would walk and which the spaces do not show (rule 25).

    Args: as_of: a sequence, None: now. spaces: what the caller may see.
    """
    wanted = sorted(set(iris))
    visible = {_key(edge) for edge in Replay(history, as_of, spaces).expand(wanted, _WALKED, "out")}
    leaving = Replay(history, as_of).expand(wanted, _WALKED, "out")
    return {edge.source for edge in leaving if _key(edge) not in visible}


def _key(edge: Edge) -> tuple[str, str, str, str]:
    return edge.source, edge.relation, edge.target, edge.sid
