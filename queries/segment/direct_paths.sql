-- question: direct_paths    returns: iri    access: read
-- parameter sources: iris    parameter destinations: iris
-- Everything on a path over used and wasGeneratedBy from a destination back to a source (C1 of a segment).
WITH RECURSIVE behind (node) AS (
  SELECT id FROM node WHERE iri IN (SELECT value FROM json_each(:destinations))
  UNION
  SELECT edge.target FROM behind CROSS JOIN edge ON edge.source = behind.node
  WHERE edge.relation IN (SELECT code FROM relation WHERE name IN ('used', 'wasGeneratedBy'))
),
ahead (node) AS (
  SELECT id FROM node WHERE iri IN (SELECT value FROM json_each(:sources))
  UNION
  SELECT edge.source FROM ahead CROSS JOIN edge INDEXED BY edge_in ON edge.target = ahead.node
  WHERE edge.relation IN (SELECT code FROM relation WHERE name IN ('used', 'wasGeneratedBy'))
)
SELECT iri FROM node WHERE id IN (SELECT node FROM behind INTERSECT SELECT node FROM ahead) ORDER BY iri
