-- The nodes that meet a condition, which follows: fragments of queries/find with parameters of their own (rule 28).
-- Columns: those of a node. Access: a scan, unless a fragment says that it probes an index.
SELECT node.id, node.iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces
FROM node WHERE
