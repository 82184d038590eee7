INSERT OR FAIL INTO main.edge (source, relation, target, sid, scope, detail)
SELECT coalesce(near.node, own.source + :last), own.relation, coalesce(far.node, own.target + :last), own.sid,
  scope.id, own.detail
FROM temp.scratch_edge AS own
CROSS JOIN temp.scratch_scope AS asserted ON asserted.id = own.scope
CROSS JOIN main.scope ON scope.spaces = asserted.spaces AND scope.bundles = asserted.bundles AND scope.inferred = 0
LEFT JOIN temp.scratch_known AS near ON near.id = own.source
LEFT JOIN temp.scratch_known AS far ON far.id = own.target
ORDER BY own.source, own.relation, own.target, own.sid
