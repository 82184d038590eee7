"""What every graph engine implements (eight methods), and the states that the projector sends it.

Source: rules 18 to 24.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, Protocol, Self, runtime_checkable

from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import ElementKind

_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})
Direction = Literal["out", "in"]  # out: from effect to cause, as the edge points


class Node(NamedTuple):
    """A node as of one entry: everything that live statements say of one IRI (rule 19).

    `kinds` in the order entity, activity, agent. `types` full IRIs. `label` the first. `start`, `end`: UTC text
    as times.instant gives it.
    `digests` `algorithm:hex`. `attributes` all others and these, by full attribute IRI. `conflicts` attribute IRIs.
    """

    iri: str
    kinds: tuple[ElementKind, ...]
    declared: bool
    types: tuple[str, ...] = ()
    label: str | None = None
    start: str | None = None
    end: str | None = None
    digests: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[Value, ...]] = _EMPTY
    conflicts: tuple[str, ...] = ()
    spaces: tuple[str, ...] = ()

    @property
    def kind(self) -> ElementKind | Literal["unknown"]:
        """The first of `kinds`, or `unknown`."""
        return self.kinds[0] if self.kinds else "unknown"


class Edge(NamedTuple):
    """An edge as of one entry (rule 20): from effect `source` to cause `target`, unique by (sid, relation, target).

    `relation` is the PROV-N name, or hadPlan, hadActivity, hadStarter, hadEnder, partOf, sameBytes, bytesOf.
    `third`: the relation's further arguments by their local name (`plan`, `starter`, `ender`, `activity`, `generation`,
    `usage`, `bundle`, `key`). `identifier` the relation's own. `inferred`: a
    stitch, its sid is made from its ends.
    """

    relation: str
    source: str
    target: str
    sid: str
    identifier: str | None = None
    roles: tuple[str, ...] = ()
    time: str | None = None
    types: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[Value, ...]] = _EMPTY
    third: Mapping[str, str] = _EMPTY
    bundles: tuple[str, ...] = ()
    spaces: tuple[str, ...] = ()
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class States:
    """A batch of absolute states as of entry `sequence` (rule 23).

    `gone_nodes`: IRIs without a live statement; `gone_edges`: (source, relation, target, sid). An edge's ends are among
    the nodes that the engine holds or is sent no later. With `applied` set this is the batch's last part: the engine
    records it as what the graph is current to, in the same transaction where it can. `mend`: the states are as of what
    the engine holds, and are taken all the same (`repair`). `prefixes`: (prefix, namespace) pairs of the store, in the
    first batch, for engines whose properties have the names of rule 30. `anew_nodes`, `anew_edges`: an engine that is
    Scattered takes away first whatever is left of these, of a node all its edges, too.
    """

    sequence: int
    nodes: Iterable[Node] = ()
    edges: Iterable[Edge] = ()
    gone_nodes: Collection[str] = ()
    gone_edges: Collection[tuple[str, str, str, str]] = ()
    applied: Applied | None = None
    mend: bool = False
    anew_nodes: Collection[str] = ()
    anew_edges: Collection[tuple[str, str, str, str]] = ()
    prefixes: Sequence[tuple[str, str]] = ()


class Applied(NamedTuple):
    """What a graph is current to: the ledger, its sequence, and the tree's root there (hexadecimal)."""

    ledger_id: str
    sequence: int
    root: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What engines differ in, as data."""

    name: str
    transactions: bool = True
    templates: str = "sql"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which nodes: all given conditions together. `condition` is a parsed expression (rule 28), opaque to callers.

    `label` is exact; `digest_prefix` is `algorithm:hexprefix`; `iris` full IRIs.
    """

    iris: Collection[str] | None = None
    label: str | None = None
    digest_prefix: str | None = None
    condition: Any = None


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the nodes: sorted by `sort` (`iri`, `label`, `start`, `end`, `kind` or an attribute IRI), then IRI.

    `after` = (sort value or None, iri) of the last node of the page before. `limit` None: all.
    """

    sort: str = "iri"
    descending: bool = False
    limit: int | None = None
    after: tuple[str | None, str] | None = None


@dataclass(frozen=True, slots=True)
class NodePage:
    """The nodes, in order, and how many the filter matches in all (None: not counted)."""

    nodes: Sequence[Node]
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """A closure to compute: rule 22's regular walk from `starts` in state `full`.

    `direction` out = upstream, in = downstream (then end states count: rule 22). `depth` None: unlimited.
    `options`: of `agents`, `parents`. `relations`: walk these only (None: all of the table). `max_nodes`: cut there.
    `whole`: the answer holds its nodes, too, read in the same view of the graph.
    """

    starts: tuple[str, ...]
    direction: Direction
    depth: int | None = None
    options: frozenset[str] = frozenset()
    relations: frozenset[str] | None = None
    max_nodes: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """A closure's answer: fewest edges to each node, the edges walked, and where it was cut.

    `depths` in order of (depth, iri), starts at 0. `remaining`: nodes that were seen but not expanded when `max_nodes`
    or `depth` cut the walk (None: nothing was cut). `hidden`: nodes that an invisible walked edge leaves (rule 25).
    `via`: nodes that edges lead through and that are no part of the answer, with their depths: agents on the way
    downstream of an agent, which that one acted for. `nodes`: those of `depths`, by IRI, when the walk
    is `whole`.
    """

    depths: Mapping[str, int]
    edges: Sequence[Edge]
    cut: Literal["depth", "nodes"] | None = None
    remaining: int = 0
    hidden: frozenset[str] = frozenset()
    via: Mapping[str, int] = field(default_factory=dict)
    nodes: Mapping[str, Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer of a query; `cut`: there were more rows than asked for."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a person's own query may run, and how many rows it may answer."""

    timeout_s: float = 60.0
    max_rows: int = 10_000


class Reader(Protocol):
    """The reading side that questions are written against: an engine, or a ledger as of some entry."""

    def nodes(self, where: Filter, page: Page = Page()) -> NodePage:
        """The nodes that match, one page of them; nodes that are only mentioned included (declared=False)."""
        ...

    def expand(
        self, frontier: Collection[str], relations: Collection[str] | None, direction: Direction
    ) -> Sequence[Edge]:
        """Edges of those relations (None: all) that leave (`out`) or enter (`in`) the frontier's nodes."""
        ...

    def closure(self, walk: Walk) -> Reached:
        """Rule 22's lineage walk."""
        ...


@runtime_checkable
class Engine(Reader, Protocol):
    """A graph engine: holds the present only (rule 18). A context manager: leaving it closes the engine."""

    capabilities: Capabilities
    # True while states are read for a graph in which an earlier `apply` was cut short: it is as of no entry.
    unfinished: bool

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def migrate(self) -> None:
        """Brings the schema to this version. Raises: Conflict: the graph is of a newer version."""
        ...

    def applied(self) -> Applied | None:
        """What the graph is current to; None for an empty graph."""
        ...

    def apply(self, batches: Iterable[States]) -> None:
        """Writes batches of states in one transaction where the engine has one; refuses states of entries at or below
        what it holds (rule 23). The iterable is read inside that transaction, under its write lock, so what makes the
        states may read the engine. Raises: Conflict: the graph belongs to another ledger."""
        ...

    def run(self, template: str, parameters: Mapping[str, object]) -> Rows:
        """Runs the query template `queries/<template>.<language>` with bound parameters, read-only."""
        ...

    def drop(self) -> None:
        """Removes everything, `applied` included."""
        ...


@runtime_checkable
class Queryable(Engine, Protocol):
    """An engine that runs a person's own query, in the language of its templates."""

    def query(self, text: str, limits: Limits) -> Rows:
        """The rows of a query that reads the graph and nothing else; values are JSON-ready.

        Raises: UsageError: it is wrong, would do anything but read the graph, or took too long.
        """
        ...


@runtime_checkable
class Abridging(Engine, Protocol):
    """An engine whose properties, which templates ask, differ from what was stated: long texts are cut, elements with
    long IRIs have another name, attributes have keys, and some are properties of the element's own."""

    # As many characters of a text as a property holds.
    longest: int

    def name_of(self, iri: str) -> str:
        """What a template knows an element by."""
        ...

    def iris_of(self, texts: Collection[str]) -> Mapping[str, str]:
        """The IRIs of those texts of an answer that are names of elements in place of their IRIs."""
        ...

    def keys_of_attribute(self, iri: str, prefixes: Prefixes) -> list[str]:
        """The properties that hold an attribute's values. Raises: UsageError: none does that queries can ask for."""
        ...


class Broken(NamedTuple):
    """What is not whole: nodes, edges, and nodes whose incoming edges differ from the outgoing edges stored at
    their sources."""

    nodes: Collection[str]
    edges: Collection[tuple[str, str, str, str]]
    entered: Collection[str]


class Survey(Protocol):
    """Compares the places where an engine keeps nodes and edges with each other."""

    def look(self, iris: Collection[str]) -> None:
        """Looks at nodes, and at the edges that leave them."""
        ...

    def broken(self) -> Broken:
        """What is not whole of all that was looked at, and of what no index tells of."""
        ...


@runtime_checkable
class Scattered(Engine, Protocol):
    """An engine that keeps a node or an edge in several places, each of which may be lost alone."""

    def survey(self) -> Survey | None:
        """What compares the places; None: where this graph is there is only one."""
        ...


@runtime_checkable
class InFile(Engine, Protocol):
    """An engine whose graph lies in a SQLite file. Whoever has a transaction open there can have the graph projected in
    it, so that one commit makes both durable."""

    path: Path

    def joined(self, connection: sqlite3.Connection) -> AbstractContextManager[None]:
        """While the context lasts the engine reads and writes through `connection`, whose holder begins and commits."""
        ...
