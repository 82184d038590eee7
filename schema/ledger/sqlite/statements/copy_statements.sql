INSERT OR FAIL INTO main.statement (id, record)
SELECT position + :number, record FROM temp.scratch_statement ORDER BY position
