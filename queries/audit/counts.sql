-- question: counts    returns: what, name, count    access: read
-- How many nodes of each kind and edges of each relation the graph holds; a node of two kinds counts for each.
SELECT 'node' AS what, kind.name AS name, count(*) AS count
FROM (SELECT 'entity' AS name, 1 AS bit UNION ALL SELECT 'activity', 2 UNION ALL SELECT 'agent', 4) AS kind
JOIN node ON node.kinds & kind.bit
GROUP BY kind.name
UNION ALL
SELECT 'node', 'unknown', count(*) FROM node WHERE kinds = 0 HAVING count(*) > 0
UNION ALL
SELECT 'edge', relation.name, count(*) FROM edge JOIN relation ON relation.code = edge.relation GROUP BY relation.name
ORDER BY 1 DESC, 2
