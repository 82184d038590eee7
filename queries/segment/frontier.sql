-- question: frontier    returns: source, relation, target, sid    access: read
-- parameter elements: iris    parameter inward: integer 0..1 = 0
-- Edges that leave some elements (or enter them), of the relations that segments and summaries are made of.
SELECT source.iri AS source, relation.name AS relation, target.iri AS target, lower(hex(edge.sid)) AS sid
FROM edge
JOIN relation ON relation.code = edge.relation
JOIN node AS source ON source.id = edge.source
JOIN node AS target ON target.id = edge.target
WHERE relation.name IN ('used', 'wasGeneratedBy', 'wasAssociatedWith', 'wasAttributedTo', 'wasDerivedFrom')
  AND (
    (NOT :inward AND edge.source IN (SELECT id FROM node WHERE iri IN (SELECT value FROM json_each(:elements))))
    OR (:inward AND edge.target IN (SELECT id FROM node WHERE iri IN (SELECT value FROM json_each(:elements))))
  )
ORDER BY 1, 2, 3, 4
