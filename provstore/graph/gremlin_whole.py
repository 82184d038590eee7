"""Whether nodes and edges are in every place where JanusGraph keeps them, and how what is not whole is taken away.

A vertex, its properties, its entry in the index, and an edge at each of its two ends are rows of their own; Cassandra
keeps or loses each alone. A vertex that is lost leaves its entry in the index, and halves of edges at its neighbours.
In: IRIs. Out: nodes and edges that are to be made anew. Source: rule 23; JanusGraph's manual, "Permanent stale index
inconsistency".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from gremlin_python.process.graph_traversal import __
from gremlin_python.process.traversal import P, T

from provstore import resources
from provstore.batches import in_batches
from provstore.graph.contract import Broken
from provstore.graph.gremlin_keys import NODE, Dialect, EdgeKey, Indexed, as_id, source
from provstore.graph.gremlin_lease import Lease
from provstore.graph.gremlin_link import Link
from provstore.graph.gremlin_rows import edge_of, edge_values, key_of, node_of, node_values

_CHUNK: Final = 500
# How many edges one request drops.
_EDGES: Final = 5_000
# What a vertex that lost its IRI is called here; no element is.
_NAMELESS: Final = ""
_TAKE_AWAY: Final = "schema/graph/janusgraph/take_away.groovy"
_FORGET: Final = "schema/graph/janusgraph/forget_index_entries.groovy"
# Texts `key=value`, whose key depends on the prefixes of the day; of the value so much is compared.
_PAIRS: Final = frozenset({"attr", "edge_attr"})
_COMPARED: Final = 100


class Wholeness:
    """Compares the places with each other, not with a history. Args: link, keys, dialect: of the graph."""

    def __init__(self, link: Link, keys: Indexed, dialect: Dialect) -> None:
        self._link, self._keys, self._dialect = link, keys, dialect
        self._found: Counter[str] = Counter()
        self._nodes: set[str] = set()
        self._edges: set[EdgeKey] = set()
        # Sums of the edges' keys: what leaves one node enters another.
        self._entering: Counter[str] = Counter()
        self._entered: Counter[str] = Counter()

    def look(self, iris: Collection[str]) -> None:
        """Looks at nodes and the edges that leave them."""
        for part in in_batches(iris, _CHUNK):
            self._look_at_nodes(part)
            self._look_at_edges(part)

    def broken(self) -> Broken:
        """What is not whole of all that was looked at, and of what only a scan of all vertices finds."""
        scanned = Counter(
            self._link.scan(source().V().has_label(NODE).coalesce(__.values("iri"), __.constant(_NAMELESS)))
        )
        differ = {iri for iri in scanned.keys() | self._found.keys() if not scanned[iri] == self._found[iri] == 1}
        nodes = self._nodes | differ
        entered = {iri for iri, total in self._entered.items() if total != self._entering[iri]}
        return Broken(nodes, self._edges, entered - nodes)

    def _look_at_nodes(self, iris: list[str]) -> None:
        described = self._keys.nodes(iris).project("v", "n").by(__.value_map()).by(__.in_e().values("eid").fold())
        met = [(one["v"], one["n"]) for one in self._link.ask(described)]
        for values, entered in met:
            iri = next(iter(values.get("iri", ())), None)
            if iri is None:
                continue
            self._found[iri] += 1
            self._entered[iri] += sum(int(eid, 16) for eid in entered)
            exact = next(iter(values.get("exact", ())), None)
            if exact is None or _comparable(values) != _comparable(node_values(node_of(exact), self._dialect)):
                self._nodes.add(iri)
        if any("iri" not in values for values, _ in met):
            # An index tells of a vertex that is gone, but not of which.
            self._nodes.update(iri for iri in iris if not self._found[iri])

    def _look_at_edges(self, iris: list[str]) -> None:
        ends = [__.out_v().values("iri").fold(), __.in_v().values("iri").fold()]
        leaving = self._keys.nodes(iris).out_e().project("v", "s", "t").by(__.value_map()).by(ends[0]).by(ends[1])
        met: Counter[EdgeKey] = Counter()
        for one in self._link.ask(leaving):
            if not {"exact", "eid"} <= one["v"].keys():
                # Which edge it was nobody knows, or can look for.
                self._nodes.update(one["s"])
                continue
            edge = edge_of(one["v"]["exact"])
            key = key_of(edge)
            met[key] += 1
            eid = self._keys.edge_key(key)["eid"]
            self._entering[edge.target] += int(eid, 16)
            values = {name: [value] for name, value in one["v"].items()}
            wanted = edge_values(edge, self._dialect) | {"eid": [eid]}
            if one["t"] != [edge.target] or _comparable(values) != _comparable(wanted):
                self._edges.add(key)
        for part in in_batches(met, _CHUNK):
            indexed = Counter(key_of(edge_of(text)) for text in self._link.ask(self._keys.edges(part).values("exact")))
            self._edges.update(key for key in part if not met[key] == indexed[key] == 1)


class Clearing:
    """Takes away all that is left of nodes and edges, wherever it is. Args: lease: under which this is written."""

    def __init__(self, link: Link, lease: Lease, keys: Indexed) -> None:
        self._link, self._lease, self._keys = link, lease, keys

    def nodes(self, iris: Collection[str]) -> None:
        """Nodes with all their edges: those that an index finds, those that only a scan does, those that are gone."""
        wanted = set(iris)
        if not wanted:
            return
        named = __.coalesce(__.values("iri"), __.constant(_NAMELESS))
        scanned = self._link.scan(source().V().has_label(NODE).project("i", "d").by(named).by(T.id))
        self.vertices(as_id(one["d"]) for one in scanned if one["i"] in wanted)
        for part in in_batches(wanted, _CHUNK):
            self._drop_edges(partial(self._named, part))
            self._take_away(iris=part)
            self._link.manage(resources.text(_FORGET), {"iris": part})

    def vertices(self, numbers: Iterable[Any]) -> None:
        """Vertices by their ids, with all their edges."""
        for part in in_batches(numbers, _CHUNK):
            self._drop_edges(partial(self._numbered, part))
            self._take_away(numbers=part)

    def edges(self, keys: Collection[EdgeKey]) -> None:
        """Edges where the index finds them, at both of their ends, and at these ends whatever leads nowhere."""
        for part in in_batches(keys, _CHUNK):
            self._link.ask(self._keys.edges(part, self._lease.guard()).drop().count())
            ids = P.within([self._keys.edge_key(key)["eid"] for key in part])
            for edges in (self._at(part, 0).out_e(), self._at(part, 2).in_e()):
                self._link.ask(edges.has("eid", ids).drop().count())
            nowhere = __.other_v().not_(__.has("iri"))
            for end in (0, 2):
                self._link.ask(self._at(part, end).both_e().where(nowhere).drop().count())

    def _drop_edges(self, vertices: Callable[[], Any]) -> None:
        """Half an edge keeps a vertex from being dropped together with the one at its other end."""
        most = [_EDGES]
        while most == [_EDGES]:
            edges = vertices().both_e().dedup().limit(_EDGES)
            most = self._link.ask(edges.side_effect(__.drop()).count())

    def _take_away(self, **what: list[Any]) -> None:
        bindings = {"writer": self._lease.holder, "numbers": [], "iris": [], **what}
        self._lease.wrote = True
        if self._link.manage(resources.text(_TAKE_AWAY), bindings) != [True]:
            raise self._lease.lost()

    def _at(self, keys: Iterable[EdgeKey], end: int) -> Any:
        return self._named({key[end] for key in keys})

    def _named(self, iris: Collection[str]) -> Any:
        return self._keys.nodes(iris, self._lease.guard()).has("iri")

    def _numbered(self, numbers: Collection[Any]) -> Any:
        return self._lease.guard().V(*numbers)


def _comparable(values: Mapping[str, Iterable[Any]]) -> dict[str, frozenset[Any]]:
    return {
        str(key): frozenset(_pairs(several) if key in _PAIRS else several) for key, several in values.items() if several
    }


def _pairs(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for line in text.split("\n"):
            yield line.partition("=")[2][:_COMPARED]
