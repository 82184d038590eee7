"""What a history says as of an entry, for some spaces: claims, facts, edges and stitches, derived at reading.

In: a history. Out: what `replay` answers from and `projector` compares with. Source: rules 17 to 21 and 25.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from provstore.batches import in_batches
from provstore.graph.contract import Direction, Edge, Node
from provstore.graph.history import History
from provstore.graph.metrics import Unit, metrics
from provstore.graph.projection import KIND_AT, Facts, facts_of, project_edges, project_node
from provstore.graph.stitching import (
    LIMIT,
    Content,
    alternates,
    content_node,
    lineage_stitches,
    parse_content,
    stitching_digest,
)
from provstore.graph.walk import LINEAGE
from provstore.model.arguments import Place
from provstore.model.fold import DIGEST, Claim, Mention
from provstore.model.statement import Statement, sid
from provstore.model.terms import BY_NAME, PROV, RECORD_TYPES

_RELATION_KINDS: Final = tuple(record.iri for record in RECORD_TYPES if not record.is_element)
_FROM: Final = {
    "hadPlan": PROV + "Association",
    "hadActivity": PROV + "Derivation",
    "hadStarter": PROV + "Start",
    "hadEnder": PROV + "End",
    "partOf": PROV + "Communication",
}
_PLACES: Final[dict[Direction, tuple[Place, ...]]] = {"out": ("first",), "in": ("second", "third")}


def statement_kinds(relations: Iterable[str] | None) -> tuple[str, ...]:
    """The statement kinds that edges of those relations come from; None: of all."""
    if relations is None:
        return _RELATION_KINDS
    asked = {_FROM.get(name) or (BY_NAME[name].iri if name in BY_NAME else None) for name in relations}
    return tuple(sorted(kind for kind in asked if kind))


class Reading:
    """What a history says as of an entry, visible to some spaces.

    Args: as_of: a sequence, None: now. spaces: only what is said in these (None: in all).
    """

    def __init__(self, history: History, as_of: int | None = None, spaces: Collection[str] | None = None):
        self.history = history
        self.as_of = as_of
        self.spaces = None if spaces is None else frozenset(spaces)

    def within(self, space: str) -> Reading:
        """The same, of one space alone; of none when that space is not visible."""
        visible = self.spaces is None or space in self.spaces
        return Reading(self.history, self.as_of, {space} if visible else ())

    def about(
        self,
        iris: Collection[str] | None,
        places: Sequence[Place] | None = None,
        kinds: Sequence[str] | None = None,
        one_each: bool = False,
    ) -> Iterator[Mention]:
        """The history's `about`, what is visible of it."""
        if iris is not None and not iris:
            return
        yield from self.history.about(
            iris, places=places, kinds=kinds, as_of=self.as_of, one_each=one_each, spaces=self.spaces
        )

    def nodes(self, iris: Collection[str]) -> Iterator[Node]:
        """The nodes of those IRIs that have one, with what is derived for them (rules 17 and 21)."""
        mentions: dict[str, list[Mention]] = {iri: [] for iri in iris}
        for mention in self.about(iris):
            # `about` finds elements by a digest that they carry, too: that digest is no node.
            if mention.place != "element" or mention.claim.statement.identifier == mention.iri:
                mentions[mention.iri].append(mention)
        derived = self.metrics(iris)
        for iri, found in mentions.items():
            node = project_node(iri, found, derived.get(iri)) or self._content_node(iri)
            if node is not None:
                yield node

    def edges(self, iris: Collection[str], relations: Collection[str] | None, direction: Direction) -> list[Edge]:
        """The asserted edges that leave or enter those nodes."""
        kinds = statement_kinds(relations)
        if not kinds:
            return []
        claims: dict[Statement, set[Claim]] = {}
        for mention in self.about(iris, _PLACES[direction], kinds):
            claims.setdefault(mention.claim.statement, set()).add(mention.claim)
        near = set(iris)
        return [
            edge
            for stated, found in claims.items()
            for edge in project_edges(sorted(found, key=_position), sid(stated))
            if (edge.source if direction == "out" else edge.target) in near
            and (relations is None or edge.relation in relations)
        ]

    def facts(self, iris: Collection[str]) -> dict[str, tuple[Facts, list[Claim]]]:
        """The folded attributes of each IRI that an element record is about, with its claims."""
        claims: dict[str, list[Claim]] = {}
        for mention in self.about(iris, ("element",)):
            claims.setdefault(mention.iri, []).append(mention.claim)
        return {iri: (facts_of(found), found) for iri, found in claims.items()}

    def metrics(self, iris: Collection[str]) -> dict[str, dict[Unit, Facts]]:
        """The metrics of runs among `iris` that follow from their series, by unit (rule 17)."""
        return metrics(self, iris)

    def blob(self, sha256: str) -> bytes:
        """As `History.blob`."""
        return self.history.blob(sha256)

    # Stitching (rule 21): `digests` and `lineage` are what `stitching.Bytes` asks of one space.

    def digests(self, iris: Collection[str]) -> dict[str, frozenset[str]]:
        """The stitching digests of each entity that has any."""
        found = {}
        for iri, (facts, claims) in self.facts(iris).items():
            usable = {stitching_digest(value.lexical) for value in facts.attributes.get(DIGEST, ())} - {None}
            if usable and (_asserts_entity(claims) or self._is_entity(iri)):
                found[iri] = frozenset(one for one in usable if one)
        return found

    def lineage(self, iris: Collection[str]) -> Iterable[Edge]:
        """The edges that lead on from these in full lineage; not to what is only an agent (rule 22)."""
        edges = self.edges(iris, LINEAGE, "out")
        influencers = {edge.target for edge in edges if edge.relation == "wasInfluencedBy"}
        agents = {iri for iri in influencers if self._kinds(iri) == {"agent"}}
        return [edge for edge in edges if edge.relation != "wasInfluencedBy" or edge.target not in agents]

    def _is_entity(self, iri: str) -> bool:
        return any(KIND_AT[m.claim.statement.kind, m.place] == "entity" for m in self.about([iri]))

    def _kinds(self, iri: str) -> set[str]:
        return {kind for m in self.about([iri]) if (kind := KIND_AT[m.claim.statement.kind, m.place])}

    def contents(self, iris: Collection[str]) -> dict[str, list[Content]]:
        """The content nodes that each of the entities belongs to."""
        spaces: dict[str, set[str]] = {}
        for mention in self.about(iris, ("element",)):
            if any(attribute[0] == DIGEST for attribute in mention.claim.statement.attributes):
                spaces.setdefault(mention.claim.origin.space, set()).add(mention.iri)
        found: dict[str, list[Content]] = {}
        for space, entities in sorted(spaces.items()):
            for iri, digests in self.within(space).digests(entities).items():
                found.setdefault(iri, []).extend(Content(space, digest) for digest in sorted(digests))
        return found

    def members(self, content: Content, limit: int | None = None) -> list[str]:
        """The entities of a content node, by IRI; `limit`: stop when so many are known."""
        reading = self.within(content.space)
        found: set[str] = set()
        candidates = (str(m.claim.statement.identifier) for m in reading.about([content.digest], ("element",)))
        for batch in in_batches(_distinct(candidates), LIMIT + 1):
            digests = reading.digests(batch)
            found.update(iri for iri in batch if content.digest in digests.get(iri, ()))
            if limit is not None and len(found) >= limit:
                break
        return sorted(found)[:limit]

    def stitches(self, iris: Collection[str], direction: Direction) -> list[Edge]:
        """The inferred edges that leave or enter those nodes."""
        contents = {content for found in self.contents(iris).values() for content in found}
        contents |= {content for content in map(parse_content, iris) if content}
        near = set(iris)
        return [
            edge
            for content in sorted(contents)
            for edge in self.stitches_of(content)
            if (edge.source if direction == "out" else edge.target) in near
        ]

    def stitches_of(self, content: Content) -> list[Edge]:
        """Every inferred edge of one content node."""
        members = self.members(content)
        return alternates(content, members) + lineage_stitches(content, members, self.within(content.space))

    def _content_node(self, iri: str) -> Node | None:
        content = parse_content(iri)
        members = self.members(content, LIMIT + 1) if content else []
        return content_node(content, members) if content and members else None


def _asserts_entity(claims: Iterable[Claim]) -> bool:
    return any(claim.statement.kind == PROV + "Entity" for claim in claims)


def _position(claim: Claim) -> tuple[int, int]:
    return claim.origin.sequence, claim.position


def _distinct(items: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for item in items:
        if item not in seen:
            seen.add(item)
            yield item
