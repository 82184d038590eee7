INSERT INTO main.edge (source, relation, target, sid, scope, detail)
SELECT own.source + :last, own.relation, own.target + :last, own.sid, scope.id, own.detail
FROM temp.scratch_edge AS own
CROSS JOIN temp.scratch_scope AS asserted ON asserted.id = own.scope
CROSS JOIN main.scope ON scope.spaces = asserted.spaces AND scope.bundles = asserted.bundles AND scope.inferred = 0
ORDER BY own.source, own.relation, own.target, own.sid
