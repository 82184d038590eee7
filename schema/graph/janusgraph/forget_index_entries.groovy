// Takes entries out of the index of IRIs that name a vertex which is gone. Bound: `iris`. Returns how many there were.
def forgotten = 0
iris.each { iri ->
  def transaction = graph.newTransaction()
  def gone
  try {
    gone = transaction.traversal().V().has('iri', iri).toList().findAll { !it.property('iri').isPresent() }*.id()
  } finally {
    transaction.rollback()
  }
  gone.each {
    org.janusgraph.graphdb.database.util.StaleIndexRecordUtil.forceRemoveVertexFromGraphIndex(it, [iri: iri], graph, 'by_iri')
    forgotten += 1
  }
}
forgotten
