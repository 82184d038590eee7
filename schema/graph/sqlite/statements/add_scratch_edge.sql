INSERT OR REPLACE INTO temp.scratch_edge VALUES (?, ?, ?, ?, ?, ?)
