-- question: shared    returns: iri, kinds    access: read
-- parameter a: iri    parameter b: iri
-- What both elements were made from (rule 22), but for the two themselves; kinds: entity 1, activity 2, agent 4.
WITH RECURSIVE reached (side, node, state) AS (
  SELECT iri, id, 0 FROM node WHERE iri IN (:a, :b)
  UNION
  SELECT reached.side, edge.target, step.next_state
  FROM reached
  CROSS JOIN edge ON edge.source = reached.node
  CROSS JOIN step ON step.relation = edge.relation AND step.state = reached.state
  WHERE step.option = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
)
SELECT iri, kinds FROM node
WHERE id IN (SELECT node FROM reached WHERE side = :a INTERSECT SELECT node FROM reached WHERE side = :b)
  AND iri NOT IN (:a, :b) AND substr(iri, 1, 22) <> 'urn:provstore:content:'
ORDER BY iri
