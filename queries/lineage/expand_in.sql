-- The edges that enter a frontier. Parameters and columns as in expand_out.
SELECT edge.source, edge.relation, edge.target, edge.sid, edge.scope, edge.detail
FROM json_each(:frontier) AS near CROSS JOIN edge INDEXED BY edge_in ON edge.target = near.value
WHERE edge.relation IN (SELECT value FROM json_each(:relations))
