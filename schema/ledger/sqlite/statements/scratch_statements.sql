SELECT bundle, record FROM temp.scratch_statement ORDER BY position
