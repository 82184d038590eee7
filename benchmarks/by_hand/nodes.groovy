// Binding rows: per vertex what identifies it (m), all of it (c), and further values of keys that have several (p).
g.inject(rows).unfold().as('r').
  mergeV(select('m')).option(Merge.onCreate, select('r').select('c')).as('v').
  sideEffect(
    select('r').select('p').unfold().as('p').select('v').
      property(VertexProperty.Cardinality.set, select('p').select('k'), select('p').select('x'))).
  project('iri', 'id').by('iri').by(T.id)
