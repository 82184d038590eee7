"""Writes batches of states into Neo4j: exactly once, by one writer at a time, in transactions of bounded size.

All writers lock one node, which also holds what the graph is current to. States are absolute, so that a part which was
committed before a crash is written again with no harm; what the graph is current to is written last. A writer that
needs several transactions holds a short lease between two of them. While the server writes rows, the next are made
here. Source: rule 23.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final
from uuid import uuid4

from provstore.batches import in_batches
from provstore.errors import BackendUnavailable, ProvstoreError
from provstore.graph.contract import Applied, Edge, Node, States
from provstore.graph.current import is_projected, require_same_ledger
from provstore.graph.labels import ALL_LABELS, labels_of
from provstore.graph.neo4j_rows import Names, edge_properties, indexed_iri, node_properties
from provstore.graph.neo4j_server import Server, rows, statement
from provstore.graph.projection import RELATIONS

# How many nodes or edges are written by one statement, and after how many a transaction is committed.
CHUNK: Final = 5_000
ROWS_PER_TRANSACTION: Final = 25_000
# More than this many rows of one batch are a comparison of everything, which may be torn: it is made anew.
MOST_ROWS: Final = 50_000
LEASE_MS: Final = 10_000
# How many statements wait to be sent.
MOST_SENT: Final = 8
_PAUSE_S: Final = 0.1
EdgeKey = tuple[str, str, str, str]


class Writer:
    """One writer's transactions, one after the other.

    `unfinished`: a writer before was cut short between two transactions, so that the graph is as of no entry.
    Args: busy_timeout_s: how long it waits for another writer.
    """

    def __init__(self, server: Server, session: Any, busy_timeout_s: float):
        self._server, self._session = server, session
        self._name = uuid4().hex
        self._busy_timeout_s = busy_timeout_s
        self._count = 0
        self._parts = 0
        self._finishes = True
        self.held: Applied | None = None
        self.unfinished = False
        self.names = Names()
        # One thread sends, so that rows are made meanwhile; nobody else uses the transaction before it is done.
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="provstore-neo4j")
        self._sent: deque[Future[None]] = deque()
        self._open: Any = None
        self._begin()

    @property
    def transaction(self) -> Any:
        """The open transaction, with everything written that was sent. Raises: what the sending met."""
        self._wait(0)
        return self._open

    def write(self, states: States) -> None:
        """Writes one batch, unless the graph holds its entry already (rule 23).

        Raises: Conflict: the graph belongs to another ledger.
        """
        require_same_ledger(states, self.held, self._server.location)
        if is_projected(states, self.held):
            return
        self._make_room(ROWS_PER_TRANSACTION)
        self.names.learn(states.prefixes)
        # First what is gone: an edge that was changed by hand may have the sid of the right one.
        for keys in in_batches(states.gone_edges, CHUNK):
            self._drop_edges(keys)
        for nodes in in_batches(states.nodes, CHUNK):
            self._put_nodes(nodes)
            self._make_room(MOST_ROWS)
        for edges in in_batches(states.edges, CHUNK):
            self._put_edges(edges)
            self._make_room(MOST_ROWS)
        for iris in in_batches(states.gone_nodes, CHUNK):
            self._run("drop_nodes", iris=list(map(indexed_iri, iris)))
        if states.applied:
            self._run("set_applied", **states.applied._asdict())
            self._finishes = True

    def empty(self) -> None:
        """Removes every node and edge; who is killed meanwhile leaves a graph that the next writer empties."""
        self._run("empty")
        self.held, self.names = None, Names()
        self._go_on()
        for name in ("empty_some_edges", "empty_some_nodes"):
            while self._run(name, limit=CHUNK)[0][0]:
                self._go_on()
        self._run("emptied")
        self._finishes = True

    def commit(self) -> None:
        """Ends the last transaction."""
        if self._finishes:
            self._run("end", names=self.names.text)
        else:
            self._run("go_on", writer=self._name, lease_ms=0, names=self.names.text)
        self.transaction.commit()
        self._sender.shutdown()

    def give_up(self) -> None:
        """Undoes the open transaction, and lets others begin."""
        self._sender.shutdown(cancel_futures=True)
        with suppress(Exception):
            self._open.close()
            if self._parts:
                with self._session.begin_transaction() as transaction:
                    transaction.run(statement("give_up"), writer=self._name)
                    transaction.commit()

    def _begin(self) -> None:
        """A transaction that holds the lock, when no other writer is between two of its own."""
        deadline = time.monotonic() + self._busy_timeout_s
        while True:
            self._open = self._server.begun(self._session)
            ((ledger_id, sequence, root, names, emptying, busy, writer),) = self._run("begin", writer=self._name)
            if self._parts and writer != self._name:
                raise BackendUnavailable("another process went on with the projection", where=self._server.location)
            if not busy:
                break
            self.transaction.close()
            if time.monotonic() > deadline:
                raise BackendUnavailable(
                    "the graph is being written by another process",
                    where=self._server.location,
                    next_step="Try again.",
                )
            time.sleep(_PAUSE_S)
        if not self._parts:
            self.held = Applied(ledger_id, sequence, root) if ledger_id else None
            self.names = Names(names)
            self.unfinished = writer is not None and not emptying
            self._finishes = not self.unfinished
            if emptying:
                self.empty()

    def _make_room(self, most_rows: int) -> None:
        if self._count > most_rows:
            self._go_on()

    def _go_on(self) -> None:
        self._run("go_on", writer=self._name, lease_ms=LEASE_MS, names=self.names.text)
        self.transaction.commit()
        self._parts += 1
        self._count = 0
        self._begin()

    def _put_nodes(self, nodes: list[Node]) -> None:
        by_labels: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for node in nodes:
            by_labels.setdefault(labels_of(node), []).append(node_properties(node, self.names))
        for labels, found in sorted(by_labels.items()):
            self._count += len(found)
            query = statement("put_nodes", labels=labels, all_labels=ALL_LABELS)
            self._send(partial(_put, query, found, "nodes"))

    def _put_edges(self, edges: list[Edge]) -> None:
        by_relation: dict[str, list[tuple[Any, ...]]] = {}
        for edge in edges:
            row = (indexed_iri(edge.source), indexed_iri(edge.target), edge.sid, edge_properties(edge, self.names))
            by_relation.setdefault(edge.relation, []).append(row)
        for relation, found in sorted(by_relation.items()):
            self._count += len(found)
            query = statement("put_edges", relation=_known(relation))
            self._send(partial(_put, query, found, f"edges {relation}"))

    def _send(self, work: Callable[[Any], None]) -> None:
        """Has the sender do it, after what it was given before."""
        self._wait(MOST_SENT)
        self._sent.append(self._sender.submit(work, self._open))

    def _wait(self, most: int) -> None:
        """Until no more than so many statements are on their way."""
        while len(self._sent) > most:
            with self._server.translated():
                self._sent.popleft().result()

    def _drop_edges(self, gone: list[EdgeKey]) -> None:
        by_relation: dict[str, list[tuple[str, str, str]]] = {}
        for source, relation, target, sid in gone:
            by_relation.setdefault(relation, []).append((indexed_iri(source), indexed_iri(target), sid))
        for relation, found in sorted(by_relation.items()):
            self._count += len(found)
            self.transaction.run(statement("drop_edges", relation=_known(relation)), rows=found).consume()

    def _run(self, name: str, **parameters: Any) -> list[list[Any]]:
        return rows(self.transaction, statement(name), parameters)


@contextmanager
def writing(server: Server, busy_timeout_s: float) -> Iterator[Writer]:
    """A writer whose last transaction is committed at the end, or undone when something fails."""
    with server.writing() as session:
        writer = Writer(server, session, busy_timeout_s)
        try:
            yield writer
            writer.commit()
        except BaseException:
            writer.give_up()
            raise


def _put(query: str, found: list[Any], what: str, transaction: Any) -> None:
    """Writes rows. Raises: ProvstoreError: a node is missing at an edge's end."""
    ((written,),) = rows(transaction, query, {"rows": found})
    if written != len(found):
        raise ProvstoreError(f"{len(found) - written} {what} were sent before the nodes at their ends")


def _known(relation: str) -> tuple[str]:
    if relation not in RELATIONS:
        raise ProvstoreError(f"{relation!r} is no relation")
    return (relation,)
