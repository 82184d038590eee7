-- Nodes with a digest from :first up to before :end (algorithm:hex). Columns: those of a node. Access: an index.
SELECT node.id, node.iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces
FROM node WHERE id IN (SELECT node FROM digest WHERE value >= :first AND value < :end) ORDER BY iri
