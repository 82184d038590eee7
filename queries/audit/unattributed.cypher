// question: unattributed    returns: iri, label, start    access: read
// parameter limit: integer 1..100000 = 100
// Activities with which nobody is associated, the latest first.
MATCH (n:Element:Activity) WHERE NOT EXISTS { (n)-[:wasAssociatedWith]->(:Element) }
RETURN n.iri AS iri, n.label AS label, n.start AS start ORDER BY coalesce(toString(n.start), '') DESC, iri LIMIT $limit
