INSERT INTO temp.scratch_sid VALUES (?, ?)
