INSERT INTO temp.scratch_statement VALUES (?, ?, ?)
