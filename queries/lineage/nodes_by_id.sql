-- Nodes by their numbers in the graph. Parameters: ids (JSON list). Columns: those of a node. Access: one probe a number.
SELECT node.id, node.iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces
FROM json_each(:ids) AS wanted CROSS JOIN node ON node.id = wanted.value
