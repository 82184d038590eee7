-- All nodes, in no order. Columns: those of a node. Access: one scan.
SELECT id, iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces FROM node
