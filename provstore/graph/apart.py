"""The part of the graph that a large document makes alone: made where that is read, copied where it is stored.

In the process that reads: assertions come in, rows go out. In the one that writes: rows lie sorted in temporary tables,
and SQLite copies whole tables in the transaction that stores the document. Source: rules 12 and 23.
"""

from __future__ import annotations

import sqlite3
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from provstore.graph.apart_columns import (
    ElementPlan,
    RelationPlan,
    bare_row,
    edge_rows,
    node_rows,
    plan_of,
    series_in,
)
from provstore.graph.contract import Edge, Node
from provstore.graph.sqlite_file import sql, translated
from provstore.graph.sqlite_rows import CODES, EDGE_KEY, edge_detail, node_row, texts, texts_json
from provstore.graph.streaming import Left, Part, Stream
from provstore.graph.values import encode
from provstore.model.columns import Alike, Chunk
from provstore.model.document import SID_BYTES, Header
from provstore.model.fold import Origin
from provstore.model.terms import ELEMENTS
from provstore.transactions import run_script

_NUMBER: Final = itemgetter(0)
_Row = tuple[Any, ...]
Plan = ElementPlan | RelationPlan


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
        self._only_space = (header.space,)
        self._spaces = texts_json(self._only_space)
        self._connection: sqlite3.Connection | None = None

    # In the process that reads the document

    def rows(self, chunk: Chunk, sids: bytes) -> tuple[list[_Row], ...]:
        """The rows of the next assertions, sorted; `marshal` can write them. Args: sids: 32 bytes each."""
        planned, part = self._sorted(chunk, sids)
        nodes, edges = self._stream.opened(part) if part.stated else ([], [])
        found, connecting = self._node_rows(nodes), self._edge_rows(edges)
        elements = [(plan, alike) for plan, alike in planned if isinstance(plan, ElementPlan)]
        relations = [(plan, alike) for plan, alike in planned if isinstance(plan, RelationPlan)]
        found += self._rows_of_elements(elements, relations)
        for plan, alike in relations:
            connecting += self._rows_of_relations(plan, alike, sids)
        found.sort(key=_NUMBER)
        connecting.sort(key=EDGE_KEY)
        return found, connecting

    def _sorted(self, chunk: Chunk, sids: bytes) -> tuple[list[tuple[Plan, Alike]], Part]:
        """The columns of a chunk that have a plan, and the assertions that must be looked at one by one."""
        elements = [iri for each in chunk.alike if each.shape.kind in ELEMENTS for iri in each.identifiers]
        one_by_one = chunk.bundles is not None or self._stream.speaks_of_bundles or len(set(elements)) < len(elements)
        planned: list[tuple[Plan, Alike]] = []
        rest = list(chunk.singles)
        for each in chunk.alike:
            plan = None if one_by_one else plan_of(each.shape)
            if plan is None:
                rest += zip(each.places, each.statements(), strict=True)
            else:
                planned.append((plan, each))
        rest.sort(key=_NUMBER)
        bundles = [chunk.bundles[place] if chunk.bundles else None for place, _ in rest]
        in_hex = [_sid(sids, place).hex() for place, _ in rest]
        return planned, Part(bundles, [stated for _, stated in rest], in_hex)

    def _rows_of_elements(
        self, elements: list[tuple[ElementPlan, Alike]], relations: list[tuple[RelationPlan, Alike]]
    ) -> list[_Row]:
        """The rows of all nodes that columns of a chunk speak of, and that are new."""
        stream, number = self._stream, self._number
        rows: list[_Row] = []
        named = stream.named((alike.columns[at], bits) for plan, alike in relations for at, bits in plan.named)
        for plan, alike in elements:
            stream.left.series.update(series_in(alike))
            if plan.digest is not None:
                stream.left.restated.update(alike.identifiers)
            masks = stream.declared(alike.identifiers, plan.bits, named)
            made = node_rows(plan, alike, map(number, alike.identifiers), masks, self._spaces)
            rows += [row for row, mask in zip(made, masks, strict=True) if mask is not None]
        rows += [bare_row(number(iri), iri, mask, self._spaces) for iri, mask in stream.undeclared(named)]
        return rows

    def _rows_of_relations(self, plan: RelationPlan, alike: Alike, sids: bytes) -> list[_Row]:
        ends = [alike.columns[plan.ends[0][1]], *(alike.columns[target] for _, _, target in plan.ends)]
        self._stream.connected(zip(*ends, strict=True))
        own = [_sid(sids, place) for place in alike.places]
        return edge_rows(plan, alike, self._numbers, own, self._scope(((), self._only_space)))

    def _number(self, iri: str) -> int:
        return self._numbers.setdefault(iri, len(self._numbers) + 1)

    def _scope(self, key: tuple[Any, ...]) -> int:
        return self._scopes.setdefault(key, len(self._scopes) + 1)

    def rest(self) -> tuple[list[_Row], ...]:
        """After the last assertion: the scopes of the edges, and what is left to be read."""
        scopes = [(number, encode(spaces), encode(bundles)) for (bundles, spaces), number in self._scopes.items()]
        return scopes, [tuple(one) for one in self._stream.left]

    def _node_rows(self, nodes: list[Node]) -> list[_Row]:
        return [node_row(self._number(node.iri), node) for node in nodes]

    def _edge_rows(self, edges: list[Edge]) -> list[_Row]:
        numbers = self._numbers
        rows = []
        for edge in edges:
            relation, source, target, sid, *_, bundles, spaces, _ = edge
            scope = self._scope((bundles, spaces))
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
            for name in ("copy_scopes", "copy_nodes", "copy_digests", "drop_repeated_edges", "copy_edges"):
                self._connection.execute(sql(name), {"last": last})

    def drop(self) -> None:
        """Removes the temporary tables."""
        if self._connection is not None:
            run_script(self._connection, sql("drop_scratch"))

    def _run_many(self, name: str, rows: list[_Row]) -> None:
        assert self._connection is not None
        self._connection.executemany(sql(name), rows)


def _sid(sids: bytes, place: int) -> bytes:
    return sids[SID_BYTES * place : SID_BYTES * (place + 1)]
