-- question: impact    returns: kind, type, count    access: read
-- parameter start: iri
-- What was made from an element, counted by kind and type: what breaks if it is bad? The element itself is not counted.
WITH RECURSIVE reached (node, state) AS (
  SELECT node.id, state.value FROM node CROSS JOIN json_each('[0, 1, 2]') AS state WHERE node.iri = :start
  UNION
  SELECT edge.source, step.state
  FROM reached
  CROSS JOIN edge INDEXED BY edge_in ON edge.target = reached.node
  CROSS JOIN step ON step.relation = edge.relation AND step.next_state = reached.state
  WHERE step.option = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
),
made AS (
  SELECT DISTINCT node.id, node.types,
    CASE WHEN node.kinds & 1 THEN 'entity' WHEN node.kinds & 2 THEN 'activity' WHEN node.kinds & 4 THEN 'agent'
      ELSE 'unknown' END AS kind
  FROM reached JOIN node ON node.id = reached.node WHERE reached.state = 0 AND node.iri <> :start
)
SELECT made.kind, type.value AS type, count(*) AS count
FROM made LEFT JOIN json_each(made.types) AS type
GROUP BY made.kind, type.value
ORDER BY made.kind, type.value
