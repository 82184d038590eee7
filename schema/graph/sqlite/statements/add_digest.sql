INSERT OR IGNORE INTO digest (value, node) VALUES (?, ?)
