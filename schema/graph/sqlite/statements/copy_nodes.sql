INSERT INTO main.node (id, iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces)
SELECT id + :last, iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces
FROM temp.scratch_node ORDER BY id
