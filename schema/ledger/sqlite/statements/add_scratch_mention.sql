INSERT OR IGNORE INTO temp.scratch_mention VALUES (?, ?, ?)
