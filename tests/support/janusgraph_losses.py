"""Takes single pieces of what JanusGraph keeps away, behind its back, as a storage that loses data does.

with Losses(url) as losses:
    losses.vertex(iri)                      all of its row
    losses.relation(iri, "exact")           one property; an edge's half: relation(iri, "used", "OUT")
    losses.index_entry(iri)                 its entry in the index of IRIs
    losses.edge_index_entry(iri, "used")    the entries of the edges that leave it
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final
from urllib.parse import urlsplit

from provstore.graph.gremlin_link import Link
from provstore.graph.gremlin_transport import Address

_COMMON: Final = """
import org.janusgraph.diskstorage.keycolumnvalue.KeySliceQuery
import org.janusgraph.diskstorage.util.BufferUtil
import org.janusgraph.graphdb.database.IndexRecordEntry
import org.janusgraph.graphdb.database.util.StaleIndexRecordUtil
def transaction = graph.newTransaction()
def vertex = transaction.traversal().V().has('iri', iri).next()
"""
_ONE: Final = """
other = transaction.traversal().V().has('iri', other).next().id()
"""
_RELATIONS: Final = """
def key = graph.getIDManager().getKey(vertex.id())
def storage = transaction.getTxHandle()
def whole = new KeySliceQuery(key, BufferUtil.zeroBuffer(1), BufferUtil.oneBuffer(128))
def lost = storage.edgeStoreQuery(whole).findAll { entry ->
  def relation = graph.getEdgeSerializer().parseRelation(entry, false, transaction)
  def type = transaction.getExistingRelationType(relation.typeId).name()
  def asked = name == '' || (type == name && (direction == '' || relation.direction.toString() == direction))
  asked && (other == null || relation.otherVertexId == other)
}
storage.mutateEdges(key, [], new ArrayList(lost))
storage.commit()
lost.size()
"""
_INDEX_ENTRY: Final = """
def number = vertex.id()
transaction.rollback()
StaleIndexRecordUtil.forceRemoveVertexFromGraphIndex(number, [iri: iri], graph, 'by_iri')
1
"""
_EDGE_INDEX_ENTRIES: Final = """
def lost = 0
def declared = transaction.getPropertyKey('eid')
vertex.edges(Direction.OUT, name).each { edge ->
  def entry = new IndexRecordEntry(edge.longId(), edge.value('eid'), declared)
  StaleIndexRecordUtil.forceRemoveElementFromGraphIndex(edge, [entry] as IndexRecordEntry[], graph, 'by_eid')
  lost += 1
}
transaction.rollback()
lost
"""
_EDGE_PROPERTY: Final = """
def lost = 0
vertex.edges(Direction.OUT, name).each { edge ->
  edge.property(lost_key).remove()
  lost += 1
}
transaction.commit()
lost
"""


class Losses:
    """Each method loses something of the vertex of an IRI; nothing to lose is an error."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        self._link = Link(Address(parts.hostname, parts.port), timeout_s=60, max_bytes=1 << 20)

    def __enter__(self) -> Losses:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._link.close()

    def vertex(self, iri: str) -> None:
        """The whole row: properties, and its ends of edges. Its entries in indexes, and the other ends, stay."""
        self._run(_RELATIONS, iri=iri, name="", direction="", other=None)

    def relation(self, iri: str, name: str, direction: str = "") -> None:
        """A property, or the vertex's end of edges that leave (`OUT`) or enter it (`IN`)."""
        self._run(_RELATIONS, iri=iri, name=name, direction=direction, other=None)

    def half(self, iri: str, name: str, other: str) -> None:
        """The vertex's end of one edge that enters it, from the vertex of another IRI."""
        self._run(_ONE + _RELATIONS, iri=iri, name=name, direction="IN", other=other)

    def index_entry(self, iri: str) -> None:
        """The vertex's entry in the index of IRIs."""
        self._run(_INDEX_ENTRY, iri=iri)

    def edge_index_entries(self, iri: str, name: str) -> None:
        """The entries of edges of that relation that leave the vertex, in the index of edges."""
        self._run(_EDGE_INDEX_ENTRIES, iri=iri, name=name)

    def edge_property(self, iri: str, name: str, key: str) -> None:
        """A property of the edges of that relation that leave the vertex."""
        self._run(_EDGE_PROPERTY, iri=iri, name=name, lost_key=key)

    def _run(self, script: str, **bindings: Any) -> None:
        (lost,) = self._link.manage(_COMMON + script, bindings)
        assert lost > 0
