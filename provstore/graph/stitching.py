"""Stitching: the same bytes, recorded twice, meet in one content node, and lineage walks through it. Pure.

In: what one space says of entities with digests. Out: inferred edges. Source: rule 21.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from provstore.graph.contract import Edge, Node
from provstore.graph.walk import LINEAGE
from provstore.model.terms import CONTENT, PS

# More entities than this are boilerplate: their bytes say nothing of lineage.
LIMIT: Final = 100
BOILERPLATE: Final = PS + "Boilerplate"
HEX_DIGITS: Final = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_NO_BYTES: Final = frozenset(
    f"{name}:{hashlib.new(name, b'', usedforsecurity=False).hexdigest()}" for name in HEX_DIGITS
)
_HEX: Final = frozenset("0123456789abcdef")


class Content(NamedTuple):
    """A content node's parts; `digest` is `algorithm:hex`."""

    space: str
    digest: str

    @property
    def iri(self) -> str:
        """`urn:provstore:content:<space>:<algorithm>:<value>`."""
        return f"{CONTENT}{self.space}:{self.digest}"


class Bytes(Protocol):
    """What one space says, as far as stitching needs it."""

    def digests(self, iris: Collection[str]) -> dict[str, frozenset[str]]:
        """The stitching digests of each entity (only of those that have any)."""
        ...

    def lineage(self, iris: Collection[str]) -> Iterable[Edge]:
        """The edges that lead on from these in full lineage (walk.LINEAGE)."""
        ...


def parse_content(iri: str) -> Content | None:
    """The parts of a content node's IRI, or None when it is none."""
    if not iri.startswith(CONTENT):
        return None
    parts = iri[len(CONTENT) :].rsplit(":", 2)
    return Content(parts[0], f"{parts[1]}:{parts[2]}") if len(parts) == 3 else None


def stitching_digest(digest: str) -> str | None:
    """The digest if it stitches, or None: not lower-case hex, not of full length, or of no bytes."""
    algorithm, _, value = digest.partition(":")
    usable = len(value) == HEX_DIGITS.get(algorithm) and set(value) <= _HEX and digest not in _NO_BYTES
    return digest if usable else None


def content_node(content: Content, members: Sequence[str]) -> Node:
    """The node of a content; of type `ps:Boilerplate` with more than `LIMIT` members, so that answers can say so."""
    types = (BOILERPLATE,) if len(members) > LIMIT else ()
    return Node(content.iri, ("entity",), False, types, spaces=(content.space,))


def alternates(content: Content, members: Iterable[str]) -> list[Edge]:
    """Each member is an alternate of the content node."""
    return [stitch("alternateOf", member, content.iri, content.space) for member in members]


def lineage_stitches(content: Content, members: Sequence[str], said: Bytes) -> list[Edge]:
    """The stitches that lineage walks: `sameBytes` from dead ends, `bytesOf` to what is no copy.

    Args: members: all entities with these bytes in the space; none are stitched when there are more than `LIMIT`.
    """
    if len(members) > LIMIT:
        return []
    leaving = _by_source(said.lineage(members))
    makers = {edge.target for edges in leaving.values() for edge in edges if edge.relation == "wasGeneratedBy"}
    made_from = _by_source(said.lineage(makers))
    among = set(members)
    found = []
    for member in members:
        own = leaving.get(member, [])
        activities = {edge.target for edge in own if edge.relation == "wasGeneratedBy"}
        if all(edge.relation == "wasGeneratedBy" for edge in own) and not any(made_from.get(a) for a in activities):
            found.append(stitch("sameBytes", member, content.iri, content.space))
        used = {e.target for a in activities for e in made_from.get(a, ()) if e.relation == "used"}
        if not used & among:
            found.append(stitch("bytesOf", content.iri, member, content.space))
    return found


def stitch(relation: str, source: str, target: str, space: str) -> Edge:
    """An inferred edge; its sid is made from its ends."""
    sid = hashlib.sha256(f"{relation}\n{source}\n{target}".encode()).hexdigest()
    return Edge(relation, source, target, sid, spaces=(space,), inferred=True)


def _by_source(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.relation in LINEAGE:
            found.setdefault(edge.source, []).append(edge)
    return found
