"""TinkerPop graphs by hand: batches of mergeV and mergeE, 500 to a request, and one query for everything upstream."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Final

from gremlin_python.driver.client import Client
from gremlin_python.process.traversal import Direction, T
from gremlin_python.statics import long

from benchmarks.by_hand import text
from provstore.batches import in_batches

BATCH: Final = 500
_MAX_MESSAGE_BYTES: Final = 1 << 30
# A whole graph of a million statements is read at once.
_TIMEOUT_MS: Final = 2 * 3_600_000
_WALKED: Final = [
    "used", "wasGeneratedBy", "wasDerivedFrom", "hadActivity", "wasInformedBy", "wasStartedBy", "hadStarter",
    "wasInfluencedBy", "hadMember", "sameBytes", "bytesOf",
]  # fmt: skip


class GremlinByHand:
    """Rows that were read from a server, and how they are written there again.

    Args: own_ids: the graph takes the ids of vertices and edges from its clients, as a TinkerGraph does.
    """

    def __init__(self, url: str, source: str, *, own_ids: bool):
        self._client = Client(url, source, max_content_length=_MAX_MESSAGE_BYTES)
        self._own_ids = own_ids
        self._nodes: list[Any] = []
        self._edges: list[Any] = []
        self._ids: dict[str, Any] = {}

    def close(self) -> None:
        self._client.close()

    def remember(self) -> int:
        """Reads the rows; how many there are."""
        for one in self._ask(text("all_nodes.groovy")):
            properties = {key: values[0] for key, values in one["properties"].items()}
            further = [{"k": key, "x": value} for key, values in one["properties"].items() for value in values[1:]]
            iri = properties["iri"]
            self._ids[iri] = _sent(one["id"])
            match = {T.id: self._ids[iri], T.label: "node"} if self._own_ids else {T.label: "node", "iri": iri}
            self._nodes.append({"m": match, "c": {**properties, **match}, "p": further})
        iris = {number: iri for iri, number in self._ids.items()}
        for one in self._ask(text("all_edges.groovy")):
            self._edges.append((one["relation"], iris[one["source"]], iris[one["target"]], one["properties"]))
        return len(self._nodes) + len(self._edges)

    def take(self, other: GremlinByHand) -> None:
        """The rows that another one remembered."""
        self._nodes, self._edges = other._nodes, other._edges

    def empty(self) -> None:
        while self._ask(text("empty.groovy")) != [0]:
            pass

    def load(self) -> float:
        """Writes all rows; the seconds that it took. What the server calls a vertex is known once it is written."""
        started = perf_counter()
        ids: dict[str, Any] = {}
        for batch in in_batches(self._nodes, BATCH):
            made = self._ask(text("nodes.groovy"), rows=list(batch))
            ids.update((one["iri"], _sent(one["id"])) for one in made)
        for several in in_batches(self._edges, BATCH):
            rows = []
            for relation, source, target, properties in several:
                match = {T.label: relation, Direction.OUT: ids[source], Direction.IN: ids[target]}
                match["sid"] = properties["sid"]
                rows.append({"m": match, "c": {**properties, **match}})
            self._ask(text("edges.groovy"), rows=rows)
        self._ids = ids
        return perf_counter() - started

    def upstream(self, start: str) -> tuple[int, int]:
        """How many nodes and edges are upstream."""
        begin = "g.V(start)" if self._own_ids else "g.V().has('iri', start)"
        given = self._ids[start] if self._own_ids else start
        query = text("upstream.groovy").replace("<start>", begin)
        found = self._ask(query, start=given, relations=_WALKED)
        return len(found), sum(len(one["edges"]) for one in found)

    def _ask(self, query: str, **bindings: Any) -> list[Any]:
        found: list[Any] = self._client.submit(query, bindings, {"evaluationTimeout": _TIMEOUT_MS}).all().result()
        return found


def _sent(number: Any) -> Any:
    """To the driver a small integer is another type than the server's ids."""
    return long(number) if isinstance(number, int) else number
