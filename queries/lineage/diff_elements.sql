-- question: diff_elements    returns: side, iri, kinds    access: read
-- parameter a: iri    parameter b: iri
-- What only one of two elements was made from, itself included (rule 22); kinds: entity 1, activity 2, agent 4.
WITH RECURSIVE reached (side, node, state) AS (
  SELECT 'a', id, 0 FROM node WHERE iri = :a
  UNION
  SELECT 'b', id, 0 FROM node WHERE iri = :b
  UNION
  SELECT reached.side, edge.target, step.next_state
  FROM reached
  CROSS JOIN edge ON edge.source = reached.node
  CROSS JOIN step ON step.relation = edge.relation AND step.state = reached.state
  WHERE step.option = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
)
SELECT min(reached.side) AS side, node.iri, node.kinds FROM reached JOIN node ON node.id = reached.node
WHERE substr(node.iri, 1, 22) <> 'urn:provstore:content:'
GROUP BY node.id HAVING count(DISTINCT reached.side) = 1
ORDER BY side, node.iri
