-- Nodes by their IRIs. Parameters: iris (JSON list of full IRIs). Columns: those of a node. Access: one probe an IRI.
-- SQLite's JSON ends a text at U+0000: it comes as U+0001 a, and U+0001 as U+0001 b.
SELECT node.id, node.iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces
FROM json_each(:iris) AS wanted
CROSS JOIN node ON node.iri = replace(replace(wanted.value, char(1) || 'a', char(0)), char(1) || 'b', char(1))
