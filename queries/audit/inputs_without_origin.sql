-- question: inputs_without_origin    returns: iri, label, uses    access: read
-- parameter limit: integer 1..100000 = 100
-- Entities that activities used and of which nobody says by what they were generated, from what they were derived, or to
-- whom they are attributed; the most used first.
SELECT node.iri, node.label, count(DISTINCT edge.source) AS uses
FROM node CROSS JOIN edge INDEXED BY edge_in ON edge.target = node.id
WHERE edge.relation = (SELECT code FROM relation WHERE name = 'used') AND NOT EXISTS (
  SELECT 1 FROM edge AS origin JOIN relation ON relation.code = origin.relation
  WHERE origin.source = node.id AND relation.name IN ('wasGeneratedBy', 'wasDerivedFrom', 'hadActivity', 'wasAttributedTo')
)
GROUP BY node.id ORDER BY uses DESC, node.iri LIMIT :limit
