// question: unreviewed    returns: iri, label    access: read
// parameter review: iri = urn:provstore:terms#Review    parameter limit: integer 1..100000 = 100
// Results that nobody reviewed: entities that an activity generated and that none used. A review is an activity of that
// type; what only reviews used is a result, too, and reviewed when an agent is associated with one of them.
MATCH (n:Element)
WHERE EXISTS { (n)-[:wasGeneratedBy]->(:Element) } AND NOT EXISTS {
  (n)<-[:used]-(user:Element)
  WHERE NOT $review IN user.types OR EXISTS { (user)-[:wasAssociatedWith]->(:Element) }
}
RETURN n.iri AS iri, n.label AS label ORDER BY iri LIMIT $limit
