// question: copies    returns: digest, entities, example    access: read
// parameter least: integer 2..1000000 = 2    parameter limit: integer 1..100000 = 100
// Bytes that several entities hold, those with the most holders first.
MATCH (n:Element) UNWIND n.digests AS digest
WITH digest, count(*) AS entities, min(n.iri) AS example WHERE entities >= $least
RETURN digest, entities, example ORDER BY entities DESC, digest LIMIT $limit
