-- question: runs_without_code    returns: iri, label, start    access: read
-- parameter limit: integer 1..100000 = 100
-- Activities that had no plan and used nothing of the type ps:Code, the latest first.
SELECT iri, label, start FROM node
WHERE kinds & 2 AND NOT EXISTS (
  SELECT 1 FROM edge JOIN relation ON relation.code = edge.relation JOIN node AS code ON code.id = edge.target
  WHERE edge.source = node.id AND (
    relation.name = 'hadPlan'
    OR (relation.name = 'used' AND EXISTS (SELECT 1 FROM json_each(code.types) WHERE value = 'urn:provstore:terms#Code'))
  )
)
ORDER BY start DESC, iri LIMIT :limit
