-- Nodes with exactly this label. Parameters: label. Columns: those of a node. Access: an index.
SELECT node.id, node.iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces
FROM node WHERE label = :label ORDER BY iri
