-- What the graph has already of the document's edges; they are copied anew.
DELETE FROM main.edge WHERE (source, relation, target, sid) IN (
  SELECT near.node, own.relation, far.node, own.sid
  FROM temp.scratch_known AS near
  CROSS JOIN temp.scratch_edge AS own ON own.source = near.id
  CROSS JOIN temp.scratch_known AS far ON far.id = own.target
)
