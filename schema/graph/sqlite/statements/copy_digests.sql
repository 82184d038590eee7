INSERT OR FAIL INTO main.digest (value, node)
SELECT value, node + :last FROM temp.scratch_digest
WHERE node NOT IN (SELECT id FROM temp.scratch_known) ORDER BY value, node
