"""Rules 18 to 21 and 25: the graph that a caller with some spaces sees, as of an entry."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from tests.oracle.fold import Blobs, Combined, Fold, combine, fold_unit
from tests.oracle.ledger import LiveAssertion, OracleLedger
from tests.oracle.statements import Attribute, OracleStatement, sid
from tests.oracle.table import full_to_full
from tests.oracle.terms import (
    ELEMENT_KINDS,
    KEY_ENTITY_PAIR,
    NOT_ELEMENTS,
    PART_OF,
    PROV,
    PS,
    QUALIFIED_NAME,
    RELATIONS,
    TYPING,
)

BOILERPLATE_LIMIT = 100  # rule 21
KIND_ORDER = ("entity", "activity", "agent")
# Rule 21: a digest of bytes has its full length; the length in hex digits per algorithm.
DIGEST_LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
# Rule 20: third arguments that lineage needs are edges from the first argument.
THIRD_EDGES = {
    "wasAssociatedWith": ("plan", "hadPlan"),
    "wasDerivedFrom": ("activity", "hadActivity"),
    "wasStartedBy": ("starter", "hadStarter"),
    "wasEndedBy": ("ender", "hadEnder"),
}


@dataclass(frozen=True)
class Node:
    """Rule 19. `content` marks a node that stitching inferred."""

    iri: str
    kinds: tuple[str, ...]
    declared: bool
    attributes: dict[str, Combined]
    spaces: frozenset[str]
    content: bool = False

    @property
    def kind(self) -> str:
        """The first of the kinds, or `unknown`."""
        return self.kinds[0] if self.kinds else "unknown"

    @property
    def conflict(self) -> bool:
        """Rule 10: some functional attribute has several values."""
        return any(a.conflict for a in self.attributes.values())


@dataclass(frozen=True)
class Edge:
    """Rule 20. An inferred edge has no statement behind it."""

    relation: str
    source: str
    target: str
    sid: str | None = None
    id: str | None = None
    key: str | None = None
    arguments: tuple[tuple[str, str], ...] = ()  # third arguments: name -> IRI
    attributes: tuple[Attribute, ...] = ()  # without the formal arguments; roles and types are among them
    time: str | None = None
    bundles: frozenset[str] = frozenset()
    spaces: frozenset[str] = frozenset()
    inferred: bool = False

    @property
    def identity(self) -> tuple[str | None, str, str, str, str | None]:
        """What tells two edges apart."""
        return (self.sid, self.relation, self.source, self.target, self.key)

    def values(self, attribute: str) -> list[str]:
        """Lexical forms of one attribute: `prov:role`, `prov:type`, ..."""
        return sorted({x for a, _, x, _ in self.attributes if a == attribute})


@dataclass(frozen=True)
class View:
    """Nodes by IRI, edges, and the content nodes of more than 100 entities."""

    nodes: dict[str, Node]
    edges: tuple[Edge, ...]
    boilerplate: frozenset[str]

    def kinds(self, iri: str) -> tuple[str, ...]:
        """The kinds of an IRI, none when it is no node."""
        return self.nodes[iri].kinds if iri in self.nodes else ()


def elements_of(statement: OracleStatement) -> dict[str, list[str]]:
    """The elements that the formal arguments of a relation name: argument -> IRIs."""
    _, arguments = RELATIONS[statement.kind]
    named: dict[str, list[str]] = {}
    for argument in arguments:
        if argument in NOT_ELEMENTS:
            continue
        for datatype, lexical, _ in statement.values(PROV + argument):
            is_pair = datatype == KEY_ENTITY_PAIR
            named.setdefault(argument, []).append(json.loads(lexical)[3] if is_pair else lexical)
    return named


def named_iris(statement: OracleStatement) -> set[str]:
    """Rule 19: the IRIs that a statement names as element, relation end or third element argument."""
    if statement.kind in ELEMENT_KINDS:
        return {statement.identifier} if statement.identifier is not None else set()
    return {iri for iris in elements_of(statement).values() for iri in iris}


def kinds_said(statement: OracleStatement) -> set[tuple[str, str]]:
    """Rule 19: (IRI, kind) asserted, or following from typing (PROV-CONSTRAINTS, constraint 50)."""
    if statement.kind in ELEMENT_KINDS:
        return {(iri, ELEMENT_KINDS[statement.kind]) for iri in named_iris(statement)}
    typing = TYPING[RELATIONS[statement.kind][0]]
    return {(iri, typing[a]) for a, iris in elements_of(statement).items() if a in typing for iri in iris}


def edges_of(statement: OracleStatement) -> list[Edge]:
    """Rule 20: the edges of one relation statement."""
    if statement.kind in ELEMENT_KINDS:
        return []
    name, arguments = RELATIONS[statement.kind]
    named = elements_of(statement)
    formal = {PROV + a for a in arguments}
    third = [(a, x) for a in arguments[2:] if a != "time" for _, x, _ in statement.values(PROV + a)]
    times = statement.values(PROV + "time") if "time" in arguments else []
    shared = Edge(
        relation=name,
        source="",
        target="",
        sid=sid(statement),
        id=statement.identifier,
        arguments=tuple(third),
        attributes=tuple(sorted({a for a in statement.attributes if a[0] not in formal})),
        time=times[0][1] if times else None,
    )
    ends: list[tuple[str, str, str, str | None]] = []
    if name == "hadDictionaryMember":
        pairs = [json.loads(x) for _, x, _ in statement.values(PROV + "key-entity-set")]
        ends += [(name, d, p[3], p[1]) for d, p in product(named.get("dictionary", []), pairs)]
    else:
        walked = "partOf" if name == "wasInformedBy" and _is_part_of(statement) else name
        firsts, seconds = named.get(arguments[0], [])[:1], named.get(arguments[1], [])[:1]
        ends += [(walked, a, b, None) for a, b in product(firsts, seconds)]
    if name in THIRD_EDGES:
        argument, edge_name = THIRD_EDGES[name]
        ends += [(edge_name, a, b, None) for a in named.get(arguments[0], [])[:1] for b in named.get(argument, [])[:1]]
    return [replace(shared, relation=r, source=a, target=b, key=k) for r, a, b, k in ends]


def _is_part_of(statement: OracleStatement) -> bool:
    return (PROV + "type", QUALIFIED_NAME, PART_OF, "") in statement.attributes


def stated_edges(live: Iterable[LiveAssertion]) -> list[Edge]:
    """Rule 20: one edge per (sid, relation), with the bundles and spaces of all its assertions."""
    live = list(live)
    statements = {a.sid: a.statement for a in live}
    edges = []
    for statement_id in sorted(statements):
        mine = [a for a in live if a.sid == statement_id]
        bundles = frozenset(a.bundle for a in mine if a.bundle is not None)
        spaces = frozenset(a.space for a in mine)
        edges += [replace(e, bundles=bundles, spaces=spaces) for e in edges_of(statements[statement_id])]
    return edges


def kinds_of(live: Iterable[LiveAssertion]) -> dict[str, tuple[str, ...]]:
    """Rule 19: the kinds of every node, in the order entity, activity, agent."""
    live = list(live)
    said = {pair for a in live for pair in kinds_said(a.statement)}
    iris = {iri for a in live for iri in named_iris(a.statement)}
    return {iri: tuple(k for k in KIND_ORDER if (iri, k) in said) for iri in iris}


def folds_of(live: Iterable[LiveAssertion], blobs: Blobs | None = None) -> list[Fold]:
    """Rule 10: one fold per (space, unit)."""
    live = list(live)
    units = sorted({(a.space, a.unit) for a in live})
    return [fold_unit([a for a in live if (a.space, a.unit) == unit], blobs) for unit in units]


def digest_of_bytes(text: str) -> tuple[str, str] | None:
    """Rule 21: (algorithm, value) of lower-case hex in full length that is not the digest of no bytes."""
    algorithm, _, value = text.partition(":")
    if len(value) != DIGEST_LENGTHS.get(algorithm, -1) or not re.fullmatch("[0-9a-f]*", value):
        return None
    return None if value == hashlib.new(algorithm, b"").hexdigest() else (algorithm, value)


def stitches(live: Iterable[LiveAssertion], space: str) -> tuple[list[Edge], set[str]]:
    """Rule 21, for the live assertions of one space: the inferred edges, and the boilerplate content nodes."""
    live = [a for a in live if a.space == space]
    kinds, edges = kinds_of(live), stated_edges(live)
    content: dict[str, set[str]] = {}  # content node -> its entities
    for (iri, attribute), combined in combine(folds_of(live)).items():
        for _, lexical, _ in combined.values:
            digest = digest_of_bytes(lexical)
            if attribute == PS + "digest" and digest and "entity" in kinds[iri]:
                content.setdefault(f"urn:provstore:content:{space}:{digest[0]}:{digest[1]}", set()).add(iri)
    pairs = [
        (relation, entity, node)
        for node, members in content.items()
        for entity in members
        for relation, holds in (
            ("alternateOf", True),
            ("sameBytes", len(members) <= BOILERPLATE_LIMIT and is_dead_end(entity, edges, kinds)),
            ("bytesOf", len(members) <= BOILERPLATE_LIMIT and not is_copy(entity, members, edges)),
        )
        if holds
    ]
    inferred = [
        Edge(r, *((node, entity) if r == "bytesOf" else (entity, node)), spaces=frozenset({space}), inferred=True)
        for r, entity, node in sorted(pairs)
    ]
    return inferred, {node for node, members in content.items() if len(members) > BOILERPLATE_LIMIT}


def is_dead_end(entity: str, edges: Iterable[Edge], kinds: dict[str, tuple[str, ...]]) -> bool:
    """Rule 21: of the edges from full to full it has none but generation, by activities that have none."""
    walked = [e for e in edges if full_to_full(e.relation, kinds[e.target])]
    mine = [e for e in walked if e.source == entity]
    makers = {e.target for e in mine}
    return all(e.relation == "wasGeneratedBy" for e in mine) and not any(e.source in makers for e in walked)


def is_copy(entity: str, same_bytes: set[str], edges: Iterable[Edge]) -> bool:
    """Rule 21: an activity that generated it used an entity of that digest."""
    edges = list(edges)
    makers = {e.target for e in edges if e.relation == "wasGeneratedBy" and e.source == entity}
    return any(e.relation == "used" and e.source in makers and e.target in same_bytes for e in edges)


def view_of(
    ledger: OracleLedger,
    spaces: Iterable[str] | None = None,
    as_of: int | None = None,
    blobs: Blobs | None = None,
) -> View:
    """Rules 18 to 21 and 25: what a caller with `spaces` (default: all) sees as of an entry (default: now)."""
    everything = ledger.assertions_at(as_of)
    allowed = {a.space for a in everything} if spaces is None else set(spaces)
    live = [a for a in everything if a.space in allowed]
    inferred: list[Edge] = []
    boilerplate: set[str] = set()
    for space in sorted(allowed):
        of_space, too_many = stitches(live, space)
        inferred += of_space
        boilerplate |= too_many
    nodes = _nodes(live, blobs)
    for edge in inferred:
        if edge.relation == "alternateOf":
            nodes[edge.target] = Node(edge.target, ("entity",), False, {}, edge.spaces, content=True)
    return View(nodes, (*stated_edges(live), *inferred), frozenset(boilerplate))


def _nodes(live: list[LiveAssertion], blobs: Blobs | None) -> dict[str, Node]:
    attributes = combine(folds_of(live, blobs))
    return {
        iri: Node(
            iri,
            kinds,
            declared=any(a.statement.kind in ELEMENT_KINDS and a.statement.identifier == iri for a in live),
            attributes={name: combined for (i, name), combined in attributes.items() if i == iri},
            spaces=frozenset(a.space for a in live if iri in named_iris(a.statement)),
        )
        for iri, kinds in kinds_of(live).items()
    }
