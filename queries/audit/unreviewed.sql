-- question: unreviewed    returns: iri, label    access: read
-- parameter review: iri = urn:provstore:terms#Review    parameter limit: integer 1..100000 = 100
-- Results that nobody reviewed: entities that an activity generated and that none used. A review is an activity of that
-- type; what only reviews used is a result, too, and reviewed when an agent is associated with one of them.
WITH review AS MATERIALIZED (
  SELECT id, EXISTS (
      SELECT 1 FROM edge JOIN relation ON relation.code = edge.relation
      WHERE edge.source = node.id AND relation.name = 'wasAssociatedWith'
    ) AS attended
  FROM node WHERE kinds & 2 AND EXISTS (SELECT 1 FROM json_each(node.types) WHERE value = :review)
)
SELECT iri, label FROM node
WHERE EXISTS (
  SELECT 1 FROM edge WHERE edge.source = node.id AND edge.relation = (SELECT code FROM relation WHERE name = 'wasGeneratedBy')
)
AND NOT EXISTS (
  SELECT 1 FROM edge LEFT JOIN review ON review.id = edge.source
  WHERE edge.target = node.id AND edge.relation = (SELECT code FROM relation WHERE name = 'used')
    AND (review.id IS NULL OR review.attended)
)
ORDER BY iri LIMIT :limit
