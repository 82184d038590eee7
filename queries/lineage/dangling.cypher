// What can't be: nodes and edges that lack what they are made again from. Columns: what, where.
MATCH (n:Element) WHERE n.exact IS NULL RETURN 'a node that provstore did not write' AS what, n.iri AS where
UNION ALL
MATCH (:Element)-[e]->(:Element) WHERE e.exact IS NULL OR e.sid IS NULL
RETURN 'an edge that provstore did not write' AS what, coalesce(e.sid, type(e)) AS where
