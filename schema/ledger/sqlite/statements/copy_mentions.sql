INSERT OR FAIL INTO main.mention (key, slot, statement)
SELECT key, slot, position + :number FROM temp.scratch_mention ORDER BY key, slot, position
