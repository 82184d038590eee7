"""Writes batches of states into the embedded engine's tables, inside a transaction that its caller holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

from provstore.batches import in_batches
from provstore.errors import ProvstoreError
from provstore.graph.contract import Applied, Edge, Node, States
from provstore.graph.current import is_projected, require_same_ledger
from provstore.graph.sqlite_file import sql
from provstore.graph.sqlite_rows import CODES, EDGE_KEY, edge_detail, node_row, texts, texts_json, wanted_json
from provstore.graph.values import encode

# How many nodes or edges are looked up and written together.
CHUNK: Final = 20_000


class Writer:
    """Writes states; knows the number of every node that it has met in this transaction.

    Args: connection: in a transaction. held: what the graph is current to.
    """

    def __init__(self, connection: sqlite3.Connection, held: Applied | None):
        self._connection = connection
        self._held = held
        self._ids: dict[str, int] = {}
        self._absent: set[str] = set()
        self._digested: set[int] = set()
        self._last: int = connection.execute(sql("last_node")).fetchone()[0]
        # Into an empty graph nothing needs to be looked up.
        self._empty = self._last == 0
        self._first = self._last + 1
        # By (bundles, spaces, inferred), as an edge ends.
        self._scopes = {
            (texts(bundles), texts(spaces), inferred == 1): number
            for number, spaces, bundles, inferred in connection.execute(sql("scopes"))
        }

    def write(self, states: States) -> None:
        """Writes one batch, unless the graph holds its entry already (rule 23).

        Raises: Conflict: the graph belongs to another ledger.
        """
        require_same_ledger(states, self._held)
        if is_projected(states, self._held):
            return
        for nodes in in_batches(states.nodes, CHUNK):
            self._put_nodes(nodes)
        for edges in in_batches(states.edges, CHUNK):
            self._put_edges(edges)
        self._drop_edges(states.gone_edges)
        self._drop_nodes(states.gone_nodes)
        if states.applied:
            self._connection.execute(sql("set_applied"), states.applied)

    def meet(self, asked: Iterable[str], found: Mapping[str, int]) -> None:
        """Takes note of numbers that somebody looked up in this transaction: of all `asked`, those that exist."""
        self._ids.update(found)
        self._absent.update(iri for iri in asked if iri not in self._ids)

    def _put_nodes(self, nodes: list[Node]) -> None:
        self._number(node.iri for node in nodes)
        rows = [node_row(self._ids[node.iri], node) for node in nodes]
        self._drop_digests([row[0] for row in rows if row[0] < self._first or row[0] in self._digested])
        self._connection.executemany(sql("put_node"), rows)
        digests = [(digest, row[0]) for row in rows if row[8] for digest in texts(row[8])]
        if digests:
            self._connection.executemany(sql("add_digest"), sorted(digests))
            self._digested.update(number for _, number in digests)

    def _put_edges(self, edges: list[Edge]) -> None:
        self._look_up({end for edge in edges for end in (edge.source, edge.target)})
        try:
            rows = [
                (
                    self._ids[edge.source], CODES[edge.relation], self._ids[edge.target], bytes.fromhex(edge.sid),
                    self._scope(edge), edge_detail(edge),
                )
                for edge in edges
            ]  # fmt: skip
        except KeyError as missing:
            raise ProvstoreError(f"an edge was sent before the node {missing} at its end") from missing
        rows.sort(key=EDGE_KEY)
        self._connection.executemany(sql("put_edge"), rows)

    def _scope(self, edge: Edge) -> int:
        key = edge[10:]
        number = self._scopes.get(key)
        if number is None:
            number = self._scopes[key] = max(self._scopes.values(), default=0) + 1
            row = (number, texts_json(edge.spaces), texts_json(edge.bundles), int(edge.inferred))
            self._connection.execute(sql("add_scope"), row)
        return number

    def _drop_edges(self, gone: Iterable[tuple[str, str, str, str]]) -> None:
        gone = list(gone)
        if not gone:
            return
        self._look_up({end for source, _, target, _ in gone for end in (source, target)})
        rows = [
            (self._ids[source], CODES[relation], self._ids[target], bytes.fromhex(sid))
            for source, relation, target, sid in gone
            if source in self._ids and target in self._ids
        ]
        self._connection.executemany(sql("drop_edge"), rows)

    def _drop_nodes(self, gone: Iterable[str]) -> None:
        gone = list(gone)
        if not gone:
            return
        self._look_up(set(gone))
        numbers = [self._ids.pop(iri) for iri in gone if iri in self._ids]
        self._drop_digests(numbers)
        self._connection.executemany(sql("drop_node"), [(number,) for number in numbers])

    def _drop_digests(self, numbers: list[int]) -> None:
        if numbers:
            found = self._connection.execute(sql("digests_of"), (encode(numbers),)).fetchall()
            rows = [(digest, number) for number, digests in found for digest in texts(digests)]
            self._connection.executemany(sql("drop_digest"), rows)

    def _number(self, iris: Iterable[str]) -> None:
        """Gives every IRI that the graph does not know the next number."""
        wanted = list(dict.fromkeys(iris))
        self._look_up(set(wanted))
        for iri in wanted:
            if iri not in self._ids:
                self._last += 1
                self._ids[iri] = self._last

    def _look_up(self, iris: set[str]) -> None:
        unknown = [] if self._empty else [iri for iri in iris if iri not in self._ids and iri not in self._absent]
        if unknown:
            self._ids.update(self._connection.execute(sql("node_ids"), (wanted_json(unknown),)))
