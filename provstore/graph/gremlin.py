"""The engine for TinkerPop graphs: Gremlin Server with a TinkerGraph or TinkerTransactionGraph, and JanusGraph.

In: states from the projector; filters and walks from questions. Out: nodes, edges, closures. What runs on the server
are traversals as bytecode; text are only the fixed scripts of schema/graph/janusgraph, with values bound. No
transaction spans requests: writes are absolute and repeatable, under a lease, and `applied` is written last.
Source: rules 18 to 24.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any, Final
from urllib.parse import urlsplit

from provstore import resources
from provstore.errors import UsageError
from provstore.graph.closure import Search, answer, with_implied
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
from provstore.graph.gremlin_errors import Refused, TooSlow
from provstore.graph.gremlin_finding import candidates
from provstore.graph.gremlin_keys import DIALECTS, NODE, Indexed, as_id, keys_of, scheme_of, source, steps
from provstore.graph.gremlin_lease import Lease, State
from provstore.graph.gremlin_link import Link
from provstore.graph.gremlin_reading import Hops, Reading
from provstore.graph.gremlin_rows import LONGEST, asked_keys
from provstore.graph.gremlin_text import translate
from provstore.graph.gremlin_transport import Address
from provstore.graph.gremlin_whole import Clearing, Wholeness
from provstore.graph.gremlin_writing import Writer
from provstore.graph.paging import Sortable, page_of
from provstore.graph.selecting import page_of_matches
from provstore.graph.steady import steadily
from provstore.graph.templates import template_path
from provstore.model.names import Prefixes

# The version of what is projected; a migration of JanusGraph's schema has it in its name.
SCHEMA: Final = 1
_PORT: Final = 8182
_NEW: Final = "Undefined type"
_DROPPED: Final = 1_000
# Of the answer of a person's own query.
_MAX_BYTES: Final = 100_000_000
_SOURCE: Final = re.compile(r"[A-Za-z_]\w*")


class GremlinEngine:
    """A graph engine behind a Gremlin Server; use it as a context manager.

    Args: location: `gremlin://host[:port][/source]` or `janusgraph://host[:port][/source]`; the source is `g` by
    default. user, password: for a server that asks. timeout_s: for one request. max_bytes: of one answer. wait_s: for
    other writers.
    Raises: UsageError: that is no location.
    """

    longest = LONGEST

    def __init__(
        self,
        location: str,
        *,
        user: str = "",
        password: str = "",
        timeout_s: float = 120.0,
        max_bytes: int = 1 << 30,
        wait_s: float = 60.0,
    ) -> None:
        scheme, address = _parsed(location, user, password)
        self._dialect = DIALECTS[scheme]
        self.capabilities = Capabilities(scheme, transactions=False, templates="gremlin")
        self.unfinished = False
        self._keys = keys_of(self._dialect)
        self._link = self._connection(address, timeout_s=timeout_s, max_bytes=max_bytes)
        self._lease = Lease(self._link, self._keys, wait_s=wait_s)
        self._reading = Reading(self._link, self._keys)
        self._lock = RLock()
        self._migrated = False
        self._iris: list[str] = []

    def __enter__(self) -> GremlinEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self._link.close()

    def stop_reading_at(self, deadline: float | None) -> None:
        """As `Interruptible.stop_reading_at`; what writes, which no transaction holds together, is not stopped.

        JanusGraph is not waited for any more, and may work on: it does not look at the time that it was given.
        """
        self._link.deadline = deadline

    def migrate(self) -> None:
        """Brings the schema to this version.

        Raises: Conflict: the graph is of a newer version. UsageError: the scheme means another kind of graph.
        """
        self._require_kind()
        version = self._state().schema
        require_known_schema(version, SCHEMA, str(self._link.address))
        if version < SCHEMA:
            folder = self._dialect.schema
            for number, script in resources.migrations(folder, "groovy") if folder else ():
                if number > version:
                    self._link.manage(script)
            self._lease.mark(SCHEMA)
        self._migrated = True

    def applied(self) -> Applied | None:
        """What the graph is current to; None for an empty graph."""
        return self._state().applied

    def apply(self, batches: Iterable[States]) -> None:
        """Writes the batches, one after another, under a lease on the graph.

        Raises: Conflict: the graph is another ledger's. BackendUnavailable: it cannot be written, or others write it.
        """
        with self._lock, self._writing() as before:
            if before.unfinished and before.applied is None:
                # What was begun into an empty graph is no state that anything can be worked out from.
                self._clear()
            writer = Writer(self._link, self._lease, self._dialect, self._keys, before)
            self.unfinished = before.unfinished and before.applied is not None
            try:
                for states in batches:
                    writer.write(states)
                writer.finish()
            finally:
                self.unfinished = False

    def drop(self) -> None:
        """Removes everything, `applied` included."""
        with self._lock, self._writing():
            self._clear()
            self._lease.finish()

    def run(self, template: str, parameters: Mapping[str, object]) -> Rows:
        """Runs `queries/<template>.gremlin`, values bound. Raises: UsageError: no such template or parameter."""
        query = translate(resources.text(f"{template_path(template)}.gremlin"), parameters)
        found = self._link.ask(query.traversal)
        return Rows(query.columns, [tuple(row.get(column) for column in query.columns) for row in found])

    def name_of(self, iri: str) -> str:
        """As `Abridging.name_of`: every IRI is there in full."""
        return iri

    def iris_of(self, texts: Collection[str]) -> Mapping[str, str]:
        """As `Abridging.iris_of`: no IRI has another name."""
        return {}

    def keys_of_attribute(self, iri: str, prefixes: Prefixes) -> list[str]:
        """As `Abridging.keys_of_attribute`."""
        return asked_keys(iri, prefixes)

    def query(self, text: str, limits: Limits) -> Rows:
        """As `Queryable.query`, in the steps that templates may have, which only read; the last one is `project`."""
        query = translate(text, {})
        link = self._connection(self._link.address, timeout_s=limits.timeout_s, max_bytes=_MAX_BYTES)
        try:
            found = link.ask(query.traversal.limit(limits.max_rows + 1))
        except Refused as refused:
            raise UsageError(refused.message) from refused
        except TooSlow as error:
            raise UsageError(
                f"the query took longer than {limits.timeout_s:g} s", next_step="Ask for less, or --timeout."
            ) from error
        finally:
            link.close()
        rows = [tuple(_plain(row.get(column)) for column in query.columns) for row in found[: limits.max_rows]]
        return Rows(query.columns, rows, len(found) > limits.max_rows)

    def nodes(self, where: Filter, page: Page = Page()) -> NodePage:  # noqa: B008
        """The nodes that match, one page of them."""
        with self._lock:
            if where == Filter() and page.sort == "iri":
                return self._all(page)
            return page_of_matches(self, candidates(self._reading, where), where, page)

    def survey(self) -> Wholeness | None:
        """Compares the places where JanusGraph keeps nodes and edges; a TinkerGraph has one."""
        return Wholeness(self._link, self._keys, self._dialect) if isinstance(self._keys, Indexed) else None

    def expand(
        self, frontier: Collection[str], relations: Collection[str] | None, direction: Direction
    ) -> Sequence[Edge]:
        """Edges of those relations (None: all) that leave or enter the nodes of the frontier."""
        return self._reading.edges(frontier, relations, direction)

    def closure(self, walk: Walk) -> Reached:
        """Rule 22's walk: the engine follows what leads far, the states are kept here.

        It takes several requests: where an entry was projected between them, it is walked again.
        """
        return steadily(self.applied, lambda: self._walked(walk))

    def _walked(self, walk: Walk) -> Reached:
        found = self._reading.nodes(walk.starts)
        walk = with_implied(walk, any("agent" in node.kinds for node in found))
        hops = Hops(self._reading, ahead=walk.depth is None and walk.max_nodes is None)
        return answer(hops, Search(hops, walk, [node.iri for node in found]).run())

    def _require_kind(self) -> None:
        """Raises: UsageError: writing as into another kind of graph would fail half-way."""
        try:
            found = scheme_of(self._link.ask(steps()))
        except Refused:
            return  # A server that cannot tell how it works is taken for what its location says.
        if found not in (None, self._dialect.name):
            raise UsageError(
                f"this graph is not of the kind that {self._dialect.name}:// means; nothing was changed",
                where=str(self._link.address),
                next_step=f"Name it {found}://{self._link.address}",
            )

    def _state(self) -> State:
        try:
            return self._lease.state()
        except Refused as refused:
            if _NEW in refused.message:
                return State()
            raise

    def _connection(self, address: Address, *, timeout_s: float, max_bytes: int) -> Link:
        folder = self._dialect.schema
        storage = resources.text(f"{folder}/storage.groovy") if folder else None
        return Link(address, timeout_s=timeout_s, max_bytes=max_bytes, storage=storage)

    @contextmanager
    def _writing(self) -> Iterator[State]:
        """The lease, given back at the end, or in case of an error."""
        if not self._migrated or self._state().schema < SCHEMA:
            self.migrate()
        before = self._lease.take()
        deadline, self._link.deadline = self._link.deadline, None
        try:
            yield before
        except BaseException:
            self._lease.give_up(before)
            raise
        finally:
            self._link.deadline = deadline

    def _clear(self) -> None:
        """Removes every vertex but the one that holds the lease, and what it says the graph is current to."""
        self._lease.forget()
        numbers = list(map(as_id, self._link.scan(source().V().has_label(NODE).id_())))
        if isinstance(self._keys, Indexed):
            Clearing(self._link, self._lease, self._keys).vertices(numbers)
            return
        for start in range(0, len(numbers), _DROPPED):
            self._lease.drop(numbers[start : start + _DROPPED])

    def _all(self, page: Page) -> NodePage:
        """A page by IRI. The list of IRIs is read with the first page; the others go on in it."""
        if page.after is None or not self._iris:
            self._iris = self._reading.iris()
        wanted = page_of(((Sortable(iri, iri), iri) for iri in self._iris), page)
        nodes = self._reading.nodes(wanted)
        total = len(self._iris)
        return NodePage(nodes[::-1] if page.descending else nodes, total)


def _parsed(location: str, user: str, password: str) -> tuple[str, Address]:
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, _PORT if parts.port is None else parts.port
    except ValueError:
        raise _no_location(location) from None
    name = parts.path.strip("/") or "g"
    if not host or not port or not _SOURCE.fullmatch(name) or parts.query or parts.fragment:
        raise _no_location(location)
    return parts.scheme, Address(host, port, name, user, password)


def _no_location(location: str) -> UsageError:
    example = f"{location.partition(':')[0]}://host:8182/g"
    return UsageError(f"{location!r} is no location of a Gremlin server", next_step=f"It looks like: {example}")


def _plain(value: Any) -> Any:
    """A value of an answer as JSON has it; vertices and edges as text."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    return str(value)
