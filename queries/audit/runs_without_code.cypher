// question: runs_without_code    returns: iri, label, start    access: read
// parameter limit: integer 1..100000 = 100
// Activities that had no plan and used nothing of the type ps:Code, the latest first.
MATCH (n:Activity)
WHERE NOT EXISTS { (n)-[:hadPlan]->(:Element) }
  AND NOT EXISTS { (n)-[:used]->(code:Element) WHERE 'urn:provstore:terms#Code' IN code.types }
RETURN n.iri AS iri, n.label AS label, n.start AS start ORDER BY coalesce(toString(n.start), '') DESC, iri LIMIT $limit
