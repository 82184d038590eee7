"""The Neo4j engine: the graph in a database of a Neo4j server, 5.26 or newer, the Community edition included.

In: states from the projector; filters and walks from questions. Out: nodes, edges, closures. Source: rules 18 to 24.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, TypeVar

from provstore import resources
from provstore.errors import UsageError
from provstore.graph import closure as searching
from provstore.graph.closure import Hop, Search
from provstore.graph.contract import (
    Applied,
    Capabilities,
    Direction,
    Edge,
    Filter,
    Limits,
    NodePage,
    Page,
    Reached,
    Rows,
    States,
    Walk,
)
from provstore.graph.current import require_known_schema
from provstore.graph.neo4j_conditions import narrowed
from provstore.graph.neo4j_query import require_reading, shown
from provstore.graph.neo4j_rows import MAX_INDEXED, Names, clipped, edge_of, indexed_iri, long_names, node_of
from provstore.graph.neo4j_server import FOLDER, Server, rows, statement, statements_of, text
from provstore.graph.neo4j_writing import Writer, writing
from provstore.graph.projection import RELATIONS
from provstore.graph.selecting import page_of_matches
from provstore.graph.steady import steadily
from provstore.graph.templates import template_path
from provstore.graph.values import encode
from provstore.graph.walk import steps
from provstore.model import times
from provstore.model.names import Prefixes

Answer = TypeVar("Answer")
_BEHIND_ALL: Final = "\U0010ffff"
# The server searches once per start; from more of them frontiers are cheaper, which it is asked for one by one.
_MOST_STARTS: Final = 16
_EVERY_NODE: Final = 2**62


class Neo4jEngine:
    """A graph engine in a Neo4j database; use it as a context manager, or `close` it.

    Args: location: `neo4j://host:port[/database]` or `bolt://...`. busy_timeout_s: how long a writer waits for others.
    query_timeout_s: how long a question may take. max_rows: of a template's answer.
    """

    capabilities = Capabilities("neo4j", templates="cypher")
    longest = MAX_INDEXED

    def __init__(
        self,
        location: str,
        *,
        user: str = "",
        password: str = "",
        busy_timeout_s: float = 60.0,
        query_timeout_s: float = 120.0,
        max_rows: int = 1_000_000,
    ):
        self._server = Server(location, user, password, query_timeout_s)
        self._busy_timeout_s = busy_timeout_s
        self._max_rows = max_rows
        self._migrated = False
        self.unfinished = False
        self._mine = threading.local()

    def __enter__(self) -> Neo4jEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes every connection to the server."""
        self._server.close()

    def stop_reading_at(self, deadline: float | None) -> None:
        """As `Interruptible.stop_reading_at`: the server ends the transaction."""
        self._server.deadline = deadline

    def migrate(self) -> None:
        """Brings the schema to this version. Raises: Conflict: the graph is of a newer version. Denied."""
        known = resources.migrations(FOLDER, "cypher")
        found = self._server.read(lambda transaction: rows(transaction, statement("version")))
        version = found[0][0] if found else 0
        require_known_schema(version, known[-1][0], self._server.location)
        with self._server.writing() as session:
            for number, script in known:
                if number > version:
                    for one in statements_of(script):
                        session.run(one).consume()
                    session.run(statement("set_version"), version=number).consume()
        self._migrated = True

    def applied(self) -> Applied | None:
        """What the graph is current to; None for an empty graph."""
        if not self._migrated:
            # The server was away when the engine was opened.
            self.migrate()
        found = self._rows(statement("applied"))
        return Applied(*found[0]) if found else None

    def apply(self, batches: Iterable[States]) -> None:
        """Writes the batches; what makes them reads in the same transaction.

        A batch is never torn; several go into one transaction, up to some size.
        Raises: Conflict: the graph is another ledger's. BackendUnavailable: it cannot be written, or its outcome is
        not known; projecting again is right in any case.
        """
        with self._writing() as writer:
            for states in batches:
                writer.write(states)

    def drop(self) -> None:
        """Removes everything, `applied` included."""
        with self._writing() as writer:
            writer.empty()

    def run(self, template: str, parameters: Mapping[str, object]) -> Rows:
        """Runs `queries/<template>.cypher`, read-only, values bound.

        Raises: UsageError: no such template or parameter, too slow, or an answer of more than `max_rows` rows.
        """
        query = text(template_path(template))

        def work(transaction: Any) -> tuple[tuple[str, ...], list[list[Any]]]:
            result = transaction.run(query, dict(parameters))
            return tuple(result.keys()), [record.values() for record in result.fetch(self._max_rows + 1)]

        columns, found = self._read(work)
        if len(found) > self._max_rows:
            raise UsageError(f"the answer has more than {self._max_rows} rows", next_step="Give it a lower limit.")
        return Rows(columns, [tuple(map(_plain, row)) for row in found])

    def name_of(self, iri: str) -> str:
        """As `Abridging.name_of`."""
        return indexed_iri(iri)

    def iris_of(self, texts: Collection[str]) -> Mapping[str, str]:
        """As `Abridging.iris_of`."""
        names = long_names(texts)
        found = self._rows(text("queries/lineage/nodes_by_iri"), iris=names) if names else []
        return {indexed_iri(iri): iri for iri in (node_of(exact).iri for (exact,) in found)}

    def keys_of_attribute(self, iri: str, prefixes: Prefixes) -> list[str]:
        """As `Abridging.keys_of_attribute`."""
        return self._names().asked(iri)

    def query(self, text: str, limits: Limits) -> Rows:
        """As `Queryable.query`, in Cypher: no procedures, files or commands, in a transaction that may only read."""

        def work(transaction: Any) -> tuple[tuple[str, ...], list[list[Any]]]:
            require_reading(text, transaction.run(f"EXPLAIN {text}").consume())
            result = transaction.run(text)
            return tuple(result.keys()), [record.values() for record in result.fetch(limits.max_rows + 1)]

        columns, found = self._server.read(work, timeout_s=limits.timeout_s)
        rows = [tuple(map(shown, row)) for row in found[: limits.max_rows]]
        return Rows(columns, rows, len(found) > limits.max_rows)

    def nodes(self, where: Filter, page: Page = Page()) -> NodePage:  # noqa: B008
        """The nodes that match, one page of them."""
        if where == Filter() and page.sort == "iri":
            return self._all(page)
        return page_of_matches(self, (node_of(exact) for (exact,) in self._candidates(where)), where, page)

    def expand(
        self, frontier: Collection[str], relations: Collection[str] | None, direction: Direction
    ) -> Sequence[Edge]:
        """Edges of those relations (None: all) that leave or enter the nodes of the frontier."""
        asked = RELATIONS if relations is None else tuple(name for name in RELATIONS if name in relations)
        if not asked or not frontier:
            return []
        query = text(f"queries/lineage/expand_{direction}", relations=asked)
        found = self._rows(query, iris=[indexed_iri(iri) for iri in sorted(set(frontier))])
        return [edge_of(*row) for row in found]

    def closure(self, walk: Walk) -> Reached:
        """Rule 22's walk; it is walked again when the graph has moved on meanwhile, for the server has no snapshots."""
        return steadily(self.applied, lambda: self._walked(walk))

    def _walked(self, walk: Walk) -> Reached:
        """When nothing limits the walk the server finds all edges that it may take at once."""
        starts = self.nodes(Filter(iris=walk.starts)).nodes
        if walk.depth is not None or walk.max_nodes is not None or len(starts) > _MOST_STARTS:
            return searching.closure(self, walk)
        walk = searching.with_implied(walk, any("agent" in node.kinds for node in starts))
        iris = [node.iri for node in starts]
        fetched = _Fetched(self, walk.direction, walk.whole)
        self._fetch(fetched, walk, iris)
        return searching.answer(fetched, Search(fetched, walk, iris).run())

    def _fetch(self, fetched: _Fetched, walk: Walk, starts: list[str]) -> None:
        """Fetches every edge that the walk may take: too many at most, since the search decides."""
        taken = steps(walk.options, walk.relations)
        full = tuple(dict.fromkeys(step.relation for step in taken if step.state == step.then == "full"))
        every = tuple(dict.fromkeys(step.relation for step in taken))
        beyond = tuple(name for name in every if name not in full)
        if walk.direction == "in":
            # Only at a start may the walk have ended in another state than full; versions of what is found
            # further on are fetched in vain.
            special = beyond and self.expand(starts, beyond, "in")
            self._fetch_from(fetched, starts, every if special else full, every if special else full)
            return
        ends = self._fetch_from(fetched, starts, full, every)
        for state in ("general", "agent"):
            lead = {step.relation for step in taken if step.then == state}
            chain = tuple(step.relation for step in taken if step.state == step.then == state)
            near = sorted({hop.target for hop in ends if hop.relation in lead})
            if near and chain:
                self._fetch_from(fetched, near, chain, chain)

    def _fetch_from(
        self, fetched: _Fetched, starts: list[str], walked: tuple[str, ...], taken: tuple[str, ...]
    ) -> list[Hop]:
        if not taken:
            return []
        query = text(f"queries/lineage/closure_{fetched.direction}", walked=walked or taken, taken=taken)
        return fetched.add(self._rows(query, starts=[indexed_iri(iri) for iri in starts], whole=fetched.whole))

    def _all(self, page: Page) -> NodePage:
        limit = _EVERY_NODE if page.limit is None else page.limit
        last = indexed_iri(page.after[1]) if page.after else None
        if page.descending:
            found = self._rows(text("queries/lineage/nodes_down"), before=last or _BEHIND_ALL, limit=limit)
        else:
            found = self._rows(text("queries/lineage/nodes"), after=last or "", limit=limit)
        return NodePage([node_of(exact) for (exact,) in found], self._rows(text("queries/lineage/count"))[0][0])

    def _candidates(self, where: Filter) -> list[list[Any]]:
        if where.iris is not None:
            iris = [indexed_iri(iri) for iri in sorted(set(where.iris))]
            return self._rows(text("queries/lineage/nodes_by_iri"), iris=iris)
        if where.label is not None:
            return self._rows(text("queries/lineage/nodes_by_label"), label=clipped(where.label))
        if where.digest_prefix is not None:
            return self._rows(text("queries/lineage/nodes_by_digest"), digest=clipped(where.digest_prefix))
        if where.condition is None:
            return self._rows(text("queries/lineage/nodes"), after="", limit=_EVERY_NODE)
        asked = narrowed(where.condition, self._names())
        return self._rows(text("queries/lineage/nodes_where").replace("<condition>", asked.text), **asked.parameters)

    def _names(self) -> Names:
        found = self._rows(statement("names"))
        return Names(found[0][0] if found else None)

    def _rows(self, query: str, **parameters: Any) -> list[list[Any]]:
        return self._read(lambda transaction: rows(transaction, query, parameters))

    def _read(self, work: Callable[[Any], Answer]) -> Answer:
        """Reads in this thread's writing transaction, when there is one, so that a projection sees what it wrote."""
        writer: Writer | None = getattr(self._mine, "writer", None)
        if writer is not None:
            with self._server.translated():
                return work(writer.transaction)
        return self._server.read(work)

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        with writing(self._server, self._busy_timeout_s) as writer:
            self._mine.writer, self.unfinished = writer, writer.unfinished
            try:
                yield writer
            finally:
                self._mine.writer, self.unfinished = None, False


class _Fetched:
    """Edges that were fetched, as a search's source; nodes are known by their IRIs.

    Args: engine: to read what was not fetched. whole: nodes are fetched, too.
    """

    def __init__(self, engine: Neo4jEngine, direction: Direction, whole: bool):
        self.direction, self.whole = direction, whole
        self._engine = engine
        self._nodes: dict[str, str] = {}
        self._near: dict[str, dict[tuple[str, str, str], Hop]] = {}
        self._only_agents: set[str] = set()

    def add(self, found: list[list[Any]]) -> list[Hop]:
        """Takes in the rows of a closure query; returns what is new."""
        out = self.direction == "out"
        hops = []
        for iri, only_agent, node, edges in found:
            if node:
                self._nodes[iri] = node
            if only_agent:
                self._only_agents.add(iri)
            for relation, far, sid, exact in edges:
                edge = edge_of(iri, relation, far, sid, exact) if out else edge_of(far, relation, iri, sid, exact)
                hop = Hop(edge.source, relation, edge.target, sid, edge)
                near = self._near.setdefault(edge.source if out else edge.target, {})
                near[relation, far, sid] = hop
                hops.append(hop)
        return hops

    def nodes(self, where: Filter) -> NodePage:
        """The nodes of those IRIs, which were fetched for the most part."""
        asked = set(where.iris or ())
        found = [node_of(self._nodes[indexed_iri(iri)]) for iri in asked if indexed_iri(iri) in self._nodes]
        missing = asked - {node.iri for node in found}
        return NodePage([*found, *self._engine.nodes(Filter(iris=missing)).nodes] if missing else found)

    def hops(self, frontier: Collection[str], relations: frozenset[str], direction: Direction) -> Iterator[Hop]:
        for iri in frontier:
            for hop in self._near.get(iri, {}).values():
                if hop.relation in relations:
                    yield hop

    def only_agents(self, nodes: Collection[str]) -> Collection[str]:
        return {iri for iri in nodes if indexed_iri(iri) in self._only_agents}

    def order(self, nodes: Iterable[str]) -> list[str]:
        return sorted(nodes)


def _plain(value: Any) -> Any:
    """A value of a template's answer as other engines give it: times and lists as text."""
    if hasattr(value, "to_native"):
        value = value.to_native()
    if isinstance(value, datetime):
        return times.text(value)
    return encode(value) if isinstance(value, list | dict) else value
