// question: conflicts    returns: iri, label, attributes    access: read
// parameter limit: integer 1..100000 = 100
// Elements of which sources say different things, and the attributes in question.
MATCH (n:Element) WHERE n.conflict RETURN n.iri AS iri, n.label AS label, n.conflicts AS attributes ORDER BY iri LIMIT $limit
