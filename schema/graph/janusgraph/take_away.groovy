// Takes vertices away with all their edges, by id and by IRI, if the lease is `writer`'s. Bound: `writer`, `numbers`, `iris`.
// Without locks, which would compare with what is stored, and that may be lost. Returns whether the lease was.
def transaction = graph.buildTransaction().consistencyChecks(false).start()
def mine = false
try {
  def vertices = transaction.traversal()
  mine = vertices.V().has('meta', 'provstore').has('writer', writer).hasNext()
  if (mine) {
    if (numbers) { vertices.V(numbers).drop().iterate() }
    // A vertex that lost the mark that it exists is found by no id.
    if (iris) { vertices.V().has('iri', org.apache.tinkerpop.gremlin.process.traversal.P.within(iris)).has('iri').drop().iterate() }
  }
  transaction.commit()
} catch (Throwable failure) {
  transaction.rollback()
  throw failure
}
mine
