-- Upstream without a limit: every edge that rule 22's walk takes from some nodes.
-- Parameters: starts (JSON list of node numbers), states (JSON list), options (agents 1, parents 2), relations (bits).
-- Columns: source, relation, target, sid, scope, detail, and two places, which are a node's number and two bits of state:
-- near, the end that is walked from, and far.
-- Access: one probe per (node, state) that is reached, however many paths lead to it.
WITH RECURSIVE reached (node, state) AS (
  SELECT start.value, state.value FROM json_each(:starts) AS start CROSS JOIN json_each(:states) AS state
  UNION
  SELECT edge.target, step.next_state
  FROM reached
  CROSS JOIN edge ON edge.source = reached.node
  CROSS JOIN step ON step.relation = edge.relation AND step.state = reached.state
  WHERE step.option & ~:options = 0 AND (:relations >> edge.relation) & 1
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
)
SELECT edge.source, edge.relation, edge.target, edge.sid, edge.scope, edge.detail,
  reached.node << 2 | reached.state AS near, edge.target << 2 | step.next_state AS far
FROM reached
CROSS JOIN edge ON edge.source = reached.node
CROSS JOIN step ON step.relation = edge.relation AND step.state = reached.state
WHERE step.option & ~:options = 0 AND (:relations >> edge.relation) & 1
  AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
