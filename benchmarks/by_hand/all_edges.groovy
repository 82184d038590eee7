g.V().hasLabel('node').outE().
  project('relation', 'source', 'target', 'properties').
    by(T.label).by(outV().id()).by(inV().id()).by(valueMap())
