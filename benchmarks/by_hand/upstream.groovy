// Everything upstream with all properties, and the edges that lead on. Bindings: start (an id, or an IRI), relations.
<start>.
  emit().repeat(out(*relations).dedup()).dedup().
  project('node', 'edges').
    by(valueMap()).
    by(outE(*relations).project('relation', 'target', 'properties').
      by(T.label).by(inV().values('iri')).by(valueMap()).fold())
