INSERT OR FAIL INTO main.sid (key, statement) SELECT key, position + :number FROM temp.scratch_sid ORDER BY key, position
