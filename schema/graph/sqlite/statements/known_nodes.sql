SELECT node.iri FROM temp.scratch_known AS known JOIN main.node ON node.id = known.node
