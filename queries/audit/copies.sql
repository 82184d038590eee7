-- question: copies    returns: digest, entities, example    access: read
-- parameter least: integer 2..1000000 = 2    parameter limit: integer 1..100000 = 100
-- Bytes that several entities hold, those with the most holders first.
SELECT digest.value AS digest, count(*) AS entities, min(node.iri) AS example
FROM digest JOIN node ON node.id = digest.node
GROUP BY digest.value HAVING count(*) >= :least ORDER BY entities DESC, digest LIMIT :limit
