"""The part of the graph that a large document makes alone: made where that is read, copied where it is stored.

In the process that reads: assertions come in, rows go out. In the one that writes: rows lie sorted in temporary tables,
and SQLite copies whole tables in the transaction that stores the document. Source: rules 12 and 23.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from provstore.graph.contract import Edge, Node
from provstore.graph.sqlite_file import sql, translated
from provstore.graph.sqlite_rows import CODES, edge_detail, node_row, texts
from provstore.graph.streaming import Left, Part, Stream
from provstore.graph.values import encode
from provstore.model.document import Header
from provstore.model.fold import Origin
from provstore.model.statement import Statement
from provstore.transactions import run_script

_NUMBER: Final = itemgetter(0)
_EDGE_KEY: Final = itemgetter(0, 1, 2)
_Row = tuple[Any, ...]


class ApartGraph:
    """The nodes and edges of one document.

    Args: header: of the document. path: of the graph, for errors.
    `left`: after `copy`, what must be read from the history.
    """

    def __init__(self, header: Header, path: Path) -> None:
        self._path = path
        self.left = Left(set(), set(), set(), set())
        self._stream = Stream()
        # The fold of one document's claims does not depend on its digest, which is not known yet.
        self._stream.begin(Origin(header.space, header.unit, header.event_time, "", "", 0))
        self._numbers: dict[str, int] = {}
        self._scopes: dict[tuple[Any, ...], int] = {}

        self._connection: sqlite3.Connection | None = None

    # In the process that reads the document

    def rows(self, bundles: Sequence[str | None], stated: Sequence[Statement], sids: bytes) -> tuple[list[_Row], ...]:
        """The rows of the next assertions; `marshal` can write them. Args: sids: 32 bytes each."""
        names = sids.hex()
        in_hex = [names[at : at + 64] for at in range(0, len(names), 64)]
        nodes, edges = self._stream.opened(Part(bundles, stated, in_hex))
        return self._node_rows(nodes), self._edge_rows(edges)

    def rest(self) -> tuple[list[_Row], ...]:
        """After the last assertion: the scopes of the edges, and what is left to be read."""
        scopes = [(number, encode(spaces), encode(bundles)) for (bundles, spaces), number in self._scopes.items()]
        return scopes, [tuple(one) for one in self._stream.left]

    def _node_rows(self, nodes: list[Node]) -> list[_Row]:
        numbers = self._numbers
        return [node_row(numbers.setdefault(node.iri, len(numbers) + 1), node) for node in nodes]

    def _edge_rows(self, edges: list[Edge]) -> list[_Row]:
        numbers, scopes = self._numbers, self._scopes
        rows = []
        for edge in edges:
            relation, source, target, sid, *_, bundles, spaces, _ = edge
            scope = scopes.get((bundles, spaces)) or scopes.setdefault((bundles, spaces), len(scopes) + 1)
            row = (numbers[source], CODES[relation], numbers[target], bytes.fromhex(sid), scope, edge_detail(edge))
            rows.append(row)
        return rows

    # In the process that writes it

    def create(self, connection: sqlite3.Connection) -> None:
        """Makes the temporary tables of that connection."""
        self._connection = connection
        run_script(connection, sql("create_scratch"))

    def keep(self, rows: tuple[list[_Row], list[_Row]]) -> None:
        """Keeps what `rows` made."""
        nodes, edges = rows
        nodes.sort(key=_NUMBER)
        edges.sort(key=_EDGE_KEY)
        digests = [(digest, row[0]) for row in nodes if row[8] for digest in texts(row[8])]
        self._run_many("add_scratch_node", nodes)
        self._run_many("add_scratch_edge", edges)
        self._run_many("add_scratch_digest", digests)

    def keep_rest(self, rest: tuple[list[_Row], list[_Row]]) -> None:
        """Keeps what `rest` made."""
        scopes, left = rest
        self._run_many("add_scratch_scope", scopes)
        self.left = Left(*map(set, left))

    def copy(self) -> None:
        """In the transaction that stores the document: adds its rows to the graph in the same file.

        What the graph knew before stays as it is, and is added to what is `left`.
        Raises: BackendUnavailable: the graph is damaged, or cannot be written.
        """
        assert self._connection is not None
        with translated(self._path):
            last: int = self._connection.execute(sql("last_node")).fetchone()[0]
            self._connection.execute(sql("find_known"))
            self.left.again.update(iri for (iri,) in self._connection.execute(sql("known_nodes")))
            self.left.sources.update(iri for (iri,) in self._connection.execute(sql("known_sources")))
            for name in ("copy_scopes", "copy_nodes", "copy_digests", "copy_edges"):
                self._connection.execute(sql(name), {"last": last})

    def drop(self) -> None:
        """Removes the temporary tables."""
        if self._connection is not None:
            run_script(self._connection, sql("drop_scratch"))

    def _run_many(self, name: str, rows: list[_Row]) -> None:
        assert self._connection is not None
        self._connection.executemany(sql(name), rows)
