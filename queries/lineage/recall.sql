-- question: recall    returns: source, relation, target, sure    access: read
-- parameter start: iri
-- Every step from a withdrawn element to what was made from it (rule 22), and how sure it is: `exact`, a derivation that
-- names its generation and usage; `stated`; `loose`, the relation says that something went over and not what;
-- `inferred`, the bytes are equal.
WITH RECURSIVE reached (node, state) AS (
  SELECT node.id, state.value FROM node CROSS JOIN json_each('[0, 1, 2]') AS state WHERE node.iri = :start
  UNION
  SELECT edge.source, step.state
  FROM reached
  CROSS JOIN edge INDEXED BY edge_in ON edge.target = reached.node
  CROSS JOIN step ON step.relation = edge.relation AND step.next_state = reached.state
  WHERE step.option = 0
    AND (step.target = 0 OR (step.target = 2) = ((SELECT kinds FROM node WHERE id = edge.target) = 4))
)
SELECT DISTINCT source.iri AS source, relation.name AS relation, target.iri AS target,
  CASE
    WHEN relation.name IN ('sameBytes', 'bytesOf') THEN 'inferred'
    WHEN relation.name IN ('wasInfluencedBy', 'wasInformedBy', 'wasStartedBy', 'hadStarter') THEN 'loose'
    WHEN relation.name = 'wasDerivedFrom' AND json_extract(edge.detail, '$[5].generation') IS NOT NULL
      AND json_extract(edge.detail, '$[5].usage') IS NOT NULL THEN 'exact'
    ELSE 'stated'
  END AS sure
FROM reached
CROSS JOIN edge INDEXED BY edge_in ON edge.target = reached.node
CROSS JOIN step ON step.relation = edge.relation AND step.next_state = reached.state
JOIN relation ON relation.code = edge.relation
JOIN node AS source ON source.id = edge.source
JOIN node AS target ON target.id = edge.target
WHERE step.option = 0 AND (step.target = 0 OR (step.target = 2) = (target.kinds = 4))
ORDER BY 1, 2, 3, 4
