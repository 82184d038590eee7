-- question: similar_paths    returns: iri    access: read
-- parameter sources: iris    parameter destinations: iris    parameter within: integer 1..5 = 5
-- Everything on walks from a destination back over as many activities as there are on one to a source, `within` at most
-- (C2 of a segment). A half step leads from entity to activity or from activity to entity.
WITH RECURSIVE forward (destination, node, half) AS MATERIALIZED (
  SELECT id, id, 0 FROM node WHERE iri IN (SELECT value FROM json_each(:destinations))
  UNION
  SELECT forward.destination, edge.target, forward.half + 1
  FROM forward CROSS JOIN edge ON edge.source = forward.node
  WHERE forward.half < 2 * :within
    AND edge.relation = (SELECT code FROM relation WHERE name = iif(forward.half % 2, 'used', 'wasGeneratedBy'))
),
similar (destination, level) AS MATERIALIZED (
  SELECT DISTINCT destination, half FROM forward
  WHERE half > 0 AND half % 2 = 0 AND node IN (SELECT id FROM node WHERE iri IN (SELECT value FROM json_each(:sources)))
),
backward (destination, node, half) AS (
  SELECT forward.destination, forward.node, forward.half
  FROM similar JOIN forward ON forward.destination = similar.destination AND forward.half = similar.level
  UNION
  SELECT forward.destination, forward.node, forward.half
  FROM backward
  CROSS JOIN edge INDEXED BY edge_in ON edge.target = backward.node
    AND edge.relation = (SELECT code FROM relation WHERE name = iif(backward.half % 2, 'wasGeneratedBy', 'used'))
  JOIN forward ON forward.destination = backward.destination AND forward.node = edge.source
    AND forward.half = backward.half - 1
)
SELECT iri FROM node WHERE id IN (SELECT node FROM backward) ORDER BY iri
