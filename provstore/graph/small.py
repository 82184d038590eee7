"""The states that a few documents change, at a cost that depends on them and not on what they are linked to.

A run that uses a data set which a hundred thousand others use must not read these: rule 23's absolute states are worked
out from the engine's state before wherever that is enough, and read from the history where it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Final

from provstore.graph.changes import Changes, Group, Touched, changes
from provstore.graph.contract import Edge, Engine, Filter, Node, States
from provstore.graph.fresh import Fresh, is_series
from provstore.graph.history import History
from provstore.graph.merging import is_about_metrics, is_known, lasting, merge, with_new_metrics
from provstore.graph.metrics import metrics
from provstore.graph.projection import (
    KIND_AT,
    METRIC_SERIES,
    Derived,
    Facts,
    make_node,
    plain_node,
    project_edges,
    project_node,
)
from provstore.graph.reading import Reading
from provstore.graph.restitching import restitch
from provstore.graph.stitching import Content, stitching_digest
from provstore.graph.walk import LINEAGE
from provstore.model.document import SID_BYTES
from provstore.model.fold import DIGEST, Claim, Mention, Origin
from provstore.model.statement import Statement, sid
from provstore.model.terms import ELEMENT_KINDS, PROV

EdgeKey = tuple[str, str, str, str]
NO_SIDS: Final[Mapping[int, bytes]] = MappingProxyType({})


def small_states(
    history: History, engine: Engine, group: Group, sids: Mapping[int, bytes] = NO_SIDS
) -> Iterator[States]:
    """The states of a group that fits into memory. Args: sids: as `projector.follow`."""
    sequence = group.last.sequence
    work = _Work(history, engine, changes(history, group), sequence, sids)
    nodes, gone = work.nodes()
    edges, gone_edges = work.edges()
    yield States(sequence, nodes, edges, (), gone_edges)
    moved = {key[0] for key in gone_edges if key[1] in LINEAGE}
    # What is new belongs to no content node yet; what it was made of or by, and was there, is a source itself.
    moved |= {edge.source for edge in edges if edge.relation in LINEAGE and edge.source in work.before}
    moved |= work.influenced(engine, nodes)
    yield from restitch(engine, Reading(history, sequence), sequence, work.restated, moved)
    yield States(sequence, gone_nodes=gone)


class _Work:
    """A group's changes beside the state before. `restated`: entities whose digests may have changed."""

    def __init__(self, history: History, engine: Engine, found: Changes, sequence: int, sids: Mapping[int, bytes]):
        self.history, self.sequence, self.sids, self.engine = history, sequence, sids, engine
        self.reading = Reading(history, sequence)
        self.changes = found
        self.before = {node.iri: node for node in engine.nodes(Filter(iris=list(found.touched))).nodes}
        self.fresh = Fresh(history, found.touched, self.before)
        self.restated: set[str] = set()
        self._contents = self._contents_before(engine)
        self._sole: dict[Origin, bool] = {}

    def nodes(self) -> tuple[list[Node], list[str]]:
        """The nodes after, and the IRIs that are nodes no longer."""
        to_read = self._with_series()
        derived = metrics(self.fresh, self.changes.touched.keys() - to_read) if self.fresh.series else {}
        found: list[Node] = []
        for iri, touched in self.changes.touched.items():
            if iri not in to_read:
                node = self._node(iri, touched, derived.get(iri))
                if node is None:
                    to_read.add(iri)
                elif node is not self.before.get(iri):
                    found.append(node)
        read = {node.iri: node for node in self._read(to_read)}
        self.restated |= {iri for iri in to_read if _has_digests(self.before.get(iri)) or _has_digests(read.get(iri))}
        return found + list(read.values()), sorted(to_read - read.keys())

    def influenced(self, engine: Engine, nodes: Iterable[Node]) -> set[str]:
        """What is influenced by nodes that became, or ceased to be, an agent and nothing else (rule 22).

        Also notes entities whose kinds decide whether their digests stitch (rule 21).
        """
        turned = set()
        for node in nodes:
            before = self.before.get(node.iri)
            was = before.kinds if before else ()
            if before and was != node.kinds and ("agent",) in (was, node.kinds):
                turned.add(node.iri)
            if node.digests and (was != node.kinds or node.kinds != ("entity",)):
                self.restated.add(node.iri)
        return {edge.source for edge in engine.expand(turned, ("wasInfluencedBy",), "in")} if turned else set()

    def edges(self) -> tuple[list[Edge], list[EdgeKey]]:
        """The edges after, and those that are gone."""
        found: list[Edge] = []
        gone: list[EdgeKey] = []
        known = {}
        for stated, (opened, closed) in self.changes.relations.items():
            said = opened or closed
            edges = project_edges(said, self._sid(said[0]))
            # An edge that was there before has ends that were.
            if not closed and any(e.source not in self.before or e.target not in self.before for e in edges):
                found += edges
            elif edges:
                known[stated] = edges
        for stated in self._as_before(known):
            del known[stated]
        alive = self._live_edges({keys[0].source for keys in known.values()}, {k[0].sid for k in known.values()})
        for keys in known.values():
            mine = alive.get(keys[0].sid, [])
            found += mine
            if not mine:
                gone += [(edge.source, edge.relation, edge.target, edge.sid) for edge in keys]
        return found, gone

    def _as_before(self, known: Mapping[Statement, list[Edge]]) -> list[Statement]:
        """Of relations that were there before, those of which nothing changed: an edge is its statement, and the
        bundles and spaces where it is stated.

        A statement that was made again and again is not read from the history each time.
        """
        again = {stated: edges for stated, edges in known.items() if self.changes.relations[stated][0]}
        relations = {edge.relation for edges in again.values() for edge in edges}
        sources = {edge.source for edges in again.values() for edge in edges}
        held = {_key(edge): edge for edge in self.engine.expand(sources, relations, "out")} if again else {}
        return [
            stated
            for stated, edges in again.items()
            if _stays(*self.changes.relations[stated]) and all(_is_held(edge, held.get(_key(edge))) for edge in edges)
        ]

    def _sid(self, claim: Claim) -> str:
        known = self.sids.get(claim.origin.sequence)
        at = claim.position * SID_BYTES
        return known[at : at + SID_BYTES].hex() if known else sid(claim.statement)

    def _live_edges(self, sources: set[str], wanted: set[str]) -> dict[str, list[Edge]]:
        alive: dict[str, list[Edge]] = {}
        for edge in self.reading.edges(sources, None, "out") if sources else ():
            if edge.sid in wanted:
                alive.setdefault(edge.sid, []).append(edge)
        return alive

    def _node(self, iri: str, touched: Touched, derived: Derived | None) -> Node | None:
        """The node after, or None when it must be read. Args: derived: from series that are fresh."""
        before = self.before.get(iri)
        if before is None:
            if _states_digest(touched.stated):
                self.restated.add(iri)
            if derived and not touched.closed:
                return project_node(iri, touched.opened, derived)
            return None if touched.closed else _new_node(iri, touched)
        node = self._changed(iri, touched, before)
        return with_new_metrics(node, derived) if node and derived else node

    def _changed(self, iri: str, touched: Touched, before: Node) -> Node | None:
        """As `_node`, of what was there before."""
        rest = lasting(touched.stated, touched.unstated)
        if rest is None or is_about_metrics(rest) or self._loses(before, touched):
            return None
        says_more = bool(rest) and not is_known(before, rest)
        facts = merge(before, rest, self._is_sole) if says_more else None
        if (says_more and facts is None) or not self._stitched_alike(iri, rest):
            return None
        kinds = {*before.kinds, *touched.kinds(touched.opened)}
        spaces = {*before.spaces, *touched.spaces(touched.opened)}
        if facts is None:
            if kinds - {None} == set(before.kinds) and spaces == set(before.spaces):
                return before
            return make_node(iri, kinds, before.declared, Facts(before.attributes, frozenset(before.conflicts)), spaces)
        return make_node(iri, kinds, True, facts, spaces)

    def _loses(self, before: Node, touched: Touched) -> bool:
        """True when what ceased may have been the last to give the node a kind, or a space to speak of it."""
        if not touched.closed:
            return False
        kinds = touched.kinds(touched.closed) - touched.kinds(touched.opened) - {None}
        return bool(kinds or touched.spaces(touched.closed) - touched.spaces(touched.opened))

    def _read(self, iris: set[str]) -> Iterator[Node]:
        """Nodes from every claim about them; of relations that name them only one of each kind is read."""
        if not iris <= self.changes.touched.keys() or len({s for iri in iris for s in self._spaces(iri)}) > 1:
            yield from self.reading.nodes(iris)
            return
        mentions: dict[str, set[Mention]] = {iri: set() for iri in iris}
        for mention in self.reading.about(iris, ("element",)):
            mentions[mention.iri].add(mention)
        for mention in self.reading.about(iris, one_each=True):
            mentions[mention.iri].add(mention)
        derived = self.reading.metrics([iri for iri in iris if self._may_have_series(iri, mentions[iri])])
        for iri, found in mentions.items():
            node = project_node(iri, found, derived.get(iri))
            if node is not None:
                yield node

    def _spaces(self, iri: str) -> set[str]:
        before, touched = self.before.get(iri), self.changes.touched[iri]
        return touched.spaces([*touched.opened, *touched.closed]) | set(before.spaces if before else ())

    def _may_have_series(self, iri: str, mentions: Iterable[Mention]) -> bool:
        return any(mention.claim.statement.kind == PROV + "Generation" for mention in mentions)

    def _with_series(self) -> set[str]:
        """Runs whose series changed: their metrics are derived again (rule 17)."""
        series = {
            iri
            for iri, touched in self.changes.touched.items()
            if (
                METRIC_SERIES in self.before[iri].types or any(map(is_series, chain(touched.stated, touched.unstated)))
                if iri in self.before
                else any(map(is_series, touched.unstated))
            )
        }
        if not series:
            return set()
        runs = {edge.target for edge in self.engine.expand(series & self.before.keys(), ("wasGeneratedBy",), "out")}
        for stated in self.changes.relations:
            if stated.kind == PROV + "Generation" and stated.argument(PROV + "entity") in series:
                runs.update(value.lexical for value in stated.values(PROV + "activity"))
        return runs

    def _is_sole(self, origin: Origin) -> bool:
        if origin not in self._sole:
            live = self.history.live(origin.unit, origin.space, self.sequence)
            self._sole[origin] = [entry.document for entry in live] == [origin.document]
        return self._sole[origin]

    def _contents_before(self, engine: Engine) -> dict[str, set[str]]:
        asked = [
            iri
            for iri, touched in self.changes.touched.items()
            if iri in self.before and _states_digest(touched.stated)
        ]
        found: dict[str, set[str]] = {}
        for edge in engine.expand(asked, ("alternateOf",), "out") if asked else ():
            if edge.inferred:
                found.setdefault(edge.source, set()).add(edge.target)
        return found

    def _stitched_alike(self, iri: str, said: Iterable[Claim]) -> bool:
        """True when the digests that claims give stitch to content nodes that the element already belongs to."""
        held = self._contents.get(iri, set())
        for claim in said:
            for value in claim.statement.values(DIGEST):
                digest = stitching_digest(value.lexical)
                if digest is not None and Content(claim.origin.space, digest).iri not in held:
                    return False
        return True


def _new_node(iri: str, touched: Touched) -> Node | None:
    """The node of an IRI that nothing was said about before; of one element record alone without decoding it."""
    said, mentions = touched.stated, touched.opened
    if len(said) == 1:
        kinds = {KIND_AT[mention.claim.statement.kind, mention.place] for mention in mentions}
        spaces = {mention.claim.origin.space for mention in mentions}
        ordered = tuple(kind for kind in ELEMENT_KINDS if kind in kinds)
        plain = plain_node(iri, ordered, said[0].statement.attributes, tuple(sorted(spaces)))
        if plain is not None:
            return plain
    return project_node(iri, mentions)


def _key(edge: Edge) -> EdgeKey:
    return edge.source, edge.relation, edge.target, edge.sid


def _stays(opened: Sequence[Claim], closed: Sequence[Claim]) -> bool:
    """True when a statement is still made in each bundle and space where it ceased to be made."""
    said = {(claim.bundle, claim.origin.space) for claim in opened}
    return all((claim.bundle, claim.origin.space) in said for claim in closed)


def _is_held(edge: Edge, held: Edge | None) -> bool:
    """True when the engine has the edge, and in these bundles and spaces."""
    return held is not None and {*edge.bundles} <= {*held.bundles} and {*edge.spaces} <= {*held.spaces}


def _has_digests(node: Node | None) -> bool:
    return node is not None and bool(node.digests or DIGEST in node.attributes)


def _states_digest(said: Iterable[Claim]) -> bool:
    return any(attribute[0] == DIGEST for claim in said for attribute in claim.statement.attributes)
