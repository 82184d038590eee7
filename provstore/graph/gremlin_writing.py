"""Writes batches of states into a TinkerPop graph, in requests of a few hundred nodes or edges, each safe to repeat.

In: states, and the lease under which they are written. Source: rules 19, 20 and 23.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any, Final

from gremlin_python.process.graph_traversal import __
from gremlin_python.process.traversal import Cardinality, Direction, Merge, T

from provstore.batches import in_batches
from provstore.errors import BackendUnavailable, ProvstoreError
from provstore.graph.contract import Applied, Edge, Node, States
from provstore.graph.current import is_projected, require_same_ledger
from provstore.graph.gremlin_errors import Refused
from provstore.graph.gremlin_keys import NODE, Dialect, EdgeKey, Indexed, Keys, as_id, source
from provstore.graph.gremlin_lease import Lease, State
from provstore.graph.gremlin_link import Answer, Link
from provstore.graph.gremlin_rows import Row, edge_of, edge_row, key_of, node_row
from provstore.graph.gremlin_whole import Clearing
from provstore.model.names import Prefixes

# How many nodes or edges one request carries; more gain nothing and delay whoever waits.
CHUNK: Final = 500
# Requests are kept below what servers take: by characters, since an attribute may be long.
_CHARACTERS: Final = 2_000_000
# What identifies a vertex or an edge stays when all else is replaced.
_KEPT: Final = ("iri", "eid")
# What JanusGraph says where an index names a vertex that is gone, or has lost its label or the mark that it exists.
_HALF_LOST: Final = re.compile("violates a uniqueness constraint|Vertex id could not be resolved")
Request = tuple[dict[str, Any], int]


class Writer:
    """Writes states under a lease; knows the vertex of every node that it has met.

    Args: before: the state of the graph when the lease was taken.
    """

    def __init__(self, link: Link, lease: Lease, dialect: Dialect, keys: Keys, before: State):
        self._link, self._lease, self._dialect, self._keys = link, lease, dialect, keys
        self._held = before.applied
        # Into an empty graph nothing needs to be looked up but what was sent before.
        self._empty = before.applied is None and _is_empty(link)
        self._vertices: dict[str, Any] = {}
        # Nodes whose vertices the server has not told yet.
        self._awaited: set[str] = set()
        self._sent: set[EdgeKey] = set()
        self._prefixes = Prefixes()
        self._applied: Applied | None = None

    def write(self, states: States) -> None:
        """Writes one batch, unless the graph holds its entry already (rule 23).

        Raises: Conflict: the graph belongs to another ledger.
        """
        if states.prefixes:
            self._prefixes = Prefixes(dict(states.prefixes))
        require_same_ledger(states, self._held)
        if is_projected(states, self._held):
            return
        self._flush()
        self._clear(states)
        for nodes in in_batches(states.nodes, CHUNK):
            self._put_nodes({node.iri: node for node in nodes})
        for edges in in_batches(states.edges, CHUNK):
            self._put_edges({key_of(edge): edge for edge in edges})
        for gone_edges in in_batches(states.gone_edges, CHUNK):
            self._drop(self._keys.edges(gone_edges, self._lease.guard()))
        for gone_nodes in in_batches(states.gone_nodes, CHUNK):
            self._drop(self._keys.nodes(gone_nodes, self._lease.guard()))
            self._vertices = {iri: number for iri, number in self._vertices.items() if iri not in set(gone_nodes)}
        self._applied = states.applied

    def _clear(self, states: States) -> None:
        """Takes away what is to be made anew; a kind of graph that has everything in one place is never told to."""
        if not (states.anew_nodes or states.anew_edges) or not isinstance(self._keys, Indexed):
            return
        clearing = Clearing(self._link, self._lease, self._keys)
        clearing.nodes(states.anew_nodes)
        clearing.edges(states.anew_edges)
        self._vertices.clear()

    def finish(self) -> None:
        """Writes what the graph is current to, last of all."""
        self._flush()
        self._lease.finish()

    def _flush(self) -> None:
        if self._applied is not None:
            self._lease.note(self._applied)
            self._applied = None

    def _put_nodes(self, nodes: dict[str, Node]) -> None:
        rows = {iri: node_row(node, self._dialect, self._prefixes) for iri, node in nodes.items()}
        held = self._look_up(nodes)
        new = [self._node_request(iri, row) for iri, row in rows.items() if iri not in held]
        changed = [self._node_request(iri, row) for iri, row in rows.items() if held.get(iri, row.exact) != row.exact]
        for part in _sized(new):
            made = _created(self._lease.guard(), part, "merge_v").project("i", "d").by("iri").by(T.id)
            iris = [row["c"]["iri"] for row in part]
            self._send(made, part, iris, self._made)
            self._awaited.update(iris)
        for part in _sized(changed):
            replaced = _replaced(self._lease.guard(), part, "merge_v").constant(1)
            self._send(replaced, part, [row["c"]["iri"] for row in part])

    def _made(self, found: list[Any]) -> None:
        self._vertices.update((one["i"], as_id(one["d"])) for one in found)
        self._awaited.difference_update(one["i"] for one in found)

    def _send(
        self,
        traversal: Any,
        part: list[dict[str, Any]],
        iris: Collection[str],
        then: Callable[[list[Any]], None] = lambda _: None,
    ) -> None:
        """Sends rows, which are about nodes of those IRIs; `then` gets what the request yields for each.

        Raises: what was met by what was sent before. BackendUnavailable: some of its nodes were half lost; what was
        left of them is removed.
        """

        def written(answer: Answer) -> None:
            try:
                found = self._lease.held(answer(), len(part))
            except Refused as refused:
                if not _HALF_LOST.search(refused.message) or not isinstance(self._keys, Indexed):
                    raise
                Clearing(self._link, self._lease, self._keys).nodes(iris)
                raise self._half_lost() from refused
            then(found)

        self._lease.send(traversal, written)

    def _half_lost(self) -> BackendUnavailable:
        return BackendUnavailable(
            "the graph server lost nodes",
            where=str(self._link.address),
            next_step="Try again: they are written anew. Then see what else it lost: provstore check",
        )

    def _node_request(self, iri: str, row: Row) -> Request:
        key = self._keys.node_key(iri)
        return {"m": key, "c": {**row.properties, **key}, "p": row.further}, len(row.exact)

    def _look_up(self, iris: Collection[str]) -> dict[str, str]:
        """The exact text of nodes that are there."""
        asked = [iri for iri in iris if not self._empty or iri in self._vertices or iri in self._awaited]
        if not asked:
            return {}
        described = self._keys.nodes(asked).project("i", "d", "x").by("iri").by(T.id).by("exact")
        # What lost its IRI is none of them; what lost its text is written anew.
        found = [one for one in self._link.ask(described) if "i" in one]
        self._vertices.update((one["i"], as_id(one["d"])) for one in found)
        return {one["i"]: one.get("x", "") for one in found}

    def _put_edges(self, edges: dict[EdgeKey, Edge]) -> None:
        ends = {end for key in edges for end in (key[0], key[2])}
        rows = {key: edge_row(edge, self._dialect, self._prefixes) for key, edge in edges.items()}
        self._locate(ends)
        held = self._held_edges(edges)
        new = [self._edge_request(key, row) for key, row in rows.items() if key not in held]
        changed = [self._edge_request(key, row) for key, row in rows.items() if held.get(key, row.exact) != row.exact]
        for part in _sized(new):
            made = _created(self._lease.guard(), part, "merge_e").out_v().id_()
            self._send(made, part, ends, partial(self._joined, edges, part))
        for part in _sized(changed):
            self._send(_replaced(self._lease.guard(), part, "merge_e").constant(1), part, ends)
        if self._empty:
            self._sent.update(edges)

    def _joined(self, edges: Collection[EdgeKey], part: list[dict[str, Any]], made: list[Any]) -> None:
        if Counter(map(as_id, made)) != Counter(row["c"][Direction.OUT] for row in part):
            # The index knew them from vertices that were lost.
            self._drop(self._keys.edges(edges, self._lease.guard()))
            raise self._half_lost()

    def _edge_request(self, key: EdgeKey, row: Row) -> Request:
        match = self._keys.edge_key(key)
        ends = {Direction.OUT: self._vertices[key[0]], Direction.IN: self._vertices[key[2]]}
        return {"m": match, "c": {**row.properties, **match, **ends}}, len(row.exact)

    def _held_edges(self, keys: Collection[EdgeKey]) -> dict[EdgeKey, str]:
        asked = [key for key in keys if not self._empty or key in self._sent]
        if not asked:
            return {}
        described = self._keys.edges(asked).project("x", "o").by("exact").by(__.out_v().id_())
        found = [(key_of(edge_of(one["x"])), one["x"], as_id(one["o"])) for one in self._link.ask(described)]
        # The index may know an edge from a vertex that was lost.
        stale = [key for key, _, origin in found if origin != self._vertices[key[0]]]
        if stale:
            self._drop(self._keys.edges(stale, self._lease.guard()))
        return {key: text for key, text, _ in found if key not in stale}

    def _locate(self, iris: set[str]) -> None:
        """Looks up vertices. Raises: ProvstoreError: a node is missing at an edge's end."""
        if not iris <= self._vertices.keys():
            self._link.settle()
        unknown = [iri for iri in iris if iri not in self._vertices]
        for part in in_batches(unknown, CHUNK):
            found = self._link.ask(self._keys.nodes(part).project("i", "d").by("iri").by(T.id))
            self._vertices.update((one["i"], as_id(one["d"])) for one in found if "i" in one)
        missing = [iri for iri in unknown if iri not in self._vertices]
        if missing:
            raise ProvstoreError(f"an edge was sent before the node {missing[0]!r} at its end")

    def _drop(self, traversal: Any) -> None:
        self._lease.wrote = True
        self._link.ask(traversal.drop().count())


def _created(guard: Any, rows: list[dict[str, Any]], merge: str) -> Any:
    """Makes what is not there; a repeated request finds it there and changes nothing."""
    made = _merged(_each(guard, rows), merge)
    return _completed(made.option(Merge.on_create, __.select("r").select("c")), rows)


def _replaced(guard: Any, rows: list[dict[str, Any]], merge: str) -> Any:
    """Gives what is there other properties; those that it has no more are gone."""
    changes = [{"m": row["m"], "u": _changeable(row["c"]), "p": row.get("p", [])} for row in rows]
    found = _merged(_each(guard, changes), merge)
    emptied = found.side_effect(__.properties().not_(__.has_key(*_KEPT)).drop()).map(__.select("r"))
    return _completed(_merged(emptied, merge).option(Merge.on_match, __.select("r").select("u")), rows)


def _changeable(properties: dict[Any, Any]) -> dict[str, Any]:
    """Those that do not identify anything."""
    return {name: value for name, value in properties.items() if isinstance(name, str) and name not in _KEPT}


def _each(guard: Any, rows: list[dict[str, Any]]) -> Any:
    """A traverser for each row, `r`. The driver's own `constant` would copy every value, for traversals in them."""
    guard.bytecode.step_instructions.append(["constant", rows])
    return guard.unfold().as_("r")


def _merged(traversal: Any, merge: str) -> Any:
    return getattr(traversal, merge)(__.select("m"))


def _completed(traversal: Any, rows: list[dict[str, Any]]) -> Any:
    """Adds the second and later values of keys that hold several."""
    if not any(row.get("p") for row in rows):
        return traversal
    key, value = __.select("p").select("k"), __.select("p").select("x")
    more = __.select("r").select("p").unfold().as_("p").select("e").property(Cardinality.set_, key, value)
    return traversal.as_("e").side_effect(more)


def _sized(requests: list[Request]) -> Iterator[list[dict[str, Any]]]:
    """The requests, as many at a time as servers take; each with its size in characters."""
    part: list[dict[str, Any]] = []
    size = 0
    for request, characters in requests:
        if part and size + characters > _CHARACTERS:
            yield part
            part, size = [], 0
        part.append(request)
        size += characters
    if part:
        yield part


def _is_empty(link: Link) -> bool:
    """True where no node is there; False also where that cannot be told, since reading past all that was removed from
    Cassandra fails.
    """
    try:
        return link.ask(source().V().has_label(NODE).limit(1).count()) == [0]
    except BackendUnavailable:
        return False
