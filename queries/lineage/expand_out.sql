-- The edges that leave a frontier. Parameters: frontier, relations (JSON lists of numbers).
-- Columns: source, relation, target, sid, scope, detail. Access: a probe per node and relation.
SELECT edge.source, edge.relation, edge.target, edge.sid, edge.scope, edge.detail
FROM json_each(:frontier) AS near CROSS JOIN edge ON edge.source = near.value
WHERE edge.relation IN (SELECT value FROM json_each(:relations))
