SELECT node.iri, node.id FROM json_each(?) AS wanted CROSS JOIN node ON node.iri = wanted.value
