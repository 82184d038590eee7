-- The IRIs of some nodes. Parameters: ids (JSON list). Columns: id, iri.
SELECT node.id, node.iri FROM json_each(:ids) AS wanted CROSS JOIN node ON node.id = wanted.value
