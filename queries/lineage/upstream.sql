-- question: upstream    returns: iri, kinds    access: read
-- parameter start: iri    parameter agents: integer 0..1 = 0    parameter parents: integer 0..1 = 0
-- Everything that an element was made from (rule 22); kinds: entity 1, activity 2, agent 4.
WITH RECURSIVE reached (node, state) AS (
  SELECT id, 0 FROM node WHERE iri = :start
  UNION
  SELECT edge.target, step.next_state
  FROM reached
  CROSS JOIN edge ON edge.source = reached.node
  CROSS JOIN step ON step.relation = edge.relation AND step.state = reached.state
  WHERE step.option & ~(:agents + 2 * :parents) = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
)
SELECT DISTINCT node.iri, node.kinds FROM reached JOIN node ON node.id = reached.node ORDER BY node.iri
