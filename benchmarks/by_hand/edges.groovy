// Binding rows: per edge what identifies it with its ends (m), and all of it (c).
g.inject(rows).unfold().as('r').
  mergeE(select('m')).option(Merge.onCreate, select('r').select('c')).
  count()
