-- question: path    returns: step, relation, iri    access: read
-- parameter start: iri    parameter goal: iri    parameter agents: integer 0..1 = 0    parameter parents: integer 0..1 = 0
-- parameter within: integer 1..1000 = 100
-- A shortest derivation path from an element back to another one, if one has at most `within` edges (rule 22): step 0 is
-- the start, and each relation leads from the step before.
WITH RECURSIVE reached (node, state) AS (
  SELECT id, 0 FROM node WHERE iri = :start
  UNION
  SELECT edge.target, step.next_state
  FROM reached
  CROSS JOIN edge ON edge.source = reached.node
  CROSS JOIN step ON step.relation = edge.relation AND step.state = reached.state
  WHERE step.option & ~(:agents + 2 * :parents) = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
),
leading (node, state) AS (
  SELECT node.id, state.value FROM node CROSS JOIN json_each('[0, 1, 2, 3]') AS state WHERE node.iri = :goal
  UNION
  SELECT edge.source, step.state
  FROM leading
  CROSS JOIN edge INDEXED BY edge_in ON edge.target = leading.node
  CROSS JOIN step ON step.relation = edge.relation AND step.next_state = leading.state
  WHERE step.option & ~(:agents + 2 * :parents) = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
),
-- A place is a node's number and two bits of state. Only what lies between the two is walked in layers.
arc (near, relation, far) AS MATERIALIZED (
  SELECT DISTINCT edge.source << 2 | step.state, edge.relation, edge.target << 2 | step.next_state
  FROM (SELECT * FROM reached INTERSECT SELECT * FROM leading) AS middle
  CROSS JOIN edge ON edge.source = middle.node
  CROSS JOIN step ON step.relation = edge.relation AND step.state = middle.state
  WHERE step.option & ~(:agents + 2 * :parents) = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
    AND (edge.target, step.next_state) IN (SELECT * FROM leading)
),
layer (place, depth) AS MATERIALIZED (
  SELECT id << 2, 0 FROM node WHERE iri = :start AND id IN (SELECT node FROM leading WHERE state = 0)
  UNION
  SELECT arc.far, layer.depth + 1 FROM layer JOIN arc ON arc.near = layer.place WHERE layer.depth < :within
),
walked (place, depth) AS (
  SELECT * FROM (
    SELECT place, depth FROM layer WHERE place >> 2 = (SELECT id FROM node WHERE iri = :goal) ORDER BY depth, place LIMIT 1
  )
  UNION ALL
  SELECT (
    SELECT min(arc.near) FROM arc JOIN layer ON layer.place = arc.near
    WHERE arc.far = walked.place AND layer.depth = walked.depth - 1
  ), walked.depth - 1
  FROM walked WHERE walked.depth > 0
)
SELECT walked.depth AS step, (
    SELECT min(relation.name) FROM walked AS former
    JOIN arc ON arc.near = former.place AND arc.far = walked.place JOIN relation ON relation.code = arc.relation
    WHERE former.depth = walked.depth - 1
  ) AS relation, node.iri
FROM walked JOIN node ON node.id = walked.place >> 2 ORDER BY step
