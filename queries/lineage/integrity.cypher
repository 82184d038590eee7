// Nodes whose labels are not those of their kinds, so that a query by hand would miss them. Columns: what, where.
MATCH (n:Element)
WHERE (n:Entity) <> ('entity' IN n.kinds) OR (n:Activity) <> ('activity' IN n.kinds) OR (n:Agent) <> ('agent' IN n.kinds)
RETURN 'labels are not those of its kinds' AS what, n.iri AS where
