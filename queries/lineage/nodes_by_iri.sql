-- Nodes by their IRIs. Parameters: iris (JSON list of full IRIs). Columns: those of a node. Access: one probe an IRI.
SELECT node.id, node.iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces
FROM json_each(:iris) AS wanted CROSS JOIN node ON node.iri = wanted.value
