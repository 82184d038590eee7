g.V().hasLabel('node').outE().
  project('relation', 'source', 'target', 'properties').
    by(T.label).by(outV().values('iri')).by(inV().values('iri')).by(valueMap())
