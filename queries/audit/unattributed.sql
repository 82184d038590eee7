-- question: unattributed    returns: iri, label, start    access: read
-- parameter limit: integer 1..100000 = 100
-- Activities with which nobody is associated, the latest first.
SELECT iri, label, start FROM node
WHERE kinds & 2 AND NOT EXISTS (
  SELECT 1 FROM edge JOIN relation ON relation.code = edge.relation
  WHERE edge.source = node.id AND relation.name = 'wasAssociatedWith'
)
ORDER BY start DESC, iri LIMIT :limit
