-- question: downstream    returns: iri, kinds    access: read
-- parameter start: iri    parameter agents: integer 0..1 = 0    parameter parents: integer 0..1 = 0
-- Everything that was made from an element (rule 22; of an agent with agents=1); kinds: entity 1, activity 2, agent 4.
WITH RECURSIVE reached (node, state) AS (
  SELECT node.id, state.value FROM node CROSS JOIN json_each('[0, 1, 2, 3]') AS state WHERE node.iri = :start
  UNION
  SELECT edge.source, step.state
  FROM reached
  CROSS JOIN edge INDEXED BY edge_in ON edge.target = reached.node
  CROSS JOIN step ON step.relation = edge.relation AND step.next_state = reached.state
  WHERE step.option & ~(:agents + 2 * :parents) = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
)
SELECT DISTINCT node.iri, node.kinds FROM reached JOIN node ON node.id = reached.node
WHERE reached.state = 0 ORDER BY node.iri
