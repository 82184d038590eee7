"""The question `diff`: what differs between two things and what they were made from. Source: rule 27."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any, Final, NamedTuple

from provstore.graph.contract import Node, Reached, Reader, Walk
from provstore.model.fold import DIGEST, comparable
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import CONTENT, END_TIME, LABEL, PS, START_TIME
from provstore.questions.matching import Lineage, match
from provstore.questions.order import Order, topological
from provstore.questions.resolve import resolve
from provstore.questions.result import Table, values_json

COLUMNS: Final = ("rank", "earliest", "what", "difference", "a", "b", "attribute", "value_a", "value_b", "start")
# What differs between any two things, however alike: shown, but the cause of nothing.
INCIDENTAL: Final = frozenset(
    {START_TIME, END_TIME, LABEL}
    | {PS + name for name in ("source_id", "path", "artifact_location", "created", "alias", "stage")}
)
# What comes out of a run, and notes that people attach.
_OUTCOMES: Final = (PS + "metric.", PS + "tag.")
_NO_START: Final = "9999"


class Difference(NamedTuple):
    """One difference: where (the elements of both sides, or of one), what, and both values of an attribute."""

    left: Node | None
    right: Node | None
    what: str
    difference: str
    attribute: str | None = None
    values: tuple[tuple[Value, ...], tuple[Value, ...]] = ((), ())
    inherited: bool = False

    @property
    def may_be_cause(self) -> bool:
        """False for what differs anyway: names, times, places, tags, the metrics that come out of a run, and what was
        made anew without a digest that would tell whether its bytes differ."""
        if self.attribute is None:
            return not self.inherited
        return self.attribute not in INCIDENTAL and not self.attribute.startswith(_OUTCOMES)


def diff(reader: Reader, prefixes: Prefixes, a: str, b: str, *, as_of: int | None = None) -> Table:
    """The differences between `a` and `b` and everything upstream of each, the earliest cause first and marked.

    Upstream nodes are matched by IRI, else by kind and walk of relations and roles, ties by label. `what` is the part
    that differs: `input`, `code`, `environment`, `activity`, `agent`, or `itself` for the two named; `difference` is
    `attribute`, `replaced` (another element in the same place), `only in a`, `only in b`, or `cycle`. `rank` is the
    topological rank (rule 29); the earliest cause is the smallest rank, then start time. Times, names,
    paths, tags, metrics, and new products whose digests nobody told are shown, but are no cause.

    Args: a, b: as in `resolve`. as_of: the sequence that `reader` is as of.
    Raises: NotFound, Ambiguous: a name means nothing, or several things.
    """
    reached = [_reached(reader, resolve(reader, prefixes, name)) for name in (a, b)]
    left, right = (Lineage(starts, one.nodes, one.edges) for starts, one in reached)
    order = topological({*left.nodes, *right.nodes}, chain(left.edges, right.edges))
    found = sorted(_differences(left, right), key=lambda one: _place(one, order))
    earliest = next((_element(one) for one in found if one.may_be_cause), None)
    rows = [_row(one, order, prefixes, _element(one) == earliest and one.may_be_cause) for one in found]
    rows += [_cycle_row(order, cycle, prefixes) for cycle in order.cycles]
    return Table(
        question="diff", parameters={"a": a, "b": b, "as_of": as_of}, columns=COLUMNS, rows=tuple(rows),
        incomplete=any(one.hidden for _, one in reached),
    )  # fmt: skip


def _reached(reader: Reader, starts: tuple[str, ...]) -> tuple[tuple[str, ...], Reached]:
    return starts, reader.closure(Walk(starts, "out", whole=True))


def _differences(left: Lineage, right: Lineage) -> Iterator[Difference]:
    matched = match(left, right)
    made = {edge.source for lineage in (left, right) for edge in lineage.edges}
    code = {edge.target for lineage in (left, right) for edge in lineage.edges if edge.relation == "hadPlan"}
    for one, other in matched.pairs:
        mine, theirs = left.nodes[one], right.nodes[other]
        if not one.startswith(CONTENT):
            what = "itself" if one in left.starts and other in right.starts else _part(mine, code)
            yield from _between(mine, theirs, what, made)
    for iri in matched.only_left:
        if not iri.startswith(CONTENT):
            yield Difference(left.nodes[iri], None, _part(left.nodes[iri], code), "only in a")
    for iri in matched.only_right:
        if not iri.startswith(CONTENT):
            yield Difference(None, right.nodes[iri], _part(right.nodes[iri], code), "only in b")


def _between(mine: Node, theirs: Node, what: str, made: Collection[str]) -> Iterator[Difference]:
    if mine.kind == "entity" and what != "itself" and not _same_bytes(mine, theirs):
        unknown = not (mine.digests and theirs.digests)
        inherited = unknown and mine.iri in made and theirs.iri in made
        yield Difference(mine, theirs, what, "replaced", inherited=inherited)
    for name in sorted({*mine.attributes, *theirs.attributes} - {DIGEST}):
        values = mine.attributes.get(name, ()), theirs.attributes.get(name, ())
        if {comparable(value) for value in values[0]} != {comparable(value) for value in values[1]}:
            yield Difference(mine, theirs, what, "attribute", name, values)
    if what == "itself" and mine.digests and theirs.digests and not _same_bytes(mine, theirs):
        values = mine.attributes.get(DIGEST, ()), theirs.attributes.get(DIGEST, ())
        yield Difference(mine, theirs, what, "attribute", DIGEST, values)


def _same_bytes(mine: Node, theirs: Node) -> bool:
    return bool(set(mine.digests) & set(theirs.digests))


def _part(node: Node, code: Collection[str]) -> str:
    """Which part of the making a node is."""
    if PS + "Environment" in node.types:
        return "environment"
    if PS + "Code" in node.types or node.iri in code:
        return "code"
    return "input" if node.kind in ("entity", "unknown") else node.kind


def _place(one: Difference, order: Order) -> tuple[Any, ...]:
    """By rank, then start; then inputs before attributes and by name, so that the order is always the same."""
    rank = min(order.ranks[node.iri] for node in (one.left, one.right) if node)
    return rank, _start(one) or _NO_START, _element(one), one.attribute is not None, one.attribute or ""


def _start(one: Difference) -> str | None:
    return min((node.start for node in (one.left, one.right) if node and node.start), default=None)


def _element(one: Difference) -> tuple[str, str]:
    return one.left.iri if one.left else "", one.right.iri if one.right else ""


def _row(one: Difference, order: Order, prefixes: Prefixes, earliest: bool) -> tuple[Any, ...]:
    left, right = (prefixes.shorten(node.iri) if node else None for node in (one.left, one.right))
    attribute = prefixes.shorten(one.attribute) if one.attribute else None
    shown = [values_json(values) for values in one.values]
    rank = _place(one, order)[0]
    return rank, earliest, one.what, one.difference, left, right, attribute, shown[0], shown[1], _start(one)


def _cycle_row(order: Order, cycle: tuple[str, ...], prefixes: Prefixes) -> tuple[Any, ...]:
    names = ", ".join(map(prefixes.shorten, cycle))
    rank = order.ranks[cycle[0]]
    return rank, False, "cycle", "cycle", names, None, None, None, None, None
