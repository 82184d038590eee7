INSERT OR FAIL INTO main.node (id, iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces)
SELECT id + :last, iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces
FROM temp.scratch_node WHERE id NOT IN (SELECT id FROM temp.scratch_known) ORDER BY id
