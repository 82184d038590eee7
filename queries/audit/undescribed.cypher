// question: undescribed    returns: iri, mentions    access: read
// parameter limit: integer 1..100000 = 100
// Elements that are mentioned but that no source describes, the most mentioned first.
MATCH (n:Element) WHERE NOT n.declared AND NOT n.iri STARTS WITH 'urn:provstore:content:'
RETURN n.iri AS iri, COUNT { (n)-->() } + COUNT { (n)<--() } AS mentions ORDER BY mentions DESC, iri LIMIT $limit
