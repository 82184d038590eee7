// question: runs_without_data    returns: iri, label, start    access: read
// parameter limit: integer 1..100000 = 100
// Activities that used nothing but what is of the type ps:Code or ps:Environment, the latest first.
MATCH (n:Activity)
WHERE NOT EXISTS {
  (n)-[:used]->(data:Element)
  WHERE none(type IN data.types WHERE type IN ['urn:provstore:terms#Code', 'urn:provstore:terms#Environment'])
}
RETURN n.iri AS iri, n.label AS label, n.start AS start ORDER BY coalesce(toString(n.start), '') DESC, iri LIMIT $limit
