-- question: expansion    returns: iri    access: read
-- parameter members: iris    parameter steps: integer 1..5 = 1
-- Activities and entities within some steps back from some entities; a step is over one activity (C5 of a segment).
WITH RECURSIVE near (node, half) AS (
  SELECT id, 0 FROM node WHERE iri IN (SELECT value FROM json_each(:members))
  UNION
  SELECT edge.target, near.half + 1
  FROM near CROSS JOIN edge ON edge.source = near.node
  WHERE near.half < 2 * :steps
    AND edge.relation = (SELECT code FROM relation WHERE name = iif(near.half % 2, 'used', 'wasGeneratedBy'))
)
SELECT DISTINCT node.iri FROM near JOIN node ON node.id = near.node WHERE near.half > 0 ORDER BY 1
