INSERT INTO main.digest (value, node) SELECT value, node + :last FROM temp.scratch_digest ORDER BY value, node
