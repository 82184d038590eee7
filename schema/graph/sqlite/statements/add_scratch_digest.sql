INSERT OR IGNORE INTO temp.scratch_digest VALUES (?, ?)
