-- All edges of some relations. Parameters: relations (bits). Columns as in expand_out. Access: one scan.
SELECT source, relation, target, sid, scope, detail
FROM edge
WHERE (:relations >> relation) & 1
