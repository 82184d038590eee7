-- question: leakage    returns: what, iri    access: read
-- parameter train: iri    parameter test: iri
-- What `train` was made from and that gives `test` away: test itself, what has its bytes, what was made from these (leak);
-- and what else both were made from (shared), which is no leak (rule 27).
WITH RECURSIVE same (node) AS (
  SELECT id FROM node WHERE iri = :test
  UNION
  SELECT holder.source
  FROM node AS test
  CROSS JOIN edge AS own ON own.source = test.id
  CROSS JOIN edge AS holder INDEXED BY edge_in ON holder.target = own.target AND holder.relation = own.relation
  WHERE test.iri = :test AND own.relation = (SELECT code FROM relation WHERE name = 'alternateOf')
    AND (SELECT inferred FROM scope WHERE id = own.scope) AND (SELECT inferred FROM scope WHERE id = holder.scope)
),
causes (node, state) AS (
  SELECT id, 0 FROM node WHERE iri = :train
  UNION
  SELECT edge.target, step.next_state
  FROM causes
  CROSS JOIN edge ON edge.source = causes.node
  CROSS JOIN step ON step.relation = edge.relation AND step.state = causes.state
  WHERE step.option = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
),
of_test (node, state) AS (
  SELECT id, 0 FROM node WHERE iri = :test
  UNION
  SELECT edge.target, step.next_state
  FROM of_test
  CROSS JOIN edge ON edge.source = of_test.node
  CROSS JOIN step ON step.relation = edge.relation AND step.state = of_test.state
  WHERE step.option = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
),
-- Downstream of an agent is over who was responsible (rule 22).
made (node, state) AS (
  SELECT same.node, state.value FROM same CROSS JOIN json_each('[0, 1, 2, 3]') AS state
  UNION
  SELECT edge.source, step.state
  FROM made
  CROSS JOIN edge INDEXED BY edge_in ON edge.target = made.node
  CROSS JOIN step ON step.relation = edge.relation AND step.next_state = made.state
  WHERE step.option <= (SELECT max(kinds & 4) > 0 FROM node WHERE id IN (SELECT node FROM same))
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
),
leaks (node) AS MATERIALIZED (
  SELECT node FROM causes
  INTERSECT
  SELECT node FROM (SELECT node FROM same UNION SELECT node FROM made WHERE state = 0)
)
SELECT 'leak' AS what, iri FROM node WHERE id IN (SELECT node FROM leaks)
UNION ALL
SELECT 'shared', iri FROM node
WHERE id IN (SELECT node FROM causes INTERSECT SELECT node FROM of_test) AND id NOT IN (SELECT node FROM leaks)
  AND iri NOT IN (:train, :test) AND substr(iri, 1, 22) <> 'urn:provstore:content:'
ORDER BY 1, 2
