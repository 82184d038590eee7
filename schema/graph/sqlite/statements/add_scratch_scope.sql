INSERT INTO temp.scratch_scope VALUES (?, ?, ?)
