// question: inputs_without_origin    returns: iri, label, uses    access: read
// parameter limit: integer 1..100000 = 100
// Entities that activities used and of which nobody says by what they were generated, from what they were derived, or to
// whom they are attributed; the most used first.
MATCH (n:Element)<-[:used]-(user:Element)
WHERE NOT EXISTS { (n)-[:wasGeneratedBy|wasDerivedFrom|hadActivity|wasAttributedTo]->(:Element) }
RETURN n.iri AS iri, n.label AS label, count(DISTINCT user) AS uses ORDER BY uses DESC, iri LIMIT $limit
