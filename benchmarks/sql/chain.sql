-- Everything upstream of an element over plain edges, identifiers only: the least that lineage costs in SQLite.
WITH RECURSIVE reached(node) AS (
  SELECT :start UNION SELECT edge.target FROM reached JOIN edge ON edge.source = reached.node
)
SELECT iri FROM reached JOIN node ON node.id = reached.node
