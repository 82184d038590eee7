-- question: runs_without_data    returns: iri, label, start    access: read
-- parameter limit: integer 1..100000 = 100
-- Activities that used nothing but what is of the type ps:Code or ps:Environment, the latest first.
SELECT iri, label, start FROM node
WHERE kinds & 2 AND NOT EXISTS (
  SELECT 1 FROM edge JOIN node AS data ON data.id = edge.target
  WHERE edge.source = node.id AND edge.relation = (SELECT code FROM relation WHERE name = 'used') AND NOT EXISTS (
    SELECT 1 FROM json_each(data.types) WHERE value IN ('urn:provstore:terms#Code', 'urn:provstore:terms#Environment')
  )
)
ORDER BY start DESC, iri LIMIT :limit
