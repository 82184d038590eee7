-- True when the graph has a node of what the document speaks of.
SELECT EXISTS (SELECT 1 FROM temp.scratch_node AS own CROSS JOIN main.node ON node.iri = own.iri)
