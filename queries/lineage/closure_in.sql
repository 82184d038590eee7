-- Downstream without a limit: every edge that rule 22's walk takes, backwards from some nodes. As closure_out.
WITH RECURSIVE reached (node, state) AS (
  SELECT start.value, state.value FROM json_each(:starts) AS start CROSS JOIN json_each(:states) AS state
  UNION
  SELECT edge.source, step.state
  FROM reached
  CROSS JOIN edge INDEXED BY edge_in ON edge.target = reached.node
  CROSS JOIN step ON step.relation = edge.relation AND step.next_state = reached.state
  WHERE step.option & ~:options = 0 AND (:relations >> edge.relation) & 1
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
)
SELECT edge.source, edge.relation, edge.target, edge.sid, edge.scope, edge.detail,
  reached.node << 2 | reached.state AS near, edge.source << 2 | step.state AS far
FROM reached
CROSS JOIN edge INDEXED BY edge_in ON edge.target = reached.node
CROSS JOIN step ON step.relation = edge.relation AND step.next_state = reached.state
WHERE step.option & ~:options = 0 AND (:relations >> edge.relation) & 1
  AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
