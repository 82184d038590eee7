-- question: show    returns: part, name, value    access: read
-- parameter element: iri
-- What the graph holds of an element: its kinds, fields and attributes, and the other ends of its edges.
WITH element AS (SELECT * FROM node WHERE iri = :element)
SELECT 'kind' AS part, kind.name, NULL AS value FROM element
JOIN (SELECT 'entity' AS name, 1 AS bit UNION ALL SELECT 'activity', 2 UNION ALL SELECT 'agent', 4) AS kind
  ON element.kinds & kind.bit
UNION ALL
SELECT DISTINCT 'attribute', attribute.key, json_extract(value.value, '$[1]')
FROM element CROSS JOIN json_each(element.attributes) AS attribute CROSS JOIN json_each(attribute.value) AS value
UNION ALL
SELECT DISTINCT 'from', relation.name, node.iri FROM element CROSS JOIN edge ON edge.source = element.id
JOIN relation ON relation.code = edge.relation JOIN node ON node.id = edge.target
UNION ALL
SELECT DISTINCT 'to', relation.name, node.iri
FROM element CROSS JOIN edge INDEXED BY edge_in ON edge.target = element.id
JOIN relation ON relation.code = edge.relation JOIN node ON node.id = edge.source
ORDER BY 1, 2, 3
