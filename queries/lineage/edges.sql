-- All edges of one relation. Parameters: relation (number). Columns as in expand_out. Access: one scan, in its own order.
SELECT source, relation, target, sid, scope, detail
FROM edge
WHERE relation = :relation
ORDER BY source, relation, target, sid
