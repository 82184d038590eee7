-- Read node by node of the document, which is the smaller side of a large graph.
INSERT INTO temp.scratch_known (id, node)
SELECT own.id, node.id FROM temp.scratch_node AS own CROSS JOIN main.node ON node.iri = own.iri
