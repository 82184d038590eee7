-- What can't be: edges without a node at an end, and digests that no node has. Columns: what, where.
SELECT 'dangling edge' AS what, lower(hex(sid)) AS "where" FROM edge
WHERE NOT EXISTS (SELECT 1 FROM node WHERE id = edge.source)
   OR NOT EXISTS (SELECT 1 FROM node WHERE id = edge.target)
   OR NOT EXISTS (SELECT 1 FROM scope WHERE id = edge.scope)
   OR NOT EXISTS (SELECT 1 FROM relation WHERE code = edge.relation)
UNION ALL
SELECT 'digest index', digest.value FROM digest LEFT JOIN node ON node.id = digest.node
WHERE node.id IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(node.digests) WHERE value = digest.value)
UNION ALL
SELECT 'digest index', node.iri FROM node CROSS JOIN json_each(node.digests) AS own
WHERE NOT EXISTS (SELECT 1 FROM digest WHERE digest.value = own.value AND digest.node = node.id)
