-- Where edges of the document begin that the graph may have already, by other assertions of their statements.
SELECT DISTINCT node.iri
FROM temp.scratch_known AS known
CROSS JOIN temp.scratch_edge AS own ON own.source = known.id
CROSS JOIN temp.scratch_known AS far ON far.id = own.target
CROSS JOIN main.node ON node.id = known.node
