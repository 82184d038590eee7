"""The embedded engine: the graph in SQLite tables, in the ledger's file or in one of its own.

In: states from the projector; filters and walks from questions. Out: nodes, edges, closures. Source: rules 18 to 24.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, Literal

from provstore import resources
from provstore.batches import in_batches
from provstore.errors import BackendUnavailable, UsageError
from provstore.graph.closure import EDGE_ORDER, Hop, Search, by_depth, cut_of, depths_of, start_states, with_implied
from provstore.graph.columns import EdgeColumns, Scan
from provstore.graph.conditions import compile_condition
from provstore.graph.contract import (
    Applied,
    Capabilities,
    Direction,
    Edge,
    Filter,
    Limits,
    Node,
    NodePage,
    Page,
    Reached,
    Rows,
    States,
    Walk,
)
from provstore.graph.paging import page_of_nodes
from provstore.graph.selecting import page_of_matches
from provstore.graph.sqlite_file import MEMORY, connect, migrate, remove_unused, sql, translated
from provstore.graph.sqlite_query import run_query
from provstore.graph.sqlite_rows import (
    CODES,
    NAMES,
    OPTION_BITS,
    Scope,
    columns_of,
    edges_of,
    nodes_of,
    texts,
    wanted_json,
)
from provstore.graph.sqlite_writing import Writer
from provstore.graph.templates import template_path
from provstore.graph.values import encode
from provstore.graph.walk import STATES, State
from provstore.transactions import FOLD_WAIT_S, run_script, stop_at, transaction

_ALL_RELATIONS: Final = -1
_AT_ONCE: Final = 1_000


class SqliteEngine:
    """A graph engine in one SQLite file; use it as a context manager, or `close` it.

    Args: path: the file, made when it is missing. busy_timeout_s: how long a writer waits for others.
    Raises: BadInput: the file is not ours. BackendUnavailable: it cannot be opened.
    """

    capabilities = Capabilities("embedded")
    unfinished = False

    def __init__(self, path: Path | str, *, busy_timeout_s: float = 60.0):
        self.path = Path(path)
        self._lock = threading.RLock()
        self._connection, self._made = connect(self.path, busy_timeout_s)
        self._joined = False
        self._writer: Writer | None = None

    def __enter__(self) -> SqliteEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def remove_if_unused(self) -> None:
        """As `Removable.remove_if_unused`, of a file of the graph alone."""
        if self._made is not None:
            remove_unused(self.path, self._made)

    def stop_reading_at(self, deadline: float | None) -> None:
        """As `SqliteLedger.stop_reading_at`."""
        stop_at(self._connection, deadline)

    def shrink(self) -> None:
        """As `Caching.shrink`."""
        self._connection.execute(sql("shrink"))

    def migrate(self) -> None:
        """Brings the schema to this version. Raises: Conflict: the graph is of a newer version."""
        with self._lock:
            migrate(self._connection, self.path)

    def applied(self) -> Applied | None:
        """What the graph is current to; None for an empty graph."""
        rows = self._rows(sql("applied"))
        return Applied(*rows[0]) if rows else None

    def apply(self, batches: Iterable[States]) -> None:
        """Writes the batches in one transaction, under whose lock they are read.

        Raises: Conflict: the graph is another ledger's. BackendUnavailable: it cannot be written.
        """
        with self._lock, translated(self.path), self._writing():
            self._writer = Writer(self._connection, self.applied())
            try:
                for states in batches:
                    self._writer.write(states)
            finally:
                self._writer = None

    @contextmanager
    def joined(self, connection: sqlite3.Connection) -> Iterator[None]:
        """As `InFile.joined`."""
        with self._lock:
            own, self._connection, self._joined = self._connection, connection, True
            try:
                yield
            finally:
                self._connection, self._joined = own, False

    def forget(self) -> bool:
        """As `Forgetful.forget`; it waits some seconds for readers."""
        if str(self.path) == MEMORY:
            return True
        with translated(self.path), closing(connect(self.path, FOLD_WAIT_S).connection) as connection:
            return not connection.execute(sql("checkpoint")).fetchone()[0]

    def drop(self) -> None:
        """Removes everything, `applied` included."""
        with self._lock, translated(self.path), transaction(self._connection, sql):
            run_script(self._connection, sql("drop"))

    def run(self, template: str, parameters: Mapping[str, object]) -> Rows:
        """Runs `queries/<template>.sql`, read-only, values bound, lists as JSON.

        Raises: UsageError: no such template or parameter.
        """
        path = template_path(template)
        with self._lock, translated(self.path), self._read_only():
            try:
                bound = {
                    name: encode(value) if isinstance(value, list) else value for name, value in parameters.items()
                }
                cursor = self._connection.execute(resources.text(f"{path}.sql"), bound)
                return Rows(tuple(column[0] for column in cursor.description or ()), cursor.fetchall())
            except sqlite3.ProgrammingError as error:
                hint = "Give every parameter that its header names."
                raise UsageError(f"{template}: {error}", next_step=hint) from error

    def query(self, text: str, limits: Limits) -> Rows:
        """As `Queryable.query`, in SQL over the tables of `schema/graph/sqlite`."""
        with self._lock, self._read_only():
            return run_query(self._connection, text, limits)

    def nodes(self, where: Filter, page: Page = Page()) -> NodePage:  # noqa: B008
        """The nodes that match, one page of them."""
        with self._reading():
            if where.iris is None and where.label is None and where.digest_prefix is None:
                return self._found(where, page)
            return page_of_matches(self, self._candidates(where), where, page)

    def expand(
        self, frontier: Collection[str], relations: Collection[str] | None, direction: Direction
    ) -> Sequence[Edge]:
        """Edges of those relations (None: all) that leave or enter the nodes of the frontier."""
        with self._reading():
            numbers = [number for _, number in self._rows(sql("node_ids"), (wanted_json(frontier),))]
            return self._edges(list(self._hop_rows(numbers, relations, direction)))

    def spans(self, starts: Collection[str], relations: Collection[str], share: float) -> bool:
        """As `Scannable.spans`; it stops looking when there are more."""
        with self._reading():
            numbers = [number for _, number in self._rows(sql("node_ids"), (wanted_json(starts),))]
            most = int(share * self._rows(_query("count"))[0][0])
            asked = {"starts": encode(numbers), "relations": _bits(relations), "most": most}
            return bool(self._rows(_query("spans"), asked)[0][0])

    def scan(self, relations: Collection[str]) -> Scan:
        """As `Scannable.scan`."""
        with self._reading():
            nodes, numbers = self._numbered()
            scopes = self._scopes()
            columns = [
                columns_of(name, self._connection.execute(_query("edges"), {"relation": code}), numbers, scopes)
                for name, code in CODES.items()
                if name in relations
            ]
            return Scan(nodes, EdgeColumns([node.iri for node in nodes], columns))

    def _numbered(self) -> tuple[list[Node], dict[int, int]]:
        """All nodes by IRI, and the place of each by its number in the graph."""
        ids: list[int] = []
        nodes: list[Node] = []
        for batch in in_batches(self._connection.execute(_query("all_nodes")), _AT_ONCE):
            ids += [row[0] for row in batch]
            nodes += nodes_of(batch)
        iris = [node.iri for node in nodes]
        order = sorted(range(len(iris)), key=iris.__getitem__)
        return [nodes[place] for place in order], {ids[place]: number for number, place in enumerate(order)}

    def closure(self, walk: Walk) -> Reached:
        """Rule 22's walk: one recursive query when nothing limits it, else by frontiers."""
        with self._reading():
            found = self._rows(_query("nodes_by_iri"), {"iris": wanted_json(walk.starts)})
            starts = [row[0] for row in found]
            walk = with_implied(walk, any(row[2] & 4 for row in found))
            if walk.depth is None and walk.max_nodes is None:
                return self._unlimited(walk, starts)
            search = Search(_Numbers(self), walk, starts).run()
            rows = [hop.edge for hop in search.walked.values()]
            return self._reached(walk, search.reached, rows, *cut_of(search))

    def _unlimited(self, walk: Walk, starts: list[int]) -> Reached:
        states = start_states(walk)
        rows = self._rows(
            _query(f"closure_{walk.direction}"),
            {
                "starts": encode(starts),
                "states": encode([STATES.index(state) for state in states]),
                "options": _option_bits(walk.options),
                "relations": _bits(walk.relations),
            },
        )
        levels = _levels(rows, [start << 2 | STATES.index(state) for start in starts for state in states])
        reached = {(place >> 2, STATES[place & 3]): depth for place, depth in levels.items()}
        # An edge that is walked in several states is one edge.
        return self._reached(walk, reached, list(dict.fromkeys([row[:6] for row in rows])))

    def _reached(
        self,
        walk: Walk,
        reached: Mapping[tuple[int, State], int],
        rows: list[tuple[Any, ...]],
        cut: Literal["depth", "nodes"] | None = None,
        remaining: int = 0,
    ) -> Reached:
        depths, via = depths_of(reached, walk.direction)
        numbers = encode(sorted(depths.keys() | via.keys()))
        found = self._rows(_query("nodes_by_id" if walk.whole else "iris"), {"ids": numbers})
        names = {row[0]: row[1] for row in found}
        named, passed = ({names[number]: depth for number, depth in at.items()} for at in (depths, via))
        nodes = {node.iri: node for node in nodes_of(found) if node.iri in named} if walk.whole else {}
        edges = sorted(self._edges(rows, names), key=EDGE_ORDER)
        return Reached(by_depth(named), edges, cut, remaining, via=by_depth(passed), nodes=nodes)

    def _hop_rows(
        self, numbers: Collection[int], relations: Collection[str] | None, direction: Direction
    ) -> list[tuple[Any, ...]]:
        codes = sorted(CODES[name] for name in (CODES if relations is None else relations) if name in CODES)
        parameters = {"frontier": encode(list(numbers)), "relations": encode(codes)}
        return self._rows(_query(f"expand_{direction}"), parameters)

    def _edges(self, rows: Iterable[tuple[Any, ...]], names: Mapping[int, str] | None = None) -> list[Edge]:
        if names is None:
            rows = list(rows)
            names = self._names({*(row[0] for row in rows), *(row[2] for row in rows)})
        return edges_of(rows, names, self._scopes())

    def _scopes(self) -> dict[int, Scope]:
        return {
            number: (texts(bundles), texts(spaces), inferred == 1)
            for number, spaces, bundles, inferred in self._rows(sql("scopes"))
        }

    def _names(self, numbers: Collection[int]) -> dict[int, str]:
        return dict(self._rows(_query("iris"), {"ids": encode(sorted(numbers))}))

    def _candidates(self, where: Filter) -> list[Node]:
        if where.iris is not None:
            asked = sorted(set(where.iris))
            rows = self._rows(_query("nodes_by_iri"), {"iris": wanted_json(asked)})
            if self._writer is not None:
                self._writer.meet(asked, {row[1]: row[0] for row in rows})
        elif where.label is not None:
            rows = self._rows(_query("nodes_by_label"), {"label": where.label})
        else:
            first = str(where.digest_prefix)
            rows = self._rows(_query("nodes_by_digest"), {"first": first, "end": first + "\uffff"})
        return nodes_of(rows)

    def _found(self, where: Filter, page: Page) -> NodePage:
        if where.condition is None and page.sort == "iri":
            return self._all(page)
        if where.condition is None:
            rows = self._connection.execute(_query("nodes"), {"after": "", "limit": -1})
        else:
            asked = compile_condition(where.condition)
            rows = self._connection.execute(f"{_query('nodes_where')} {asked.text}", asked.parameters)
        return page_of_nodes((node for part in in_batches(rows, _AT_ONCE) for node in nodes_of(part)), page)

    def _all(self, page: Page) -> NodePage:
        limit = -1 if page.limit is None else page.limit
        last = page.after[1] if page.after else None
        if page.descending:
            rows = self._rows(_query("nodes_down"), {"before": last, "limit": limit})
        else:
            rows = self._rows(_query("nodes"), {"after": last or "", "limit": limit})
        return NodePage(nodes_of(rows), self._rows(_query("count"))[0][0])

    def _rows(self, text: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        with self._lock, translated(self.path):
            return self._connection.execute(text, parameters).fetchall()

    def _writing(self) -> AbstractContextManager[None]:
        return nullcontext() if self._joined else transaction(self._connection, sql)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One view of the graph for several statements."""
        with self._lock, translated(self.path):
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute(sql("begin_reading"))
            try:
                yield
            except KeyError as missing:
                raise BackendUnavailable(
                    f"the graph is damaged: an edge ends at node {missing}, which is not there",
                    where=str(self.path),
                    next_step="Make it anew: provstore graph rebuild",
                ) from missing
            finally:
                self._connection.execute(sql("commit"))

    @contextmanager
    def _read_only(self) -> Iterator[None]:
        self._connection.execute(sql("query_only_on"))
        try:
            yield
        finally:
            self._connection.execute(sql("query_only_off"))


class _Numbers:
    """The engine as a search's source of edges, by node number."""

    def __init__(self, engine: SqliteEngine):
        self._engine = engine

    def hops(self, frontier: Collection[int], relations: frozenset[str], direction: Direction) -> Iterable[Hop]:
        for row in self._engine._hop_rows(frontier, relations, direction):
            yield Hop(row[0], NAMES[row[1]], row[2], row[3], row)

    def only_agents(self, nodes: Collection[int]) -> Collection[int]:
        rows = self._engine._rows(_query("only_agents"), {"ids": encode(list(nodes))})
        return {number for (number,) in rows}

    def order(self, nodes: Iterable[int]) -> list[int]:
        names = self._engine._names(list(nodes))
        return sorted(names, key=names.__getitem__)


def _query(name: str) -> str:
    return resources.text(f"queries/lineage/{name}.sql")


def _option_bits(options: Iterable[str]) -> int:
    return sum(bit for option, bit in OPTION_BITS.items() if option in options)


def _bits(relations: Collection[str] | None) -> int:
    if relations is None:
        return _ALL_RELATIONS
    return sum(1 << CODES[name] for name in relations if name in CODES)


def _levels(rows: list[tuple[Any, ...]], starts: list[int]) -> dict[int, int]:
    """Fewest edges to each place (node and state), from the walked edges that a closure query returned."""
    following: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        following[row[6]].append(row[7])
    depths = dict.fromkeys(starts, 0)
    queue = list(starts)
    for place in queue:
        depth = depths[place] + 1
        for far in following.get(place, ()):
            if far not in depths:
                depths[far] = depth
                queue.append(far)
    return depths
